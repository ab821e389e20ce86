"""Views as Parquet files: every number exact, every time in UTC, in bounded memory. Needs the package duckdb.

Postgres writes the rows as CSV into a file beside, DuckDB makes row groups of them: neither holds a whole view. The
types are those of https://parquet.apache.org/docs/file-format/types/logicaltypes/.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from psycopg import sql

from store.connect import Connection
from store.dumps import Column, columns
from timeline.issues import MistakeError

_DIGITS: Final = 38
"""The most that a DECIMAL holds."""
_TYPES: Final = {
    "text": "VARCHAR", "boolean": "BOOLEAN", "integer": "INTEGER", "bigint": "BIGINT", "date": "DATE",
    "double precision": "DOUBLE", "timestamp with time zone": "TIMESTAMPTZ",
}  # fmt: skip
"""By the type in Postgres. `numeric` becomes a DECIMAL that fits its column; all others are text."""
_MEMORY: Final = "256MB"


def require() -> None:
    """Raises MistakeError, saying how to get it, where the package is missing."""
    try:
        import duckdb  # noqa: F401
    except ImportError as error:
        raise MistakeError(
            "Parquet is written by the package duckdb, which is not installed: run `.venv/bin/python -m pip install "
            "duckdb` (25 MB), or choose --format csv or ndjson"
        ) from error


def write(connection: Connection, view: str, file: Path) -> int:
    """Write a view and return the size of the file in bytes. Rows and types are of one moment in a transaction."""
    found = columns(connection, [view])
    kinds = _kinds(connection, view, found)
    rows = file.with_name(f".{file.name}.csv")
    try:
        with rows.open("wb") as out, connection.cursor().copy(_query(view, found)) as copy:
            for piece in copy:
                out.write(piece)
        _convert(rows, file, {one.name: kind for one, kind in zip(found, kinds, strict=True)})
    finally:
        rows.unlink(missing_ok=True)
    return file.stat().st_size


def _query(view: str, found: Sequence[Column]) -> sql.Composed:
    cells = sql.SQL(", ").join(_cell(one) for one in found)
    return sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv, HEADER true)").format(
        cells, sql.Identifier("timeline", view)
    )


def _cell(column: Column) -> sql.Composable:
    name = sql.Identifier(column.name)
    if column.type in _TYPES or column.type == "numeric":
        # Other readers take "never" for a date in the year 294247.
        form = "CASE WHEN isfinite({0}) THEN {0} END AS {0}" if column.type.startswith("timestamp") else "{0}"
        return sql.SQL(form).format(name)
    form = "to_jsonb({0})::text AS {0}" if column.type.endswith("[]") else "{0}::text AS {0}"
    return sql.SQL(form).format(name)


def _kinds(connection: Connection, view: str, found: Sequence[Column]) -> list[str]:
    """The type of each column; a DECIMAL has as many decimals as its longest value, so that none is rounded."""
    numbers = [one.name for one in found if one.type == "numeric"]
    sizes: dict[str, str] = {}
    if numbers:
        asked = sql.SQL(", ").join(
            sql.SQL("coalesce(max(scale(trim_scale({0}))), 0), coalesce(max(length(trunc(abs({0}))::text)), 1)").format(
                sql.Identifier(name)
            )
            for name in numbers
        )
        query = sql.SQL("SELECT {} FROM {}").format(asked, sql.Identifier("timeline", view))
        row = connection.execute(query).fetchone() or ()
        for name, decimals, whole in zip(numbers, row[::2], row[1::2], strict=True):
            sizes[name] = f"DECIMAL({_DIGITS}, {decimals})" if decimals + whole <= _DIGITS else "VARCHAR"
    return [sizes.get(one.name) or _TYPES.get(one.type, "VARCHAR") for one in found]


def _convert(rows: Path, file: Path, kinds: dict[str, str]) -> None:
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY, "threads": "1", "preserve_insertion_order": "true",
        "temp_directory": str(file.parent), "autoinstall_known_extensions": "false",
    }  # fmt: skip
    with duckdb.connect(":memory:", config=settings) as making:
        making.execute("SET TimeZone = 'UTC'")
        making.execute(
            "COPY (SELECT * FROM read_csv($rows, header = true, auto_detect = false, delim = ',', quote = '\"', "
            "escape = '\"', nullstr = '', allow_quoted_nulls = false, max_line_size = 100000000, columns = $kinds)) "
            "TO $file (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)",
            {"rows": str(rows), "file": str(file), "kinds": kinds},
        )
