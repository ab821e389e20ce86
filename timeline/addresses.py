"""The outbound address guard: which URLs aiwire may request and which IP addresses it may connect to.

Everything that leaves the machine because of somebody's data (a watched page, a redirect, a webhook) passes `check_url`
before the request and `check_address` for every address a name resolved to, at the moment of connecting. Pure: nothing
here resolves a name.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from timeline.issues import AiwireError

SCHEMES = {"http": 80, "https": 443}

# IANA special-purpose registries (RFC 6890 and updates), multicast, and addresses clouds reserve for themselves.
# `is_global` of the standard library differs between Python versions (bpo-113171), so the table is spelled out.
_CLOSED_V4 = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # RFC 1918
        "100.64.0.0/10",  # carrier-grade NAT; also a cloud's metadata service (100.100.100.200)
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's wire server, a public address that is only ever the host itself
        "169.254.0.0/16",  # link-local: 169.254.169.254 is the metadata service
        "172.16.0.0/12",  # RFC 1918
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relay
        "192.168.0.0/16",  # RFC 1918
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Only 2000::/3 is global unicast. All else is closed: ::1, ::ffff:0:0/96, 64:ff9b::/96 (NAT64), fc00::/7, fe80::/10...
_OPEN_V6 = ip_network("2000::/3")
_CLOSED_V6 = tuple(
    ip_network(block)
    for block in (
        "2001::/23",  # IETF protocol assignments: Teredo (2001::/32), ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_CLOSED_NAMES = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home.arpa", "onion")
_HINT = ": refused (an internal address can be opened by its exact host:port in the configuration)"
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class BlockedAddressError(AiwireError):
    """aiwire refuses to request this address; the message says which rule and how to allow an internal one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where a checked URL leads: the host exactly as it will be connected to, lower case, no brackets."""

    scheme: str
    host: str
    port: int

    @property
    def key(self) -> str:
        """`host:port`, as it is written in the configuration's list of allowed internal addresses."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def check_url(url: str, *, allowed: Collection[str] = ()) -> Target:
    """The target of an outbound URL, or BlockedAddressError.

    `allowed` holds exact `host:port` texts an operator opened on purpose; they skip the rules about addresses and
    names, never those about spelling. Whatever two URL parsers could read differently is refused, not interpreted.
    """
    target = _parse(url)
    if target.key not in allowed:
        check(target.host)
    return target


def check(host: str) -> None:
    """Refuse a host name or literal IP address that cannot be public. A name's addresses still need `check_address`."""
    text = host.lower().rstrip(".")
    literal = _literal(text)
    if literal is not None:
        check_address(literal)
    elif _NUMBER.fullmatch(text.rsplit(".", 1)[-1]):
        raise BlockedAddressError(
            f"{host!r} is a number that some programs read as an IPv4 address: write it as four decimal parts"
        )
    elif not _NAME.fullmatch(text):
        raise BlockedAddressError(
            f"{host!r} is not a host name: expected letters, digits and hyphens (xn--... for other alphabets)"
        )
    elif any(text == name or text.endswith(f".{name}") for name in _CLOSED_NAMES):
        raise BlockedAddressError(f"{host!r} names this machine or a private network{_HINT}")


def check_address(address: str | IPv4Address | IPv6Address) -> None:
    """Refuse an IP address that is not global unicast: called with the very address about to be connected to."""
    found = ip_address(address) if isinstance(address, str) else address
    if not is_public(found):
        raise BlockedAddressError(f"{found} is not a public internet address{_HINT}")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is global unicast by the tables above and, on top, by the standard library."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in block for block in _CLOSED_V4)
    return (
        address.scope_id is None
        and address in _OPEN_V6
        and address.is_global
        and not any(address in block for block in _CLOSED_V6)
    )


def _parse(url: str) -> Target:
    if _UNSAFE.search(url):
        raise BlockedAddressError(
            f"{_show(url)!r} has a backslash, space or control character: parsers disagree about its host"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BlockedAddressError(f"{_show(url)!r} is not a URL (its port is a number up to 65535)") from error
    if parts.scheme not in SCHEMES:
        raise BlockedAddressError(f"{_show(url)!r} has the scheme {parts.scheme!r}: only http and https are requested")
    if "@" in parts.netloc:
        raise BlockedAddressError(f"the URL for host {parts.hostname!r} carries a user name before its host: refused")
    if not parts.hostname or port == 0:
        raise BlockedAddressError(f"{_show(url)!r} names no host and port")
    _one_spelling(parts.netloc, parts.hostname)
    return Target(scheme=parts.scheme, host=parts.hostname.rstrip("."), port=port or SCHEMES[parts.scheme])


def _one_spelling(netloc: str, host: str) -> None:
    """The authority must be exactly host, or host:port: what is checked is what is connected to."""
    plain = f"[{host}]" if ":" in host else host
    rest = netloc.lower().removeprefix(plain)
    if not netloc.isascii() or netloc.lower() != plain + rest or not re.fullmatch(r"(:[0-9]{1,5})?", rest):
        raise BlockedAddressError(f"{netloc!r} can be read as more than one host: refused")


def _show(url: str) -> str:
    """Scheme and host only: paths and queries of webhooks and private feeds are secrets."""
    shown = re.match(r"[a-zA-Z0-9+.-]{0,20}:?/{0,2}[^/?#\\\\]{0,80}", url)
    return re.sub(r"[^/]*@", "", shown.group()) if shown else ""


def _literal(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
