"""What a workload costs at a set of prices. Decimals; where a price is not known the cost is not known, never 0.

How a request is billed: cached and written tokens come first in a prompt, and are plain input where the model has no
price of its own for them; thinking is output where it has none. A band of context holds for the whole request by the
size of its prompt, or (`tier_mode` marginal) for the tokens of the prompt beyond its threshold only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from timeline.rates import TRUST, Rate
from timeline.words import number
from timeline.workloads import Workload

_NONE = Decimal(0)
_STAND_INS: Mapping[str, tuple[str, ...]] = {  # what is billed where a model has no price of that name
    "input": ("tokens", "embedding"),
    "output": ("tokens",),
    "reasoning": ("output", "tokens"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One meter of a bill: `quantity` units; `amount` None where a price is not known, `rates` those that count."""

    meter: str
    quantity: Decimal
    amount: Decimal | None
    rates: tuple[Rate, ...] = ()
    needs: tuple[str, ...] = ()  # conditions on which the price depends and that the workload does not state


@dataclass(frozen=True, kw_only=True, slots=True)
class Bill:
    """What a number of requests cost, meter by meter. No currency where no price is known at all."""

    currency: str | None
    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal | None:
        """The sum; None where any part of it is not known."""
        amounts = [line.amount for line in self.lines]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, _NONE) if known and len(known) == len(amounts) else None

    @property
    def missing(self) -> tuple[str, ...]:
        """The meters whose price is not known."""
        return tuple(line.meter for line in self.lines if line.amount is None)

    def times(self, factor: Decimal) -> "Bill":
        """The same for so many times as many requests."""
        lines = [
            replace(line, quantity=line.quantity * factor, amount=None if line.amount is None else line.amount * factor)
            for line in self.lines
        ]
        return replace(self, lines=tuple(lines))


def bill(workload: Workload, rates: Sequence[Rate], requests: Decimal) -> Bill:
    """What `requests` of the workload cost at the `rates` of its model, in dollars where they are told in dollars."""
    currencies = sorted({one.currency for one in rates}, key=lambda currency: (currency != "USD", currency))
    bills = [
        Bill(currency=currency, lines=tuple(_lines(workload, [one for one in rates if one.currency == currency])))
        for currency in currencies
    ]
    whole = [one for one in bills if one.total is not None]
    partly = [one for one in bills if len(one.missing) < len(one.lines)]
    unknown = [replace(one, currency=None) for one in bills]
    return (*whole, *partly, *unknown, Bill(currency=None, lines=tuple(_lines(workload, ()))))[0].times(requests)


# ---------------------------------------------------------------- one request


def _lines(workload: Workload, rates: Sequence[Rate]) -> Iterator[Line]:
    prompt = workload.input_tokens
    cached, written = prompt * workload.cached_share, prompt * workload.written_share
    cached = cached if _fitting(workload, "cache_read", rates) else _NONE
    written = written if _fitting(workload, "cache_write", rates) else _NONE
    parts = (
        ("cache_read", _NONE, cached),
        ("cache_write", cached, cached + written),
        ("input", cached + written, prompt),
    )
    for meter, start, stop in parts:
        if stop > start:
            yield _line(workload, meter, rates, stop - start, start=start)
    reasons = bool(_fitting(workload, "reasoning", rates))
    output = workload.output_tokens + (_NONE if reasons else workload.reasoning_tokens)
    rest = {"output": output, "reasoning": workload.reasoning_tokens if reasons else _NONE, **workload.meters}
    if _fitting(workload, "request", rates):
        rest.setdefault("request", Decimal(1))
    for meter, quantity in rest.items():
        if quantity:
            yield _line(workload, meter, rates, quantity)


def _line(
    workload: Workload, meter: str, rates: Sequence[Rate], quantity: Decimal, *, start: Decimal | None = None
) -> Line:
    """What `quantity` of a meter costs in one request; tokens of the prompt begin at `start` in it."""
    fitting = _billed(workload, meter, rates)
    shares = _windows(workload, fitting)
    pieces = _pieces(workload, fitting, quantity, start)
    total, used, known = _NONE, [], bool(shares)
    for window, share in shares.items():
        in_window = [one for one in fitting if one.conditions.get("time_window") == window]
        for position, part in pieces:
            found = _best(in_window or [one for one in fitting if "time_window" not in one.conditions], position)
            if found is None or found.unit_amount is None:
                known = False
                continue
            total += found.unit_amount * part * share
            used.append(found)
    return Line(
        meter=meter,
        quantity=quantity,
        amount=total if known else None,
        rates=tuple({id(one): one for one in used}.values()),
        needs=() if known else _needs(workload, meter, rates),
    )


def _billed(workload: Workload, meter: str, rates: Sequence[Rate]) -> list[Rate]:
    """The rates that may count for a meter, of the most trusted source and the closest to what the workload states."""
    found = next(filter(None, (_fitting(workload, one, rates) for one in (meter, *_STAND_INS.get(meter, ())))), [])
    best = min((_standing(one) for one in found), default=None)
    return [one for one in found if _standing(one) == best]


def _fitting(workload: Workload, meter: str, rates: Sequence[Rate]) -> list[Rate]:
    return [one for one in rates if one.meter == meter and not _unmet(workload, one)]


def _unmet(workload: Workload, one: Rate) -> set[str]:
    """The conditions of a rate that the workload does not meet, as far as the size of its prompt does not decide."""
    unmet = set()
    tier = one.conditions.get("service_tier", "standard")
    if tier != workload.tier and (one.unit == "token" or tier != "standard"):
        unmet.add("service_tier")
    for name, value in one.conditions.items():
        if name in _DECIDED:
            continue
        if name in ("output_over", "output_upto"):
            bound = number(value) or _NONE
            met = workload.output_tokens > bound if name == "output_over" else workload.output_tokens <= bound
        elif name == "cache_ttl" and name not in workload.conditions:
            met = True  # the shortest is taken
        else:
            met = str(workload.conditions.get(name, "text" if name == "modality" else "")) == str(value)
        if not met:
            unmet.add(name)
    return unmet


_DECIDED = frozenset({"service_tier", "context_over", "context_upto", "tier_mode", "time_window"})


def _standing(one: Rate) -> tuple[object, ...]:
    """Which of several is taken: a contract, then trust, then what is said most closely, then the shortest cache."""
    trust = TRUST.index(one.trust) if one.trust in TRUST else len(TRUST)
    ttl = str(one.conditions.get("cache_ttl", ""))
    minutes = int(ttl[:-1]) * {"m": 1, "h": 60}.get(ttl[-1], 1) if ttl[:-1].isdigit() else 0
    return (not one.contract, trust, -len(set(one.conditions) - _DECIDED), minutes)


def _windows(workload: Workload, fitting: Sequence[Rate]) -> dict[str | None, Decimal]:
    """The share of each time of day; none where it matters and the workload does not state it."""
    if all("time_window" not in one.conditions for one in fitting):
        return {None: Decimal(1)} if fitting else {}
    share = workload.off_peak_share
    if share is None:
        return {None: Decimal(1)} if any("time_window" not in one.conditions for one in fitting) else {}
    return {window: part for window, part in (("off_peak", share), ("peak", 1 - share)) if part}


def _pieces(
    workload: Workload, fitting: Sequence[Rate], quantity: Decimal, start: Decimal | None
) -> list[tuple[Decimal, Decimal]]:
    """Positions in the prompt that decide the band, each with how much it decides for."""
    marginal = any(one.conditions.get("tier_mode") == "marginal" for one in fitting)
    if start is None or not marginal:
        return [(workload.input_tokens, quantity)]
    stop = start + quantity
    bounds = {bound for one in fitting for bound in _band(one) if bound is not None and start < bound < stop}
    edges = [start, *sorted(bounds), stop]
    return [(high, high - low) for low, high in pairwise(edges)]


def _best(fitting: Sequence[Rate], position: Decimal) -> Rate | None:
    """The rate whose band holds at a position, the narrowest."""
    inside = [one for one in fitting if _holds(one, position)]
    return max(inside, key=_narrowness, default=None)


def _narrowness(one: Rate) -> tuple[Decimal, Decimal]:
    over, upto = _band(one)
    return (Decimal(-1) if over is None else over, Decimal("-Infinity") if upto is None else -upto)


def _holds(one: Rate, position: Decimal) -> bool:
    over, upto = _band(one)
    return (over is None or position > over) and (upto is None or position <= upto)


def _band(one: Rate) -> tuple[Decimal | None, Decimal | None]:
    return number(one.conditions.get("context_over")), number(one.conditions.get("context_upto"))


def _needs(workload: Workload, meter: str, rates: Sequence[Rate]) -> tuple[str, ...]:
    """What the workload would have to state for a price to count."""
    names_of_meter = (meter, *_STAND_INS.get(meter, ()))
    unmet = [_unmet(workload, one) for one in rates if one.meter in names_of_meter]
    windows = any("time_window" in one.conditions for one in rates if one.meter in names_of_meter)
    return tuple(sorted(min(unmet, key=len, default=set()) | ({"time_window"} if windows else set())))
