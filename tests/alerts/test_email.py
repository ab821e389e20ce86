"""E-mail: what is sent over which connection, to whom, and that nothing of a page is more than text in it."""

import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from lxml import etree

from alerts.messages import Link, Message, compose, withdrawal
from alerts.notifiers import KINDS, letters
from alerts.notifiers.email import EmailSettings
from alerts.outcomes import Earlier, Outcome
from tests.alerts.examples import event, price, retirement
from tests.alerts.mail_server import MailServer, Reply, certified
from tests.alerts.test_impact import work
from tests.payloads import HOSTILE
from timeline.strict import load

NOW = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
FROM = "aiwire <alerts@aiwire.example>"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


def settings(address: str, *, security: str = "none", to: str = '["ops@example.org"]', more: str = "") -> EmailSettings:
    host, _, port = address.partition(":")
    line = f'email = {{ host = "{host}", port = {port}, security = "{security}", from = "{FROM}", to = {to}'
    table = load(f'{line}, allow_hosts = ["{address}"], timeout = "5s"{more} }}', "aiwire.toml").take_table("email")
    assert table is not None
    found = KINDS["email"].parse(table, {"MAIL_PASSWORD": "hunter2"})
    assert isinstance(found, EmailSettings)
    return found


def send(to: EmailSettings, message: Message | None = None, earlier: Earlier | None = None) -> Outcome:
    told = message or compose([price("input", "1", "0.5")])[0]
    return KINDS["email"].send(to, told, (), NOW, earlier or Earlier())


def test_an_email_says_whose_it_is_and_which(server: MailServer) -> None:
    (message,) = compose([price("input", "1", "0.5")], [work()], "http://127.0.0.1:8321")
    assert send(settings(server.address), message).outcome == "sent"
    (letter,) = server.letters
    found = letter.parsed
    assert {name: str(found[name]) for name in ("From", "To", "Subject", "Date", "Auto-Submitted")} == {
        "From": "aiwire <alerts@aiwire.example>",
        "To": "ops@example.org",
        "Subject": "OpenAI cuts gpt-5.6-luna input by 50 %: $1.00 → $0.50 per 1M tokens",
        "Date": "Wed, 12 Aug 2026 10:00:00 +0000",
        "Auto-Submitted": "auto-generated",
    }
    assert found["Message-ID"] == f"<aiwire.{message.key}@aiwire.example>"
    assert found["List-Id"] == "aiwire alerts <alerts.aiwire.aiwire.example>"
    assert found["In-Reply-To"] is None
    assert (letter.sender, letter.recipients) == ("alerts@aiwire.example", ("ops@example.org",))
    html = found.get_body(("html",))
    assert html is not None
    assert '<a href="http://127.0.0.1:8321/models/openai/gpt-5.6-luna">History</a>' in html.get_content()
    assert all(byte < 128 for byte in letter.raw), "any server can take it"


def test_a_correction_is_a_reply_to_what_it_corrects(server: MailServer) -> None:
    (told,) = compose([retirement()])
    after = withdrawal(told, [retirement()], "the table was misread")
    assert send(settings(server.address), after).outcome == "sent"
    found = server.letters[0].parsed
    assert found["In-Reply-To"] == found["References"] == f"<aiwire.{told.key}@aiwire.example>"
    assert str(found["Subject"]).startswith("Withdrawn: OpenAI will retire")


def test_the_same_message_is_the_same_letter_but_for_its_date() -> None:
    (message,) = compose([retirement()])
    made = [letters.letter(message, sender=FROM, recipients=["a@x.example"], now=NOW) for _ in range(2)]
    assert made[0] == made[1]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_password_goes_over_verified_tls_alone(
    security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certified(tmp_path)
    more = ', username = "alerts", password_env = "MAIL_PASSWORD"'
    with MailServer(security=security, context=context, password="hunter2") as server:
        to = settings(server.address, security=security, more=more)
        found = send(to)
        assert (found.outcome, server.letters) == ("retry", [])
        assert "certificate is not valid" in found.detail
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert send(to).outcome == "sent"
        assert (server.letters[0].over_tls, server.letters[0].user) == (True, "alerts")


def test_a_server_without_tls_gets_nothing_where_tls_is_wanted(server: MailServer) -> None:
    found = send(settings(server.address, security="starttls"))
    assert found.outcome == "disabled"
    assert "security" in found.detail
    assert server.exchanges == []


def test_a_wrong_password_is_told_at_once_and_not_tried_again() -> None:
    with MailServer(password="another", refusal="535 5.7.8 wrong password hunter2") as server:
        found = send(settings(server.address, more=', username = "alerts", password_env = "MAIL_PASSWORD"'))
    assert (found.outcome, found.code) == ("disabled", "535")
    assert "hunter2" not in found.detail


def test_who_has_it_does_not_get_it_again(server: MailServer) -> None:
    to = settings(server.address, to='["a@x.example", "b@x.example", "c@x.example"]')
    server.programmed.append(Reply(step="rcpt", of="b@x.example", says="450 4.2.0 greylisted"))
    first = send(to)
    assert (first.outcome, first.code) == ("retry", "450")
    assert server.letters[-1].recipients == ("a@x.example", "c@x.example")
    assert "x.example" not in str(first.receipt)
    second = send(to, earlier=Earlier(receipt=first.receipt))
    assert second.outcome == "sent"
    assert [letter.recipients for letter in server.letters[1:]] == [("b@x.example",)]


def test_a_recipient_that_is_refused_for_good_is_told_of(server: MailServer) -> None:
    to = settings(server.address, to='["a@x.example", "b@x.example"]')
    server.programmed.append(Reply(step="rcpt", of="b@x.example", says="550 5.1.1 unknown"))
    found = send(to)
    assert (found.outcome, found.code) == ("parked", "550")
    assert "1 recipient of 2" in found.detail
    assert server.letters[-1].recipients == ("a@x.example",)


@pytest.mark.parametrize(
    ("step", "says", "outcome"),
    [
        ("mail", "550 5.7.1 sender not allowed", "disabled"), ("mail", "452 4.3.1 disk full", "retry"),
        ("rcpt", "550 5.1.1 unknown", "disabled"), ("rcpt", "421 4.3.2 closing", "retry"),
        ("data", "554 5.7.1 content refused", "parked"), ("data", "451 4.7.1 later", "retry"),
    ],
)  # fmt: skip
def test_a_reply_decides(step: str, says: str, outcome: str, server: MailServer) -> None:
    server.programmed.append(Reply(step=step, says=says))
    found = send(settings(server.address))
    assert (found.outcome, found.code) == (outcome, says[:3])
    assert server.letters == []


def whole(hostile: str) -> list[Message]:
    events = [
        price("input", "1", "2", model=hostile),
        event("news.published", None, new={"title": hostile, "url": "https://x.example/", "summary": hostile}),
        event("source.broken", None, headline=hostile),
    ]
    made = compose(events, [work(name=hostile)], "http://127.0.0.1:8321")
    links = (Link(label=hostile, url="https://x.example/?a=1&b='\""),)
    odd = Message(key="a\r\nBcc: x@evil.example", events=(), subjects=(), title=hostile, lines=(hostile,), links=links)
    return [*made, odd]


@pytest.mark.parametrize("hostile", [*HOSTILE, "Subject\r\nBcc: all@evil.example\r\n\r\n<b>hi</b>"], ids=repr)
def test_text_of_a_page_is_text_in_an_email(hostile: str) -> None:
    for message in whole(hostile):
        raw = letters.letter(message, sender=FROM, recipients=["a@x.example"], now=NOW)
        found = message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        assert not found.defects
        assert sorted(found.keys()) == sorted(
            ["From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "X-Aiwire-Kind",
             "MIME-Version", "Content-Type"]
        )  # fmt: skip
        assert len(str(found["Subject"])) <= 250
        page = found.get_body(("html",))
        assert page is not None
        _require_harmless(page.get_content())


def _require_harmless(page: str) -> None:
    """Well-formed to a strict parser, and only what we put there."""
    root = etree.fromstring(page.replace("<!DOCTYPE html>", "").encode(), etree.XMLParser(resolve_entities=False))
    tags = {element.tag for element in root.iter()}
    assert tags <= {"html", "head", "meta", "title", "body", "div", "h1", "p", "ul", "li", "a"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert attributes <= {"lang", "charset", "name", "content", "style", "href"}
    addresses = [str(link.get("href")) for link in root.iter("a")]
    assert all(address.startswith(("https://", "http://127.0.0.1:8321/")) for address in addresses)
