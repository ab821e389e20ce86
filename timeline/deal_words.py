"""How deals are told: `Acme AI raises $50M Series B led by X at a $400M valuation`, and what is a rumour as one."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from timeline.events import Event
from timeline.words import clean, listed, money, number

_SCALES = ((Decimal(10) ** 12, "T"), (Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "K"))
_ROUGHLY = {"approx": "about ", "at_least": "more than ", "up_to": "up to "}
_NAME = 60
NOUNS = {"funding": "round", "acquisition": "acquisition", "ipo": "IPO", "debt": "loan", "fund_close": "fund"}
"""What a deal is called in a sentence, by its label."""

Side = Mapping[str, Any]


def announced(event: Event) -> str:
    """The deal as it was told first."""
    return deal(event.new or {})


def updated(event: Event) -> str:
    """What is new about a deal that was told before."""
    old, new = event.old or {}, event.new or {}
    if old.get("status") == "rumoured":
        was = f" (reported at {_before(old, new, 'amount')})" if old.get("amount") else ""
        return f"{'Done' if new.get('status') == 'closed' else 'Now announced'}: {deal(new)}{was}"
    if new.get("status") == "closed" and "status" in old:
        return f"Closed: {deal(new)}"
    said = listed(moves(old, new))
    return f"Update: {said}" if said else f"Update: {deal(new)}"


def moves(old: Side, new: Side) -> list[str]:
    """Each change of the terms as a clause about the company: `Acme AI's round is $60M, not $50M`."""
    what = f"{_name(new.get('company'))}'s {stage(new.get('round')) or NOUNS.get(str(new.get('label')), 'deal')}"
    told = []
    is_ = "is said to be" if new.get("status") == "rumoured" else "is"
    if "status" in old and new.get("status") == "rumoured":
        told.append(f"{what} is only reported, not {old.get('status') or 'announced'}")
    elif "status" in old:
        told.append(f"{what} is {new.get('status')}, no longer {old.get('status')}")
    for name, noun in (("amount", ""), ("valuation", "valuation ")):
        if name in old:
            told.append(_sums(what if not told else "it", is_, noun, _before(old, new, name), sum_of(new, name)))
    if old.get("company"):
        told.append(f"the company is {_name(new.get('company'))}, not {_name(old['company'])}")
    if "acquirer" in old:
        was = f", not {_name(old['acquirer'])}" if old["acquirer"] else ""
        told.append(f"the buyer is {_name(new.get('acquirer')) or 'not named any more'}{was}")
    if "round" in old and stage(new.get("round")):
        told.append(f"{_name(new.get('company'))}'s round is a {stage(new.get('round'))}")
    if "stake" in old and new.get("stake"):
        told.append(f"{what if not told else 'it'} is for {share(new['stake'])} of the company")
    if "lead_investors" in old:
        told.append(_leads(what if not told else "it", old["lead_investors"] or (), new.get("lead_investors") or ()))
    return told


def deal(terms: Side) -> str:
    """The whole deal in one line; a rumour says so first."""
    rumoured = terms.get("status") == "rumoured"
    line = {"acquisition": _bought, "ipo": _listed, "debt": _borrowed, "fund_close": _fund}.get(
        str(terms.get("label")), _raised
    )(terms, rumoured)
    return f"Reported: {line}" if rumoured else line


def sum_of(terms: Side, name: str = "amount") -> str:
    """`$50M`, `about €1.2B`, `$5M to $8M`; empty where none is told."""
    amount, top = number(terms.get(name)), number(terms.get(f"{name}_max"))
    currency = terms.get(f"{name}_currency") or terms.get("currency")
    if amount is None:
        return ""
    if top is not None:
        return f"{compact(amount, currency)} to {compact(top, currency)}"
    return f"{_ROUGHLY.get(str(terms.get(f'{name}_qualifier')), '')}{compact(amount, currency)}"


def _before(old: Side, new: Side, name: str) -> str:
    """The sum as it was; where only the sum is another one, in the same currency."""
    codes = (f"{name}_currency", "currency")
    return sum_of({code: new.get(code) for code in codes} | {key: value for key, value in old.items() if value}, name)


def compact(amount: Decimal, currency: str | None) -> str:
    """`$50M`, `€1.25B`, `CHF 800K`: no digit is lost that a newspaper would print."""
    for scale, letter in _SCALES:
        if abs(amount) >= scale:
            rounded = (amount / scale).quantize(Decimal("0.01"))
            return f"{_plain(rounded, currency)}{letter}"
    return money(amount, currency, cents=False)


def share(stake: object) -> str:
    """`51%`."""
    found = number(stake)
    return "" if found is None else f"{format(found.normalize(), 'f')}%"


def stage(name: object) -> str:
    """`Series B`, `pre-seed`, `seed`; empty for a round without one."""
    text = str(name or "")
    if text.startswith("series_"):
        return f"Series {text.removeprefix('series_').upper()}"
    return {"pre_seed": "pre-seed round", "seed": "seed round"}.get(text, "")


def _plain(amount: Decimal, currency: str | None) -> str:
    text = money(amount, currency, cents=False)
    whole, point, rest = text.rpartition(".")
    return f"{whole}.{rest.rstrip('0')}".rstrip(".") if point and rest.isdigit() else text


def _raised(terms: Side, rumoured: bool) -> str:
    who, amount, round_ = _name(terms.get("company")), sum_of(terms), str(terms.get("round") or "")
    if round_ == "grant":
        verb = "in line for" if rumoured else "receives"
        return f"{who} {verb} a grant{f' of {amount}' if amount else ''}"
    verb = "in talks to raise" if rumoured else "closes" if terms.get("status") == "closed" else "raises"
    named = stage(round_)
    if amount:
        what = f"{amount} {named}".rstrip()
        what = f"{what} round" if verb == "closes" and not named else what
    elif named:
        what = f"a {named}"
    else:
        what = "a round of undisclosed size" if not rumoured else "money"
    return f"{who} {verb} {what}{_backed(terms)}{_valued(terms)}"


def _backed(terms: Side) -> str:
    leads, others = terms.get("lead_investors") or (), terms.get("investors") or ()
    if leads:
        return f" led by {_names(leads)}"
    return f" from {_names(others)}" if others else ""


def _valued(terms: Side) -> str:
    value = sum_of(terms, "valuation")
    basis = {"pre": "pre-money ", "post": "post-money "}.get(str(terms.get("valuation_basis")), "")
    return f" at a {value} {basis}valuation" if value else ""


def _bought(terms: Side, rumoured: bool) -> str:
    who, buyer, amount = _name(terms.get("company")), _name(terms.get("acquirer")), sum_of(terms)
    price = f" for {amount}" if amount else ""
    who = f"{part} of {who}" if (part := share(terms.get("stake"))) else who
    if buyer:
        verb = "in talks to acquire" if rumoured else "acquires" if terms.get("status") == "closed" else "to acquire"
        return f"{buyer} {verb} {who}{price}{_valued(terms)}"
    verb = (
        "in talks to be acquired" if rumoured else "acquired" if terms.get("status") == "closed" else "to be acquired"
    )
    return f"{who} {verb}{price}{_valued(terms)}"


def _listed(terms: Side, rumoured: bool) -> str:
    who, amount = _name(terms.get("company")), sum_of(terms)
    if terms.get("status") == "closed":
        return f"{who} goes public{f', raising {amount}' if amount else ''}{_valued(terms)}"
    verb = "preparing an IPO" if rumoured else "plans an IPO"
    return f"{who} {verb}{f' of {amount}' if amount else ''}{_valued(terms)}"


def _borrowed(terms: Side, rumoured: bool) -> str:
    who, amount = _name(terms.get("company")), sum_of(terms) or "an undisclosed sum"
    lenders = _names(terms.get("lead_investors") or terms.get("investors") or ())
    verb = "in talks to borrow" if rumoured else "borrows"
    return f"{who} {verb} {amount}{f' from {lenders}' if lenders else ''}"


def _fund(terms: Side, rumoured: bool) -> str:
    who, amount = _name(terms.get("company")), sum_of(terms)
    verb = "raising" if rumoured else "closes" if terms.get("status") == "closed" else "launches"
    return f"{who} {verb} a fund{f' of {amount}' if amount else ''}"


def _sums(what: str, is_: str, noun: str, was: str, now: str) -> str:
    if not now:
        return (
            f"the {noun or 'amount '}of {was} is no longer told"
            if what == "it"
            else f"{what} is no longer told at {was}"
        )
    if noun:
        verb = "values" if is_ == "is" else "is said to value"
        return f"{what} {verb} the company at {now}{f', not {was}' if was else ''}"
    return f"{what} {is_} {now}{f', not {was}' if was else ''}"


def _leads(what: str, old: Sequence[str], new: Sequence[str]) -> str:
    if not new:
        return f"{what} is no longer said to be led by {_names(old)}"
    return f"{what} is led by {_names(new)}" + (f", not {_names(old)}" if old and not set(old) <= set(new) else "")


def _names(found: Sequence[str]) -> str:
    return listed([_name(name) for name in found], limit=3)


def _name(name: object) -> str:
    return clean(str(name or ""), _NAME)
