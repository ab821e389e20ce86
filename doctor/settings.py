"""The configuration: what is there, what it forgot, and what of it cannot be meant."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from alerts import transport
from alerts.notifiers import Settings
from alerts.notifiers.email import EmailSettings
from alerts.notifiers.slack import SlackSettings
from alerts.notifiers.slack_bot import BotSettings
from alerts.notifiers.webhook import WebhookSettings
from alerts.registry import lane
from alerts.routes import TERMINAL, Receiver
from configuration import CONTACT, FILE_NAME, Configuration
from doctor.findings import Finding, bad, few, note, ok
from timeline.addresses import BlockedAddressError, Target, check_url
from timeline.issues import AiwireError
from timeline.secrets import Secret, Unset, strike

HOOK: Final = re.compile(r"/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,}")
"""The path of an incoming webhook of Slack: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"""
SECONDS: Final = 3.0

Knock = Callable[[Target, Collection[str]], None]


def contact(configuration: Configuration) -> Finding:
    """Whom a site's owner can reach."""
    if configuration.contact != CONTACT:
        return ok("contact", configuration.contact)
    do = 'set contact = "mailto:you@example.org" under [crawler] in aiwire.toml'
    return note("contact", "sites cannot reach you", do=do, where=_where(configuration))


def chosen(configuration: Configuration, folder: Path) -> Iterator[Finding]:
    """Which file counts, where there are two."""
    file = configuration.file
    if file is None:
        do = "cp aiwire.toml.example aiwire.toml"
        yield note("configuration", "no aiwire.toml: defaults, alerts on the terminal", do=do, where=str(folder))
        return
    yield ok("configuration", "understood", where=str(file))
    others = [folder / FILE_NAME, configuration.home / FILE_NAME]
    for other in others:
        if other.is_file() and not other.samefile(file):
            do = "keep one, or name it by AIWIRE_CONFIG: which one counts depends on where aiwire is started"
            yield note("configuration", f"another one is not read, {file} counts", do=do, where=str(other))


def secrets(configuration: Configuration, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Environment variables that aiwire.toml names and nobody set. `configuration` was loaded without secrets."""
    asked = [("token_envs", one.variable) for one in configuration.tokens if isinstance(one, Unset)]
    for receiver in configuration.alerts.receivers.values():
        asked += [(f"receiver {receiver.name}", one.variable) for one in _secrets(receiver) if isinstance(one, Unset)]
    unset = [f"{name} ({where})" for where, name in asked if not environ.get(name, "").strip()]
    if unset:
        do = "export them where aiwire is started (with systemd: in /etc/aiwire/environment)"
        yield bad("secrets", f"not set: {few(unset)}", do=do, where=_where(configuration))
    elif asked:
        yield ok("secrets", f"{len(asked)} named, all set")


def written_down(configuration: Configuration) -> bool:
    """Whether the file itself holds a secret. `configuration` was loaded without secrets."""
    found = [one for receiver in configuration.alerts.receivers.values() for one in _secrets(receiver)]
    return any(not isinstance(one, Unset) for one in found)


def exposed(configuration: Configuration, *, contained: bool | None = None) -> Iterator[Finding]:
    """Whether everybody may ask the API, and whether links in messages lead to it."""
    where = f"{configuration.host}:{configuration.port}"
    far = not _is_here(configuration.host)
    if far and not configuration.tokens:
        do = "name a token by token_envs under [server], or listen on 127.0.0.1 behind a proxy that asks who it is"
        say = note if (_in_container() if contained is None else contained) else bad
        yield say("exposed", "whoever reaches this machine may ask the API", do=do, where=where)
    else:
        yield ok("exposed", "with a token" if configuration.tokens else "from this machine alone", where=where)
    if configuration.alerts.receivers_named and _is_here(urlsplit(configuration.base_url).hostname or ""):
        do = "set base_url under [server] to what readers of the messages can open"
        yield note("links", "links in messages lead to this machine alone", do=do, where=configuration.base_url)


def receivers(configuration: Configuration) -> Iterator[Finding]:
    """Receivers that cannot be meant so: another form of address, one that is refused, two for one channel."""
    alerts = configuration.alerts
    if not alerts.receivers_named:
        do = "add a [[receiver]]: aiwire.toml.example shows how"
        yield note("receivers", "none: alerts are printed where aiwire runs", do=do, where=_where(configuration))
        return
    wrong = 0
    for name in alerts.receivers_named:
        for found, do in _mistakes(alerts.receivers[name].settings, configuration.allow_hosts):
            wrong += 1
            yield bad("receivers", found, do=do, where=f"receiver {name}")
    lanes: dict[str, str] = {}
    for name in alerts.receivers_named if not any(map(_is_unset, alerts.receivers.values())) else ():
        first = lanes.setdefault(lane(alerts, name), name)
        if first != name and not isinstance(alerts.receivers[name].settings, EmailSettings):
            do = "keep one: whatever both are told stands there twice"
            yield note("receivers", f"{first} and {name} lead to the same place", do=do, where=f"receiver {name}")
    if not wrong:
        yield ok("receivers", few(alerts.receivers_named))


def reach(configuration: Configuration, knock: Knock | None = None) -> Iterator[Finding]:
    """Whether the servers behind the receivers take a connection; nothing is sent."""
    knock = knock or _knock
    for name in configuration.alerts.receivers_named:
        settings = configuration.alerts.receivers[name].settings
        target = _target(settings)
        if (
            target is None
            or isinstance(settings, EmailSettings | SlackSettings | BotSettings | WebhookSettings) is False
        ):
            continue
        try:
            knock(target, {*configuration.allow_hosts, *getattr(settings, "allow_hosts", ())})
        except (OSError, AiwireError) as error:
            said = transport.reason(error) if isinstance(error, OSError) else str(error)
            do = "see whether this machine may connect there (firewall, name server), then `aiwire alerts test`"
            yield bad("reach", f"{target.key}: {said}", do=do, where=f"receiver {name}")
        else:
            yield ok("reach", f"{target.key} takes a connection", where=f"receiver {name}")


def _mistakes(settings: Settings, allowed: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is found, and what to do; no secret is in either."""
    if isinstance(settings, BotSettings):
        if not isinstance(settings.token, Unset) and not settings.token.reveal().startswith("xoxb-"):
            yield "the token is not a bot's", "take the Bot User OAuth Token (xoxb-...) of the app, with chat:write"
        return
    address = settings.webhook if isinstance(settings, SlackSettings) else None
    address = settings.url if isinstance(settings, WebhookSettings) else address
    if address is None or isinstance(address, Unset):
        return
    opened = {*allowed, *getattr(settings, "allow_hosts", ())}
    try:
        target = check_url(address.reveal(), allowed=opened)
    except BlockedAddressError as error:
        yield strike(str(error), [address]), 'where it is meant so: allow_hosts = ["host:port"] in the receiver'
        return
    if target.scheme != "https" and target.key not in opened:
        yield f"{target.host} is asked over plain http", "use https, or open it by allow_hosts"
    if isinstance(settings, SlackSettings):
        yield from _slack(urlsplit(address.reveal()).path, target)


def _slack(path: str, target: Target) -> Iterator[tuple[str, str]]:
    if target.host == "hooks.slack.com" and path.startswith(("/workflows/", "/triggers/")):
        do = "make an incoming webhook (https://api.slack.com/apps): those of workflows take variables, no messages"
        yield "this is the webhook of a workflow", do
    elif target.host == "hooks.slack.com" and not HOOK.fullmatch(path):
        do = "copy it whole: https://hooks.slack.com/services/T.../B.../..."
        yield "this is no whole address of an incoming webhook", do
    elif target.host in ("discord.com", "discordapp.com") and not path.endswith("/slack"):
        yield "Discord does not understand Slack's messages at this address", "add /slack to its end"
    elif target.host.endswith((".slack.com", "slack.com")) and target.host != "hooks.slack.com":
        do = "make an incoming webhook (https://api.slack.com/apps): it begins with https://hooks.slack.com/services/"
        yield f"{target.host} is where people read, not where messages are taken", do


def _target(settings: Settings) -> Target | None:
    if isinstance(settings, EmailSettings):
        return settings.server
    address = settings.webhook if isinstance(settings, SlackSettings) else None
    address = settings.url if isinstance(settings, WebhookSettings) else address
    text = settings.api if isinstance(settings, BotSettings) else None
    if address is not None and not isinstance(address, Unset):
        text = address.reveal()
    if text is None:
        return None
    parts = urlsplit(text)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Target(scheme=parts.scheme, host=parts.hostname or "", port=port)


def _knock(target: Target, allowed: Collection[str]) -> None:
    transport.open_socket(target, allowed, SECONDS, transport.resolve).close()


def _secrets(receiver: Receiver) -> Iterator[Secret]:
    if receiver.name == TERMINAL:
        return
    for one in fields(receiver.settings):
        value = getattr(receiver.settings, one.name)
        yield from (each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, Secret))


def _is_unset(receiver: Receiver) -> bool:
    return any(isinstance(one, Unset) for one in _secrets(receiver))


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _in_container() -> bool:
    return Path("/.dockerenv").exists() or Path("/run/.containerenv").exists() or bool(os.environ.get("container"))  # noqa: SIM112


def _where(configuration: Configuration) -> str:
    return str(configuration.file or FILE_NAME)
