"""Forms: what a list can be had as besides JSON, by the ending of its address or by `Accept`."""

from collections.abc import Mapping, Sequence

JSON = "json"
TABLES: Mapping[str, str] = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}
FEEDS: Mapping[str, str] = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "feed.json": "application/feed+json",
}
CALENDAR = {"ics": "text/calendar; charset=utf-8"}
MEDIA_TYPES: Mapping[str, str] = {JSON: "application/json", **TABLES, **FEEDS, **CALENDAR}

_NAMES = {kind.partition(";")[0]: form for form, kind in MEDIA_TYPES.items()} | {"application/jsonl": "ndjson"}


def media_type(form: str) -> str:
    """The media type of a form, without its parameters."""
    return MEDIA_TYPES[form].partition(";")[0]


def wanted(accept: str, offered: Sequence[str]) -> str:
    """The form that an `Accept` header likes best among those offered; JSON where it likes none of them better.

    Ties go to what stands first. Ranges (`*/*`) ask for JSON. See RFC 9110, 12.5.1.
    """
    best, weight = JSON, 0.0
    for item in accept.split(","):
        name, *parameters = item.split(";")
        kind = name.strip().lower()
        form = JSON if kind in ("*/*", "application/*") else _NAMES.get(kind, "")
        quality = _quality(parameters)
        if form in (JSON, *offered) and quality > weight:
            best, weight = form, quality
    return best


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                quality = float(value)
            except ValueError:
                return 0.0
            return quality if 0 <= quality <= 1 else 0.0
    return 1.0
