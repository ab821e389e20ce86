"""The usual mistakes: each is found, and explained with where it is and what to do; none is found where none is."""

import re
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import doctor
from alerts.routes import parse_alerts
from configuration import Configuration, load_configuration
from doctor import databases, machine, settings, telling, watching
from doctor.findings import Finding
from store.connect import Connection
from store.diagnoses import Attempts, Reader, Server, Work
from store.issues import OpenIssue
from store.receivers import Backlog, ReceiverHealth
from store.revisions import newest
from store.sources import SourceHealth
from store.versions import Compared
from tests.alerts.examples import price
from timeline.strict import load

NOW = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SLACK = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
SERVER = Server(
    encoding="UTF8", extension=True, zones=True, replica=False, read_only=False, superuser=False, owns=True,
    moved_collation=False, connections=9, max_connections=100, bytes=10 * 2**30,
)  # fmt: skip
READER = Reader(role="aiwire_reader", there=True, complete=True, writes=(), powers=())
WORK = Work(workers=1, waiting=0, oldest=None, overdue=0, unread=0, undelivered=0)
WAITING = [{"reason": "moved"}]
SOURCE = SourceHealth(
    source="acme-pricing", provider="acme", kind="pricing", url="https://acme.example/", trust="official",
    every=HOUR, verified=True, enabled=True, muted=False, health="ok", health_since=NOW, detail=None,
    last_fetch_at=NOW, last_outcome="unchanged", last_good_at=NOW, seconds_since_good=0.0, failures=0,
    next_due_at=NOW + HOUR, captures=1, facts=9, issues=0, held=[],
)  # fmt: skip
RECEIVER = ReceiverHealth(
    receiver="team", health="ok", code="200", last_attempt_at=NOW, last_sent_at=NOW, sent=3, waiting=0, given_up=0,
    undelivered_since=None,
)  # fmt: skip
BACKLOG = Backlog(receiver="team", pending=0, due=0, parked=0, oldest=None)
HOOK = f'[[receiver]]\nname = "team"\nslack = {{ webhook = "{SLACK}" }}\n'


def configured(text: str = "", environ: Mapping[str, str] | None = None, **more: Any) -> Configuration:
    """The configuration of this text, without the sources that are bundled."""
    base = replace(EMPTY, alerts=parse_alerts(load(text, "aiwire.toml"), environ))
    return replace(base, **more)


EMPTY = load_configuration({"AIWIRE_HOME": "/nowhere/aiwire"}, folder=Path("/nowhere"))


def broken(**more: Any) -> SourceHealth:
    return replace(SOURCE, health="broken", facts=0, **more)


def failing(outcome: str) -> SourceHealth:
    return replace(SOURCE, health="failing", last_outcome=outcome, failures=4)


def issue(code: str) -> OpenIssue:
    return OpenIssue(
        id=1, source=SOURCE.source, code=code, message="m", locator="", fatal=True, seq=1, first_seen=NOW, last_seen=NOW
    )


def hook(address: str) -> Configuration:
    return configured(HOOK.replace(SLACK, address))


def refuse(*_: object) -> None:
    raise ConnectionRefusedError(111, "Connection refused")


def routed(route: str, *, models: tuple[tuple[str, str], ...] = ()) -> list[Finding]:
    config = configured(f'[[route]]\nreceiver = "terminal"\n{route}\n').alerts
    seen = [price("input", "5", "4", model=f"m{number}") for number in range(9 if models else 60)]
    return list(telling.routes(config, seen, models))


# Of each mistake: its name, how it is looked for, the check that finds it, and words of what is said.
MISTAKES: tuple[tuple[str, Callable[[], Iterable[Finding] | Finding], str, str], ...] = (
    ("an old Python", lambda: machine.python((3, 10, 2)), "python", "install Python 3.11"),
    (
        "a misspelt variable",
        lambda: machine.environment({"AIWIRE_HOEM": "/x"}),
        "environment",
        "AIWIRE_HOEM is set, and nothing reads it.*did you mean AIWIRE_HOME",
    ),
    ("a proxy", lambda: machine.proxy({"https_proxy": "http://p:3128"}), "proxy", "does not use it.*ports 443"),
    (
        "certificates that are not there",
        lambda: machine.certificates({"SSL_CERT_FILE": "/nowhere/ca.pem"}),
        "certificates",
        "names nothing that exists.*/nowhere/ca.pem.*unset it",
    ),
    (
        "no certificates at all",
        lambda: machine.certificates({}, ssl.DefaultVerifyPaths("", "", "", "/etc/ssl/cert.pem", "", "")),
        "certificates",
        "no site can be trusted.*ca-certificates",
    ),
    (
        "certificates where others look",
        lambda: machine.certificates({"REQUESTS_CA_BUNDLE": "/ca.pem"}),
        "certificates",
        "aiwire reads only that.*export SSL_CERT_FILE",
    ),
    ("a full disk", lambda: machine.home(Path("/"), lambda _: 2**20), "disk", "0.0 GiB free.*make room"),
    ("no contact", lambda: settings.contact(configured()), "contact", "cannot reach you.*set contact"),
    (
        "a secret nobody set",
        lambda: settings.secrets(configured(HOOK.replace("webhook =", "webhook_env =").replace(SLACK, "HOOK")), {}),
        "secrets",
        r"not set: HOOK \(receiver team\).*export",
    ),
    (
        "an API open to everybody",
        lambda: settings.exposed(configured(host="0.0.0.0"), contained=False),  # noqa: S104
        "exposed",
        "may ask the API.*0.0.0.0:8321.*token_envs",
    ),
    (
        "links that lead nowhere",
        lambda: settings.exposed(configured(HOOK)),
        "links",
        "this machine alone.*http://127.0.0.1:8321.*base_url",
    ),
    ("nobody to tell", lambda: settings.receivers(configured()), "receivers", r"none.*\[\[receiver\]\]"),
    (
        "half a webhook",
        lambda: settings.receivers(hook("https://hooks.slack.com/services/T00000000")),
        "receivers",
        "no whole address.*receiver team.*copy it whole",
    ),
    (
        "a workflow's webhook",
        lambda: settings.receivers(hook("https://hooks.slack.com/workflows/T0/A0/1/x")),
        "receivers",
        "of a workflow.*incoming webhook",
    ),
    (
        "a channel's address",
        lambda: settings.receivers(hook("https://acme.slack.com/archives/C01")),
        "receivers",
        "where people read.*https://hooks.slack.com/services/",
    ),
    (
        "another service's webhook",
        lambda: settings.receivers(hook("https://discord.com/api/webhooks/1/x")),
        "receivers",
        "Discord.*add /slack",
    ),
    (
        "an internal address",
        lambda: settings.receivers(hook("https://10.0.0.7/hook")),
        "receivers",
        "not a public internet address.*allow_hosts",
    ),
    (
        "plain http",
        lambda: settings.receivers(hook("http://chat.example.org/hook")),
        "receivers",
        "plain http.*https",
    ),
    (
        "a token of another kind",
        lambda: settings.receivers(configured(HOOK.replace(f'webhook = "{SLACK}"', 'token = "xoxp-1", channel = "c"'))),
        "receivers",
        "not a bot's.*xoxb",
    ),
    (
        "two names for one channel",
        lambda: settings.receivers(configured(HOOK + HOOK.replace('"team"', '"again"'))),
        "receivers",
        "team and again lead to the same place.*keep one",
    ),
    (
        "a receiver that cannot be reached",
        lambda: settings.reach(configured(HOOK), refuse),
        "reach",
        "hooks.slack.com:443: Connection refused.*receiver team.*firewall",
    ),
    ("a replica", lambda: databases.of_server(replace(SERVER, replica=True)), "postgres", "replica.*the primary"),
    ("a reader's URL", lambda: databases.of_server(replace(SERVER, owns=False)), "owner", "may not write.*the owner"),
    ("another encoding", lambda: databases.of_server(replace(SERVER, encoding="SQL_ASCII")), "postgres", "SQL_ASCII"),
    ("no btree_gist", lambda: databases.of_server(replace(SERVER, extension=False)), "postgres", "postgresql-contrib"),
    ("no time zones", lambda: databases.of_server(replace(SERVER, zones=False)), "postgres", "no time zones.*tzdata"),
    ("another libc", lambda: databases.of_server(replace(SERVER, moved_collation=True)), "postgres", "sorts.*REINDEX"),
    ("too many clients", lambda: databases.of_server(replace(SERVER, connections=90)), "postgres", "90 of 100"),
    ("no room to work", lambda: databases.of_server(SERVER, 2**30), "size", "10.00 GiB, the disk 1.00.*a quarter"),
    ("an old schema", lambda: databases.schema(Compared(database="older", said="x")), "schema", "aiwire migrate"),
    ("a newer schema", lambda: databases.schema(Compared(database="newer", said="x")), "schema", "newer than this"),
    ("old programs", lambda: databases.versions({"0001": 3, newest(): 2}), "versions", "3 of 0001.*start them again"),
    ("no reader", lambda: databases.reader(replace(READER, there=False)), "reader", "no role.*CREATEROLE"),
    ("a reader that writes", lambda: databases.reader(replace(READER, writes=("event",))), "reader", "write to event"),
    ("a mighty reader", lambda: databases.reader(replace(READER, powers=("superuser",))), "reader", "NOSUPERUSER"),
    ("a blind reader", lambda: databases.reader(replace(READER, complete=False)), "reader", "every view.*migrate"),
    ("a wrong clock", lambda: databases.clock(93.0), "clock", "93 s apart.*chrony"),
    ("a clock that stands", lambda: databases.rehearsal(NOW), "rehearsal", "2026-08-12 10:00.*DELETE FROM"),
    (
        "sources not taken up",
        lambda: watching.configured({"a", SOURCE.source}, [SOURCE]),
        "registered",
        "a: not watched yet.*SIGHUP",
    ),
    (
        "a source never fetched",
        lambda: watching.sources([SOURCE, replace(SOURCE, source="new", last_fetch_at=None, health="new")], []),
        "sources",
        "never fetched: new.*aiwire capture",
    ),
    (
        "a site that refuses robots",
        lambda: watching.sources([failing("robots_disallowed")], []),
        "sources",
        "robots.txt.*acme-pricing.*respect it",
    ),
    (
        "a page that went",
        lambda: watching.sources([failing("not_found")], []),
        "sources",
        "404.*change the source's url",
    ),
    (
        "a page that a script fills",
        lambda: watching.sources([broken()], [issue("no_facts")]),
        "sources",
        "no_facts.*a script fills in.*JSON endpoint",
    ),
    ("a wall against robots", lambda: watching.sources([broken()], [issue("bot_wall")]), "sources", "keeps robots out"),
    (
        "a source gone stale",
        lambda: watching.sources([replace(SOURCE, health="stale")], []),
        "sources",
        "stale.*acme-pricing.*sources check",
    ),
    ("a source left muted", lambda: watching.sources([replace(SOURCE, muted=True)], []), "muted", "--off"),
    (
        "what waits for a person",
        lambda: watching.sources([replace(SOURCE, held=WAITING)], []),
        "held",
        "sources accept",
    ),
    (
        "no worker",
        lambda: watching.work(replace(WORK, workers=0, overdue=4)),
        "workers",
        "nobody.*4 sources.*aiwire up",
    ),
    ("no scheduler", lambda: watching.work(replace(WORK, overdue=4)), "queue", "nobody puts work.*aiwire scheduler"),
    (
        "too few workers",
        lambda: watching.work(replace(WORK, waiting=70, oldest=1800.0)),
        "queue",
        "70 jobs wait, the oldest for 30 minutes.*more `aiwire worker`",
    ),
    (
        "nobody prunes",
        lambda: watching.retention(Attempts(rows=9, oldest=NOW - timedelta(days=400)), NOW),
        "retention",
        "since 2025-07-08.*aiwire prune",
    ),
    (
        "attempts without number",
        lambda: watching.retention(Attempts(rows=9_000_000, oldest=NOW), NOW),
        "retention",
        "9,000,000.*--older-than",
    ),
    (
        "a route by which nothing goes",
        lambda: routed('kinds = ["incident.*"]'),
        "routes",
        "none would.*kept out by: kind",
    ),
    (
        "a route for a model nobody has",
        lambda: routed('models = ["gtp-*"]', models=(("openai", "gpt-4o"),)),
        "routes",
        r"no model is called gtp-\*.*\[\[route\]\] 1.*aiwire prices",
    ),
    (
        "a receiver never tried",
        lambda: telling.receivers(configured(HOOK).alerts, []),
        "tested",
        "nothing was ever sent.*aiwire alerts test team",
    ),
    (
        "a receiver that is gone",
        lambda: telling.receivers(configured(HOOK).alerts, [replace(RECEIVER, health="gone", code="404")]),
        "receivers",
        r"is gone.*\(404\).*alerts retry team",
    ),
    (
        "messages for nobody",
        lambda: telling.receivers(configured().alerts, [replace(RECEIVER, waiting=2)]),
        "receivers",
        "wait for team, which nobody configures",
    ),
    (
        "messages given up",
        lambda: telling.deliveries([replace(BACKLOG, parked=2)], NOW),
        "deliveries",
        "2 messages were given up.*retry",
    ),
    (
        "messages that wait",
        lambda: telling.deliveries([replace(BACKLOG, due=1, oldest=NOW - 2 * HOUR)], NOW),
        "deliveries",
        "more than an hour, to team.*worker running",
    ),
)


def found(look: Callable[[], Iterable[Finding] | Finding]) -> list[Finding]:
    told = look()
    return [told] if isinstance(told, Finding) else list(told)


@pytest.mark.parametrize(("look", "check", "says"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_each_mistake_is_found_and_explained(
    look: Callable[[], Iterable[Finding] | Finding], check: str, says: str
) -> None:
    wrong = [finding for finding in found(look) if finding.result in ("bad", "note")]
    (one,) = [finding for finding in wrong if finding.check == check]
    assert one.do, "a mistake without what to do"
    assert re.search(says, f"{one.found} | {one.where} | {one.do}"), one
    assert "XXXX" not in f"{one}", "a secret"


def test_where_nothing_is_wrong_nothing_is_found() -> None:
    well = configured(HOOK, contact="mailto:us@example.org", base_url="https://wire.example.org")
    looks: list[Callable[[], Iterable[Finding] | Finding]] = [
        machine.python,
        lambda: machine.environment({"AIWIRE_HOME": "/x", "AIWIRE_TOKEN": "t"}, 'token_envs = ["AIWIRE_TOKEN"]'),
        lambda: machine.proxy({}),
        lambda: settings.contact(well),
        lambda: settings.secrets(well, {}),
        lambda: settings.exposed(well),
        lambda: settings.receivers(well),
        lambda: settings.reach(well, lambda *_: None),
        lambda: databases.of_server(SERVER, 2**40),
        lambda: databases.schema(Compared(database="same", said="")),
        lambda: databases.reader(READER),
        lambda: databases.versions({newest(): 9}),
        lambda: databases.clock(0.1),
        lambda: databases.rehearsal(None),
        lambda: watching.configured({SOURCE.source}, [SOURCE]),
        lambda: watching.sources([SOURCE], []),
        lambda: watching.work(WORK),
        lambda: watching.retention(Attempts(rows=9, oldest=NOW), NOW),
        lambda: routed('kinds = ["price.*"]'),
        lambda: telling.receivers(well.alerts, [RECEIVER]),
        lambda: telling.deliveries([BACKLOG], NOW),
    ]
    assert [finding for look in looks for finding in found(look) if finding.result != "ok"] == []


def test_files_with_secrets_in_them_are_for_one_alone(tmp_path: Path) -> None:
    file = tmp_path / "aiwire.toml"
    file.write_text(HOOK, encoding="utf-8")
    file.chmod(0o644)
    (one,) = machine.files([file, tmp_path / "not there"])
    assert (one.result, one.where) == ("bad", str(file))
    assert "mode 0644" in one.found
    file.chmod(0o600)
    assert [finding.result for finding in machine.files([file])] == ["ok"]
    assert settings.written_down(configured(HOOK))
    assert not settings.written_down(configured(HOOK.replace("webhook =", "webhook_env =").replace(SLACK, "HOOK")))


def test_a_second_configuration_that_is_not_read_is_named(tmp_path: Path) -> None:
    for folder in (tmp_path / "here", tmp_path / "home"):
        folder.mkdir()
        (folder / "aiwire.toml").write_text("", encoding="utf-8")
    here = configured(file=tmp_path / "here" / "aiwire.toml", home=tmp_path / "home")
    assert [(one.result, one.where) for one in settings.chosen(here, tmp_path / "here")][1:] == [
        ("note", str(tmp_path / "home" / "aiwire.toml"))
    ]


def test_an_embedded_database_of_another_major_is_explained(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("16\n", encoding="ascii")
    (one,) = databases.major(tmp_path, "18.1.0")
    assert (one.result, one.where) == ("bad", str(tmp_path))
    assert "of Postgres 16, the programs of 18" in one.found
    assert "dump" in one.do
    assert list(databases.major(tmp_path, "16.4.0")) == []


@pytest.mark.postgres
def test_a_database_is_asked_all_of_it(
    tmp_path: Path, connection: Connection, database_url: str, reader_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The questions themselves, of a real one; then with a reader that was given too much, and as a mere reader."""
    monkeypatch.chdir(tmp_path)
    environ = {"AIWIRE_HOME": str(tmp_path), "DATABASE_URL": database_url}

    def look(**more: str) -> dict[str, Finding]:
        loaded = lambda *secrets: load_configuration(environ | more, folder=tmp_path, secrets=secrets)  # noqa: E731
        return {one.check: one for one in doctor.examine(loaded, environ | more, knocks=False)}

    first = look()
    assert {check for check, one in first.items() if one.result == "unseen"} == set()
    assert {first[check].result for check in ("postgres", "size", "schema", "reader", "clock", "retention")} == {"ok"}
    assert first["versions"].found.endswith(newest())
    assert {first[check].result for check in ("workers", "registered")} == {"bad"}
    role = connection.execute("SELECT current_database() || '_reader'").fetchone()
    assert role is not None
    connection.execute(f'GRANT INSERT ON aiwire.event TO "{role[0]}"'.encode())
    connection.commit()
    assert "event" in look()["reader"].found
    mere = look(DATABASE_URL=reader_url)
    assert mere["owner"].result == "bad"
    assert "unseen" in {one.result for one in mere.values()}


def test_a_database_that_is_not_there_and_a_file_that_is_not_understood(tmp_path: Path) -> None:
    environ = {"AIWIRE_HOME": str(tmp_path), "DATABASE_URL": "postgresql://u:hidden@127.0.0.1:1/x"}
    told = doctor.examine(lambda *_: load_configuration(environ, folder=tmp_path), environ)
    assert (told[-1].check, told[-1].result) == ("database", "bad")
    assert "no database answers: x at 127.0.0.1:1" in told[-1].found
    assert "hidden" not in str(told)
    (tmp_path / "aiwire.toml").write_text("typo = 1", encoding="utf-8")
    told = doctor.examine(lambda *_: load_configuration(environ, folder=tmp_path), environ)
    assert [(one.check, one.result) for one in told][1] == ("configuration", "bad")
    assert "line 1: typo: unknown field" in told[1].found


def test_there_are_twenty_of_them() -> None:
    assert len({name for name, *_ in MISTAKES}) >= 20
