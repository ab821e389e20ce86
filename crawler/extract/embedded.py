"""Data that a page carries for its scripts: component props (also in Astro's encoding), JSON in scripts, JSON answers.

Lists of rows and lists of objects that look like price lists become components (see crawler.extract.jsx), which the
price reader takes for tables. Names of keys are their headers ("cachedInputPrice" is "cached input price").
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from crawler.extract.amounts import has_money
from crawler.extract.grids import clean
from crawler.extract.jsx import Lifted, Row, plain
from crawler.extract.pushed import pushed_in
from crawler.extract.unshown_data import without_unshown

MAX_CHARACTERS = 4_000_000
MAX_DEPTH = 24
MAX_ROWS = 20_000
MAX_CELLS = 40  # of a row
_LONGEST_UNIT = 60
_SIDED = re.compile(r"input|output|prompt|completion|cache|read|write", re.IGNORECASE)  # alike, and yet two prices
_NAMES = ("model", "model_id", "modelid", "name", "id", "label", "title", "group", "section", "category", "slug")
_HEADERS = ("columns", "headers", "head", "header")
_PRICED = re.compile(r"pric|cost|rate|fee|token|prompt|completion|input|output", re.IGNORECASE)
_STATED = re.compile(r"\b(currency|unit)(?: text| code)?$")
_DEAREST_TOKEN = Decimal("0.01")
_ROUTED = {
    "pricing prompt": "Input (USD per token)",
    "pricing completion": "Output (USD per token)",
    "pricing input_cache_read": "Cache read (USD per token)",
    "pricing input_cache_write": "Cache write (USD per token)",
    "pricing image": "Input image (USD per image)",
    "pricing request": "Requests (USD per request)",
    "pricing web_search": "Web search (USD per search)",
}
_SCRIPT = re.compile(r"<script\b[^<>]{0,2000}?type=[\"']application/(?:ld\+)?json[\"'][^<>]{0,2000}>", re.IGNORECASE)
_ASTRO_TYPES = 11  # as in astro/dist/runtime/server/serialize.js: 0 a value, 1 an array, the others scalars of a kind


def lists_in_props(text: str, *, name: str = "") -> list[Lifted]:
    """The lists in the props of a component, written as JSON. Empty for anything else."""
    value = _loaded(text)
    if not isinstance(value, dict):
        return []
    if value and all(_is_astro(each) for each in value.values()):
        value = {key: _from_astro(each, 0) for key, each in value.items()}
    props = {key: str(each) for key, each in value.items() if isinstance(each, str | int | Decimal)}
    return lists_in(value, name=name, props=props)


def lists_in_json(text: str) -> list[Lifted]:
    """The lists in a JSON document."""
    return lists_in(_loaded(text))


def lists_in_scripts(text: str) -> list[Lifted]:
    """The lists in the JSON of a page's scripts."""
    found: list[Lifted] = []
    for script in _SCRIPT.finditer(text):
        end = text.find("</script", script.end())
        if end > 0:
            found += lists_in(without_unshown(_loaded(text[script.end() : end])))
    for value in pushed_in(text):
        found += lists_in(without_unshown(value))
    return found


def lists_in(value: Any, *, name: str = "", props: Mapping[str, str] | None = None) -> list[Lifted]:
    """Every list of rows, or of objects with a name and amounts, at any depth."""
    found: list[Lifted] = []
    arrays: list[Row] = []
    headers: tuple[str, ...] = ()
    for node, group, stated in _nodes(value, "", {}, 0):
        if isinstance(node, dict):
            headers = headers or _headers(node)
        elif objects := _objects(node):
            found += _of_objects(name, props or {}, [stated | each for each in objects], routed=_is_routed(node))
        elif _is_row(node):
            arrays.append(Row(group=group, cells=tuple(map(_cell, node))))
    if _look_like_prices(arrays):
        found.append(Lifted(name=name, props=props or {}, rows=tuple(arrays[:MAX_ROWS]), headers=headers))
    return found


def _loaded(text: str) -> Any:
    if len(text) > MAX_CHARACTERS:
        return None
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def _is_astro(value: Any) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= 2 and _is_type(value[0])


def _is_type(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _ASTRO_TYPES


def _from_astro(value: Any, depth: int) -> Any:
    """Astro writes each value as [type, value]."""
    if depth > MAX_DEPTH or not _is_astro(value) or len(value) < 2:
        return None
    kind, inner = value
    if kind == 1:
        inner = _loaded(inner) if isinstance(inner, str) else inner
        return [_from_astro(each, depth + 1) for each in inner] if isinstance(inner, list) else None
    if isinstance(inner, dict):
        return {key: _from_astro(each, depth + 1) for key, each in inner.items()}
    return None if isinstance(inner, list) else inner


def _nodes(value: Any, group: str, stated: dict[str, str], depth: int) -> Iterator[tuple[Any, str, dict[str, str]]]:
    """Every object and array, outermost first, with the name of the object around it and the units stated there."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        yield value, group, stated
        stated = stated | {key: _cell(each) for key, each in value.items() if _is_statement(key, each)}
        own = next((plain(each) for key, each in value.items() if key.lower() in _NAMES and isinstance(each, str)), "")
        for key, each in value.items():
            if key.lower() not in _HEADERS:
                yield from _nodes(each, own or group, stated, depth + 1)
    elif isinstance(value, list):
        yield value, group, stated
        for each in value:
            yield from _nodes(each, group, stated, depth + 1)


def _is_statement(key: str, value: Any) -> bool:
    return isinstance(value, str) and len(value) < _LONGEST_UNIT and _STATED.search(_words(key)) is not None


def _headers(node: Mapping[str, Any]) -> tuple[str, ...]:
    for key in _HEADERS:
        columns = node.get(key)
        if isinstance(columns, list) and columns:
            named = [_title(each) for each in columns]
            return tuple(named) if all(named) else ()
    return ()


def _title(column: Any) -> str:
    if isinstance(column, dict):
        column = next((column[key] for key in ("label", "title", "header", "name", "text") if column.get(key)), "")
    return plain(column) if isinstance(column, str) else ""


def _is_row(node: Any) -> bool:
    scalars = isinstance(node, list) and all(each is None or isinstance(each, str | int | Decimal) for each in node)
    return scalars and 1 < len(node) <= MAX_CELLS and isinstance(node[0], str) and bool(re.search(r"[^\W\d_]", node[0]))


def _look_like_prices(rows: Sequence[Row]) -> bool:
    """Whether most rows have an amount behind their first cell."""
    return bool(rows) and 2 * sum(any(map(_is_amount, row.cells[1:])) for row in rows) > len(rows)


def _is_amount(cell: str) -> bool:
    return has_money(cell) or re.fullmatch(r"\d+(?:\.\d+)?", cell) is not None


def _cell(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    return clean(plain(value)) if isinstance(value, str) else format(Decimal(value), "f")


def _objects(node: Any) -> list[dict[str, str]]:
    """The objects of a list as flat rows, where most have a name and something that may be a price."""
    if not isinstance(node, list) or len(node) < 2 or not all(isinstance(each, dict) for each in node):
        return []
    flat = [dict(_flat(each, "", 0)) for each in node[:MAX_ROWS]]
    priced = sum(any(_PRICED.search(key) and _is_number(value) for key, value in each.items()) for each in flat)
    named = sum(any(key.lower() in _NAMES for key in each) for each in flat)
    return flat if 2 * priced > len(flat) and 2 * named > len(flat) else []


def _is_number(value: str) -> bool:
    if has_money(value):
        return True
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _flat(node: Mapping[str, Any], path: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        where = f"{path} {key}".strip()
        if isinstance(value, dict) and depth < 3:
            yield from _flat(value, where, depth + 1)
        elif isinstance(value, list) and (pairs := _labelled(value)):
            yield from ((f"{where} {label}", amount) for label, amount in pairs)
        elif isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            yield where, _cell(value)


def _labelled(values: list[Any]) -> list[tuple[str, str]]:
    """The amounts of a list such as [{"label": "Input (/M tokens)", "value": "$0.5"}, ...], by their labels."""
    found = []
    for each in values[:MAX_CELLS]:
        scalars = {key.lower(): value for key, value in each.items()} if isinstance(each, dict) else {}
        label = next((scalars[key] for key in ("label", "name", "title", "type") if scalars.get(key)), None)
        amount = next((scalars[key] for key in ("value", "price", "amount", "cost") if key in scalars), None)
        if not isinstance(label, str) or isinstance(amount, bool) or not isinstance(amount, str | int | Decimal):
            return []
        unit = next((scalars[key] for key in ("unit", "per", "suffix") if isinstance(scalars.get(key), str)), "")
        led = unit if not unit or re.match(r"\s*(?:/|per\b)", unit, re.IGNORECASE) else f"/ {unit}"
        found.append((label, f"{_cell(amount)} {led}".strip()))
    return found


def _is_routed(node: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a list of models has the form that OpenRouter asks of its providers, and others have taken over.

    There `pricing` holds decimals as text, `prompt` and `completion` among them: USD per token, as documented at
    https://openrouter.ai/docs/guides/community/for-providers. Text so small can be counted in nothing else.
    """
    priced = [each["pricing"] for each in node if isinstance(each.get("pricing"), dict)]
    stated = any(_STATED.search(_words(key)) for each in [*node, *priced] for key in each)
    return bool(priced) and not stated and all(map(_is_by_token, priced))


def _is_by_token(pricing: Mapping[str, Any]) -> bool:
    sides = [pricing.get(side) for side in ("prompt", "completion")]
    return all(isinstance(each, str) and _is_number(each) and Decimal(each) < _DEAREST_TOKEN for each in sides)


def _routed(name: str, props: Mapping[str, str], objects: Sequence[Mapping[str, str]]) -> list[Lifted]:
    """The component of such a list: what is billed otherwise than by fields that are documented is left out."""
    kept = [key for key in _ROUTED if any(re.search("[1-9]", each.get(key, "")) for each in objects)]
    rows = [
        Row(cells=(each.get("id") or each.get("name", ""), *(_charged(key, each.get(key, "")) for key in kept)))
        for each in objects
    ]
    return [Lifted(name=name, props=props, rows=tuple(rows), headers=("Model", *(_ROUTED[key] for key in kept)))]


def _charged(key: str, value: str) -> str:
    """A price; nothing where it varies (-1), or where 0 says that a model is not sold by the image or request."""
    unsold = not _ROUTED[key].endswith("token)") and not re.search("[1-9]", value)
    return "" if value.startswith("-") or unsold else value


def _of_objects(
    name: str, props: Mapping[str, str], objects: Sequence[Mapping[str, str]], *, routed: bool = False
) -> list[Lifted]:
    """One component whose columns are the name, then every key that may be a price, in order of appearance."""
    if routed:
        return _routed(name, props, objects)
    keys = dict.fromkeys(key for each in objects for key in each)
    named = next(key for known in _NAMES for key in keys if key.lower() == known)
    kept = [key for key in keys if key != named and _PRICED.search(key) and _mostly_amounts(key, objects)]
    columns = {key: tuple(each.get(key, "") for each in objects) for key in kept}
    kept = [
        key
        for at, key in enumerate(kept)
        if columns[key] not in [columns[other] for other in kept[:at]] or _SIDED.search(key)
    ]
    if not kept:
        return []
    stated = {key: each[1].capitalize() for key in keys if (each := _STATED.search(_words(key))) and key not in kept}
    headers = ("Model", *(_words(key) for key in kept), *stated.values())
    kept += stated
    rows = [Row(cells=(each.get(named, ""), *(_said(each, key, stated) for key in kept))) for each in objects]
    return [Lifted(name=name, props=props, rows=tuple(rows), headers=headers)]


def _said(each: Mapping[str, str], key: str, stated: Mapping[str, str]) -> str:
    """A cell; a unit or currency in words: "per_million_tokens"."""
    return each.get(key, "").replace("_", " ") if key in stated else each.get(key, "")


def _mostly_amounts(key: str, objects: Sequence[Mapping[str, str]]) -> bool:
    values = [each[key] for each in objects if each.get(key)]
    told = bool(values) and 2 * sum(map(_is_number, values)) > len(values)
    return told and any(re.search(r"[1-9]", value) for value in values)  # nothing but zeros: it is not sold so


def _words(key: str) -> str:
    """The words of a key: "cachedInputPrice", "cached_input_price"."""
    return " ".join(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key).replace("_", " ").replace("-", " ").split()).lower()
