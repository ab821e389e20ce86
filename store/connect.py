"""The one place where a database is connected to, and where its errors are put into words for people."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.json import set_json_loads
from psycopg_pool import ConnectionPool

from store.revisions import newest
from timeline.issues import AiwireError

Connection = psycopg.Connection[tuple[Any, ...]]

CONNECT_TIMEOUT = 10  # seconds
RECONNECT_SECONDS = 3.0  # how long a pool tries by itself, ever more rarely; then whoever needs a connection tries anew
CHECKED_SECONDS = 1.0  # how long a connection of a pool is taken to be as it was
READER_TIMEOUT = "10s"  # of one statement; the reader role has its own limit too
NOT_A_URL = "the database URL is not understood: expected postgresql://user:password@host:port/database"
SEARCH_PATH = "aiwire,timeline,public"  # tables, views, what a person added
OWNER = {"search_path": SEARCH_PATH, "timezone": "UTC"}
# A process that was stopped in the middle of a transaction keeps its locks from nobody for ever. Reading a history anew
# may take minutes between two questions.
WORKER = OWNER | {"idle_in_transaction_session_timeout": "10min"}
READER = OWNER | {
    "default_transaction_read_only": "on",
    "statement_timeout": READER_TIMEOUT,
    "idle_in_transaction_session_timeout": READER_TIMEOUT,
    # The same questions come again and again: planning them anew each time would take longer than answering them.
    "plan_cache_mode": "force_generic_plan",
    # Pages of lists are found by index, in memory or on a disk without a needle; to compile them would take longer.
    "random_page_cost": "1.1",
    "jit": "off",
}

set_json_loads(orjson.loads)


class StoreError(AiwireError):
    """The database cannot be used as it is: says which one, what is wrong and what to do."""


def connect(url: str, *, autocommit: bool = False) -> Connection:
    """A connection of the owner. Raises StoreError when there is no such server, database or password."""
    with explained(url):
        return psycopg.connect(conninfo(url), autocommit=autocommit)


def connect_reader(url: str, *, autocommit: bool = False) -> Connection:
    """A read-only connection with time limits, whatever role `url` names. Raises StoreError like `connect`."""
    with explained(url):
        return psycopg.connect(conninfo(url, settings=READER), autocommit=autocommit)


def open_pool(url: str, *, size: int, reader: bool = False) -> ConnectionPool[Connection]:
    """A pool of up to `size` connections, the first already open. Raises StoreError like `connect`.

    A reader's are in autocommit: a transaction would show each statement what is committed by then too, and cost two
    more round trips an answer.
    """
    (connect_reader if reader else connect)(url).close()  # a pool would retry a wrong password in the background
    pool: ConnectionPool[Connection] = ConnectionPool(
        conninfo(url, settings=READER if reader else WORKER),
        kwargs={"autocommit": reader},
        min_size=1,
        max_size=size,
        timeout=CONNECT_TIMEOUT,
        reconnect_timeout=RECONNECT_SECONDS,
        open=False,
        check=_now_and_then(),
    )
    pool.open(wait=True, timeout=CONNECT_TIMEOUT)
    return pool


def _now_and_then() -> Callable[[Connection], None]:
    """The pool's own check of a connection it lends; none of one that it lent a moment ago."""
    lent: WeakKeyDictionary[Connection, float] = WeakKeyDictionary()

    def check(connection: Connection) -> None:
        now = time.monotonic()
        if now - lent.get(connection, -CHECKED_SECONDS) >= CHECKED_SECONDS:
            ConnectionPool.check_connection(connection)
        lent[connection] = now

    return check


def conninfo(url: str, *, settings: Mapping[str, str] = OWNER) -> str:
    """The libpq text with our settings added: also what another library (the queue) connects with."""
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError:  # its text may quote the password
        raise StoreError(NOT_A_URL) from None
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    given["options"] = f"{given.get('options', '')} {options}".strip()
    given.setdefault("application_name", f"aiwire {newest()}")  # `aiwire doctor` finds old ones that still run
    given.setdefault("connect_timeout", str(CONNECT_TIMEOUT))
    return make_conninfo(**given)


def without_password(url: str) -> tuple[str, str | None]:
    """The libpq text without its password, and the password: for programs whose arguments everybody can see."""
    given = conninfo_to_dict(conninfo(url, settings=READER))
    password = given.pop("password", None)
    return make_conninfo("", **given), None if password is None else str(password)


@contextmanager
def explained(url: str = "") -> Iterator[None]:
    """Turns the errors of psycopg raised inside into a StoreError that says what to do."""
    try:
        yield
    except psycopg.Error as error:
        raise explain(error, url) from error


def explain(error: psycopg.Error, url: str = "") -> StoreError:
    """The error in words for a person. Never contains a password."""
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, errors.UndefinedTable | errors.InvalidSchemaName | errors.UndefinedFunction):
        return StoreError(f"the database {place(url)} is not up to date ({said}): run `aiwire migrate`")
    if isinstance(error, errors.InsufficientPrivilege | errors.ReadOnlySqlTransaction):
        return StoreError(f"this connection may not do that ({said}): writing needs the owner's DATABASE_URL")
    if isinstance(error, errors.QueryCanceled):
        return StoreError(f"the statement was stopped ({said}): ask for less, or raise statement_timeout")
    if isinstance(error, psycopg.OperationalError):
        return StoreError(_unreachable(str(error), place(url)))
    if error.sqlstate is None:  # psycopg itself: a mistake of ours, not of the database
        return StoreError(f"aiwire asked the database wrongly ({said}): please report this")
    return StoreError(f"the database {place(url)} refused: {said} (SQLSTATE {error.sqlstate})")


def is_down(error: BaseException | None) -> bool:
    """Whether it is the database that failed, not what it was asked: gone, starting, full, out of connections."""
    while isinstance(error, StoreError):
        error = error.__cause__
    return isinstance(error, psycopg.OperationalError) and not isinstance(error, errors.QueryCanceled)


def place(url: str) -> str:
    """Which database a URL means, without user and password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "of a URL that is not understood"
    host, port = parts.get("host") or "local socket", parts.get("port") or "5432"
    return f"{parts.get('dbname') or parts.get('user') or '(default)'} at {host}:{port}"


def _unreachable(said: str, where: str) -> str:
    # A failed connection has no SQLSTATE, only the server's text.
    if "password" in said or "authentication" in said or "no pg_hba.conf entry" in said:
        return f"the database {where} refused the user or password: check DATABASE_URL"
    if "does not exist" in said:
        return f"no such database or role: {where}: create it, or check DATABASE_URL"
    if "too many" in said or "connection slots" in said:
        return f"the database {where} has no connection left: stop other clients or raise max_connections"
    if "starting up" in said or "shutting down" in said or "recovery" in said:
        return f"the database {where} is starting or stopping: try again in a few seconds"
    if "terminating connection" in said or "closed" in said:
        return f"the database {where} ended the connection: try again; if it stays, see the server's log"
    return f"no database answers: {where}: start it (`aiwire up` starts the embedded one), or check DATABASE_URL"
