"""The response headers worth keeping: few, short, and none that could be a secret."""

from scrapy.http import Response

KEPT = (
    "age",
    "cache-control",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "location",
    "retry-after",
    "server",
)
_LONGEST = 500  # characters of one value


def of_response(response: Response) -> dict[str, str]:
    """The kept headers by lower-case name, as printable text; of a repeated header the last value."""
    found = {}
    for name in KEPT:
        value = response.headers.get(name)
        if value is not None:
            text = value.decode("latin-1")[:_LONGEST]
            found[name] = "".join(letter for letter in text if letter.isprintable())
    return found
