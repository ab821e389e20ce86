"""A real SMTP server on loopback that keeps what it is given and fails as it is told."""

import asyncio
import datetime as dt
import ipaddress
import ssl
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, kw_only=True)
class Reply:
    """How an exchange ends: `says` at a step, or a cut or a delay (seconds) before or after the message is taken."""

    step: str = "data"  # data rcpt mail
    says: str = ""
    of: str = ""  # only about this recipient
    cut: str = ""  # before after
    delay: float = 0.0
    when: str = "before"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An e-mail that was taken."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    over_tls: bool
    user: str | None

    @property
    def parsed(self) -> EmailMessage:
        """With its headers decoded."""
        found = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


@dataclass(kw_only=True)
class MailServer:
    """Use it `with`. `security` is none, starttls or tls; with `password` everybody has to log in as `alerts`."""

    security: str = "none"
    context: ssl.SSLContext | None = None
    password: str | None = None
    letters: list[Letter] = field(default_factory=list)
    exchanges: list[float] = field(default_factory=list)  # when each began, taken or not
    programmed: deque[Reply] = field(default_factory=deque)
    address: str = ""
    refusal: str = "535 5.7.8 no"
    _now: Reply = field(default_factory=Reply)

    def __enter__(self) -> "MailServer":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.address = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        kwargs: dict[str, Any] = {"tls_context": self.context, "require_starttls": True}
        if self.security != "starttls":
            kwargs = {}
        if self.password is not None:
            kwargs |= {"authenticator": self._check, "auth_require_tls": False}
        return await self._loop.create_server(
            lambda: SMTP(self, hostname="mail.example", loop=self._loop, **kwargs),
            "127.0.0.1",
            0,
            ssl=self.context if self.security == "tls" else None,
        )

    async def _close(self) -> None:
        self._server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.05)

    def _check(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        good = data.login == b"alerts" and data.password.decode() == self.password
        if not good:
            return AuthResult(success=False, handled=False, message=self.refusal)
        return AuthResult(success=True, auth_data=data)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.exchanges.append(time.monotonic())
        if self.password is not None and not isinstance(session.auth_data, LoginPassword):
            return "530 5.7.0 log in first"
        self._now = self.programmed.popleft() if self.programmed else Reply()
        if self._now.when == "before" and self._now.delay:
            await asyncio.sleep(self._now.delay)
        if self._now.cut == "before":
            _abort(server)
            return "421 bye"
        if self._now.step == "mail" and self._now.says:
            return self._now.says
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._now.step == "rcpt" and self._now.says and self._now.of in ("", address):
            return self._now.says
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self._now.step == "data" and self._now.says:
            return self._now.says
        assert isinstance(envelope.content, bytes)
        user = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else None
        self.letters.append(
            Letter(
                sender=envelope.mail_from or "", recipients=tuple(envelope.rcpt_tos), raw=envelope.content,
                over_tls=session.ssl is not None or self.security == "tls", user=user,
            )
        )  # fmt: skip
        if self._now.when == "after" and self._now.delay:
            await asyncio.sleep(self._now.delay)
        if self._now.cut == "after":
            _abort(server)
        return "250 taken"


def _abort(server: SMTP) -> None:
    """Cut the connection so that the other side sees a reset."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server context for 127.0.0.1, and the file with the certificate to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    both, trusted = folder / "mail.pem", folder / "trusted.pem"
    trusted.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both.write_bytes(private + trusted.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, trusted
