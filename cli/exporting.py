"""`aiwire export`: a dated dump of the public views, for other tools."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

import console
from cli.plumbing import Json, configured, quietly, reach
from console import ends, print_rows
from timeline.issues import AiwireError

if TYPE_CHECKING:
    from store.connect import Connection

Form = Literal["csv", "ndjson", "parquet"]


class ExportError(AiwireError):
    """The folder of a dump cannot be written to."""


def export(
    folder: Annotated[Path, typer.Argument(help="Where the dump goes: a folder of its own, named after the day.")],
    form: Annotated[Form, typer.Option("--format", help="One file a view; parquet needs the package duckdb.")] = "csv",
    json_: Json = False,
) -> None:
    """Write the public views as files, with a data dictionary and a note on rights. Reads only, at one moment."""
    from store import parquet

    with ends():
        quietly()
        if form == "parquet":
            parquet.require()
        try:
            written = _dump(folder, form)
        except OSError as error:
            place = error.filename or folder
            raise ExportError(
                f"{place}: {error.strerror}: expected a folder that can be written to, with room"
            ) from error
        print_rows(written, as_json=json_, columns=("file", "bytes"), empty="")


def _dump(folder: Path, form: Form) -> list[dict[str, object]]:
    """Write everything; the files, with their sizes."""
    from store import dumps
    from store.clock import wall_clock
    from store.connect import connect_reader

    at = wall_clock()
    target = folder / f"aiwire-{at:%Y-%m-%d}"
    target.mkdir(parents=True, exist_ok=True)
    written: list[dict[str, object]] = []
    with connect_reader(reach(configured()).reader) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute("SET LOCAL statement_timeout = 0")  # a dump of years takes as long as it takes
        with console.progress(len(dumps.VIEWS), "exporting") as advance:
            for view in dumps.VIEWS:
                advance(view)
                file = target / f"{view}.{form}"
                written.append({"file": str(file), "bytes": _write(connection, view, form, file)})
        told = dumps.dictionary(connection, at=at)
    (target / "README.md").write_text(told, encoding="utf-8")
    return written


def _write(connection: "Connection", view: str, form: Form, file: Path) -> int:
    """The size of the file. It takes its name when it is whole: a dump that was cut off has no half of one."""
    from store import dumps, parquet

    part = file.with_name(f".{file.name}.part")
    try:
        if form == "parquet":
            size = parquet.write(connection, view, part)
        else:
            with part.open("wb") as out:
                size = sum(out.write(piece) for piece in dumps.rows(connection, view, form))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return size
