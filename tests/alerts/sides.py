"""The other side of each shape of notifier: a local server that fails in the same ways, whatever it speaks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from alerts.receiver import Answer, SlackReceiver
from tests.alerts.mail_server import MailServer, Reply

SECRET = "s3cr3tt0ken"
WEBHOOK_SECRET = "whsec_czNjcjN0dDBrZW4tczNjcjN0dDBrZW4tczNjcjN0"
OPEN = 'allow_hosts = ["{address}"]'
SHAPES: Mapping[str, str] = {
    "slack": f'slack = {{{{ webhook = "http://{{address}}/services/T0/B0/{SECRET}", {OPEN}, timeout = "1s" }}}}',
    "slack bot": f'slack = {{{{ token = "xoxb-{SECRET}", channel = "C01", api = "http://{{address}}/api", {OPEN}, '
    'timeout = "1s" }}',
    "webhook": f'webhook = {{{{ url = "http://{{address}}/hook/{SECRET}", secret = "{WEBHOOK_SECRET}", {OPEN}, '
    'timeout = "1s" }}',
    "email": 'email = {{ host = "{host}", port = {port}, security = "none", from = "aiwire <alerts@aiwire.example>", '
    f'to = ["ops@example.org", "finops@example.org"], username = "alerts", password = "{SECRET}", {OPEN}, '
    'timeout = "1s" }}',
    "terminal": "terminal = {{}}",
}
"""How each shape of receiver is configured to talk to a local server; a new one needs its line here."""
CONDITIONS = ("busy", "down", "refused", "gone", "cut before", "cut after", "slow before", "slow after")


def configured(shape: str, address: str) -> str:
    """The line of a receiver in aiwire.toml."""
    host, _, port = address.partition(":")
    return SHAPES[shape].format(address=address, host=host, port=port)


class Side(Protocol):
    """What the contract asks of a local server."""

    @property
    def address(self) -> str: ...
    def fail(self, *conditions: str) -> None:
        """The next requests end so."""

    def echo(self, words: str) -> None:
        """The next request is refused for good, with these words in the answer."""

    @property
    def asked(self) -> int: ...
    @property
    def told(self) -> Sequence[tuple[str, str]]:
        """The id and the text of everything that was taken."""


def _error(word: str) -> Answer:
    return Answer(body=json.dumps({"ok": False, "error": word}))


OVER_HTTP: Mapping[str, Answer] = {
    "busy": Answer(status=429, body="rate_limited", headers={"Retry-After": "7"}),
    "down": Answer(status=503, body="down"),
    "refused": Answer(status=400, body="invalid_blocks"),
    "gone": Answer(status=404, body="no_service"),
    "cut before": Answer(cut="before"),
    "cut after": Answer(cut="after"),
    "slow before": Answer(cut="before", delay=1.4),
    "slow after": Answer(delay=1.4),
}
BY_BOT = {**OVER_HTTP, "refused": _error("invalid_blocks"), "gone": _error("channel_not_found")}
BY_MAIL: Mapping[str, Reply] = {
    "busy": Reply(says="421 4.7.0 try again later"),
    "down": Reply(step="mail", says="451 4.3.0 out of order"),
    "refused": Reply(says="552 5.3.4 too big"),
    "gone": Reply(step="rcpt", says="550 5.1.1 no such user"),
    "cut before": Reply(cut="before"),
    "cut after": Reply(cut="after"),
    "slow before": Reply(delay=1.4),
    "slow after": Reply(delay=1.4, when="after"),
}


@dataclass(kw_only=True)
class HttpSide:
    """Slack, a bot's Slack, or the receiver of a webhook."""

    receiver: SlackReceiver
    answers: Mapping[str, Answer] = field(default_factory=lambda: OVER_HTTP)

    @property
    def address(self) -> str:
        return self.receiver.address

    def fail(self, *conditions: str) -> None:
        self.receiver.program(*(self.answers[one] for one in conditions))

    def echo(self, words: str) -> None:
        if self.answers is BY_BOT:
            self.receiver.program(_error(f"invalid_auth {words}"))
        self.receiver.program(Answer(status=404, body=words), Answer(status=500, body=words), Answer(body=words))

    @property
    def asked(self) -> int:
        return len(self.receiver.posts)

    @property
    def told(self) -> Sequence[tuple[str, str]]:
        return [(one.id, one.text) for one in self.receiver.messages]


@dataclass(kw_only=True)
class MailSide:
    """A mail server."""

    server: MailServer

    @property
    def address(self) -> str:
        return self.server.address

    def fail(self, *conditions: str) -> None:
        self.server.programmed.extend(BY_MAIL[one] for one in conditions)

    def echo(self, words: str) -> None:
        flat = words.replace("\n", " ")
        self.server.programmed.extend(
            [Reply(says=f"554 {flat}"), Reply(step="rcpt", says=f"550 {flat}"), Reply(step="mail", says=f"451 {flat}")]
        )

    @property
    def asked(self) -> int:
        return len(self.server.exchanges)

    @property
    def told(self) -> Sequence[tuple[str, str]]:
        found = []
        for letter in self.server.letters:
            part = letter.parsed.get_body(("plain",))
            assert part is not None
            key = str(letter.parsed["Message-ID"]).removeprefix("<aiwire.").partition("@")[0]
            found.append((key, part.get_content().replace("\r\n", "\n")))
        return found
