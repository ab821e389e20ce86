"""Tables of lifecycles: which columns say what, and each row as statements."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from crawler.extract.blocks import Table
from crawler.extract.dated_cells import DateReader, is_floor, value_of
from crawler.extract.dates import Order, StatedDate
from crawler.extract.document import Ignored
from crawler.extract.grids import Cell
from crawler.extract.schedule_cells import is_date, is_unworded, is_worn, label_of, names_of, region_of, replacements_of
from crawler.extract.schedule_columns import as_above, column_of_names, is_state_of_names, of_days, only_one, role_under
from crawler.extract.schedule_regions import apart, is_of_one, parts
from crawler.extract.statements import STATUS_TABLE, TABLE, Place, Statement
from crawler.extract.statuses import (
    Role,
    is_deprecation,
    is_end,
    is_plain_date,
    is_stage,
    section_status,
    status_of_header,
)
from crawler.extract.subjects import is_id, is_none, kind_of
from timeline.issues import Issue
from timeline.notices import Status, SubjectKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What stands around a table or a sentence and bears on it."""

    at: datetime  # of the capture
    order: Order | None = None  # of dates in figures, on this page
    section: Status | None = None
    words: str = ""  # of the heading that gives the section's status
    weak: bool = False  # that is the title of the whole page, or a header: a day to come says more
    title: str = ""  # the nearest heading
    kind: SubjectKind = "model"
    entry: str | None = None
    ends: StatedDate | None = None  # the day that the title of the part gives as that of the end
    begins: StatedDate | None = None  # the same, of the deprecation
    called_off: bool = False  # the title says that it will not happen
    scope: Mapping[str, str] = field(default_factory=dict)
    place: Place = ((), ())


@dataclass(kw_only=True, slots=True)
class Rows:
    """What a table gave. `found` is False where it is no table of lifecycles."""

    found: bool = False
    statements: list[Statement] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    places: list[Mapping[str, str]] = field(default_factory=list)  # of each statement: where it holds, by its columns


def read(table: Table, around: Surroundings, *, listed: bool = False) -> Rows:
    """The statements of a table's rows. `listed`: a table of models says that they can be used, if nothing else."""
    roles = _roles(table, around)
    rows = Rows(found=_is_schedule(table, roles, around) or (listed and bool({"model", "id"} & set(roles.values()))))
    if not rows.found:
        title = table.grid.caption or around.title or " ".join(filter(None, map(" ".join, table.grid.headers)))
        rows.ignored.append(Ignored(what=title[:100], why=_no_schedule(roles), locator=table.locator))
        return rows
    header = _header_status(table, roles)
    if any(role == "training" and "tun" in " ".join(table.grid.headers[at]).lower() for at, role in roles.items()):
        around = replace(around, kind="model")  # what is said of fine-tuned versions stands in a column of its own
    around = _stronger(around, *header)
    if around.section is None and not {"retires", "deprecates", "legacy", "status", "stage"} & set(roles.values()):
        if _is_schedule(table, roles, around):
            around = replace(around, section="deprecated", words=table.before if is_end(table.before) else around.title)
    else:
        around = replace(around, ends=None, begins=None)
    own = given = around
    for row in as_above(table.grid.body, roles):
        if title := _group(table, row):
            status = section_status(title)
            given = replace(around, section=status, words=title) if status else own
        else:
            _parts(table, row, roles, given, rows)
    rows.statements = apart(rows.statements, rows.places, alone=is_of_one(table, roles))
    if mixed := _mixed_up(table, roles, rows):
        rows.issues.append(mixed)
    for column, role in roles.items():
        if role in ("other", "training") and (text := " ".join(table.grid.headers[column])):
            rows.ignored.append(Ignored(what=text[:100], why="says nothing of a lifecycle", locator=table.locator))
    return rows


def _group(table: Table, row: Sequence[Cell]) -> str:
    """The words of a row that is a title for those below it: one cell across, or the first one alone filled."""
    if table.grid.is_section(row):
        return row[0].text
    alone = len(row) > 2 and row[0].text and not any(cell.text for cell in row[1:]) and not row[0].code
    return row[0].text if alone and not is_id(row[0].text) else ""


def _roles(table: Table, around: Surroundings) -> dict[int, Role]:
    roles = {column: role_under(path) for column, path in enumerate(table.grid.headers)}
    roles = {column: of_days(table, column, role) for column, role in roles.items()}
    if not {"model", "id"} & set(roles.values()):
        roles = {column: "model" if role == "version" else role for column, role in roles.items()}
    if "model" not in roles.values():
        roles = {column: "model" if is_state_of_names(table, column, role) else role for column, role in roles.items()}
    if not {"model", "id"} & set(roles.values()) and (column := column_of_names(table, roles)) is not None:
        roles[column] = "model"
    only_one(roles, "model", table)
    columns = list(zip(*table.grid.body, strict=False)) if table.grid.body else []
    if "status" not in roles.values():
        roles = {column: _stage_or_status(role, columns, column) for column, role in roles.items()}
    for column, cells in enumerate(columns):
        printed = [cell.text for cell in cells if cell.text and not is_none(cell.text)]
        if printed and "retires" not in roles.values() and all(is_floor(text, around.order) for text in printed):
            roles[column] = "retires"  # whatever its header: only an end has a "no sooner than"
        if roles.get(column) == "date" and is_end(f"{around.title} {table.before}"):
            roles[column] = "retires"
        if roles.get(column) == "date" and is_deprecation(f"{around.title} {table.before}"):
            roles[column] = "deprecates"
    return roles


def _stage_or_status(role: Role, columns: Sequence[Sequence[Cell]], column: int) -> Role:
    """A column of stages is one of states where models in it are worn: "Preview", "GA", "Legacy", "End of life"."""
    worn = role == "stage" and column < len(columns) and any(is_worn(cell) for cell in columns[column])
    return "status" if worn else role


def _is_schedule(table: Table, roles: Mapping[int, Role], around: Surroundings) -> bool:
    kinds = Counter(roles.values())
    if not kinds["model"] and not kinds["id"]:
        return False
    if kinds["retires"] or kinds["deprecates"] or kinds["legacy"] or kinds["status"]:
        return True
    stated = around.section in ("legacy", "deprecated", "retired") or _header_status(table, roles)[0]
    titles = [around.title, table.before, *(table.headings if around.ends or around.begins else ())]
    return bool(stated or (kinds["replacement"] and any(is_end(text) or is_deprecation(text) for text in titles)))


def _no_schedule(roles: Mapping[int, Role]) -> str:
    named = bool({"model", "id"} & set(roles.values()))
    return f"a table without a column of {'states or dates of an end' if named else 'models'}"


def _header_status(table: Table, roles: Mapping[int, Role]) -> tuple[Status | None, str]:
    headers = (" ".join(table.grid.headers[column]) for column, role in roles.items() if role in ("model", "id"))
    return next(((status, header) for header in headers if (status := status_of_header(header))), (None, ""))


def _parts(table: Table, row: Sequence[Cell], roles: Mapping[int, Role], around: Surroundings, rows: Rows) -> None:
    for place, part in parts(row, roles):
        _row(table, part, roles, around, rows)
        rows.places += [place] * (len(rows.statements) - len(rows.places))


def _row(table: Table, row: Sequence[Cell], roles: Mapping[int, Role], around: Surroundings, rows: Rows) -> None:
    cells: dict[Role, list[Cell]] = {}
    for cell in row:
        cells.setdefault(roles[cell.column - 1], []).append(cell)
    locator = f"{table.locator} row {row[0].row - table.grid.header_rows}"
    names = names_of(cells)
    if not names:
        text = " | ".join(dict.fromkeys(cell.text for cell in row if cell.text))
        if text:
            rows.ignored.append(Ignored(what=text[:100], why="a row that names no model", locator=locator))
        return
    reader = DateReader(around.at, around.order, locator, rows.issues, rows.ignored)
    label, status = label_of(row, cells, roles, rows.issues, locator)
    if "status" in cells and (plain := [cell for cell in row if is_plain_date(" ".join(cell.header_path))]):
        cells |= {"retires": [], "deprecates": []}
        cells["retires" if is_end(label) else "deprecates"] = plain  # the day of what the row says happens
    announced = reader.read(cells.get("announced", []))
    before = len(rows.issues)
    dates = {role: reader.read(cells.get(role, [])) for role in ("legacy", "deprecates", "retires")}
    unread = len(rows.issues) > before or reader.is_misprinted(cells.get("status", []))
    unread = unread or is_unworded(cells, status, dates["retires"])
    if status in ("deprecated", "retired") and (stated := reader.read_beside(cells.get("status", []))):
        ends = status == "retired" or any(is_end(cell.text) for cell in cells["status"])
        dates["retires" if ends else "deprecates"] = dates["retires" if ends else "deprecates"] or stated
    stages = [
        cell.text
        for role in ("stage", "status")
        for cell in cells.get(role, [])
        if role == "stage" or is_stage(cell.text)
    ]
    replacements = replacements_of(cells)
    to_come = around.weak and around.section in ("legacy", "retired") and _is_to_come(dates["retires"], around.at)
    for name in names:
        kind = kind_of(name)
        rows.statements.append(
            Statement(
                name=name,
                kind=around.kind if kind == "model" else kind,
                label=label or around.words,
                status=status,
                section="deprecated" if to_come else around.section,
                stage=next(filter(None, stages), None),
                announced=value_of(announced),
                legacy=value_of(dates["legacy"]),
                deprecates=dates["deprecates"] or around.begins,
                retires=dates["retires"] or around.ends,
                replacements=replacements,
                scope=dict(around.scope) | region_of(row),
                entry=around.entry,
                rank=STATUS_TABLE if status and "status" in cells else TABLE,
                place=around.place,
                locator=locator,
                doubtful=unread or around.called_off,
            )
        )


def _is_to_come(ends: StatedDate | None, at: datetime) -> bool:
    """Whether a firm day is still ahead: a page called "Retired models" tells of plans too."""
    return ends is not None and ends.qualifier != "not_before" and ends.first > at.date()


def _mixed_up(table: Table, roles: Mapping[int, Role], rows: Rows) -> Issue | None:
    """What half of a table's rows say that does not go with the headers: its columns are not the ones they name."""
    named = [column for column, role in roles.items() if role in ("model", "id", "replacement")]
    dates = sum(1 for row in table.grid.body for column in named if is_date(row[column].text))
    unread = sum(1 for issue in rows.issues if issue.code == "unreadable_date")
    worst = max(dates, unread)
    if worst < 2 or 2 * worst < len(table.grid.body):
        return None
    what = "names where dates belong, or dates where names do"
    message = f"{worst} of {len(table.grid.body)} rows do not hold what the headers say: {what}"
    return Issue(code="columns_mixed", message=message, locator=table.locator, fatal=True)


def _stronger(around: Surroundings, header: Status | None, words: str) -> Surroundings:
    """With the header's status where that goes further than the section's."""
    order: tuple[Status | None, ...] = ("retired", "deprecated", "legacy", "active", None)
    further = order.index(header) < order.index(around.section)
    return replace(around, section=header, words=words, weak=header == "legacy") if further else around
