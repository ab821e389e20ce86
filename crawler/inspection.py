"""`aiwire sources check`: what the pipeline makes of one document, laid open for a person. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.advice import advice
from crawler.checks import check
from crawler.extract.document import Document, Ignored
from crawler.extract.sniffing import sniff
from crawler.laying import Laid, lay_out, titles_of
from crawler.precedent import Precedent
from crawler.reading import Judged, document_of, judge
from crawler.source import Expect, Source
from timeline.facts import Fact
from timeline.figures import Figure
from timeline.issues import Issue
from timeline.meters import meters
from timeline.names import known_as
from timeline.notices import Notice
from timeline.observations import Verdict
from timeline.prices import PricePoint
from timeline.specs import ModelSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class Unresolved:
    """A model whose printed name stands for no id, and the line of timeline/names.toml that would change that."""

    provider: str
    model: str
    line: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """One structural check: what it asks, and what is wrong (empty: nothing)."""

    asks: str
    wrong: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """Something that was not understood, and what to do about it."""

    issue: Issue
    do: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """Everything `aiwire sources check` says of a document."""

    source: Source
    url: str
    at: datetime
    reader: str  # and its version
    form: str  # markdown, html, json, xml, binary
    bytes: int
    verdict: Verdict  # bad: this would hold the timeline
    facts: tuple[Fact, ...]
    laid: tuple[Laid, ...]
    ignored: tuple[Ignored, ...]
    doubts: tuple[Doubt, ...]
    unresolved: tuple[Unresolved, ...]
    checks: tuple[Applied, ...]

    @property
    def understood(self) -> bool:
        """Whether everything in scope was read or left out on purpose, and every check holds."""
        return not self.doubts


def inspect(
    source: Source,
    body: bytes,
    *,
    url: str,
    at: datetime,
    content_type: str = "",
    live: bool = True,
    last_good: Precedent | None = None,
    accepted: bool = False,
) -> Inspection:
    """Read and judge a document just as the pipeline does.

    `live`: it is what the page says today, so that `expect` is asked of it. `last_good`: the believed capture before,
    None where nothing is known of it. `accepted`: an operator has taken this capture as it is.
    """
    document = document_of(source, body, url=url, at=at, content_type=content_type)
    judged = judge(source, document, live=live, last_good=last_good)
    judged = judged.accepted() if accepted else judged
    facts = tuple(judged.read.facts)
    titles = titles_of(document, kind=source.kind) if source.extract is None else {}
    issues = sorted(judged.reading.issues, key=lambda issue: not issue.fatal)
    return Inspection(
        source=source,
        url=url,
        at=at,
        reader=judged.version,
        form=sniff(body, content_type),
        bytes=len(body),
        verdict=judged.verdict,
        facts=facts,
        laid=lay_out(facts, titles),
        ignored=tuple(judged.reading.ignored),
        doubts=tuple(Doubt(issue=issue, do=advice(issue.code)) for issue in issues),
        unresolved=tuple(_unresolved(facts)),
        checks=tuple(_applied(judged, document, source.expect, last_good)),
    )


def suggested(inspection: Inspection) -> str:
    """The `expect` a source could have, from what was read today: room to grow, and the families of its models."""
    count = len(inspection.facts)
    bounds = f"facts = [{max(1, count * 6 // 10)}, {count * 2}]"
    names = [fact.model for fact in inspection.facts if isinstance(fact, PricePoint | Notice | ModelSpec)]
    names += [fact.subject for fact in inspection.facts if isinstance(fact, Figure)]
    families: dict[str, int] = {}
    for name in dict.fromkeys(names):
        word = name.replace("-", " ").split()[0] if name.split() else ""
        families[word] = families.get(word, 0) + 1
    best = max(families, key=lambda word: families[word], default="")
    models = f', models = ["{best}"]' if best.isalnum() and len(best) > 2 else ""
    return f"expect = {{ {bounds}{models} }}"


def _unresolved(facts: Sequence[Fact]) -> Iterator[Unresolved]:
    """Models of which no fact names the id. Tools, seats and machines are no models."""
    modalities = {name: meter.modality for name, meter in meters().items()}
    names: dict[tuple[str, str], bool] = {}
    for fact in facts:
        if not isinstance(fact, PricePoint | Notice | ModelSpec) or fact.model_id is not None:
            continue
        if isinstance(fact, PricePoint):
            is_model = modalities.get(fact.meter) != "none"
        else:
            is_model = isinstance(fact, ModelSpec) or fact.subject_kind == "model"
        if is_model:
            names[fact.provider, fact.model] = True
    for provider, model in names:
        yield Unresolved(provider=provider, model=model, line=known_as(provider, model))


def _applied(judged: Judged, document: Document, expect: Expect, last_good: Precedent | None) -> Iterator[Applied]:
    """Each check by itself, whatever the verdict counts: what `expect` asks is shown for older captures too."""
    plain = check(judged.read, document=document, expect=Expect(), live=False, last_good=None)
    new = [issue for issue in plain.issues if issue not in judged.read.issues]
    asks = "at least one fact, no login page and no bot wall; no impossible dates; nothing told twice with two values"
    yield Applied(asks=asks, wrong=_wrong(new))
    single = [(f"{bounds[0]} to {bounds[1]} facts", Expect(facts=bounds)) for bounds in [expect.facts] if bounds]
    single += [(f"the page says {marker!r}", Expect(markers=(marker,))) for marker in expect.markers]
    single += [(f"some model's name holds {model!r}", Expect(models=(model,))) for model in expect.models]
    for asks, one in single:
        found = check(judged.read, document=document, expect=one, live=True, last_good=None).issues
        yield Applied(asks=asks, wrong=_wrong([issue for issue in found if issue not in plain.issues]))
    if last_good is not None:
        found = check(judged.read, document=document, expect=Expect(), live=True, last_good=last_good).issues
        asks = f"whole, in the same letters, and of the size of the last good capture ({len(last_good.facts)} facts)"
        yield Applied(asks=asks, wrong=_wrong([issue for issue in found if issue not in plain.issues]))


def _wrong(issues: Sequence[Issue]) -> str:
    return "; ".join(issue.message for issue in issues)
