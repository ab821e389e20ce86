"""An issue: a problem with a source that a person should see."""

from dataclasses import dataclass


class AiwireError(Exception):
    """The root of every error aiwire raises on purpose: says what was expected, what was found, and where."""


class MistakeError(AiwireError):
    """What was asked for cannot be meant: a command ends with exit code 2, as it does for an unknown option."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """One thing that was not understood, or not believed.

    `code` is a stable word (`unknown_unit`, `unknown_column`, `bot_wall`, `count_below_minimum`, ...);
    `message` says what was found and what was expected; `locator` where in the document.
    `fatal` issues make the capture bad: nothing of it reaches the timeline.
    """

    code: str
    message: str
    locator: str = ""
    fatal: bool = False
