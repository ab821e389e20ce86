"""Row 19 as a whole: a run in which everything fails, at debug level; nothing that anybody can read has a secret."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import logs
import scheduler
from alerts.receiver import Answer, SlackReceiver
from alerts.routes import parse_alerts
from configuration import Configuration, load_configuration
from store import clock, events, sources
from store.connect import Connection, connect
from store.sources import SourceRow
from tests.alerts.examples import price, retirement
from tests.alerts.mail_server import MailServer, Reply
from tests.api.conftest import Site, rehearsed, site
from tests.test_cli import aiwire
from timeline.strict import load
from wiring import REHEARSAL, Wiring

__all__ = ["rehearsed", "site"]  # fixtures
pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300)]
NOW = datetime(2026, 2, 26, 17, 3, tzinfo=UTC)  # the clock of `site`
KEY = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"
SECRETS = {
    "HOOK": "http://{address}/services/T0SECRET/B0SECRET/hooktoken9f8e7d?key=hookquery1a2b",
    "TOKEN": "xoxb-bottoken-5d4c3b2a",
    "URL": "http://{address}/in/urlpath-7a6b5c?sig=urlquery-3c2d",
    "SIGN": f"whsec_{KEY}",
    "MAIL": "mailpassword-1z2y3x",
}
HIDDEN = ("T0SECRET", "hooktoken9f8e7d", "hookquery1a2b", "bottoken-5d4c3b2a", "urlpath-7a6b5c", "urlquery-3c2d", KEY,
          "mailpassword-1z2y3x")  # fmt: skip
RECEIVERS = """
[[receiver]]
name = "hook"
slack = {{ webhook_env = "HOOK", allow_hosts = ["{hook}"], timeout = "1s" }}
[[receiver]]
name = "bot"
slack = {{ token_env = "TOKEN", channel = "C01", api = "http://{bot}/api", allow_hosts = ["{bot}"], timeout = "1s" }}
[[receiver]]
name = "program"
webhook = {{ url_env = "URL", secret_env = "SIGN", allow_hosts = ["{program}"], timeout = "1s" }}
[[receiver]]
name = "mail"
[receiver.email]
host = "127.0.0.1"
port = {port}
security = "none"
from = "aiwire@example.org"
to = ["ops@example.org"]
username = "alerts"
password_env = "MAIL"
allow_hosts = ["{mail}"]
timeout = "1s"
"""
OWN = {"hook": ("HOOK",), "bot": ("TOKEN",), "program": ("URL", "SIGN")}
"""What each of the other sides knows."""


@dataclass(frozen=True, kw_only=True)
class Others:
    """The other sides, which repeat the secrets they were given and refuse everything in every way."""

    http: dict[str, SlackReceiver]
    mail: MailServer
    environ: dict[str, str]

    @property
    def text(self) -> str:
        """The configuration that sends to them."""
        addresses = {name: one.address for name, one in self.http.items()}
        return RECEIVERS.format(mail=self.mail.address, port=self.mail.address.partition(":")[2], **addresses)


@pytest.fixture
def others() -> Iterator[Others]:
    with ExitStack() as stack:
        mail = stack.enter_context(MailServer(password=SECRETS["MAIL"]))
        http = {name: stack.enter_context(SlackReceiver()) for name in OWN}
        environ = {"MAIL": SECRETS["MAIL"]}
        for name, own in OWN.items():
            environ |= {secret: SECRETS[secret].format(address=http[name].address) for secret in own}
            http[name].otherwise = failing(" ".join(environ[secret] for secret in own))
        said = SECRETS["MAIL"]
        mail.programmed.extend(
            [Reply(says=f"451 {said}"), Reply(step="rcpt", says=f"550 {said}"), Reply(cut="before")] * 40
        )
        yield Others(http=http, mail=mail, environ=environ)


def failing(secrets: str) -> Callable[[], Answer]:
    """Every way to fail, one after the other."""
    ways = [
        Answer(status=500, body=secrets), Answer(status=429, body=secrets, headers={"Retry-After": "1"}),
        Answer(cut="before"), Answer(status=400, body=secrets), Answer(body=f"<p>{secrets}"),
        Answer(body=json.dumps({"ok": False, "error": secrets})), Answer(status=302, headers={"Location": secrets}),
        Answer(status=404, body=secrets),
    ]  # fmt: skip
    turns = iter(range(10**6))
    return lambda: ways[next(turns) % len(ways)]


def configured(home: Path, others: Others) -> Configuration:
    base = load_configuration({"AIWIRE_HOME": str(home)}, folder=home)
    return replace(base, sources=(), alerts=parse_alerts(load(others.text, "aiwire.toml"), others.environ))


async def run(told: Wiring, connection: Connection) -> None:
    """Until every receiver has given something up, the clock going on a quarter of an hour at a time."""
    stop = asyncio.Event()
    running = asyncio.create_task(scheduler.run(told, stop))
    for step in range(400):
        await asyncio.sleep(0.1)
        now = NOW - timedelta(hours=20) + timedelta(minutes=5 * step)
        await asyncio.to_thread(clock.set_rehearsal, connection, now)
        row = await asyncio.to_thread(
            lambda: connection.execute(
                "SELECT count(DISTINCT receiver) FROM delivery WHERE state = 'parked'"
            ).fetchone()
        )
        if row and row[0] >= 4:
            break
    stop.set()
    await running


@pytest.mark.usefixtures("rehearsed")
def test_row_19_a_failing_run_at_debug_level_shows_no_secret(  # noqa: PLR0917
    site: Site,
    connection: Connection,
    database_url: str,
    others: Others,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    configuration = configured(tmp_path, others)
    assert all(secret in " ".join(others.environ.values()) for secret in HIDDEN)
    rows = [
        SourceRow(
            id=f"openai-{kind}", provider="openai", kind=kind, url="https://x.example", trust="official",
            every=timedelta(minutes=10),
        )
        for kind in ("pricing", "lifecycle")
    ]  # fmt: skip
    sources.register(connection, rows, NOW)
    told = [price("input", "1", f"0.{n}", model=f"m{n}") for n in range(1, 4)]
    events.insert(connection, [*told, retirement(model="m1"), retirement(model="m2")])
    connection.commit()
    with ExitStack() as stack, connect(database_url, autocommit=True) as own:
        _at_debug_level(stack)
        clock_of = stack.enter_context(closing(clock.DatabaseClock(database_url)))
        pace = replace(REHEARSAL, group_wait=timedelta(0))
        asyncio.run(run(Wiring(
            configuration=configuration, database_url=database_url, clock=clock_of, pace=pace
        ), own))  # fmt: skip
        clock.set_rehearsal(own, NOW)
    assert all(one.posts for one in others.http.values())
    assert others.mail.exchanges
    printed = "\n".join(capfd.readouterr())
    assert '"level": "debug"' in printed, "it did run at debug level"
    assert "not delivered" in printed
    shown = [
        printed,
        repr(configuration),
        *_stored(connection),
        *_served(site),
        *_said(tmp_path, database_url, others),
    ]
    database_password = urlsplit(database_url).password or "-none-"
    for secret in (*HIDDEN, database_password):
        assert secret not in "\n".join(shown)


def _at_debug_level(stack: ExitStack) -> None:
    """Everything on stderr as a worker logs it, and the libraries that are quieted too."""
    root = logging.getLogger()
    quiet = [logging.getLogger(name) for name in ("scrapy", "apscheduler", "procrastinate", "httpx", "asyncio")]
    was = [(one, one.level) for one in (root, *quiet)], root.handlers[:]

    def restore() -> None:
        for one, level in was[0]:
            one.setLevel(level)
        root.handlers[:] = was[1]

    stack.callback(restore)
    logs.configure(logging.DEBUG)
    for one in quiet:
        one.setLevel(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # the other side's own


def _stored(connection: Connection) -> list[str]:
    """Every row of every table."""
    tables = connection.execute(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('aiwire', 'timeline')"
    ).fetchall()
    found = []
    for (table,) in tables:
        found += [row[0] for row in connection.execute(f"SELECT to_jsonb(one)::text FROM {table} AS one".encode())]
    assert any("delivery" in row for row in found)
    return found


def _served(site: Site) -> list[str]:
    pages = ("/", "/sources", "/metrics", "/readyz", "/livez", "/v1/sources", "/v1/events", "/docs", "/nowhere")
    answers = [site.ask(page) for page in pages]
    assert "given up" in answers[1].text
    return [str(answer.headers) + answer.text for answer in answers]


def _said(home: Path, url: str, others: Others) -> list[str]:
    """What the commands say, of a configuration with a mistake in it too."""
    (home / "aiwire.toml").write_text(others.text + "typo = 1\n")
    wrong = aiwire("alerts", "test", "hook", home=home, url=url, **others.environ)
    assert "typo" in wrong.stderr
    (home / "aiwire.toml").write_text(others.text)
    listed = aiwire("alerts", "list", "--json", home=home, url=url, **others.environ)
    rows = [json.loads(line) for line in listed.stdout.splitlines()]
    assert {row["receiver"] for row in rows} >= {"hook", "bot", "program", "mail"}
    shown = aiwire("alerts", "show", str(rows[0]["id"]), "--json", home=home, url=url, **others.environ)
    assert json.loads(shown.stdout)["log"] is not None
    said = [wrong, listed, shown]
    return [one.stdout + one.stderr for one in said]
