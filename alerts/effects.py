"""What a change means for the reader's own workloads, in sentences."""

from collections.abc import Sequence
from decimal import Decimal

from alerts import impact, moves, wording
from alerts.circumstances import Standing
from alerts.impact import Effect
from alerts.moves import Loss, Option
from alerts.wording import sum_of_money
from timeline import names
from timeline.dates import day, in_days, is_past, on
from timeline.events import Event
from timeline.offers import meter
from timeline.words import ARROW, clean, listed, per_cent
from timeline.workloads import DAYS, Workload


def sentences(
    events: Sequence[Event], workloads: Sequence[Workload], standing: Standing | None = None
) -> tuple[str, ...]:
    """A sentence for each workload the events touch: its bill, then the models it loses and what moving costs.

    Those come first whose bills change most: not every receiver has room for all.
    """
    beside = standing or Standing()
    moved = impact.effects(events, workloads, beside)
    most = {one.workload.name: max(abs(o.change) for o in moved if o.workload is one.workload) for one in moved}
    moved.sort(key=lambda one: -most[one.workload.name])
    lines = [_money_line(effect, beside) for effect in moved]
    lines += [_loss_line(loss) for loss in moves.losses(events, workloads, beside)]
    return tuple(lines)


def alternatives(events: Sequence[Event], workloads: Sequence[Workload], standing: Standing) -> tuple[str, ...]:
    """For each workload that pays another price or loses its model: the cheapest others of the same class.

    Where nothing has to be left, only what costs less than is paid.
    """
    found = []
    today = max(event.observed_at for event in events).date()
    moved = {effect.workload.name: effect for effect in impact.effects(events, workloads, standing)}
    lost = {loss.workload.name: loss for loss in moves.losses(events, workloads, standing)}
    heavy = sorted(workloads, key=lambda one: -abs(moved[one.name].change) if one.name in moved else 0)
    for workload in heavy:
        effect, loss = moved.get(workload.name), lost.get(workload.name)
        loss = None if loss and loss.floor else loss  # nothing ends yet
        if effect is None and loss is None:
            continue
        pays = effect.after if effect else loss.now.bill if loss else None
        named = {option.model for option in loss.successors} if loss else set()
        others = [one for one in moves.options(workload, standing, today) if one.model not in named]
        currency = effect.currency if effect else loss.now.currency if loss else None
        options = _in_one_currency(others, currency if pays is not None else None)
        if pays is not None and loss is None:
            options = [option for option in options if option.bill is not None and option.bill < pays]
        if options:
            found.append(_option_line(workload, options, pays))
    return tuple(found)


def _in_one_currency(options: Sequence[Option], currency: str | None) -> list[Option]:
    """Those in what the workload pays in, or where that is not known in dollars: no rate of exchange is on file."""
    there = {option.currency for option in options}
    wanted = currency or ("USD" if "USD" in there else next((option.currency for option in options), None))
    return [option for option in options if option.currency == wanted]


def _money_line(effect: Effect, standing: Standing) -> str:
    """`support-bot pays $810 less a month: $1,012 → $202 (−80 %), at 100,000 requests a day with ...`."""
    work, currency = effect.workload, effect.currency
    name = clean(work.name, 60)
    if not effect.change:
        deal = next((one for one in standing.contracts if one.name == effect.contract), None)
        until = f" until {day(deal.ends)}" if deal and deal.ends else ""
        return f"{name} pays the same: {clean(effect.contract, 60)} sets its price{until}."
    verb = "will pay" if effect.starts else "pays"
    when = f" from {day(effect.starts)}" if effect.starts else ""
    less = "less" if effect.change < 0 else "more"
    line = f"{name} {verb} {sum_of_money(abs(effect.change), currency)} {less} a month{when}"
    if effect.before is not None and effect.after is not None:
        pct = f" ({per_cent(effect.change_pct)})" if effect.change_pct is not None else ""
        line += f": {sum_of_money(effect.before, currency)} {ARROW} {sum_of_money(effect.after, currency)}{pct}"
    else:
        line += f" for {listed([meter(name) for name in effect.meters])}"
    return f"{line}, at {_assumptions(work)}."


def _loss_line(loss: Loss) -> str:
    """`support-bot has 106 days to leave gpt-4o ($3,900 a month now): gpt-5 would cost $2,100 (−46 %).`"""
    work, name = loss.workload, wording.name_of(loss.event)
    who = clean(work.name, 60)
    now = f" ({_money(loss.now)} a month)" if loss.now.bill is not None else ""
    if loss.days is not None and loss.days > 0:
        head = f"{who} runs on {name}{now} and has to move within {loss.days:,} day{'' if loss.days == 1 else 's'}"
    elif loss.retires_on:
        head = f"{who} runs on {name}{now}, which {'ended' if (loss.days or 0) < 0 else 'ends'} {_when(loss)}"
    elif loss.floor:
        past = is_past(loss.floor, loss.event.observed_at)
        until = "may be retired at any time" if past else f"is kept until at least {day(loss.floor)}"
        return f"{who} runs on {name}{now}, which {until}."
    else:
        head = f"{who} runs on {name}{now}: {_count(work.requests_per_day)} requests a day"
    moves = [_move(option, loss.now) for option in loss.successors]
    return f"{head}. {' '.join(moves)}".strip() if moves else f"{head}."


def _when(loss: Loss) -> str:
    return in_days(0) if loss.days == 0 else on(loss.retires_on)


def _move(option: Option, now: Option) -> str:
    name = clean(option.model, 60)
    if option.bill is None:
        return f"What {name} would cost is not known."
    return f"{name} would cost {_money(option)} a month{_against(option, now)}."


def _against(option: Option, now: Option) -> str:
    """` (−46 %)`: how much more or less than now."""
    if not now.bill or option.bill is None or option.currency != now.currency:
        return ""
    if option.bill == now.bill:
        return ", as much as now"
    return f" ({per_cent((option.bill - now.bill) / now.bill * 100)})"


def _option_line(workload: Workload, options: Sequence[Option], pays: Decimal | None) -> str:
    """`Cheapest other frontier model for support-bot: Z.AI glm-5, $420 a month (−90 %); of OpenAI: ...`.

    The provider's own are named only where they cost less than what is paid.
    """
    currency = options[0].currency
    now = Option(provider=workload.provider, model=workload.model, currency=currency, bill=pays)
    kind = names.model_class(workload.provider, names.resolve(workload.provider, workload.model) or workload.model)
    best = options[0]
    line = f"Cheapest other {kind} model for {clean(workload.name, 60)}: {_named(best)}{_priced(best, now)}"
    near = next((option for option in options if option.provider == workload.provider), None)
    cheaper = near is not None and (pays is None or (near.bill or 0) < pays)
    if near is not None and near is not best and cheaper:
        line += f"; of {wording.provider(workload.provider)}: {clean(near.model, 60)}{_priced(near, now)}"
    return f"{line}."


def _named(option: Option) -> str:
    return f"{wording.provider(option.provider)} {clean(option.model, 60)}"


def _priced(option: Option, now: Option) -> str:
    return f", {_money(option)} a month{_against(option, now)}"


def _money(option: Option) -> str:
    return sum_of_money(option.bill or Decimal(0), option.currency)


def _assumptions(work: Workload) -> str:
    shares = [(work.cached_share, "cached"), (work.written_share, "written to the cache")]
    said = ", ".join(f"{per_cent(share * 100, signed=False)} {what}" for share, what in shares if share)
    cached = f" ({said})" if said else ""
    tier = "" if work.tier == "standard" else f" by {work.tier}"
    thinking = f", {_count(work.reasoning_tokens)} of thinking" if work.reasoning_tokens else ""
    tokens = f"{_count(work.input_tokens)} tokens in{cached}{thinking} and {_count(work.output_tokens)} out"
    return f"{_count(work.requests_per_day)} requests a day{tier} with {tokens}, {DAYS} days a month"


def _count(value: Decimal) -> str:
    return f"{value.normalize():,f}"
