"""The reader of kind `table`: the cells of configured columns as figures, with an issue for each that is not one.

A table that is not as configured (a column is missing, two tables fit) makes the capture bad. A cell that cannot be
read is an issue, and neither changes nor ends what was believed of it.
"""

from collections import defaultdict
from collections.abc import Sequence

from crawler.extract.document import Document, Ignored, Reading
from crawler.extract.figures.numbers import UnreadableNumberError, margins_of, number_of
from crawler.extract.figures.rows import Place, rows_of
from crawler.extract.figures.specs import TableSpec
from crawler.extract.figures.tables import Chosen, choose
from crawler.extract.grids import UnreadableError
from crawler.extract.sniffing import read_blocks
from timeline.figures import Figure, key_of
from timeline.gaps import Cover
from timeline.issues import Issue

MOST = 20_000  # figures of one table
SHOWN = 3  # cells that an issue quotes


def read(document: Document) -> Reading:
    """The figures of the table that `table` in the source's configuration means. Never raises."""
    configured = document.options.get("table")
    try:
        blocks = read_blocks(document.body, document.content_type)
    except UnreadableError as error:
        return Reading(issues=(Issue(code="unreadable", message=str(error), fatal=True),))
    if not configured:
        return Reading(issues=(_unconfigured(),))
    spec = TableSpec.from_json(configured)
    chosen = choose(blocks, spec)
    if isinstance(chosen, Issue):
        return Reading(issues=(chosen,))
    return _Figures(document, spec, chosen).reading()


def _unconfigured() -> Issue:
    message = (
        "nothing says which table and which columns: give the source `table = { subject = ..., measures = [...] }`, "
        "as docs/sources.md explains"
    )
    return Issue(code="no_table_configured", message=message, fatal=True)


class _Figures:
    """One pass over the places of a table."""

    def __init__(self, document: Document, spec: TableSpec, chosen: Chosen) -> None:
        self.document, self.spec, self.chosen = document, spec, chosen
        self.facts: dict[str, list[Figure]] = defaultdict(list)
        self.unread: dict[tuple[str, str], list[Place]] = defaultdict(list)
        self.ignored: list[Ignored] = []
        self.issues: list[Issue] = []
        self.covered: dict[str, Cover] = {}

    def reading(self) -> Reading:
        found = rows_of(self.chosen, self.spec)
        self.ignored += found.ignored
        self.issues += found.issues
        if len(found.places) > MOST:
            message = f"{len(found.places)} figures in one table; at most {MOST} are read"
            return Reading(issues=(Issue(code="too_many_figures", message=message, fatal=True),))
        for place in found.places:
            self._take(place)
        facts = self._without_twins()
        self._tell_unread()
        kept = {fact.key for fact in facts}
        covered = {key: cover for key, cover in self.covered.items() if key not in kept}
        return Reading(facts=facts, issues=self.issues, ignored=self.ignored, covered=covered)

    def _take(self, place: Place) -> None:
        if place.wrong:
            self._leave(place, place.wrong)
            return
        try:
            fact = self._figure(place)
        except UnreadableNumberError as error:
            self._leave(place, str(error))
            return
        if fact is None:
            what = f"{place.subject} {place.measure.measure}"
            self.ignored.append(Ignored(what=what, why="the table says there is none", locator=self._where(place)))
        else:
            self.facts[fact.key].append(fact)

    def _figure(self, place: Place) -> Figure | None:
        """The figure of a place; None where the cell says there is none. Raises UnreadableNumberError."""
        number = number_of(place.cell.text, decimal=self.spec.decimal)
        if number is None:
            return None
        self._check_unit(place, number.printed)
        plus, minus = number.plus, number.minus
        if place.margin is not None and (apart := margins_of(place.margin.text, decimal=self.spec.decimal)):
            plus, minus = apart
        return Figure(
            provider=self.document.provider,
            subject=place.subject,
            measure=place.measure.measure,
            number=number.value,
            upto=number.upto,
            plus=plus,
            minus=minus,
            qualifier=number.qualifier,
            unit=place.measure.unit,
            period=place.period,
            scope=place.scope,
            label=place.cell.text[:120],
            locator=self._where(place),
        )

    def _check_unit(self, place: Place, printed: str) -> None:
        """The unit is the configured one wherever it is printed, and a share says that it is one of hundred."""
        units = place.measure.units
        row = " ".join(place.unit.casefold().split())
        for text in filter(None, (" ".join(printed.casefold().split()), row)):
            if text not in units:
                raise UnreadableNumberError(f"the unit is {text!r}, not {place.measure.unit!r}")
        if place.measure.must_say and not printed and not row:
            over = f"{place.header} {self.chosen.table.grid.caption}".casefold()
            if not any(unit in over for unit in units):
                raise UnreadableNumberError("no sign of per cent in the cell or over it")

    def _leave(self, place: Place, why: str) -> None:
        self.unread[place.measure.measure, why].append(place)
        self.covered[_key(place)] = Cover(contradicted=True)

    def _without_twins(self) -> Sequence[Figure]:
        """Each figure once; what the table gives two values is none, with an issue."""
        kept = []
        twins = []
        for key, facts in self.facts.items():
            if len({fact.value for fact in facts}) == 1:
                kept.append(facts[0])
            else:
                twins.append(facts)
                self.covered[key] = Cover(contradicted=True)
        if twins:
            first = twins[0]
            message = (
                f"{first[0].subject} has {len(first)} values of {first[0].measure}: "
                f"{' and '.join(fact.label for fact in first[:SHOWN])}; none is taken"
                f"{f', nor of {len(twins) - 1} others' if len(twins) > 1 else ''}: name the column that tells them "
                "apart in `scope`"
            )
            fatal = len(twins) >= len(kept)
            self.issues.append(Issue(code="duplicate_subject", message=message, locator=first[1].locator, fatal=fatal))
        return kept

    def _tell_unread(self) -> None:
        """One issue for each measure and reason; where hardly anything can be read, the table is another one.

        A row in another unit beside one in the right one says the same again.
        """
        for (measure, why), cells in self.unread.items():
            again = [place for place in cells if place.unit and _key(place) in self.facts]
            self.ignored += [
                Ignored(
                    what=f"{place.subject} {measure}", why=f"{why}, and another row has it", locator=self._where(place)
                )
                for place in again
            ]
            unread = [place for place in cells if place not in again]
            if not unread:
                continue
            quoted = ", ".join(f"{place.cell.text[:40]!r}" for place in unread[:SHOWN])
            more = f" and {len(unread) - SHOWN} more" if len(unread) > SHOWN else ""
            message = f"{measure}: {why}: {quoted}{more}; nothing of it is taken, and what was believed stays"
            whole = sum(1 for facts in self.facts.values() if facts[0].measure == measure)
            fatal = len(unread) > 1 and len(unread) > whole
            code = "changed_unit" if "unit" in why or "per cent" in why else "unreadable_figure"
            self.issues.append(Issue(code=code, message=message, locator=self._where(unread[0]), fatal=fatal))

    def _where(self, place: Place) -> str:
        return f"{self.chosen.table.locator} {place.cell.locator}"


def _key(place: Place) -> str:
    return key_of(place.subject, place.measure.measure, place.scope, place.period)
