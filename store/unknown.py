"""Names that are asked for and that nobody knows, and the ones there are. Works for a reader."""

from collections.abc import Iterable, Sequence
from functools import cache

from store import models, providers
from store.connect import Connection
from timeline import names
from timeline.tellers import BUNDLED


def unknown_providers(connection: Connection, asked: Sequence[str]) -> list[str]:
    """Those of the ids that no file, source or event has."""
    rare = [name for name in asked if name not in names.providers()]
    there = providers.known(connection) if rare else frozenset()
    return [name for name in rare if name not in there]


def unknown_sources(connection: Connection, asked: Sequence[str]) -> list[str]:
    """Those of the ids that no source has or had."""
    there = sources(connection)
    return [name for name in asked if name not in there]


def sources(connection: Connection) -> frozenset[str]:
    """The ids of all sources, those that come with aiwire too."""
    rows = connection.execute("SELECT source FROM timeline.source_health")
    return frozenset(row[0] for row in rows) | BUNDLED.keys()


def unknown_models(connection: Connection, asked: Sequence[str]) -> list[str]:
    """Those of the ids, or names as printed, that are not on file and of which no price, life or event tells."""
    rows = connection.execute(
        """
        SELECT name FROM unnest(%s::text[]) AS name
         WHERE NOT EXISTS (SELECT FROM timeline.price_history WHERE model_id = name)
           AND NOT EXISTS (SELECT FROM timeline.price_history WHERE model = name)
           AND NOT EXISTS (SELECT FROM timeline.model_beliefs WHERE model_id = name)
           AND NOT EXISTS (SELECT FROM timeline.model_beliefs WHERE model = name)
           AND NOT EXISTS (SELECT FROM timeline.events WHERE model_id = name)
           AND NOT EXISTS (SELECT FROM timeline.events WHERE model = name)
        """,
        [[*asked]],
    )
    return [row[0] for row in rows if row[0] not in _on_file()]


def with_pages(connection: Connection, names: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those of the models, by provider and id or printed name, of which a price, a life or an event tells.

    A page may recommend a model that no page lists.
    """
    asked = sorted({*names})
    if not asked:
        return frozenset()
    rows = connection.execute(
        """
        SELECT provider, name FROM unnest(%s::text[], %s::text[]) AS asked (provider, name)
         WHERE EXISTS (SELECT FROM timeline.price_history AS told
                        WHERE told.provider = asked.provider AND told.model_id = name)
            OR EXISTS (SELECT FROM timeline.price_history AS told
                        WHERE told.provider = asked.provider AND told.model = name)
            OR EXISTS (SELECT FROM timeline.events AS told
                        WHERE told.provider = asked.provider AND told.model_id = name)
            OR EXISTS (SELECT FROM timeline.events AS told
                        WHERE told.provider = asked.provider AND told.model = name)
            OR EXISTS (SELECT FROM timeline.model_status AS told
                        WHERE told.provider = asked.provider AND name IN (told.model_id, told.model))
        """,
        [[provider for provider, _ in asked], [name for _, name in asked]],
    )
    return frozenset((row[0], row[1]) for row in rows)


def model_names(connection: Connection) -> list[str]:
    """Every id a model has here, and every name on file, in order."""
    return sorted({*models.ids(connection), *_on_file()})


@cache
def _on_file() -> frozenset[str]:
    return frozenset(name for _, name in names.spoken())
