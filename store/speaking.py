"""Which of several sources speaks for a price: one order, for the public functions and for our own filtered queries.

docs/sql.md says it in words. What costs a look into the past (timeline.price_standing) is asked only where sources of
one trust differ, so that an undisputed price costs no more than finding it.
"""

import re
from typing import Final, LiteralString

BEST: LiteralString = (
    "array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], trust), "
    "seen_until DESC NULLS LAST, effective_from DESC, source"
)
"""Of models: the order in which their sources are believed, by trust, then by how lately they looked."""
_OFFER: LiteralString = "model_id, provider, meter, currency, unit, conditions, CASE WHEN model_id IS NULL THEN key END"
_DIFFER: LiteralString = "min(unit_amount) OVER peers < max(unit_amount) OVER peers"
_STANDING: LiteralString = "timeline.price_standing(source, key, provider, model_id, meter, $at, $known_at)"
_SPOKEN: LiteralString = f"""
    SELECT DISTINCT ON ({_OFFER}) $columns
      FROM $claims
    WINDOW peers AS (PARTITION BY {_OFFER}, trust)
     ORDER BY {_OFFER}, array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], trust),
              state = 'unknown',
              -- Whoever has not looked for a quarter, while another has, is asked last.
              max(least(seen_until, $at)) OVER peers - least(seen_until, $at) > interval '90 days' NULLS LAST,
              CASE WHEN {_DIFFER} THEN $standing END DESC NULLS LAST,
              CASE WHEN {_DIFFER} THEN effective_from END DESC NULLS LAST,
              seen_until DESC NULLS LAST, effective_from DESC, source, key
"""
_IN_VIEWS: Final = re.compile(r"\{\{speaks:([^|}]+)\|([^|}]+)\|([^|}]+)\|([^|}]+)\}\}")


def speaking(
    columns: LiteralString, claims: LiteralString, at: LiteralString, known_at: LiteralString
) -> LiteralString:
    """The query for one row of each price, of the source that speaks for it.

    `columns` of `claims`, a FROM item with those of timeline.price_claims at the moment `at`, as known at `known_at`
    (`NULL`: now).
    """
    query = _SPOKEN.replace("$columns", columns).replace("$claims", claims).replace("$standing", _STANDING)
    return query.replace("$at", at).replace("$known_at", known_at)


def fill_in(text: str) -> str:
    """The text of a view with `{{speaks: columns | claims | at | known_at}}` written out."""
    return _IN_VIEWS.sub(lambda found: speaking(*(part.strip() for part in found.groups())), text)
