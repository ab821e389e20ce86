"""What a news item is about, by the rules of topics.toml: several topics, each with the reason.

None follows from one word, but for FIELD: that an item names the field at all.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from timeline.issues import AiwireError
from timeline.keys import digest

FIELD = "ai"
"""The topic of whatever concerns this market, as against what general feeds tell beside it; a subject of no page."""

LEAD = 400
"""Characters of the summary that count: what stands further down is rarely what an item is about."""

Pattern = re.Pattern[str]


class TopicRuleError(AiwireError):
    """A rule that could not hold, or would hold for one word alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Every group must be met, the first by the title (or `anywhere`); `against` by no part of the title."""

    because: str
    groups: tuple[Pattern, ...]
    against: Pattern | None
    anywhere: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """A topic with the rules that give it."""

    id: str
    title: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A topic of an item, and the words that led to it."""

    topic: str
    because: str
    words: tuple[str, ...]


def topics_of(title: str, summary: str = "", categories: Sequence[str] = ()) -> tuple[str, ...]:
    """The ids of an item's topics, in the order of topics.toml."""
    return tuple(found.topic for found in explained(title, summary, categories))


def explained(title: str, summary: str = "", categories: Sequence[str] = ()) -> Iterator[Found]:
    """The topics of an item, each with the rule that held and the words it found."""
    rest = f"{summary[:LEAD]} \n {' ; '.join(categories)}"
    for topic in topics():
        for rule in topic.rules:
            if words := _words(rule, title, rest):
                yield Found(topic=topic.id, because=rule.because, words=words)
                break


@cache
def topics() -> tuple[Topic, ...]:
    """All topics there are, as topics.toml lists them."""
    return parse((resources.files("timeline") / "topics.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=200)
def matcher(words: tuple[str, ...]) -> Pattern:
    """One pattern for any of some words, written as in topics.toml: `*` stands for the rest of a word."""
    return _pattern("words", words, {})


@cache
def fingerprint() -> str:
    """Changes whenever the rules do."""
    return digest((resources.files("timeline") / "topics.toml").read_text(encoding="utf-8"), size=8)


def parse(text: str) -> tuple[Topic, ...]:
    """The topics of a TOML text. Raises TopicRuleError for a rule with fewer than two groups, or an unknown set."""
    data = tomllib.loads(text)
    sets: Mapping[str, list[str]] = data.get("sets", {})
    return tuple(
        Topic(id=one["id"], title=one["title"], rules=tuple(_rule(one["id"], rule, sets) for rule in one["rules"]))
        for one in data["topic"]
    )


def _words(rule: Rule, title: str, rest: str) -> tuple[str, ...]:
    """What meets each group, no place counted twice; empty where a group is not met."""
    if rule.against is not None and rule.against.search(title):
        return ()
    taken: list[tuple[int, int]] = []
    words: list[str] = []
    text = f"{title} \n {rest}"
    for place, group in enumerate(rule.groups):
        ends = len(title) if place == 0 and not rule.anywhere else len(text)
        spans = ((match.start(), match.end()) for match in group.finditer(text, 0, ends))
        free = next((span for span in spans if _is_another(text, span, taken)), None)
        if free is None:
            return ()
        taken.append(free)
        words.append(text[free[0] : free[1]])
    return tuple(words)


def _is_another(text: str, span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    """Whether it stands at a place of its own and is a word of its own: "Robots ... robot" is one word, said twice."""
    word = _bare(text[slice(*span)])
    return all((span[1] <= lo or span[0] >= hi) and word != _bare(text[lo:hi]) for lo, hi in taken)


def _bare(word: str) -> str:
    return word.casefold().strip(" .,-").removesuffix("s")


def _rule(topic: str, rule: Mapping[str, object], sets: Mapping[str, list[str]]) -> Rule:
    if isinstance(named := rule.get("named"), list) and topic == FIELD:
        return Rule(
            because=str(rule["because"]), groups=(_pattern(topic, named, sets),), against=None, anywhere=True
        )  # fmt: skip
    groups, against = rule.get("groups"), rule.get("not")
    if not isinstance(groups, list) or len(groups) < 2:
        raise TopicRuleError(f"topics.toml, {topic}: a rule needs two groups or more, or one word would be enough")
    return Rule(
        because=str(rule["because"]),
        groups=tuple(_pattern(topic, group, sets) for group in groups),
        against=_pattern(topic, against, sets) if isinstance(against, list) else None,
    )


def _pattern(topic: str, words: Sequence[str], sets: Mapping[str, list[str]]) -> Pattern:
    spelled = "|".join(sorted({*_spelled(topic, words, sets)}, key=lambda each: (-len(each), each)))
    return re.compile(rf"(?<![\w.-])(?:{spelled})(?!\w)", re.I)


def _spelled(topic: str, words: Sequence[str], sets: Mapping[str, list[str]]) -> Iterator[str]:
    for word in words:
        if not word.startswith("@"):
            yield (
                re.escape(word.replace("'", "’"))
                .replace(r"\*", r"[\w.,-]{0,30}")
                .replace("’", "['’]")
                .replace(r"\ ", r"\s+")
            )
        elif word[1:] in sets:
            yield from _spelled(topic, sets[word[1:]], sets)
        else:
            raise TopicRuleError(f"topics.toml, {topic}: there is no set {word[1:]!r}")
