"""The database: which one it is, whether it fits this aiwire, and who may do what in it."""

import importlib.metadata
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import vitals
from configuration import Configuration
from doctor.findings import Finding, bad, few, note, ok
from store import clusters, connect, diagnoses, embedded
from store.connect import Connection
from store.diagnoses import Reader, Server
from store.revisions import newest
from store.versions import Compared

OLDEST: Final = 150000
CROWDED: Final = 0.8
"""The share of the server's connections from which on a worker more may find none."""
BACKUP: Final = "see Backup and restore in docs/operations.md"


def place(configuration: Configuration) -> Iterator[Finding]:
    """Of the embedded database, before it is asked: is there one, of this major, and is it the one in use?"""
    state = embedded.status(configuration.home)
    if configuration.database_url is not None:
        if state.exists:
            do = "that one keeps what it has: move it by pg_dump, or unset DATABASE_URL"
            found = "DATABASE_URL is used; there is an embedded database too, which is not"
            yield note("database", found, do=do, where=str(state.folder))
        return
    yield from major(state.folder / "cluster" / "data", importlib.metadata.version(clusters.PACKAGE))


def major(data: Path, version: str) -> Iterator[Finding]:
    """Whether the files under `data` are of the Postgres that is installed (`version`)."""
    try:
        found = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    except OSError:  # none yet, or not ours to read: the start says so
        return
    mine = version.partition(".")[0]
    if found != mine:
        do = f"install the aiwire you had, dump, move the folder away, start this one, restore: {BACKUP}"
        yield bad("database", f"its files are of Postgres {found}, the programs of {mine}", do=do, where=str(data))


def reached(url: str) -> Finding:
    """That it answers."""
    return ok("database", "answers", where=connect.place(url))


def old_server(connection: Connection) -> Finding | None:
    """A Postgres too old to be asked any more."""
    version = connection.info.server_version
    if version >= OLDEST:
        return None
    where = f"{connection.info.host}:{connection.info.port}"
    do = "upgrade the server (pg_upgrade or a dump), or use the embedded one: unset DATABASE_URL"
    return bad("postgres", f"Postgres {version // 10000}, aiwire needs 15", do=do, where=where)


def of_server(server: Server, free: int | None = None) -> Iterator[Finding]:
    """What a server may lack. `free`: bytes left where it keeps its files, if that is known."""
    wrong = list(_lacks(server))
    yield from wrong
    if not wrong:
        yield ok("postgres", f"as aiwire needs it, {server.connections} of {server.max_connections} connections in use")
    size = f"{server.bytes / 2**30:.2f} GiB"
    if free is not None and free < server.bytes // 4:
        do = "make room before VACUUM, a dump or an index needs it: a quarter of its size at least"
        yield note("size", f"the database has {size}, the disk {free / 2**30:.2f} GiB left", do=do)
    else:
        yield ok("size", size)


def _lacks(server: Server) -> Iterator[Finding]:
    if server.replica:
        do = "name the primary in DATABASE_URL; a replica is only for `aiwire serve` and `aiwire sql`"
        yield bad("postgres", "it is a replica: nothing can be written", do=do)
    elif not server.owns:
        do = "name the owner in DATABASE_URL for everything but `aiwire serve` and `aiwire sql`"
        yield bad("owner", "the role of DATABASE_URL may not write", do=do)
    elif server.read_only:
        do = "ALTER ROLE or ALTER DATABASE ... RESET default_transaction_read_only"
        yield bad("postgres", "nothing can be written: default_transaction_read_only is on", do=do)
    if server.encoding != "UTF8":
        do = "make a database with ENCODING 'UTF8' TEMPLATE template0, and restore a dump into it"
        yield bad("postgres", f"its encoding is {server.encoding}: not every page can be kept", do=do)
    if not server.extension:
        do = "install the contrib package (postgresql-contrib), then `aiwire migrate`"
        yield bad("postgres", "the extension btree_gist is not there", do=do)
    if not server.zones:
        do = "install the package tzdata on the server: days and digests are counted in zones"
        yield bad("postgres", "it knows no time zones by name", do=do)
    if server.moved_collation:
        do = "REINDEX DATABASE, then ALTER DATABASE ... REFRESH COLLATION VERSION: old indexes may miss rows"
        yield bad("postgres", "its system sorts otherwise than when the database was made", do=do)
    if server.connections > CROWDED * server.max_connections:
        do = "raise max_connections, or run fewer workers (15 each, `aiwire serve` 8)"
        found = f"{server.connections} of {server.max_connections} connections are in use"
        yield note("postgres", found, do=do)


def schema(compared: Compared) -> Finding:
    """Whether the tables and views are those of this aiwire."""
    if compared.database == "same":
        return ok("schema", f"of this version ({newest()})")
    if compared.database == "newer":
        do = "install the newer version here too, and start it again"
        return bad("schema", f"the database is newer than this aiwire: {compared.said}", do=do)
    return bad("schema", compared.said, do="run `aiwire migrate`")


def versions(connected: Mapping[str, int]) -> Iterator[Finding]:
    """Programs of an older aiwire that still run beside this one."""
    other = [f"{count} of {version}" for version, count in connected.items() if version != newest()]
    if other:
        do = "start them again with this version; one version apart they work, further apart nobody tried"
        found = f"programs of another version are connected ({few(other)} connections; this is {newest()})"
        yield bad("versions", found, do=do)
    else:
        yield ok("versions", f"all that is connected is of {newest()}")


def reader(role: Reader) -> Iterator[Finding]:
    """Whether those who only read can, and can do nothing else."""
    name = f"role {role.role}"
    if not role.there:
        do = "run `aiwire migrate` as a role with CREATEROLE, or make it by hand, then `aiwire migrate`"
        yield note("reader", "there is no role for those who only read", do=do, where=name)
        return
    if role.writes:
        do = f"REVOKE ALL ON ALL TABLES IN SCHEMA aiwire, timeline FROM {role.role}, PUBLIC; then `aiwire migrate`"
        yield bad("reader", f"who only reads may write to {few(role.writes, 3)}", do=do, where=name)
    if role.powers:
        do = f"take them away: ALTER ROLE {role.role} NOSUPERUSER NOCREATEROLE NOCREATEDB ..."
        yield bad("reader", f"it may more than read: {', '.join(role.powers)}", do=do, where=name)
    if not role.complete:
        yield bad("reader", "it may not read every view", do="run `aiwire migrate`", where=name)
    if role.complete and not role.writes and not role.powers:
        yield ok("reader", "reads, and can do nothing else", where=name)


def clock(apart: float) -> Finding:
    """`apart`: seconds between this machine's clock and the database's."""
    if apart < vitals.DATABASE_APART:
        return ok("clock", "this machine and the database agree")
    do = "set the time, and keep it (chrony, systemd-timesyncd): dates and alerts are wrong till then"
    return bad("clock", f"{apart:.0f} s apart from the database's", do=do)


def rehearsal(at: datetime | None) -> Iterator[Finding]:
    """A clock that a rehearsal set and nobody set free: nothing would ever be new."""
    if at is not None:
        do = "DELETE FROM aiwire.rehearsal as the owner, unless a rehearsal runs in this database"
        yield bad("rehearsal", f"time stands still at {at:%Y-%m-%d %H:%M} UTC in this database", do=do)


def examine(connection: Connection) -> Iterator[Finding]:
    """Reader, programs and clocks of a database of this version."""
    yield from reader(diagnoses.reader(connection))
    yield from versions(diagnoses.programs(connection))
    yield clock(abs(vitals.ahead_of_database(connection)))
    yield from rehearsal(diagnoses.rehearsal(connection))
