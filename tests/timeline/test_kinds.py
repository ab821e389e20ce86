"""Each kind of event is documented, and each documented kind is told by somebody."""

import re
import tomllib
from importlib import resources
from pathlib import Path

from timeline.headlines import KINDS

DOCUMENTED = tomllib.loads((resources.files("timeline") / "kinds.toml").read_text(encoding="utf-8"))
CHECKOUT = Path(__file__).resolve().parents[2]


def test_what_is_documented_of_the_world_has_a_headline_and_nothing_else() -> None:
    ours = {kind for noun in DOCUMENTED.keys() - {"source", "wire"} for kind in DOCUMENTED[noun]}
    assert set(KINDS) == ours


def test_every_documented_kind_is_told_somewhere() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for package in ("timeline", "crawler")
        for path in (CHECKOUT / package).rglob("*.py")
        if path.name != "headlines.py"
    )
    for noun in DOCUMENTED.values():
        for kind in noun:
            assert f'"{kind}"' in code, f"{kind} is documented and nobody tells it"


def test_kinds_are_nouns_and_past_participles_and_say_what_they_tell() -> None:
    for noun, kinds in DOCUMENTED.items():
        for kind, entry in kinds.items():
            assert re.fullmatch(rf"{noun}\.[a-z_]+", kind)
            assert set(entry) <= {"tells", "old", "new"}
            assert entry["tells"].endswith(".")
