"""A second fold, deliberately naive: it keeps every look and works each answer out by scanning what they said.

It shares nothing with timeline.fold but the facts: no rows, no intervals, no saved state, no events. It was written
from the rules alone, to be compared with the fold over random histories.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from timeline.facts import Fact
from timeline.notices import Notice
from timeline.observations import Observation
from timeline.prices import PricePoint

Saying = tuple[Fact, ...]  # what a look says of a key; empty: it is not there
Value = tuple[str, Decimal | None]


@dataclass
class Story:
    """One key: what was believed since when, what waits since when, and since when it is missing."""

    believed: list[tuple[datetime, Saying]] = field(default_factory=list)
    waits: tuple[datetime, Saying] | None = None
    many: bool = False  # it waits only because so much changed with it
    patience: timedelta = timedelta(minutes=20)  # how long it waits
    missing: datetime | None = None
    shown: datetime | None = None  # when a look last said what is believed

    @property
    def now(self) -> Saying:
        return self.believed[-1][1] if self.believed else ()


class Naive:
    """Reads looks in order; `settles`: a catalogue, of which nothing is held."""

    def __init__(self, looks: Sequence[Observation], *, settles: bool = False) -> None:
        self.looks = [look for look in looks if look.verdict != "bad"]
        self.settles = settles
        self.before: datetime | None = None
        self.stories = {fact.key: Story() for look in self.looks for fact in look.facts}
        for number, look in enumerate(self.looks):
            self._read(look, first=number == 0)

    def price_asof(self, key: str, when: datetime, known: datetime) -> str | None:
        """What the key cost at `when`, as known at `known`."""
        found = price_at([(since, said) for since, said in self.stories[key].believed if since <= known], when)
        return None if found is None else found[0] if found[1] is None else f"{found[0]} {found[1].normalize()}"

    def model_status_asof(self, key: str, when: datetime, known: datetime) -> str | None:
        """The status of the key at `when`, as known at `known`."""
        for since, said in reversed(self.stories[key].believed):
            if since <= min(when, known):
                return said[0].status if said and isinstance(said[0], Notice) else None
        return None

    def about(self, kind: type[PricePoint] | type[Notice]) -> list[str]:
        """The keys of one kind of fact that any look mentioned."""
        return sorted({fact.key for look in self.looks for fact in look.facts if isinstance(fact, kind)})

    def _read(self, look: Observation, *, first: bool) -> None:
        trusting = first or self.settles or look.verdict == "accepted"
        live = sum(1 for story in self.stories.values() if story.now)
        news: dict[str, Saying] = {}
        gone: list[str] = []
        self._vindicate(look)
        for key, story in self.stories.items():
            said = says(key, look)
            if said is None:
                story.missing = None
            elif not said:
                gone += [key] if self._absent(story, look) else []
            elif self._same(story, said, look):
                story.missing = None
            else:
                story.missing = None
                news[key] = said
        many = len(news) + len(gone) >= 8 and 2 * (len(news) + len(gone)) >= live
        last = [self._before(key)[0] for key in gone]
        lost = [fact for fact in last if isinstance(fact, PricePoint)]
        fresh = {key for key, said in news.items() if lost and isinstance(said[0], PricePoint)}
        fresh = {key for key in fresh if not self.stories[key].now}
        odd = {key for key in news if self._odd(key, news, look.at)} | fresh | self._mixed_up(news, gone, look.at)
        odd |= {key for key, said in news.items() if model(said) in {fact.model for fact in lost}}
        slow = fresh | self._doubtful_lives(news, bool(gone) and any(isinstance(fact, Notice) for fact in last))
        slow |= self._traded_places(news)
        odd |= slow
        for key, said in news.items():
            story = self.stories[key]
            if (many or key in odd) and not trusting:
                story.waits, story.many = (look.at, said), key not in odd
                story.patience = timedelta(hours=6) if key in slow else timedelta(minutes=20)
            else:
                story.believed.append((look.at, said))
                story.waits = None
        for key, story in self.stories.items():
            self._end(story, look)
            if not story.waits and not story.missing and says(key, look) is not None:
                story.shown = look.at
        self.before = look.at

    def _vindicate(self, look: Observation) -> None:
        """Half of what changed at once reads the same again: all of it was true, but for what is as it was before."""
        for since in {story.waits[0] for story in self.stories.values() if story.waits and story.many}:
            group = {key: s for key, s in self.stories.items() if s.many and s.waits and s.waits[0] == since}
            now = {key: says(key, look) for key in group}
            same = [key for key, s in group.items() if s.waits and repeats(now[key], s.waits[1], look.at)]
            late = look.at - since >= timedelta(minutes=20) or look.verdict == "accepted"
            for key, story in group.items():
                said = now[key]
                before = bool(said) and meaning(said or ()) == meaning(as_of(story.now, look.at))
                if late and 2 * len(same) >= len(group) and story.waits and not before:
                    story.believed.append(story.waits)
                    story.waits, story.shown = None, self.before

    def _absent(self, story: Story, look: Observation) -> bool:
        """A look without the key. True where it is the first one."""
        if not story.now:
            story.waits = None
            return False
        fresh = story.missing is None
        story.missing = story.missing or look.at
        if look.at - story.missing >= timedelta(hours=6):
            self._forget(story)
        return fresh

    def _forget(self, story: Story) -> None:
        assert story.missing is not None
        story.believed.append((story.missing, ()))
        story.missing, story.waits = None, None

    def _same(self, story: Story, said: Saying, look: Observation) -> bool:
        """Whether the look says nothing new, or what waits already; what waited long enough is believed."""
        if meaning(said) == meaning(story.now):
            story.waits = None
            return True
        if story.waits and meaning(said) == meaning(as_of(story.waits[1], look.at)):
            if look.at - story.waits[0] >= story.patience or look.verdict == "accepted":
                story.believed.append(story.waits)
                story.waits = None
                if meaning(said) != meaning(story.now):
                    story.believed.append((look.at, said))
            return True
        if story.now and isinstance(said[0], Notice) and meaning(said) == meaning(as_of(story.now, look.at)):
            story.believed.append((look.at, said))
            story.waits = None
            return True
        if story.now and self._answers(story, look.at) == self._answers(story, look.at, said):
            story.believed.append((look.at, said))
            story.waits = None
            return True
        return False

    def _answers(self, story: Story, at: datetime, said: Saying = ()) -> list[tuple[datetime, Value | None]]:
        """What a key costs at every moment that any look mentions."""
        believed = [*story.believed, (at, said)] if said else story.believed
        if isinstance((said or story.now)[0], Notice):
            return [(at, (str(meaning(said or story.now)), None))]
        moments = {at, *(look.at for look in self.looks)}
        moments |= {edge for look in self.looks for fact in look.facts for edge in edges(fact)}
        return [(moment, price_at(believed, moment)) for moment in sorted(moments)]

    def _odd(self, key: str, news: dict[str, Saying], at: datetime) -> bool:
        story = self.stories[key]
        if not story.now or isinstance(news[key][0], Notice):
            return False
        before, after = dict(self._answers(story, at)), dict(self._answers(story, at, news[key]))
        was = before[at]
        for moment in sorted(moment for moment in after if moment >= at):
            now = after[moment]
            if now is not None:
                if now != before[moment] and doubtful(was, now):
                    return True
                was = now
        return False

    def _doubtful_lives(self, news: dict[str, Saying], losses: bool) -> set[str]:
        """Notices that came while others went, that say less than was believed, or of a new name that it has ended."""
        found = set()
        for key, said in news.items():
            new, now = said[0], self.stories[key].now
            if isinstance(new, Notice):
                was = now[0] if now else None
                shown = self.stories[key].shown
                odd = retracts(was, new, shown) if isinstance(was, Notice) else new.status == "retired"
                found |= {key} if losses or odd else set()
        return found

    def _traded_places(self, news: dict[str, Saying]) -> set[str]:
        """Models whose replacement is now one that they replaced."""
        found = set()
        for key, said in news.items():
            for rival in news:
                before = self.stories[rival].now
                if isinstance(said[0], Notice) and before and isinstance(before[0], Notice):
                    was, new = before[0], said[0]
                    if (new.model_id in was.replacements) and (was.model_id in new.replacements):
                        found.add(key)
        return found

    def _mixed_up(self, news: dict[str, Saying], gone: Sequence[str], at: datetime) -> set[str]:
        """Prices that are now what another one was that moved or went: of the model, or, twice over, of the meter."""
        moves: dict[str, tuple[Value, Value]] = {}
        for key, said in news.items():
            if self.stories[key].now and isinstance(said[0], PricePoint):
                was = dict(self._answers(self.stories[key], at))[at]
                now = dict(self._answers(self.stories[key], at, said))[at]
                if was and now and was != now:
                    moves[key] = was, now
        left = {key: was for key, (was, _) in moves.items()}
        for key in gone:
            values = [value for _, value in self._answers_of(key, at) if value]
            left |= {key: values[-1]} if values else {}
        columns, rows = set(), set()
        for key, (_, now) in moves.items():
            one = news[key][0]
            for rival, was in left.items():
                other = self._before(rival)[0]
                if rival == key or was != now or not isinstance(one, PricePoint) or not isinstance(other, PricePoint):
                    continue
                if (one.conditions, one.currency, one.unit) == (other.conditions, other.currency, other.unit):
                    columns |= {key} if one.model == other.model and one.meter != other.meter else set()
                    rows |= {key} if one.model != other.model and one.meter == other.meter else set()
        return columns | (rows if len(rows) > 1 else set())

    def _before(self, key: str) -> Saying:
        """What was last believed of a key that may just have gone."""
        return next(said for _, said in reversed(self.stories[key].believed) if said)

    def _answers_of(self, key: str, at: datetime) -> list[tuple[datetime, Value | None]]:
        story = self.stories[key]
        return self._answers(Story(believed=[each for each in story.believed if each[1]]), at)

    def _end(self, story: Story, look: Observation) -> None:
        """An import that ends, or an operator who takes the look as it is."""
        if story.missing and (look.last_of_import or look.verdict == "accepted"):
            self._forget(story)
        elif story.waits and look.last_of_import:
            story.believed.append(story.waits)
            story.waits = None


def says(key: str, look: Observation) -> Saying | None:
    """What a look says of a key; None where it contradicts itself."""
    facts = as_of(tuple(fact for fact in look.facts if fact.key == key), look.at)
    said = tuple({gist(fact): fact for fact in facts}.values())
    if len(said) > 1 and (isinstance(said[0], Notice) or torn(said, look.at)):
        return None
    return said


def repeats(said: Saying | None, waits: Saying, when: datetime) -> bool:
    return bool(said) and meaning(said or ()) == meaning(as_of(waits, when))


def as_of(said: Saying, when: datetime) -> Saying:
    """Statuses that follow from dates, on a day."""
    return tuple(turned(fact, when.date()) if isinstance(fact, Notice) else fact for fact in said)


def turned(notice: Notice, day: date) -> Notice:
    if notice.labelled:
        return notice
    status = notice.status
    if notice.deprecates_on and notice.deprecates_on <= day.isoformat() and status in ("preview", "active", "legacy"):
        status = "deprecated"
    if notice.retires_on and notice.retires_on < day.isoformat():
        status = "retired"
    return replace(notice, status=status)


def meaning(said: Saying) -> tuple[str, ...]:
    """What is compared, in no particular order."""
    return tuple(sorted({gist(fact) for fact in said}))


def gist(fact: Fact) -> str:
    if isinstance(fact, PricePoint):
        amount = fact.value[1]
        price = fact.state, None if amount is None else amount.normalize()
        return repr((*price, fact.effective_from, fact.effective_to, soft(fact)))
    if isinstance(fact, Notice):
        return repr((*fact.value[:-1], sorted(fact.replacements), fact.labelled))
    return repr(fact.value)


def price_at(believed: Sequence[tuple[datetime, Saying]], when: datetime) -> Value | None:
    """The newest saying that speaks of a moment decides: any later saying, or one that gives the moment a date."""
    for since, said in reversed(believed):
        found = speaks(said, since, when)
        if found or when >= since:
            return found[0].value if found else None
    return None


def torn(said: Saying, at: datetime) -> bool:
    """Whether a saying gives two prices for one moment."""
    moments = {at, *(edge for fact in said for edge in edges(fact))}
    return any(len({fact.value for fact in speaks(said, at, moment)}) > 1 for moment in moments)


def speaks(said: Saying, since: datetime, when: datetime) -> list[PricePoint]:
    """The prices that a saying gives for a moment: dated ones before undated ones, the latest start first."""
    holding = [fact for fact in said if isinstance(fact, PricePoint) and starts(fact, since) <= when < ends(fact)]
    dated = [fact for fact in holding if fact.effective_from or fact.effective_to]
    if not dated:
        return holding
    latest = max(fact.effective_from or date.min for fact in dated)
    return [fact for fact in dated if (fact.effective_from or date.min) == latest]


def starts(fact: PricePoint, since: datetime) -> datetime:
    return datetime.combine(fact.effective_from, time(), UTC) if fact.effective_from else since


def ends(fact: PricePoint) -> datetime:
    if fact.effective_to is None or soft(fact):
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(fact.effective_to, time(), UTC) + timedelta(days=1)


def edges(fact: Fact) -> list[datetime]:
    if not isinstance(fact, PricePoint):
        return []
    days = [fact.effective_from, fact.effective_to and fact.effective_to + timedelta(days=1)]
    return [datetime.combine(day, time(), UTC) for day in days if day]


def soft(fact: PricePoint) -> bool:
    return "at least" in (fact.qualifier or "")


def model(said: Saying) -> str | None:
    fact = said[0]
    return fact.model if isinstance(fact, PricePoint) else None


def doubtful(was: Value | None, now: Value) -> bool:
    """Five times as much or as little, any power of ten, or nothing at all."""
    if was is None or not was[1]:
        return False
    if now[0] in ("unknown", "free", "included") or now[1] == 0:
        return True
    return now[1] is not None and (now[1] >= 5 * was[1] or was[1] >= 5 * now[1])


def retracts(was: Notice, new: Notice, shown: datetime | None) -> bool:
    """A date, a floor or all replacements gone, an older announcement, an earlier stage of life, an end long past."""
    stages = ["preview", "active", "legacy", "deprecated", "retired"]
    back = stages.index(new.status) < stages.index(was.status)
    same = (was.status, was.retires_on, was.not_before) == (new.status, new.retires_on, new.not_before)
    if same and sorted(was.replacements) == sorted(new.replacements):
        return False
    older = bool(was.announced_on and new.announced_on and new.announced_on < was.announced_on)
    ended = new.status == "retired"
    date_gone = was.retires_on and not new.retires_on and (was.status == "retired" or not ended)
    floor_gone = was.not_before and not (new.not_before or new.retires_on or ended)
    moved_back = ended and was.retires_on and new.retires_on and new.retires_on < was.retires_on
    only_named = new.status == "active" and not new.retires_on and new.replacements and not was.replacements
    unnamed = was.replacements and not new.replacements
    news = new.retires_on if new.retires_on != was.retires_on else None
    past = news and shown and news < shown.date().isoformat()
    return any((back, older, date_gone, floor_gone, moved_back, only_named, unnamed, past))
