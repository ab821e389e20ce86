"""How often in a row a source could not be fetched: what the next visit is computed from."""

from store.connect import Connection


def failures_in_a_row(connection: Connection, source: str) -> int:
    """Failed attempts since the last one that got the source's bytes; 0 for a source nobody has fetched yet."""
    row = connection.execute("SELECT failures FROM source_state WHERE source = %s", [source]).fetchone()
    return int(row[0]) if row else 0
