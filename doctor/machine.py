"""The machine: Python, room, whose files they are, and what the environment says that aiwire does not read."""

import os
import ssl
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import vitals
from doctor.findings import Finding, bad, note, ok

LEAST_PYTHON: Final = (3, 11)
READ: Final = (
    "AIWIRE_HOME",
    "AIWIRE_CONFIG",
    "AIWIRE_PORT",
    "AIWIRE_CONTACT",
    "AIWIRE_READER_PASSWORD",
    "DATABASE_URL",
)
"""The variables that aiwire reads by itself; aiwire.toml may name others."""
OURS: Final = ("AIWIRE_TEST_", "AIWIRE_TORTURE")
"""What the tests read."""
PROXIES: Final = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")
BUNDLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""Where other programs look for certificates."""
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """Old ones may start and fail later."""
    said = ".".join(map(str, version))
    if version[:2] < LEAST_PYTHON:
        return bad("python", f"Python {said}", do="install Python 3.11 or newer, then `make install`", where=sys.prefix)
    return ok("python", said)


def environment(environ: Mapping[str, str], named: str = "") -> Iterator[Finding]:
    """Variables that look like ours and are read by nobody. `named` is the text of aiwire.toml, which names others."""
    strange = [
        name
        for name in environ
        if (name.startswith("AIWIRE_") or name in ("DATABASE_URI", "AIWIRE")) and name not in READ
        if not name.startswith(OURS) and name not in named
    ]
    for name in strange:
        bare = name.removeprefix("AIWIRE_")
        near = [bare] if bare in READ else get_close_matches(name, READ, n=1, cutoff=0.75)
        meant = f"did you mean {near[0]}?" if near else "take it away"
        yield note("environment", f"{name} is set, and nothing reads it", where="the environment", do=f"{meant}")
    if not strange:
        yield ok("environment", "every AIWIRE_ variable is read")


def proxy(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What leaves the machine goes straight to an address that was checked: through a proxy nobody could check it."""
    found = [name for name in PROXIES if environ.get(name)]
    if found:
        yield note(
            "proxy",
            f"{found[0]} is set; aiwire does not use it: it connects to the sites themselves",
            where="the environment",
            do="let this machine reach the sites' ports 443, or run aiwire on one that may",
        )


def certificates(environ: Mapping[str, str], paths: ssl.DefaultVerifyPaths | None = None) -> Iterator[Finding]:
    """Whether TLS has anybody to trust."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if (where := environ.get(name)) and not Path(where).exists():
            do = "name a file that is there (a folder for SSL_CERT_DIR), or unset it"
            yield bad("certificates", f"{name} names nothing that exists", where=where, do=do)
            return
    paths = paths or ssl.get_default_verify_paths()
    if not paths.cafile and not (paths.capath and any(Path(paths.capath).iterdir())):
        do = "install the package ca-certificates, or set SSL_CERT_FILE"
        where = paths.openssl_cafile
        yield bad("certificates", "no certificates of authorities: no site can be trusted", where=where, do=do)
        return
    other = [name for name in BUNDLES if environ.get(name)]
    if other and not environ.get("SSL_CERT_FILE"):
        found = f"{other[0]} is set and SSL_CERT_FILE is not: aiwire reads only that"
        yield note("certificates", found, where="the environment", do=f'export SSL_CERT_FILE="${other[0]}"')
        return
    yield ok("certificates", str(paths.cafile or paths.capath))


def home(folder: Path, free: vitals.Free = vitals.free) -> Iterator[Finding]:
    """Whether aiwire may write where it keeps its data, and how much."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK):
        do = "run aiwire as the user it belongs to, or set AIWIRE_HOME"
        yield bad("home", "it cannot be written to", where=str(there), do=do)
        return
    yield ok("home", "can be written to", where=str(folder))
    left = free(folder)
    said = f"{left / 2**30:.1f} GiB free"
    if left < vitals.LEAST_FREE:
        do = "make room: `aiwire prune` drops old attempts; at a full disk the database stands still"
        yield bad("disk", said, where=str(folder), do=do)
    else:
        yield ok("disk", said, where=str(folder))


def files(secret: Iterable[Path]) -> Iterator[Finding]:
    """Files with secrets in them that others may read."""
    open_to_others = [path for path in secret if path.exists() and path.stat().st_mode & OTHERS]
    for path in open_to_others:
        mode = f"{stat.S_IMODE(path.stat().st_mode):04o}"
        do = f"chmod 600 {path}; if others have accounts here, change the secrets in it too"
        yield bad("files", f"it holds secrets, and others may read it (mode {mode})", where=str(path), do=do)
    if not open_to_others:
        yield ok("files", "no secret lies open")
