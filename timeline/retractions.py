"""What a lifecycle page takes back, or says only where something else was lost on the way. Pure.

A row, a table or a heading that was lost reads like news: an older announcement of the model takes over, its date or
its replacement is gone. So less than was said counts as absence does: when a later look says it too.
"""

from collections.abc import Mapping
from datetime import date

from timeline.facts import Fact
from timeline.notices import Notice

REASONS = ("ended_before_listed", "ended_before_seen", "older_announcement", "takes_back", "crossed")
_LIFE = ("preview", "active", "legacy", "deprecated", "retired")


def doubt(old: Notice | None, new: Notice, shown: date | None) -> str | None:
    """Why a notice is not believed at the first look, in one word; None where it is plausible.

    `old` is what is believed, and `shown` the day of the last look that showed it. A model that is listed for the first
    time when it has ended can wait: perhaps a heading was lost, and with it what its rows are about. So can an end that
    the page did not know when it was already past.
    """
    if old is None:
        return "ended_before_listed" if new.status == "retired" else None
    if _told(old) == _told(new):
        return None
    if old.announced_on and new.announced_on and _is_before(new.announced_on, old.announced_on):
        return "older_announcement"
    if _says_less(old, new) or _lives_again(old, new):
        return "takes_back"
    ended = shown and new.retires_on and new.retires_on != old.retires_on
    return "ended_before_seen" if ended and _is_before(str(new.retires_on), str(shown)) else None


def crossed(moves: Mapping[str, tuple[Fact | None, Fact]]) -> set[str]:
    """Keys of models that are now replaced by the one they replaced: two columns were mixed up."""
    names: dict[str, set[str]] = {}
    for old, _ in moves.values():
        if isinstance(old, Notice):
            for replacement in old.replacements:
                names.setdefault(replacement, set()).add(old.model_id or old.model)
    return {
        key
        for key, (_, new) in moves.items()
        if isinstance(new, Notice) and names.get(new.model_id or new.model, set()) & {*new.replacements}
    }


def _told(notice: Notice) -> tuple[object, ...]:
    """What events tell of a notice."""
    return notice.status, notice.retires_on, notice.not_before, frozenset(notice.replacements)


def _says_less(old: Notice, new: Notice) -> bool:
    """A date, a floor or the replacement is gone; or all that is said is a replacement for what goes on."""
    ends = new.status == "retired"
    date_gone = bool(old.retires_on and not new.retires_on) and not (ends and old.status != "retired")
    floor_gone = bool(old.not_before and not new.not_before and not new.retires_on) and not ends
    odd = bool(new.replacements and not old.replacements) and new.status == "active" and not new.retires_on
    return date_gone or floor_gone or odd or bool(old.replacements and not new.replacements)


def _lives_again(old: Notice, new: Notice) -> bool:
    """The status goes back, or it has ended on an earlier day than was said: by an older announcement, perhaps."""
    early = bool(old.retires_on and new.retires_on) and _is_before(str(new.retires_on), str(old.retires_on))
    return _LIFE.index(new.status) < _LIFE.index(old.status) or (early and new.status == "retired")


def _is_before(one: str, other: str) -> bool:
    """Whether a day or month is before another, as far as both are precise."""
    shared = min(len(one), len(other))
    return one[:shared] < other[:shared]
