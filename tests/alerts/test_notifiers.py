"""The contract of every notifier: what a status means, what is never shown, what reaches the other side."""

import io
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from alerts import slack_rules
from alerts.deliver import send_test
from alerts.messages import Message, compose
from alerts.notifiers import KINDS, Settings, terminal
from alerts.outcomes import Earlier, Outcome
from alerts.receiver import Answer, SlackReceiver
from alerts.registry import lane, notifier
from alerts.routes import AlertConfig, parse_alerts
from tests.alerts.examples import event, price
from tests.alerts.mail_server import MailServer
from tests.alerts.sides import BY_BOT, CONDITIONS, SECRET, SHAPES, WEBHOOK_SECRET, HttpSide, MailSide, Side, configured
from tests.alerts.test_outcomes import ANSWERS
from tests.payloads import HOSTILE
from timeline.strict import ConfigurationError, load

NOW = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
REMOTE = [shape for shape in SHAPES if shape != "terminal"]
OVER_HTTP = [shape for shape in REMOTE if shape != "email"]


@pytest.fixture
def receiver() -> Iterator[SlackReceiver]:
    with SlackReceiver() as running:
        yield running


@pytest.fixture
def side(shape: str) -> Iterator[Side]:
    if shape == "email":
        with MailServer(password=SECRET) as server:
            yield MailSide(server=server)
    else:
        with SlackReceiver() as running:
            yield HttpSide(receiver=running, **({"answers": BY_BOT} if shape == "slack bot" else {}))


def kind_of(shape: str) -> str:
    return shape.partition(" ")[0]


def settings_of(shape: str, address: str) -> Settings:
    table = load(configured(shape, address), "aiwire.toml")
    settings = table.take_table(kind_of(shape))
    assert settings is not None
    return KINDS[kind_of(shape)].parse(settings, {})


def config_of(shape: str, address: str) -> AlertConfig:
    return parse_alerts(load(f'[[receiver]]\nname = "a"\n{configured(shape, address)}', "aiwire.toml"), {})


def attempt(shape: str, address: str, message: Message | None = None, receipt: Earlier | None = None) -> Outcome:
    told = message or compose([price("input", "1", "0.5")])[0]
    return KINDS[kind_of(shape)].send(settings_of(shape, address), told, (), NOW, receipt or Earlier())


def test_every_kind_is_in_the_contract() -> None:
    assert {kind_of(shape) for shape in SHAPES} == set(KINDS)


@pytest.mark.parametrize("shape", REMOTE)
def test_a_message_arrives_once_with_its_id_and_its_text(shape: str, side: Side) -> None:
    (message,) = compose([price("input", "1", "0.5")])
    found = attempt(shape, side.address, message)
    assert (found.outcome, found.retry_after) == ("sent", None)
    ((key, text),) = side.told
    assert key == message.key
    assert "OpenAI cuts gpt-5.6-luna input by 50 %: $1.00 → $0.50 per 1M tokens" in text


@pytest.mark.parametrize("shape", REMOTE)
def test_the_same_message_has_the_same_id_each_time(shape: str, side: Side) -> None:
    (message,) = compose([price("input", "1", "0.5")])
    for _ in range(3):
        attempt(shape, side.address, message)
    assert [key for key, _ in side.told] == [message.key] * 3


@pytest.mark.parametrize("shape", REMOTE)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_what_went_wrong_decides_what_is_done(shape: str, condition: str, side: Side) -> None:
    side.fail(condition)
    found = attempt(shape, side.address)
    wanted = {"refused": "parked", "gone": "disabled"}.get(condition, "retry")
    assert found.outcome == wanted, found.detail
    assert side.asked == 1, "no notifier retries by itself"
    assert len(side.told) == (condition.endswith("after")), "what was taken without an answer is sent again"
    assert found.code
    if condition == "busy" and shape != "email":
        assert (found.retry_after, found.busy) == (timedelta(seconds=7), True)
    assert attempt(shape, side.address).outcome == "sent"


@pytest.mark.parametrize("shape", OVER_HTTP)
@pytest.mark.parametrize(("status", "body", "outcome"), ANSWERS)
def test_a_status_decides(shape: str, status: int, body: str, outcome: str, receiver: SlackReceiver) -> None:
    if shape == "slack bot" and status == 204:
        outcome = "retry"  # Slack's methods answer with words
    receiver.program(Answer(status=status, body=body, headers={"Retry-After": "7"}))
    found = attempt(shape, receiver.address)
    assert found.outcome == outcome
    assert len(receiver.posts) == 1
    assert (found.retry_after is not None) == (status in (408, 425, 429) or status >= 500)
    assert found.busy == (status == 429)


@pytest.mark.parametrize("shape", OVER_HTTP)
def test_an_http_date_is_a_retry_after_too(shape: str, receiver: SlackReceiver) -> None:
    receiver.program(Answer(status=429, headers={"Retry-After": "Wed, 12 Aug 2026 10:00:45 GMT"}))
    assert attempt(shape, receiver.address).retry_after == timedelta(seconds=45)


@pytest.mark.parametrize("shape", REMOTE)
def test_an_internal_address_is_opened_by_its_exact_host_and_port_alone(shape: str, side: Side) -> None:
    _, _, port = side.address.partition(":")
    for opened in ("127.0.0.1", f"127.0.0.1:{int(port) + 1}", f"localhost:{port}", "*", f"127.0.0.1:{port}x"):
        line = configured(shape, side.address).replace(
            f'allow_hosts = ["{side.address}"]', f'allow_hosts = ["{opened}"]'
        )
        config = parse_alerts(load(f'[[receiver]]\nname = "a"\n{line}', "aiwire.toml"), {})
        found = notifier(config, "a").send(compose([price("input", "1", "2")])[0], NOW, Earlier())
        assert (found.outcome, found.code) == ("disabled", "blocked address")
        assert side.asked == 0
        again = notifier(config, "a", [side.address]).send(compose([price("input", "1", "2")])[0], NOW, Earlier())
        assert again.outcome == "sent", "the list of [crawler] opens it too"
        assert side.asked == 1
        return


@pytest.mark.parametrize("shape", REMOTE)
def test_no_secret_is_shown_by_a_failing_receiver(
    shape: str, side: Side, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # the other side's own
    hidden = {"slack bot": [f"xoxb-{SECRET}"], "webhook": [SECRET, WEBHOOK_SECRET]}.get(shape, [SECRET])
    side.echo(f"bad {' '.join(hidden)} at http://{side.address}/services/T0/B0/{hidden[0]} /hook/{hidden[0]}")
    side.fail("cut before", "down", "gone")
    found = [attempt(shape, side.address) for _ in range(6)]
    found.append(attempt(shape, "127.0.0.1:1"))
    line = configured(shape, "10.0.0.7:80").replace('allow_hosts = ["10.0.0.7:80"]', "allow_hosts = []")
    config = parse_alerts(load(f'[[receiver]]\nname = "a"\n{line}', "aiwire.toml"), {})
    refused = notifier(config, "a").send(compose([price("input", "1", "0.5")])[0], NOW, Earlier())
    assert refused.outcome == "disabled"
    shown = [*found, refused, caplog.text, *capfd.readouterr(), config, lane(config, "a")]
    for secret in (SECRET, WEBHOOK_SECRET):
        assert secret not in "\n".join(map(str, shown))
    assert "[secret]" in str(found) or "secret" in str(found), "it was echoed, and struck out"
    assert {one.outcome for one in found} >= {"retry", "disabled"}


@pytest.mark.parametrize("shape", REMOTE)
def test_an_excerpt_of_an_answer_is_bounded_and_inert(shape: str, side: Side) -> None:
    side.echo("<script>alert(1)</script>\x1b[31m" + "x" * 300)
    detail = attempt(shape, side.address).detail
    assert len(detail) < 140
    assert detail.isprintable()
    assert "<" not in detail


@pytest.mark.parametrize("shape", REMOTE)
@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_page_text_is_sent_and_arrives_harmless(shape: str, hostile: str, side: Side) -> None:
    told = event("news.published", None, new={"title": hostile, "url": "https://x.example/", "summary": hostile})
    assert attempt(shape, side.address, compose([told])[0]).outcome in ("sent", "partly")
    assert side.told
    assert all(line.isprintable() for _, text in side.told for line in text.split("\n"))


@pytest.mark.parametrize("shape", REMOTE)
def test_a_test_message_says_what_came_of_it(shape: str, side: Side) -> None:
    config = config_of(shape, side.address)
    assert send_test(config, "a").outcome == "sent"
    assert any("A test message from aiwire" in text for _, text in side.told)
    side.fail("gone")
    assert send_test(config, "a").outcome == "disabled"


@pytest.mark.parametrize("shape", REMOTE)
def test_receivers_of_one_channel_share_a_lane_and_others_do_not(shape: str) -> None:
    lines = [configured(shape, f"127.0.0.1:{port}") for port in (81, 81, 82)]
    text = "\n".join(f'[[receiver]]\nname = "{name}"\n{line}' for name, line in zip("abc", lines, strict=True))
    config = parse_alerts(load(text, "aiwire.toml"), {})
    assert lane(config, "a") == lane(config, "b") != lane(config, "c")
    assert lane(config, "gone") == "receiver-gone"


BAD = {
    "slack bot": [
        ('channel = "C01"', "", "channel"), (f'token = "xoxb-{SECRET}"', f'token = "{SECRET}"', "token"),
        (f'token = "xoxb-{SECRET}"', 'token_env = "NOT_SET"', "token_env"),
        (f'token = "xoxb-{SECRET}"', f'token_env = "xoxb-{SECRET}"', "token_env"), ('"1s"', '"0s"', "timeout"),
        ("channel =", "chanel = 1, channel =", "chanel"),
    ],
    "webhook": [
        (f'secret = "{WEBHOOK_SECRET}", ', "", "secret_env"), ("whsec_", "", "secret"),
        (WEBHOOK_SECRET, "whsec_czNj", "secret"), ("http://", "ftp://", "url"), ('"1s"', '"5m"', "timeout"),
    ],
    "email": [
        ('"ops@example.org"', '"ops@example.org\\nBcc: x@evil.example"', "to"),
        ("aiwire <alerts@aiwire.example>", "aiwire <alerts@aiwire.example>\\r\\nX: y", "from"),
        ('"ops@example.org"', '"ops"', "to"), ('"ops@example.org", "finops@example.org"', "", "to"),
        ('"ops@example.org"', '"a@x.example, b@x.example"', "to"),
        (f'password = "{SECRET}", ', "", "username"), ('security = "none"', 'security = "ssl"', "security"),
        ('from = "aiwire <alerts@aiwire.example>"', "", "from"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("shape", "old", "new", "field"), [(s, *one) for s, all_ in BAD.items() for one in all_])
def test_a_mistake_in_the_settings_names_the_field_and_no_secret(shape: str, old: str, new: str, field: str) -> None:
    line = configured(shape, "127.0.0.1:25")
    assert old in line
    line = line.replace(old, new).replace("{ ,", "{").replace(", ,", ",")
    with pytest.raises(ConfigurationError) as mistake:
        table = load(f'[[receiver]]\nname = "a"\n{line}', "aiwire.toml")
        parse_alerts(table, {})
        table.finish()
    said = str(mistake.value)
    assert said.startswith("aiwire.toml, line 3: [[receiver]] 1, ")
    assert f"{kind_of(shape)}.{field}" in said
    assert SECRET not in said
    assert WEBHOOK_SECRET not in said


@examples(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_makes_a_message_every_notifier_can_write(said: str) -> None:
    from alerts.notifiers import letters, slack_blocks, webhook

    message = Message(key="k", events=(), subjects=(), title=said, lines=(said,) * 3, effects=(said,), notes=(said,))
    for body in (slack_blocks.payload(message), slack_blocks.head(message), slack_blocks.detail(message)):
        assert slack_rules.refusal(body) is None
    webhook.body(message, NOW)
    raw = letters.letter(message, sender="a@x.example", recipients=["b@x.example"], now=NOW)
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    assert len(names) == len(set(names)) == 10


# ------------------------------------------------------------- the terminal, and receivers by name


def test_the_terminal_prints_a_message_as_lines_when_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    assert attempt("terminal", "").outcome == "sent"
    printed = capsys.readouterr().out
    assert printed.startswith("\nOpenAI cuts gpt-5.6-luna input by 50 %: $1.00 → $0.50 per 1M tokens\n")
    assert printed.endswith("Page: https://platform.openai.example/docs/pricing.md\n\n")


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_the_terminal_prints_nothing_that_acts(hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = event("news.published", None, new={"title": hostile, "url": "https://x.example/", "summary": hostile})
    assert attempt("terminal", "", compose([told])[0]).outcome == "sent"
    assert all(line.isprintable() for line in capsys.readouterr().out.split("\n"))


def test_the_terminal_frames_a_message_for_a_person() -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    (message,) = compose([event("source.broken", None, headline="[bold red]x[/] :smile: [link=https://evil.example]")])
    terminal.show(message, screen)
    assert "[bold red]x[/] :smile: [link=https://evil.example]" in screen.getvalue()


def test_a_receiver_that_is_gone_from_the_configuration_parks() -> None:
    config = parse_alerts(load("", "aiwire.toml"), {})
    gone = notifier(config, "finops")
    (message,) = compose([price("input", "1", "2")])
    assert gone.send(message, NOW, Earlier()).outcome == "disabled"
    assert gone.notices_to == "terminal"
    assert notifier(config, "terminal").notices_to is None


def test_notices_about_a_receiver_go_to_another_one() -> None:
    text = "\n".join(
        f'[[receiver]]\nname = "{name}"\nslack = {{ webhook = "https://x.example/{name}" }}' for name in "ab"
    )
    config = parse_alerts(load(text, "aiwire.toml"), {})
    assert (notifier(config, "a").notices_to, notifier(config, "b").notices_to) == ("b", "a")
    same = parse_alerts(load(text.replace("example/b", "example/a"), "aiwire.toml"), {})
    assert notifier(same, "a").notices_to == "terminal", "what is gone for one is gone for the other"
