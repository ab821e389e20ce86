"""Names that are like one that nobody knows: what somebody may have meant. Pure."""

import difflib
from collections.abc import Collection
from typing import Final

MOST: Final = 4  # names
ALIKE: Final = 0.75  # of 1: how alike two names are whose letters differ
VERY: Final = 0.88  # of 1: a slip of the hand, likelier than a part of a longer name
SHORTEST: Final = 3  # letters that a name must have to be looked for within others
LONGEST: Final = 100  # letters of a name that are compared one by one


def near(name: str, there: Collection[str]) -> list[str]:
    """The known names that are most like `name`: but for their case, then those a slip away, those it is a part of,
    those with many of its letters. A provider before a slash is left aside. Empty where nothing is like it.
    """
    wanted = name.casefold().strip()
    short = wanted.rpartition("/")[2].replace(" ", "-")
    folded = {one.casefold(): one for one in sorted(there, reverse=True)}
    same = [folded[one] for one in (wanted, short) if one in folded]
    if same:
        return [*dict.fromkeys(same)]
    if not SHORTEST <= len(short) <= LONGEST:
        return []
    parts = sorted((one for one in folded if short in one), key=lambda one: (not one.startswith(short), len(one), one))
    slips = difflib.get_close_matches(short, folded, n=MOST, cutoff=VERY)
    alike = difflib.get_close_matches(short, folded, n=MOST, cutoff=ALIKE) if len(parts) + len(slips) < MOST else []
    return [folded[one] for one in [*dict.fromkeys([*slips, *parts, *alike])][:MOST]]
