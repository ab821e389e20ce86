"""Columns of a price table that hold what other sellers ask, beside what this page's own provider does."""

import re
from collections.abc import Iterator
from dataclasses import replace

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Table
from crawler.extract.labels import Label, read_label
from crawler.extract.outcomes import Outcome, ignored, together

_KNOWN = re.compile(  # companies that sell models or what they run on; none is the name of a model
    r"\W*(?:the )?(?:open ?ai|azure(?: open ?ai)?|microsoft(?: azure)?|aws|amazon(?: web services)?|gcp"
    r"|google(?: cloud)?|anthropic|cohere|mistral(?: ai)?|groq(?:cloud)?|together(?:\.ai| ai)?|fireworks(?:\.ai| ai)?"
    r"|replicate|deep ?infra|perplexity|eleven ?labs|deepgram|assembly ?ai|openrouter|lambda(?: labs)?|core ?weave"
    r"|run ?pod|vast(?:\.ai)?|modal|nebius|hyperbolic|novita(?: ai)?|cerebras|samba ?nova|oracle(?: cloud)?"
    r"|ibm(?: cloud)?|paperspace|voyage(?: ai)?|pinecone|stability(?: ai)?|fal(?:\.ai)?|runway|hugging ?face"
    r"|competitors?|others?|(?:industry |market )?(?:average|typical)|elsewhere)\W*",
    re.I,
)
_ALIASES = {"aws": "amazon", "amazonwebservices": "amazon", "gcp": "google"}
_SHORTEST = 3  # letters of a name that may be a part of another
_OWN = re.compile(r"\W*(?:us|ours?|we|with us)\W*", re.I)


def without_columns_of_others(table: Table, provider: str) -> tuple[Table, Outcome]:
    """The table with the columns of other sellers emptied, and what is said of them.

    What is left of a header without its price words ("OpenAI" over "Input") is the name of a known seller, and another
    column of the same meaning, or one that names this provider, is none of theirs.
    """
    columns = list(_columns(table, provider))
    if not columns:
        return table, Outcome()
    rows = tuple(
        tuple(replace(cell, text="", struck=(), links=()) if at in columns else cell for at, cell in enumerate(row))
        for row in table.grid.rows
    )
    aside = (
        ignored(" ".join(table.grid.headers[at]), "what another seller asks", f"{table.locator} column {at + 1}")
        for at in columns
    )
    return replace(table, grid=replace(table.grid, rows=rows)), together(aside)


def is_seller(name: str) -> bool:
    """Whether a name is that of a company that sells models or machines, and of no model."""
    return _KNOWN.fullmatch(name) is not None


def _columns(table: Table, provider: str) -> Iterator[int]:
    labels = [read_label("\n".join(path)) for path in table.grid.headers]
    priced = [at for at in range(1, len(labels)) if labels[at].prices or _is_priced(table, at)]
    own = {_meant(labels[at]) for at in priced if not _is_other(labels[at], provider)}
    ours = any(_OWN.fullmatch(labels[at].rest) or _is_same(labels[at].rest, provider) for at in priced)
    for at in priced:
        if _is_other(labels[at], provider) and (ours or _meant(labels[at]) in own):
            yield at


def _is_priced(table: Table, column: int) -> bool:
    return any(has_money(row[column].text) for row in table.grid.body)


def _is_other(label: Label, provider: str) -> bool:
    return _KNOWN.fullmatch(label.rest) is not None and not _is_same(label.rest, provider)


def _is_same(words: str, provider: str) -> bool:
    plain, own = (re.sub(r"(?:ai|cloud|labs)$|[^a-z0-9]", "", each.lower().strip()) for each in (words, provider))
    plain = _ALIASES.get(plain, plain)
    return min(len(plain), len(own)) >= _SHORTEST and (plain in own or own in plain)


def _meant(label: Label) -> tuple[object, ...]:
    return label.sides, label.cache, label.unit, label.modalities
