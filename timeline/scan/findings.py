"""What a use of a model means today: what to tell about it, for people and as one JSON object."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from timeline.dates import on
from timeline.names import title
from timeline.scan.known import KnownModel, KnownModels, differences
from timeline.scan.usages import Usage
from timeline.tellers import teller
from timeline.words import counted, per_cent

Because = Literal["retired", "past", "retires", "deprecated", "deprecates"]
_FIRST_HAND = ("official", "cloud")
_NAMED = 3  # successors in a sentence; JSON has all


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One use of a model in a file, judged on a day."""

    file: str
    usage: Usage
    today: date

    @property
    def model(self) -> KnownModel:
        """What is known of the model."""
        return self.usage.match.model

    @property
    def because(self) -> Because | None:
        """Why it is worth telling: None where nothing says that the model will end."""
        model = self.model
        if model.status == "retired":
            return "retired"
        if model.retires_on:
            return "past" if model.is_gone(self.today) else "retires"
        if model.status == "deprecated":
            return "deprecated"
        return "deprecates" if model.deprecates_on else None

    def is_due(self, within_days: int) -> bool:
        """Whether it is retired, or retires within so many days, where it is called."""
        if self.usage.match.is_of_maker or self.model.trust not in _FIRST_HAND or self.model.only_in:
            return False  # whoever serves it has dates of their own; whoever copies dates may be wrong; or it is a part
        left = self.model.days_left(self.today)
        return self.model.is_gone(self.today) or (left is not None and left <= within_days)


def sentence(found: Found, known: KnownModels) -> str:
    """`app.py:3:9: gpt-4-0314 (OpenAI) was retired on 26 March 2026: use gpt-5 (input −96 %, output −83 %)`."""
    model, match = found.model, found.usage.match
    where = f"{found.file}:{found.usage.line}:{found.usage.column}"
    own = model.id in found.usage.written
    maker = title(model.provider) if own else f"{title(model.provider)}'s {model.id}"
    text = f"{where}: {model.id if own else found.usage.written} ({maker}) {_fate(found)}"
    text += f" ({model.only_in} only)" if model.only_in and found.because else ""
    if names := model.replacements[:_NAMED]:
        told = dict.fromkeys(_successor(model, name, known, found.today) for name in names)
        text += f": use {' or '.join(told)}"
    if match.is_of_maker:
        text += f". This is {title(model.provider)}'s own date: {match.spelling.platform} may keep another"
    elif model.trust not in _FIRST_HAND:
        text += f" (according to {teller(model.source or 'nobody')})"
    return text


def as_row(found: Found, known: KnownModels) -> dict[str, Any]:
    """The same as one JSON object. `finding` false: in use, and nothing says that it will end."""
    model, match = found.model, found.usage.match
    return {
        "model_id": model.id,
        "provider": model.provider,
        "file": found.file,
        "line": found.usage.line,
        "column": found.usage.column,
        "written": found.usage.written,
        "platform": match.spelling.platform,
        "fine_tuned": match.spelling.tuned,
        "finding": found.because is not None,
        "because": found.because,
        "status": model.status,
        "announced_on": model.announced_on,
        "deprecates_on": model.deprecates_on,
        "retires_on": model.retires_on,
        "not_before": model.not_before,
        "scope": dict(model.scope),
        "days_left": model.days_left(found.today),
        "date_of_maker": match.is_of_maker,
        "replacements": [_successor_row(model, name, known, found.today) for name in model.replacements],
        "source": model.source,
        "trust": model.trust if model.status else None,
    }


def _fate(found: Found) -> str:
    model = found.model
    left = model.days_left(found.today) or 0
    match found.because:
        case "retired":
            return f"was retired {on(model.retires_on)}" if model.retires_on else "is retired"
        case "past":
            return f"was to retire {on(model.retires_on)}, {counted(-left, 'day')} ago"
        case "retires":
            return f"retires {on(model.retires_on)}" + (f", in {counted(left, 'day')}" if left > 0 else "")
        case "deprecated":
            return "is deprecated; no date is stated"
        case "deprecates":
            return f"is deprecated from {on(model.deprecates_on).removeprefix('on ')}"
        case None:
            return f"is {model.status}" if model.status else "is in use; nothing is known of its life"


def _successor(old: KnownModel, name: str, known: KnownModels, today: date) -> str:
    """The recommended model with what it costs more or less; of one that is gone, those that it leads to."""
    new = known.named(name, old.provider)
    if new is None:
        return name
    if new.is_gone(today):
        fate = f"{name}, which {_own_end(new)}"
        return " or ".join(_noted(old, each, f"in place of {fate}") for each in known.standing(new, today)) or fate
    if new.retires_on:
        return _noted(old, new, f"retires itself {on(new.retires_on)}")
    return _noted(old, new, "itself deprecated" if new.status == "deprecated" else "")


def _own_end(gone: KnownModel) -> str:
    verb = "has itself retired" if gone.status == "retired" else "was itself to retire"
    return f"{verb} {on(gone.retires_on)}" if gone.retires_on else verb


def _noted(old: KnownModel, new: KnownModel, note: str) -> str:
    """`gpt-5 (input −96 %, output as before, itself deprecated)`."""
    notes = [
        f"{each.meter} {per_cent(each.change_pct)}" if each.change_pct else f"{each.meter} as before"
        for each in differences(old, new)
        if each.change_pct is not None
    ]
    notes += [note] if note else []
    return f"{new.id} ({', '.join(notes)})" if notes else new.id


def _successor_row(old: KnownModel, name: str, known: KnownModels, today: date) -> Mapping[str, Any]:
    new = known.named(name, old.provider)
    prices = [
        {
            "meter": each.meter,
            "old": format(each.old, "f"),
            "new": format(each.new, "f"),
            "currency": each.currency,
            "per": int(each.per),
            "unit": each.unit,
            "change_pct": None if each.change_pct is None else format(each.change_pct, "f"),
        }
        for each in (differences(old, new) if new else ())
    ]
    status = (new.status, new.retires_on, new.provider) if new else (None, None, None)
    instead = [each.id for each in known.standing(new, today)] if new and new.is_gone(today) else []
    row = {"model_id": name, "provider": status[2], "status": status[0], "retires_on": status[1]}
    return {**row, "instead": instead, "prices": prices}
