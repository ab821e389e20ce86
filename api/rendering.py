"""Rendering: templates with everything escaped, and the few words they may use."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response

from api import answers, crowds, keepings, problems, statics, times
from timeline.dates import day, moment, short_day
from timeline.events import by_calendar
from timeline.names import title
from timeline.offers import conditions, meter
from timeline.tellers import BUNDLED, teller
from timeline.words import capital, counted

HTML = "text/html; charset=utf-8"
SECTIONS = (
    ("/", "The wire"), ("/models", "Models"), ("/compare", "Compare"), ("/deadlines", "Deadlines"), ("/news", "News"),
    ("/funding", "Funding"), ("/incidents", "Incidents"), ("/figures", "Figures"), ("/corrections", "Corrections"),
    ("/sources", "Sources"), ("/docs", "API"),
)  # fmt: skip


def page(
    template: str,
    *,
    section: str,
    now: datetime | None,
    tag: str | None = None,
    status: int = 200,
    address: str | None = None,
    **values: object,
) -> Response:
    """A page as an answer. `section` is the entry of the navigation it belongs to; `now` dates it
    (None where no clock may be asked). A page of a moment (`wanted`) leads to pages of that moment.
    `address`: its own, where it has no permanent one."""
    given: dict[str, Any] = {"data_url": None, "permanent": None, "feed": None, "wanted": None, **values}
    asked = keepings.asked(given["permanent"] or address, given["wanted"])
    told = templates().get_template(template).render({**given, "section": section, "now": now, "asked": asked})
    text = keepings.kept(told, asked["moments"])
    headers = answers.headers(tag) if tag else {"Cache-Control": "no-store"}
    return Response(text, status_code=status, headers=headers, media_type=HTML)


def problem_page(problem: problems.Problem, *, told: object) -> Response:
    """A problem for a person who opened a page; `told` has the words for it, see api.pages.errors."""
    answer = page("problem.html", section="", now=None, status=problem.status, problem=problem, told=told)
    answer.headers.update(dict(problem.headers))
    return answer


@cache
def templates() -> Environment:
    """The environment: everything is escaped, an unknown name is an error, nothing of it comes from users."""
    made = Environment(
        loader=PackageLoader("api", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"sections": SECTIONS, "static": statics.address, "model_path": model_path, "bundled": BUNDLED}
    made.filters |= {
        "ago": times.ago,
        "capital": capital,
        "conditions": conditions,
        "counted": counted,
        "day": day,
        "effective": effective,
        "duration": times.duration,
        "figure": figure,
        "meter": meter,
        "plain_lines": crowds.plain_lines,
        "provider": title,
        "seen": seen,
        "short_day": short_day,
        "stamp": times.stamp,
        "teller": teller,
        "web": web,
        "weekday": times.weekday,
        "when": when,
    }
    return made


def model_path(provider: str, model: str) -> str:
    """The page of a model. A `/` in its name stays one: the route takes the rest of the path."""
    return f"/models/{quote(provider, safe='')}/{quote(model, safe='/')}"


def figure(value: Decimal) -> str:
    """`1,000`, `0.25`: a number as people write it, never with an exponent."""
    return f"{value.normalize():,f}"


def web(address: object) -> str:
    """The address if it is one of the web, else nothing: `javascript:` and its like never become a link."""
    text = str(address or "")
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc else ""


def when(row: Mapping[str, Any]) -> Markup:
    """The time of day of an event, for the margin of its article; a dash where only the day is known."""
    at: datetime = row["observed_at"]
    stamp = times.stamp(at)
    text = times.clock_time(at) if stamp.endswith("UTC") else ""
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), stamp, text)


def effective(row: Mapping[str, Any]) -> str:
    """The day a price takes effect, where that is not the day on which it was seen. Other headlines say theirs."""
    text = (row["effective_at"] or "") if row["kind"].startswith("price.") else ""
    observed: datetime = row["observed_at"]
    return "" if text[:10] == observed.date().isoformat() else day(text)


def by_the_calendar(row: Mapping[str, Any]) -> bool:
    """Whether no look showed the event: a day came that a page had stated before."""
    told = (row["after"] or {}).get("captured_at")
    stated = moment(told) if told else None
    return by_calendar(row["kind"], stated, row["observed_after"], row["observed_at"], baseline=row["baseline"])


def seen(row: Mapping[str, Any]) -> str:
    """Between which two looks an event happened; of bundled history, that it is.

    Of what the calendar tells, when the page was last read, where the row has that as `last_read` and it was before.
    """
    if row["origin"] == "bundled":
        return "from the bundled history"
    if row["kind"] == "model.retirement_due":
        return f"by the calendar, {times.stamp(row['observed_at'])}"
    if by_the_calendar(row):
        read = row.get("last_read")
        unseen = f"; the page was last read {short_day(read)}" if read and read < row["observed_at"] else ""
        return f"by the calendar, as announced, {times.stamp(row['observed_at'])}{unseen}"
    return times.seen(row["observed_after"], row["observed_at"])
