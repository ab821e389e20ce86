"""Which of a model's prices is the plain one: what is paid without a batch, a tier, a long context or a region."""

from collections.abc import Mapping
from typing import Any

SPECIAL = 3  # from this rank on a price is not the plain one


def plainness(row: Mapping[str, Any]) -> tuple[int, bool, str]:
    """By which prices are sorted, the plainest first; of equally plain ones those in dollars.

    The rank is 0 without conditions, 1 in the standard tier, 2 for the shorter context, SPECIAL for anything else.
    """
    held = row["conditions"] or {}
    conditions = dict(held)
    standard = conditions.pop("service_tier", None) in (None, "standard")
    short = conditions.pop("context_upto", None) is not None
    rank = SPECIAL if conditions or not standard else 2 if short else int(bool(held))
    return rank, row["currency"] != "USD", str(sorted(held.items()))
