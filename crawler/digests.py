"""Digests as WARC files label them: `sha1:` and other algorithms, in base 32 or in hexadecimal. Pure."""

import base64
import binascii
import hashlib

from timeline.issues import AiwireError

ALGORITHMS = {
    name.replace("_", ""): name for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b")
}


class DigestError(AiwireError):
    """A digest that does not fit, or cannot be checked."""


def verify(name: str, label: str | None, *candidates: bytes) -> None:
    """Raises DigestError unless one of the candidates has this digest. Where there is none there is nothing to say."""
    if label is None:
        return
    algorithm, value = parsed(name, label)
    found = [hashlib.new(algorithm, data, usedforsecurity=False).digest() for data in candidates]
    if value not in found:
        raise DigestError(f"its bytes do not have its {name}, {label[:140]}: damaged, or changed since")


def parsed(name: str, label: str) -> tuple[str, bytes]:
    """Algorithm and digest of a label. Raises DigestError."""
    algorithm, _, text = label.partition(":")
    algorithm = ALGORITHMS.get(algorithm.strip().lower().replace("-", ""), "")
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size if algorithm else 0
    for decode in _DECODERS:
        try:
            value = decode(text.strip())
        except (binascii.Error, ValueError):
            continue
        if size and len(value) == size:
            return algorithm, value
    known = ", ".join(ALGORITHMS)
    raise DigestError(f"{name} is {label[:140]!r}, expected {known} and a colon before base 32 or hexadecimal")


def _base32(text: str) -> bytes:
    text = text.rstrip("=")
    return base64.b32decode(text + "=" * (-len(text) % 8), casefold=True)


_DECODERS = (bytes.fromhex, _base32)
