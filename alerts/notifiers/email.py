"""E-mail over SMTP: one message in HTML and plain text, with the same Message-ID at every attempt."""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from alerts import outcomes, transport
from alerts.messages import Message, text
from alerts.notifiers import credentials, letters
from alerts.outcomes import NOTHING, Earlier, Outcome
from timeline.addresses import BlockedAddressError, Target, check
from timeline.keys import digest
from timeline.secrets import Secret, strike
from timeline.strict import Table
from timeline.words import counted

Security = Literal["starttls", "tls", "none"]
PORTS: Final[Mapping[Security, int]] = {"starttls": 587, "tls": 465, "none": 25}
TIMEOUT: Final = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailSettings:
    """`email = { host = "...", from = "...", to = ["..."], username = "...", password_env = "NAME" }`.

    `security` is "starttls" unless it says otherwise; "none" is for a server of `allow_hosts`, on this machine say.
    """

    host: str
    port: int
    security: Security
    sender: str
    recipients: tuple[str, ...]
    username: str | None = None
    password: Secret | None = None
    allow_hosts: tuple[str, ...] = ()
    timeout: timedelta = TIMEOUT

    @property
    def server(self) -> Target:
        """Where it is sent to."""
        return Target(scheme="smtp", host=self.host, port=self.port)


@dataclass(kw_only=True)
class _Progress:
    """What came of each recipient."""

    taken: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    code: int = 250
    said: str = ""


class _RefusedError(Exception):
    """The server said no to a step that everything depends on."""

    def __init__(self, code: int, said: bytes | str, step: str) -> None:
        self.code, self.step = code, step
        self.said = said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def parse(table: Table, environ: credentials.Environ) -> EmailSettings:
    """The settings from the `email` table of a receiver. Never shows the password in an error."""
    security = table.take_str("security", default="starttls", choices=tuple(PORTS))
    how: Security = "tls" if security == "tls" else "none" if security == "none" else "starttls"
    recipients = table.take_list_of_str("to")
    sender = table.take_str("from")
    for name, address in [("from", sender), *(("to", one) for one in recipients)]:
        if letters.address(address) is None:
            raise table.error(name, "addresses like alerts@example.org or aiwire <alerts@example.org>", found=address)
    if not recipients:
        raise table.error("to", "at least one address")
    username = table.take_str("username", default=None)
    password = credentials.take_optional(table, "password", environ)
    if (username is None) != (password is None):
        raise table.error("username", "username and password_env together, or neither", found="one without the other")
    return EmailSettings(
        host=table.take_str("host").lower().rstrip("."),
        port=table.take_int("port", default=PORTS[how], minimum=1, maximum=65535),
        security=how,
        sender=sender,
        recipients=recipients,
        username=username,
        password=password[1] if password else None,
        allow_hosts=table.take_list_of_str("allow_hosts", default=()),
        timeout=table.take_duration(
            "timeout", default=TIMEOUT, minimum=timedelta(seconds=1), maximum=timedelta(minutes=2)
        ),
    )


def lane(settings: EmailSettings) -> str:
    """The mail server: all that send by it share its rate."""
    return f"smtp-{digest(settings.server.key, size=16)}"


def send(
    settings: EmailSettings,
    message: Message,
    allowed: Collection[str],
    now: datetime,
    earlier: Earlier = NOTHING,
) -> Outcome:
    """Send the message once to each recipient that does not have it yet."""
    hidden = [settings.password] if settings.password else []
    opened = {*allowed, *settings.allow_hosts}
    wanted = [one for one in settings.recipients if _mark(one) not in earlier.receipt.get("reached", "").split()]
    content = letters.letter(message, sender=settings.sender, recipients=settings.recipients, now=now)
    try:
        done = _deliver(settings, wanted, content, opened)
    except BlockedAddressError as error:
        return outcomes.of_blocked(strike(str(error), hidden))
    except transport.PostError as error:
        return outcomes.of_failure(strike(str(error), hidden))
    except _RefusedError as error:
        return _of_refusal(error, hidden)
    return _of_progress(done, earlier, hidden)


def preview(settings: EmailSettings, message: Message, now: datetime) -> str:
    """The headers that matter, and the text part."""
    head = f"To: {', '.join(settings.recipients)}\nSubject: {letters.subject(message)}"
    return f"{head}\n\n{text(message)}"


def _deliver(settings: EmailSettings, wanted: Sequence[str], content: bytes, opened: Collection[str]) -> _Progress:
    """The whole exchange with the server, within the time it may take."""
    target = settings.server
    if target.key not in opened:
        check(target.host)
        if settings.security == "none":
            raise BlockedAddressError(f"{target.key} is not spoken to without TLS: use starttls, or allow {target.key}")
    seconds = settings.timeout.total_seconds()
    deadline = transport.Deadline(seconds)
    client = _Client(settings, opened, deadline)
    try:
        with deadline:
            try:
                return client.deliver(wanted, content)
            finally:
                client.close()
    except smtplib.SMTPResponseException as error:
        raise _RefusedError(error.smtp_code, error.smtp_error, "connect") from None
    except smtplib.SMTPNotSupportedError as error:
        raise _RefusedError(530, str(error), "security") from None
    except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
        said = f"no answer within {seconds:g} s" if deadline.passed else _reason(error)
        raise transport.PostError(f"{target.key}: {said}") from None


class _Client(smtplib.SMTP):
    """smtplib's client over our guarded connection: the address checked is the one connected to, TLS is verified."""

    def __init__(self, settings: EmailSettings, opened: Collection[str], deadline: transport.Deadline) -> None:
        self._settings, self._opened, self._deadline = settings, opened, deadline
        domain = letters.domain(settings.sender)
        super().__init__(local_hostname=domain, timeout=settings.timeout.total_seconds())
        self._host = settings.host  # whose certificate it must be

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = transport.open_socket(self._settings.server, self._opened, timeout, transport.resolve)
        self._deadline.watch(plain)
        if self._settings.security != "tls":
            return plain
        speaking = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        self._deadline.watch(speaking)
        return speaking

    def deliver(self, wanted: Sequence[str], content: bytes) -> _Progress:
        """Greet, prove who we are, name the recipients, hand over. Raises what smtplib does, and _RefusedError."""
        code, said = self.connect(self._settings.host, self._settings.port)
        if code != 220:
            raise _RefusedError(code, said, "connect")
        self.ehlo_or_helo_if_needed()
        if self._settings.security == "starttls":
            self.starttls(context=ssl.create_default_context())
            if self.sock is not None:
                self._deadline.watch(self.sock)
            self.ehlo()
        if self._settings.username is not None and self._settings.password is not None:
            self._log_in(self._settings.username, self._settings.password)
        done = self._hand_over(wanted, content)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self.quit()
        return done

    def _log_in(self, username: str, password: Secret) -> None:
        try:
            self.login(username, password.reveal(), initial_response_ok=True)
        except smtplib.SMTPAuthenticationError as error:
            raise _RefusedError(error.smtp_code, error.smtp_error, "login") from None

    def _hand_over(self, wanted: Sequence[str], content: bytes) -> _Progress:
        code, said = self.mail(letters.address(self._settings.sender) or "")
        if code != 250:
            raise _RefusedError(code, said, "sender")
        done = _Progress()
        for one in wanted:
            code, said = self.rcpt(letters.address(one) or "")
            if code in (250, 251):
                done.taken.append(one)
                continue
            (done.later if 400 <= code < 500 else done.never).append(one)
            done.code, done.said = code, said.decode("utf-8", "replace")
            if code == 421:
                raise _RefusedError(code, said, "recipient")
        if done.taken:
            code, said = self.data(content)
            if code != 250:
                raise _RefusedError(code, said, "content")
        return done


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the connection was cut"
    return transport.reason(error)


def _of_refusal(error: _RefusedError, hidden: Sequence[Secret]) -> Outcome:
    """4yz: later. 5yz of the content: never this one. 5yz of anything before: none at all."""
    detail = f"{error.code} {outcomes.excerpt(strike(error.said, hidden))} ({error.step})".strip()
    if not 500 <= error.code < 600:
        return Outcome(outcome="retry", detail=detail, code=str(error.code))
    return Outcome(outcome="parked" if error.step == "content" else "disabled", detail=detail, code=str(error.code))


def _of_progress(done: _Progress, earlier: Earlier, hidden: Sequence[Secret]) -> Outcome:
    reached = " ".join([*earlier.receipt.get("reached", "").split(), *map(_mark, done.taken)])
    receipt = {"reached": reached} if reached else {}
    if not done.later and not done.never:
        return Outcome(outcome="sent", detail="250 ok", code="250", receipt=receipt)
    missed = len(done.later) + len(done.never)
    said = outcomes.excerpt(strike(done.said, hidden))
    detail = f"{done.code} {said} ({counted(missed, 'recipient')} of {missed + len(reached.split())})"
    if done.later:
        return Outcome(outcome="retry", detail=detail, code=str(done.code), receipt=receipt)
    return Outcome(outcome="parked" if reached else "disabled", detail=detail, code=str(done.code), receipt=receipt)


def _mark(address: str) -> str:
    """What the receipt keeps of a recipient: not the address."""
    return digest((letters.address(address) or "").lower(), size=12)
