"""Secrets: values that do not print, and the means to strike them out of any text."""

import hmac
from collections.abc import Iterable
from typing import NoReturn
from urllib.parse import parse_qsl, urlsplit

STRUCK = "[secret]"


class Secret:
    """A token, password or webhook address. `reveal()` gives the text; nothing else does.

    It does not print, format, pickle or turn into JSON, so that it reaches no log, error or database by accident.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret itself: to be used at the edge that needs it, never stored or formatted."""
        return self._text

    def __repr__(self) -> str:
        return STRUCK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __bool__(self) -> bool:
        return bool(self._text)

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled; pass the name of where it is kept instead")


class Unset(Secret):
    """Stands for the secret in an environment variable that was not asked, because nobody is told anything.

    `variable` is the name of it; there is nothing to reveal.
    """

    __slots__ = ("variable",)

    def __init__(self, variable: str) -> None:
        super().__init__("")
        self.variable = variable

    def reveal(self) -> NoReturn:
        """Raises RuntimeError: who needs the secret loads the configuration with it."""
        raise RuntimeError("the configuration was loaded without secrets: nothing may be sent with it")


def strike(text: str, secrets: Iterable[Secret]) -> str:
    """`text` without the secrets; of an address its path, query and token are struck too, as servers echo them."""
    parts = {part for secret in secrets for part in _parts(secret.reveal())}
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, STRUCK)
    return text


def _parts(text: str) -> list[str]:
    parts = [text]
    if text.startswith(("http://", "https://", "postgres://", "postgresql://")):
        parts += _parts_of_address(text)
    return [part for part in parts if len(part) >= 4]


def _parts_of_address(text: str) -> list[str]:
    try:
        address = urlsplit(text)
    except ValueError:  # not an address after all
        return []
    path = address.path + (f"?{address.query}" if address.query else "")
    token = address.path.rstrip("/").rpartition("/")[2]
    values = [value for _, value in parse_qsl(address.query)]
    return [part for part in (path, address.path, address.query, address.password, token, *values) if part]
