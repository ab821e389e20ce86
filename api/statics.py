"""The static files of the pages: looked up among those there are, so that no name can lead anywhere else."""

import hashlib
import mimetypes
from functools import cache
from importlib.resources import files

from starlette.responses import Response

from api import problems

FOREVER = "public, max-age=31536000, immutable"


def get_static(name: str) -> Response:
    """One file. Raises a 404 problem for any other name."""
    found = _all().get(name)
    if found is None:
        raise problems.not_found("there is no such file")
    body, media_type, _ = found
    return Response(body, media_type=media_type, headers={"Cache-Control": FOREVER})


def address(name: str) -> str:
    """Where a page finds a file; the address changes with its bytes."""
    return f"/static/{name}?v={_all()[name][2]}"


@cache
def _all() -> dict[str, tuple[bytes, str, str]]:
    bodies = {item.name: item.read_bytes() for item in (files("api") / "static").iterdir() if item.is_file()}
    return {
        name: (body, mimetypes.guess_type(name)[0] or "application/octet-stream", hashlib.sha256(body).hexdigest()[:12])
        for name, body in bodies.items()
    }
