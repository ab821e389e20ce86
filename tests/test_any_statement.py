"""A worker that dies at any statement: whatever it was doing, the next one ends with the same history, told once.

The connection is cut off in front of the n-th statement, as by `kill -9`, for each n on the way of a change: recorded,
read, routed, delivered, and after the last of them. Then everything is done again, as another worker would.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from alerts import outbox
from alerts.deliver import drain
from alerts.receiver import SlackReceiver
from alerts.registry import notifier
from alerts.routes import AlertConfig, parse_alerts
from crawler import capture
from crawler.capture import Arrival
from crawler.rebuild import catch_up
from crawler.registration import registration
from crawler.source import Source
from store import clock, sources
from store.connect import Connection, connect, conninfo
from timeline.strict import load

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOW = T0 + 2 * HOUR
CONFIGURATION = """
[[receiver]]
name = "finops"
slack = {{ webhook = "{webhook}", allow_hosts = ["{address}"] }}
[[route]]
receiver = "finops"
kinds = ["price.changed"]
"""


class KilledError(BaseException):
    """The process is gone: nothing in it can catch that."""


class Countdown:
    """How many statements are left to live; each one asked for is counted."""

    def __init__(self, left: float) -> None:
        self.left = left
        self.asked = 0

    def step(self, connection: "Connection") -> None:
        """Die in front of this one if it is the one."""
        self.asked += 1
        self.left -= 1
        if self.left < 0:
            connection.pgconn.finish()  # the server sees the socket close, and rolls back
            raise KilledError


def dying(countdown: Countdown) -> type[psycopg.Cursor[Any]]:
    """Cursors that ask the countdown before each statement."""

    class DyingCursor(psycopg.Cursor[Any]):
        def execute(self, *arguments: Any, **options: Any) -> Any:
            countdown.step(self.connection)
            return super().execute(*arguments, **options)

        def executemany(self, *arguments: Any, **options: Any) -> None:
            countdown.step(self.connection)
            super().executemany(*arguments, **options)

        @contextmanager
        def copy(self, *arguments: Any, **options: Any) -> Iterator[Any]:
            countdown.step(self.connection)
            with super().copy(*arguments, **options) as opened:
                yield opened

    return DyingCursor


class Work:
    """What becomes of two looks at one page: the prices of the second are lower."""

    def __init__(self, url: str, number: int, config: AlertConfig) -> None:
        self.url = url
        self.config = config
        self.source = Source(
            id=f"acme{number}-pricing", provider=f"acme{number}", kind="pricing", url=f"https://acme{number}.example/",
            trust="official", every=timedelta(minutes=10),
        )  # fmt: skip
        self.models = [f"quill-{number}-{letter}" for letter in "ab"]

    def page(self, price: str) -> bytes:
        rows = "".join(f"| {model} | ${price} | $9.00 |\n" for model in self.models)
        return f"Prices per 1M tokens\n\n| Model | Input | Output |\n|---|---|---|\n{rows}".encode()

    def open(self, countdown: Countdown) -> Connection:
        return psycopg.connect(conninfo(self.url), autocommit=True, cursor_factory=dying(countdown))

    def begin(self) -> None:
        """Known, and read once."""
        with connect(self.url, autocommit=True) as connection:
            sources.register(connection, [registration(self.source)], T0, only_add=True)
            self._look(connection, "3.00", T0)

    def go_on(self, countdown: Countdown) -> None:
        """The second look, and all that follows from it."""
        with self.open(countdown) as connection:
            self._look(connection, "2.00", T0 + HOUR)
        with self.open(countdown) as connection:
            outbox.route_pending(connection, self.config, NOW, group_wait=timedelta(0))
        sender = notifier(self.config, "finops")
        drain(
            lambda: self.open(countdown), "finops", sender, clock=lambda: NOW, pace=timedelta(0),
            sleep=lambda _: None,
        )  # fmt: skip

    def _look(self, connection: Connection, price: str, at: datetime) -> None:
        headers = {"content-type": "text/markdown"}
        arrival = Arrival(status=200, url=self.source.url, body=self.page(price), headers=headers)
        capture.record_arrival(connection, capture.prepare(connection, self.source), arrival, run="test", now=at)
        catch_up(connection, self.source, at=at)

    def killed_at(self, statement: int) -> bool:
        """Go on, and die there; False: there are not so many statements."""
        try:
            self.go_on(Countdown(statement))
        except KilledError:
            return True
        return False

    def outcome(self, connection: Connection) -> tuple[Any, ...]:
        """Everything that people see of it."""
        source = self.source.id
        events = connection.execute(
            "SELECT model, kind, new ->> 'amount', routed_at IS NOT NULL, withdrawn_at IS NULL FROM event "
            "WHERE source = %s AND NOT baseline ORDER BY 1, 2",
            [source],
        ).fetchall()
        prices = connection.execute(
            "SELECT model, meter, amount, known::text FROM price WHERE source = %s AND superseded_at IS NULL "
            "ORDER BY 1, 2, 4, 3",
            [source],
        ).fetchall()
        captured = connection.execute(
            "SELECT seq, verdict, first_seen FROM capture WHERE source = %s ORDER BY seq", [source]
        ).fetchall()
        sent = connection.execute(
            "SELECT d.state FROM delivery d JOIN event e ON e.id = ANY(d.events) WHERE e.source = %s ORDER BY d.id",
            [source],
        ).fetchall()
        unnumbered = [(row[0].replace(source.partition("-")[0][4:], "N"), *row[1:]) for row in (*events, *prices)]
        return (unnumbered, captured, sent)


@pytest.mark.parametrize("every", [11, pytest.param(1, marks=[pytest.mark.torture, pytest.mark.timeout(900)])])
def test_a_worker_may_die_at_any_statement(
    database_url: str, connection: Connection, every: int, record_property: Callable[[str, object], None]
) -> None:
    with SlackReceiver() as slack:
        text = CONFIGURATION.format(webhook=slack.webhook, address=slack.address)
        config = parse_alerts(load(text, "aiwire.toml"), {})
        clock.set_rehearsal(connection, NOW)
        connection.commit()
        whole = Work(database_url, 1000, config)
        whole.begin()
        counting = Countdown(float("inf"))
        whole.go_on(counting)
        right = whole.outcome(connection)
        assert [row[1:] for row in right[0][:2]] == [("price.changed", "2.00", True, True)] * 2
        assert right[2]
        died = 0
        for statement in range(0, counting.asked, every):
            work = Work(database_url, 1001 + statement, config)
            work.begin()
            died += work.killed_at(statement)
            work.go_on(Countdown(float("inf")))
            assert work.outcome(connection) == right, f"killed in front of statement {statement}"
            told = sum(model in message.text for message in slack.messages for model in work.models)
            assert len(work.models) <= told <= 2 * len(work.models), f"killed in front of statement {statement}: {told}"
        assert died == len(range(0, counting.asked, every))
    record_property("statements", counting.asked)
