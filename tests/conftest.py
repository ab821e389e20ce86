"""A real Postgres for the tests: one server for all test runs of this checkout, one template, a copy of it per test."""

import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from store import embedded
from store.connect import Connection, connect
from store.migrate import migrate
from store.revisions import folder
from store.view_files import texts

CHECKOUT = Path(__file__).resolve().parent.parent
READER_PASSWORD = "reader of throw-away databases"


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where databases can be made, and the migrated one that is copied."""

    url: str
    template: str

    def database(self, name: str, *, user: str | None = None, password: str | None = None) -> str:
        """The URL of another database of this server."""
        account = {"user": user, "password": password} if user else {}
        return as_url({**conninfo_to_dict(self.url), "dbname": name, **account})


def as_url(parts: Mapping[str, object]) -> str:
    """The postgresql:// form: the only one every consumer of a URL understands."""
    account = f"{quote(str(parts['user']), safe='')}:{quote(str(parts.get('password') or ''), safe='')}"
    return f"postgresql://{account}@{parts.get('host')}:{parts.get('port') or 5432}/{quote(str(parts['dbname']))}"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of AIWIRE_TEST_DATABASE_URL, else an embedded one that goes when its last user has gone."""
    given = os.environ.get("AIWIRE_TEST_DATABASE_URL")
    with embedded_url() if not given else nothing(given) as url:
        name = f"aiwire_template_{version()}"
        with exclusive(lock_file("template")), psycopg.connect(url, autocommit=True) as admin:
            found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]).fetchone()
            if found is None:
                make_template(admin, url, name)
        yield Server(url=url, template=name)


@pytest.fixture
def database_url(server: Server) -> Iterator[str]:
    """The owner's URL of a fresh, migrated database: this test's own."""
    with new_database(server, template=server.template) as url:
        yield url


@pytest.fixture
def empty_database_url(server: Server) -> Iterator[str]:
    """The owner's URL of a fresh database with nothing in it."""
    with new_database(server, template="template1") as url:
        yield url


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """The owner's connection to the test's database (not autocommit)."""
    with connect(database_url) as opened:
        yield opened


@pytest.fixture
def reader_url(server: Server, database_url: str) -> str:
    """The reader's URL of the test's database."""
    migrate(database_url, reader_password=READER_PASSWORD)  # the copy's own reader: roles are not copied
    name = str(conninfo_to_dict(database_url)["dbname"])
    return server.database(name, user=f"{name}_reader", password=READER_PASSWORD)


@pytest.fixture
def verbs(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verbs that are called as functions find the test's database, and a home of their own."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("AIWIRE_HOME", str(tmp_path))


@contextmanager
def new_database(server: Server, *, template: str) -> Iterator[str]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"aiwire_test_{worker}_{os.getpid()}_{secrets.token_hex(4)}"
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield server.database(name)
    finally:
        with psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{name}_reader")))


def make_template(admin: Connection, url: str, name: str) -> None:
    """A migrated database that nobody can connect to, so that it can always be copied."""
    identifier = sql.Identifier(name)
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(identifier))
    admin.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
    migrate(Server(url=url, template=name).database(name), reader_password=READER_PASSWORD)
    admin.execute(sql.SQL("ALTER DATABASE {} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false").format(identifier))


def version() -> str:
    """A short name of everything a migrated database is made from."""
    made_of = [path.read_bytes() for path in sorted(folder().glob("versions/0*"))] + [
        text.encode() for text in texts().values()
    ]
    made_of += [(CHECKOUT / "store" / name).read_bytes() for name in ("migrate.py", "view_files.py", "reader_role.py")]
    return hashlib.sha256(b"\0".join(made_of)).hexdigest()[:10]


@contextmanager
def embedded_url() -> Iterator[str]:
    """A server for all concurrent test runs of this checkout and user. The last to leave stops and deletes it."""
    home = shared_folder() / "home"
    with lock_file("users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            with exclusive(lock_file("start")):
                url = embedded.start(home, scratch=True).url
            yield url
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # others still use it
            else:
                embedded.stop(home)
                shutil.rmtree(home)


@contextmanager
def nothing(url: str) -> Iterator[str]:
    yield url


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def lock_file(name: str) -> Path:
    return shared_folder() / f"{name}.lock"


def shared_folder() -> Path:
    """Short, because it is named by user and checkout: several checkouts never share a server."""
    checkout = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f"aiwire-tests-{os.geteuid()}-{checkout}"
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.stat().st_uid != os.geteuid() or folder.is_symlink():
        raise RuntimeError(f"{folder} belongs to somebody else: remove it, or set TMPDIR")
    return folder
