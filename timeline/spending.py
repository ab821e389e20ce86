"""What a workload cost over a stretch of time: each part of it at the rates then in force."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

from timeline.agreements import Contract, own_prices
from timeline.cost import Bill, Line, bill
from timeline.rates import Rate
from timeline.workloads import Workload


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """A rate and when it held: from `begins` up to, not including, `ends`; None: open."""

    rate: Rate
    begins: datetime | None
    ends: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether the rate was in force at a moment."""
        return (self.begins is None or self.begins <= at) and (self.ends is None or at < self.ends)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A time in which no rate changed, and what it cost."""

    begins: datetime
    ends: datetime
    bill: Bill


def over(
    workload: Workload,
    held: Sequence[Stretch],
    begins: datetime,
    ends: datetime,
    contracts: Sequence[Contract] = (),
) -> list[Part]:
    """What the workload cost from `begins` to `ends`, its requests spread evenly, in parts where rates change.

    `held` are those of its model. Contracts begin and end with days in UTC.
    """
    days = [day for contract in contracts for day in (contract.starts, contract.ends and contract.ends + _DAY) if day]
    times = [at for one in held for at in (one.begins, one.ends)] + [datetime.combine(d, time(), UTC) for d in days]
    edges = [begins, *sorted({at for at in times if at and begins < at < ends}), ends]
    parts: list[Part] = []
    for start, stop in pairwise(edges):
        rates = [one.rate for one in held if one.holds(start)]
        paid = own_prices(workload.provider, workload.model, rates, contracts, start.date())
        requests = workload.requests_per_day * _days(stop - start)
        parts.append(Part(begins=start, ends=stop, bill=bill(workload, paid, requests)))
    return _joined(parts)


def total(parts: Sequence[Part]) -> Bill:
    """All parts as one bill: what is unknown for a part is unknown; so is what is told in several currencies."""
    currencies = {part.bill.currency for part in parts}
    currency = next(iter(currencies)) if len(currencies) == 1 else None
    lines: dict[str, Line] = {}
    for part in parts:
        for line in part.bill.lines:
            before = lines.get(line.meter)
            lines[line.meter] = line if before is None else _sum(before, line)
    told = lines.values() if currency else [replace(line, amount=None) for line in lines.values()]
    return Bill(currency=currency, lines=tuple(told))


_DAY = timedelta(days=1)


def _days(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1)) / Decimal(_DAY // timedelta(microseconds=1))


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Neighbours that are billed at the very same rates as one: other prices of the model changed between them."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last and _terms(last.bill) == _terms(part.bill):
            joined[-1] = Part(begins=last.begins, ends=part.ends, bill=total([last, part]))
        else:
            joined.append(part)
    return joined


def _terms(paid: Bill) -> list[tuple[object, ...]]:
    return [
        (line.meter, line.amount is None, *((one.unit_amount, one.source, one.contract) for one in line.rates))
        for line in paid.lines
    ]


def _sum(one: Line, other: Line) -> Line:
    known = one.amount is not None and other.amount is not None
    return replace(
        one,
        quantity=one.quantity + other.quantity,
        amount=(one.amount or Decimal(0)) + (other.amount or Decimal(0)) if known else None,
        rates=tuple({id(each): each for each in (*one.rates, *other.rates)}.values()),
        needs=tuple(sorted({*one.needs, *other.needs})),
    )
