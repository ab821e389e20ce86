"""The environment and aiwire.toml, read once, strictly, in one place. Nothing else reads either."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from alerts.routes import AlertConfig, parse_alerts
from crawler.source import Expect, Source, bundled_sources, combine, take_sources
from timeline.issues import MistakeError
from timeline.secrets import Secret, Unset
from timeline.strict import ConfigurationError, Table, load

FILE_NAME = "aiwire.toml"
PORT = 8321
SHORTEST_TOKEN = 16  # characters
DEFAULT_HOME = "~/.local/share/aiwire"
Needs = Literal["receivers", "tokens"]
ALL_SECRETS: Final[tuple[Needs, ...]] = ("receivers", "tokens")
"""What tells people needs the secrets of the receivers, and the API its tokens; nothing else needs any."""
CONTACT = "https://example.org/aiwire-not-configured"


class ConfigurationMissingError(MistakeError):
    """A configuration file was asked for by name and is not there, or cannot be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """Everything a command may depend on besides its arguments."""

    home: Path
    file: Path | None
    database_url: Secret | None  # None: the embedded server under `home`
    reader_password: Secret | None  # that `migrate` gives the reader of a Postgres of your own; None: it keeps its own
    host: str
    port: int
    base_url: str
    tokens: tuple[Secret, ...]  # one of these is needed to ask the API; none: everybody may
    requests_per_minute: int | None  # of one client of the API; None: no limit
    contact: str  # in the user agent: whom a site's owner can reach
    allow_hosts: tuple[str, ...]  # exact host:port of internal addresses that may be contacted
    sources: tuple[Source, ...]
    alerts: AlertConfig

    def for_rehearsal(self, *, port: int | None = None, stand_in: str | None = None) -> "Configuration":
        """The same for a rehearsal: pages of any age, an API that is open to this machine alone, and no real receiver.

        What each would get goes to `stand_in`, an address of this machine, or is printed.
        """
        here = {} if port is None else {"port": port, "base_url": f"http://127.0.0.1:{port}"}
        return replace(
            self,
            host="127.0.0.1",
            tokens=(),
            requests_per_minute=None,
            sources=tuple(replace(source, expect=Expect()) for source in self.sources),
            alerts=self.alerts.stood_in_for(stand_in),
            **here,  # type: ignore[arg-type]
        )


def load_configuration(
    environ: Mapping[str, str] | None = None,
    *,
    file: Path | None = None,
    folder: Path | None = None,
    secrets: Collection[Needs] = ALL_SECRETS,
) -> Configuration:
    """Read the configuration; of the environment variables that it names for secrets only those of `secrets`.

    The file is `file`, else $AIWIRE_CONFIG, else aiwire.toml in `folder` (the working folder) or under AIWIRE_HOME;
    none at all is fine. Raises ConfigurationError (file, line, field) for any mistake in it.
    """
    environ = os.environ if environ is None else environ
    path = _find(file, environ, folder or Path.cwd(), _home(environ))
    return _configuration(load(_text(path), str(path)) if path else load("", FILE_NAME), path, environ, secrets)


def bare_configuration(environ: Mapping[str, str] | None = None) -> Configuration:
    """The configuration without a file: for what needs to know where the database is, and no secret of anybody."""
    environ = os.environ if environ is None else environ
    return _configuration(load("", FILE_NAME), None, environ, ())


def _configuration(
    table: Table, path: Path | None, environ: Mapping[str, str], secrets: Collection[Needs]
) -> Configuration:
    server = _server(table, environ, asks_tokens="tokens" in secrets)
    crawler = _crawler(table, environ)
    bundled = bundled_sources() if crawler.bundled else ()
    sources = combine(bundled, take_sources(table, allowed=crawler.allow_hosts))
    read = partial(_beside, path or Path.cwd() / FILE_NAME)
    asked = environ if "receivers" in secrets else None
    alerts = parse_alerts(table, asked, read, {source.provider for source in sources})
    table.finish()
    url = environ.get("DATABASE_URL")
    return Configuration(
        home=_home(environ),
        file=path,
        database_url=Secret(url) if url else None,
        reader_password=_reader_password(environ),
        host=server.host,
        port=server.port,
        base_url=server.base_url,
        tokens=server.tokens,
        requests_per_minute=server.requests_per_minute,
        contact=crawler.contact,
        allow_hosts=crawler.allow_hosts,
        sources=sources,
        alerts=alerts,
    )


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("AIWIRE_HOME") or DEFAULT_HOME).expanduser().absolute()


def _find(file: Path | None, environ: Mapping[str, str], folder: Path, home: Path) -> Path | None:
    named = file or (Path(environ["AIWIRE_CONFIG"]) if environ.get("AIWIRE_CONFIG") else None)
    if named is not None:
        if not named.is_file():
            raise ConfigurationMissingError(f"{named} is not a file: name an aiwire.toml, or leave the option out")
        return named
    return next((path for path in (folder / FILE_NAME, home / FILE_NAME) if path.is_file()), None)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = f"found the byte {error.object[error.start]:#04x}; TOML is UTF-8 text: save the file as that"
        raise ConfigurationError(file=str(path), line=line, field="", problem=problem) from None
    except OSError as error:
        raise ConfigurationMissingError(f"{path} cannot be read: {error.strerror}") from error


def _beside(file: Path, name: str) -> str:
    """The text of a file that the configuration names, relative to where that is. Raises OSError."""
    return (file.parent / Path(name).expanduser()).read_text(encoding="utf-8")


def _reader_password(environ: Mapping[str, str]) -> Secret | None:
    text = environ.get("AIWIRE_READER_PASSWORD", "").strip()
    if text and len(text) < SHORTEST_TOKEN:
        problem = f"found {len(text)} characters; expected {SHORTEST_TOKEN} or more, like `openssl rand -hex 24`"
        raise ConfigurationError(file="the environment", line=None, field="AIWIRE_READER_PASSWORD", problem=problem)
    return Secret(text) if text else None


def _port(environ: Mapping[str, str]) -> int:
    text = environ.get("AIWIRE_PORT") or str(PORT)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        problem = f"found {text!r}; expected a port number from 1 to 65535"
        raise ConfigurationError(file="the environment", line=None, field="AIWIRE_PORT", problem=problem)
    return int(text)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Server:
    host: str
    port: int
    base_url: str
    tokens: tuple[Secret, ...]
    requests_per_minute: int | None


def _server(table: Table, environ: Mapping[str, str], *, asks_tokens: bool) -> _Server:
    server = table.take_table("server") or load("", table.file)
    host = server.take_str("host", default="127.0.0.1")
    port = server.take_int("port", default=_port(environ), minimum=1, maximum=65535)
    base_url = server.take_str("base_url", default=f"http://{host}:{port}")
    if "base_url" in server:
        _check_base(server, base_url)
    tokens = _tokens(server, environ if asks_tokens else None)
    most = server.take_int("requests_per_minute", default=0, minimum=1, maximum=1_000_000)
    server.finish()
    return _Server(host=host, port=port, base_url=base_url, tokens=tokens, requests_per_minute=most or None)


def _tokens(server: Table, environ: Mapping[str, str] | None) -> tuple[Secret, ...]:
    """The tokens in the environment variables that `token_envs` names; None: they are not asked. Raises
    ConfigurationError for one that is not set, or so short that it could be guessed.
    """
    names = server.take_list_of_str("token_envs", default=())
    if environ is None:
        return tuple(Unset(name) for name in names)
    for name in names:
        if len(environ.get(name, "").strip()) < SHORTEST_TOKEN:
            expected = f"names of environment variables that each hold a token of {SHORTEST_TOKEN} characters or more"
            raise server.error("token_envs", expected, found="one that is shorter or not set")
    return tuple(Secret(environ[name].strip()) for name in names)


def _check_base(server: Table, base_url: str) -> None:
    """Links in messages begin with it: without a scheme none of them would lead anywhere. Raises ConfigurationError."""
    try:
        parts = urlsplit(base_url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
        _ = parts.port
    except ValueError:
        good = False
    if not good or parts.username or parts.password or any(c <= " " for c in base_url):
        expected = 'an address with its scheme, like "https://aiwire.example.org" or "http://127.0.0.1:8321"'
        raise server.error("base_url", expected)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Crawler:
    contact: str
    allow_hosts: tuple[str, ...]
    bundled: bool


def _crawler(table: Table, environ: Mapping[str, str]) -> _Crawler:
    crawler = table.take_table("crawler") or load("", table.file)
    contact = crawler.take_str("contact", default=environ.get("AIWIRE_CONTACT") or CONTACT)
    allow_hosts = tuple(crawler.take_list_of_str("allow_hosts", default=()))
    bundled = crawler.take_bool("bundled", default=True)
    crawler.finish()
    return _Crawler(contact=contact, allow_hosts=allow_hosts, bundled=bundled)
