"""The price states of models.dev from a git checkout of it: walked commit by commit, each file read once.

Layout: https://github.com/anomalyco/models.dev (README.md, AGENTS.md). `providers/<provider>/models/<model>.toml` has a
table `cost` in USD per million tokens, with bands of prompt length (`tiers`, formerly `context_over_200k`) and, under
`experimental.modes`, the prices of other ways of serving. What a file does not say it takes from another one: by
`base_model` from `models/<lab>/<model>.toml`, formerly by `extends` from a model of another provider, or as a link.
"""

import json
import posixpath
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from crawler.backfill import commits
from crawler.backfill.commits import Commit
from crawler.backfill.exports import BackfillError, require_past

FOLDERS: Final = ("providers", "models")
_MODEL: Final = re.compile(r"providers/([^/]+)/models/(.+)\.toml")
_BAND: Final = re.compile(r"context_over_(\d+)k")
_DEEPEST: Final = 8  # files that take from files

Offer = tuple[str, int | None, str | None]  # meter, above so many tokens of prompt, way of serving
Costs = dict[Offer, Decimal]


class _UnreadableError(Exception):
    """A file of which nobody can say what it says: what was known of it stands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Walked:
    """What a checkout came to: the states as lines for `states.parse`, and what was not understood, with where."""

    body: bytes
    left_out: tuple[str, ...]


@dataclass(kw_only=True, slots=True)
class _Walk:
    """The files as they are at a commit, what they cost, and the states that have come of it so far."""

    fetch: Callable[[str], bytes]
    files: dict[str, tuple[str, str]] = field(default_factory=dict)  # path: mode and blob
    tables: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # by blob
    used_by: dict[str, set[str]] = field(default_factory=dict)  # path: the models that take something from it
    standing: dict[str, dict[Offer, dict[str, Any]]] = field(default_factory=dict)  # by model path: lines with no end
    lines: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def price_states(
    checkout: Path,
    *,
    apart: timedelta,
    until: datetime | None = None,
    progress: Callable[[int, str], None] = lambda total, name: None,
) -> Walked:
    """The states along the first parent of the checked-out branch, as the last commit of every `apart` left them.

    A time is the commit's, which says when the state became public there. A file that cannot be read changes nothing:
    what was known stands. Raises BackfillError where there is no such history.
    """
    require_past(checkout)
    history = [one for one in commits.log(checkout, FOLDERS) if until is None or one.at < until]
    if not any(_MODEL.fullmatch(change.path) for one in history for change in one.changes):
        raise BackfillError(f"{checkout}: git knows no providers/*/models/*.toml: expected a checkout of models.dev")
    periods = list(commits.periods(history, apart))
    with commits.blobs(checkout) as fetch:
        walk = _Walk(fetch=fetch)
        for period in periods:
            progress(len(periods), period[-1].commit[:12])
            _settle(walk, period)
    body = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in walk.lines).encode()
    return Walked(body=body, left_out=tuple(walk.left_out))


def _settle(walk: _Walk, period: list[Commit]) -> None:
    """Bring the tree to the end of a period, and close and open the states of the models that it touched."""
    last = period[-1]
    touched: dict[str, str | None] = {}
    for commit in period:
        for change in commit.changes:
            if change.renamed_from:
                walk.files.pop(change.renamed_from, None)
                touched.setdefault(change.renamed_from, None)
            if change.sha:
                walk.files[change.path] = (change.mode, change.sha)
            else:
                walk.files.pop(change.path, None)
            origin = touched.get(change.renamed_from or "") or change.renamed_from
            touched[change.path] = origin or touched.get(change.path)
    affected = {
        path: origin if origin and _MODEL.fullmatch(origin) else None
        for path, origin in touched.items()
        if _MODEL.fullmatch(path)
    }
    for path in touched:
        affected |= {model: None for model in walk.used_by.get(path, ()) if model not in affected}
    for path in sorted(affected):
        _move(walk, path, affected[path], last)


def _move(walk: _Walk, path: str, renamed_from: str | None, commit: Commit) -> None:
    """Compare what a model costs with what it cost, offer by offer."""
    standing = walk.standing.setdefault(path, {})
    try:
        costs = _costs_of(walk, path) if path in walk.files else {}
    except _UnreadableError as error:
        walk.left_out.append(f"{commit.commit[:12]} {path}: {error}; what was known of it stands")
        return
    is_new, before = not standing, {*standing}
    origin = renamed_from if is_new else None
    for offer, line in list(standing.items()):
        if costs.get(offer) == Decimal(line["usd_per_mtok"]):
            continue
        reason = "price_changed" if offer in costs else "meter_removed" if path in walk.files else "model_removed"
        line |= {"valid_to": commit.at.isoformat(), "end_commit": commit.commit, "end_reason": reason}
        del standing[offer]
    for offer, amount in costs.items():
        if offer not in standing:
            reason = "model_added" if is_new else "price_changed" if offer in before else "meter_added"
            standing[offer] = _line(path, offer, amount, commit, origin=origin, why=reason)
            walk.lines.append(standing[offer])


def _line(path: str, offer: Offer, amount: Decimal, commit: Commit, *, origin: str | None, why: str) -> dict[str, Any]:
    provider, model = _named(path)
    meter, context_over, mode = offer
    line: dict[str, Any] = {
        "provider": provider, "model": model, "meter": meter, "usd_per_mtok": f"{amount:f}",
        "valid_from": commit.at.isoformat(), "valid_to": None, "commit": commit.commit,
        "start_reason": "renamed_from" if origin else why,
    }  # fmt: skip
    optional = {"context_over": context_over, "mode": mode, "renamed_from": origin and "/".join(_named(origin))}
    return line | {name: value for name, value in optional.items() if value is not None}


def _named(path: str) -> tuple[str, str]:
    """Provider and model of a file of a model."""
    found = _MODEL.fullmatch(path)
    return (found[1], found[2]) if found else ("", path)


def _costs_of(walk: _Walk, path: str) -> Costs:
    table = _resolved(walk, path, path, _DEEPEST)
    costs: Costs = {}
    _add(costs, table.get("cost"), None, None)
    modes = _table(_table(table.get("experimental")).get("modes"))
    for mode, settings in modes.items():
        _add(costs, _table(settings).get("cost"), None, mode)
    return costs


def _add(costs: Costs, cost: Any, over: int | None, mode: str | None) -> None:
    """The prices of a table `cost`, and of the bands in it. Raises _UnreadableError for what is no price."""
    for name, value in _table(cost).items():
        if band := _BAND.fullmatch(name):
            _add(costs, value, int(band[1]) * 1000, mode)
        elif name == "tiers" and isinstance(value, list):
            for tier in map(_table, value):
                size = _table(tier.get("tier")).get("size")
                if not isinstance(size, int) or isinstance(size, bool) or size < 0:
                    raise _UnreadableError(f"a tier of {size!r} tokens")
                _add(costs, {key: amount for key, amount in tier.items() if key != "tier"}, size or None, mode)
        else:
            costs[name, over, mode] = _amount(name, value)


def _amount(name: str, value: Any) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        amount = Decimal(value)
        if amount.is_finite() and amount >= 0:
            return amount
    raise _UnreadableError(f"{name} is {str(value)[:60]!r}, expected USD per million tokens")


def _resolved(walk: _Walk, model: str, path: str, depth: int) -> Mapping[str, Any]:
    """What a file says with all that it takes from others, which are noted as used by `model`."""
    if path != model:
        walk.used_by.setdefault(path, set()).add(model)
    if not depth:
        raise _UnreadableError("files that take from each other in a ring")
    mode, sha = walk.files.get(path, ("", ""))
    if not sha:
        raise _UnreadableError(f"it takes from {path}, which is not there")
    if mode == commits.LINK:
        target = walk.fetch(sha).decode("utf-8", "replace")
        return _resolved(walk, model, posixpath.normpath(posixpath.join(posixpath.dirname(path), target)), depth - 1)
    own = _parsed(walk, path, sha)
    if isinstance(base := own.get("base_model"), str):
        return _merged(_resolved(walk, model, f"models/{base}.toml", depth - 1), own)
    extends = _table(own.get("extends"))
    if isinstance(origin := extends.get("from"), str):
        provider, _, name = origin.partition("/")
        inherited = _resolved(walk, model, f"providers/{provider}/models/{name}.toml", depth - 1)
        omitted = extends.get("omit")
        return _merged(_without(inherited, omitted if isinstance(omitted, list) else []), own)
    return own


def _parsed(walk: _Walk, path: str, sha: str) -> Mapping[str, Any]:
    if sha not in walk.tables:
        try:
            walk.tables[sha] = tomllib.loads(walk.fetch(sha).decode("utf-8"), parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            raise _UnreadableError(f"{path} is no TOML: {error}"[:200]) from error
    return walk.tables[sha]


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    """Tables go into each other; everything else replaces what it takes the place of."""
    both = {**base, **own}
    for name in base.keys() & own.keys():
        if isinstance(base[name], Mapping) and isinstance(own[name], Mapping):
            both[name] = _merged(base[name], own[name])
    return both


def _without(table: Mapping[str, Any], paths: list[Any]) -> Mapping[str, Any]:
    for path in filter(lambda path: isinstance(path, str), paths):
        name, _, rest = path.partition(".")
        if rest and isinstance(table.get(name), Mapping):
            table = {**table, name: _without(table[name], [rest])}
        elif not rest:
            table = {key: value for key, value in table.items() if key != name}
    return table


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
