"""The public views and functions: code in `views/*.sql`, applied when their text has changed."""

import hashlib
import re
from functools import cache
from importlib.resources import files

import psycopg
from psycopg import errors, sql

from store.captures import LAST_LOOK
from store.connect import Connection, StoreError
from store.speaking import fill_in
from timeline.same_models import BEDROCK, same_models

# Each file makes the view or function of its name in schema timeline; what it reads stands above it.
ORDER = (
    "clock",
    "now",
    "source_health",
    "change_counter",
    "events",
    "price_changes",
    "corrections",
    "captures",
    "snapshots",
    "fetches",
    "price_beliefs",
    "price_history",
    "price_claims",
    "price_announced",
    "price_standing",
    "price_asof",
    "price_current",
    "price_disagreement",
    "same_models",
    "offers_asof",
    "offers",
    "cost",
    "model_beliefs",
    "model_history",
    "model_status",
    "status_disagreement",
    "model_claims",
    "model_status_asof",
    "rule_beliefs",
    "rule_history",
    "rule_dates",
    "rule_claims",
    "rule_dates_asof",
    "deadlines_asof",
    "deadlines",
    "news_beliefs",
    "news",
    "news_asof",
    "news_revisions",
    "incident_beliefs",
    "incidents",
    "incidents_asof",
    "downtime",
    "news_claims",
    "funding",
    "funding_history",
    "funding_reports",
    "funding_asof",
    "funding_decisions",
    "model_spec_beliefs",
    "model_specs",
    "model_specs_asof",
    "pages",
    "figure_beliefs",
    "figure_history",
    "figures",
    "figures_asof",
    "source_issues",
    "receiver_health",
    "witnesses",
    "installed",
)
# CREATE OR REPLACE cannot do it: columns were taken away, renamed or retyped. Then it is dropped and made anew.
NEEDS_DROP = (errors.InvalidTableDefinition, errors.InvalidFunctionDefinition, errors.WrongObjectType)

OBJECTS = """
SELECT format('%%s %%s', CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, oid::regclass)
  FROM pg_class WHERE relnamespace = 'timeline'::regnamespace AND relname = %(name)s
UNION ALL
SELECT format('FUNCTION %%s', oid::regprocedure)
  FROM pg_proc WHERE pronamespace = 'timeline'::regnamespace AND proname = %(name)s
"""
# Views and functions that read one of `names`, directly or through others.
READERS = """
WITH RECURSIVE made AS (
    SELECT oid, relname::text AS name FROM pg_class WHERE relnamespace = 'timeline'::regnamespace
    UNION ALL
    SELECT oid, proname FROM pg_proc WHERE pronamespace = 'timeline'::regnamespace
), uses AS (
    SELECT depend.refobjid AS used, coalesce(rule.ev_class, depend.objid) AS reader
      FROM pg_depend AS depend
      LEFT JOIN pg_rewrite AS rule ON depend.classid = 'pg_rewrite'::regclass AND rule.oid = depend.objid
     WHERE depend.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass)
), found AS (
    SELECT oid FROM made WHERE name = ANY(%(names)s)
    UNION
    SELECT uses.reader FROM found JOIN uses ON uses.used = found.oid
)
SELECT DISTINCT name FROM found JOIN made USING (oid)
"""


def texts() -> dict[str, str]:
    """The SQL of each view, in the order in which they can be made."""
    folder = files("store") / "views"
    written = {name: (folder / f"{name}.sql").read_text(encoding="utf-8") for name in ORDER}
    return {name: _written_out(text) for name, text in written.items()}


_BOTH_TIMES = re.compile(r"\{\{both times: (\w+)\}\}\n(.*?)\{\{end\}\}\n", re.DOTALL)
_LAST_LOOK = re.compile(r"\{\{last look: ([\w.]+)\}\}")


def _written_out(text: str) -> str:
    """The text with what several share written out.

    `{{both times: NAME}} ... {{end}}`: once for a moment as far as is known now, once for a moment as known at another,
    with `{{times}}` for the parameters of the function of that name and `{{moments}}` for what they were given.
    `{{last look: KNOWN_AT}}`: when the source of a `belief` was last read well.
    """
    text = _BOTH_TIMES.sub(lambda found: _for_times(*found.groups()), text)
    text = _LAST_LOOK.sub(lambda found: LAST_LOOK.replace("%(known_at)s", found[1]), text)
    return fill_in(text).replace("{{same models}}", _same_models()).replace("{{bedrock}}", BEDROCK)


def _for_times(function: str, text: str) -> str:
    names = (["at"], ["at", "known_at"])
    return "\n".join(
        text.replace("{{times}}", ", ".join(f"{name} timestamptz" for name in given)).replace(
            "{{moments}}", ", ".join(f"{function}.{name}" for name in given)
        )
        for given in names
    )


@cache
def _same_models() -> str:
    """The reviewed names as rows: a view made of them is made again when they change."""
    return ",\n    ".join(
        f"({', '.join(_literal(text) for text in (one.name, one.maker, one.model, one.model_class))})"
        for one in same_models()
    )


def _literal(text: str | None) -> str:
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def changed(connection: Connection) -> list[str]:
    """The views whose text is not the one this database has."""
    installed = _installed(connection)
    return [name for name, text in texts().items() if installed.get(name) != _hash(text)] + [
        name for name in installed if name not in ORDER
    ]


def apply(connection: Connection) -> list[str]:
    """Makes the changed views, in the caller's transaction; returns their names, and those they made to be remade.

    Raises StoreError when a view of somebody else's stands in the way.
    """
    names = changed(connection)
    for name in [name for name in names if name not in ORDER]:
        _drop(connection, name)
        connection.execute("DELETE FROM aiwire.installed_view WHERE name = %s", [name])
    wanted = [name for name in ORDER if name in names]
    try:
        with connection.transaction():
            _make(connection, wanted)
    except NEEDS_DROP:
        wanted = [name for name in ORDER if name in {*wanted, *_readers(connection, wanted)}]
        for name in reversed(wanted):
            _drop(connection, name)
        _make(connection, wanted)
    return [name for name in names if name not in ORDER] + wanted


def _make(connection: Connection, names: list[str]) -> None:
    sources = texts()
    for name in names:
        try:
            connection.execute(sources[name].encode())
        except NEEDS_DROP:
            raise
        except psycopg.Error as error:
            raise StoreError(f"view timeline.{name} cannot be made: {error}") from error
        _note_former(connection, name)
        connection.execute(
            "INSERT INTO aiwire.installed_view (name, sha256) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256",
            [name, _hash(sources[name])],
        )


def _note_former(connection: Connection, name: str) -> None:
    """That there was another text: code that still has it is older than the database, not newer."""
    now = _hash(texts()[name])
    connection.execute(
        "INSERT INTO aiwire.former_view (name, sha256) SELECT name, sha256 FROM aiwire.installed_view "
        "WHERE name = %s AND sha256 <> %s ON CONFLICT DO NOTHING",
        [name, now],
    )
    connection.execute("DELETE FROM aiwire.former_view WHERE name = %s AND sha256 = %s", [name, now])  # a step back


def _drop(connection: Connection, name: str) -> None:
    for (made,) in connection.execute(OBJECTS, {"name": name}).fetchall():
        try:
            connection.execute(sql.SQL("DROP {}").format(sql.SQL(made)))
        except errors.DependentObjectsStillExist as error:
            raise StoreError(
                f"timeline.{name} has changed, but something of yours reads it ({error.diag.message_detail}): "
                "drop that, run `aiwire migrate`, and make it again"
            ) from error


def _readers(connection: Connection, names: list[str]) -> set[str]:
    return {row[0] for row in connection.execute(READERS, {"names": names})}


def _installed(connection: Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT name, sha256 FROM aiwire.installed_view ORDER BY name").fetchall())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
