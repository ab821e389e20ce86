"""Which ids, as sellers write them, are one maker's model: exact ids of reviewed makers, never a prefix."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from timeline import names

BEDROCK: Final = r"^((us|eu|apac|jp|au|global|us-gov)\.)?[a-z0-9]+\.(.+?)(-v\d+)?(:\d+)?$"
"""An id as Bedrock's API takes it, `us.anthropic.claude-3-haiku-20240307-v1:0`: the third group is the maker's own."""
_HOUSES: Final = {"zhipu": "zai"}  # one maker under two names, for two markets
_CLOUD: Final = "amazon"  # its ids are Bedrock's, also of what others made
_SELLERS: Final = frozenset({"azure"})  # what it has on file are models of others


@dataclass(frozen=True, kw_only=True, slots=True)
class SameModel:
    """An id, in lower case and without the path in front that routers write, and whose model it is."""

    name: str
    maker: str
    model: str  # the maker's own id: the fixed alias, where there is one
    model_class: str | None


def same_models() -> Iterator[SameModel]:
    """Every id that stands for one model of one maker, in order. What two makers call alike is left out."""
    found: dict[str, set[tuple[str, str]]] = {}
    for provider, model_id in names.all_ids():
        if provider in _SELLERS or (provider == _CLOUD and not model_id.startswith("amazon.")):
            continue
        if model_id in names.related_ids(_HOUSES.get(provider, "")):
            continue  # it is there under the maker's other name
        name = model_id.lower()
        written = {name, re.sub(BEDROCK, r"\3", name)} if provider == _CLOUD else {name}
        for one in written:
            found.setdefault(one, set()).add((provider, names.alias_of(provider, model_id)))
    for name, models in sorted(found.items()):
        if len(models) == 1:
            ((maker, model),) = models
            yield SameModel(name=name, maker=maker, model=model, model_class=names.model_class(maker, model))
