"""Prices told in a sentence: "Web search costs $10 per 1,000 searches". Examples and repetitions are left out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, ListItem, Paragraph
from crawler.extract.comparisons import is_comparison
from crawler.extract.conditions import read_conditions
from crawler.extract.document import Ignored
from crawler.extract.labels import Label, read_label
from crawler.extract.money import Quote, read_quotes
from crawler.extract.outcomes import Outcome, build_all, hint_of, together
from crawler.extract.price_facts import Around, Setting
from crawler.extract.price_names import Subject, composed, is_id, plain_name
from crawler.extract.units import Unit, find_units, first_unit, fold
from crawler.extract.validities import read_validity
from timeline.prices import PricePoint

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(*\[])|\n")
_VERB = re.compile(
    r"\b(?:costs?|(?:is|are)(?: (?:available|included)\b.{0,80}?\b(?:for|(?:priced|charged|billed) at|at(?= [$€£¥]))"
    r"| (?:currently )?(?:priced|charged|billed)(?: at)?)|pricing (?:is|starts at)|prices? (?:is|are)"
    r"|(?:stays?|remains?)(?: at)?(?= [$€£¥])"
    r"|(?:priced|charged|billed) at|(?:we|which) (?:will )?charges?)\b"
    r"|\b(?:is|are)(?= (?:only |just |now |an? (?:flat |extra |additional ))?[$€£¥])"
    r"|(?:每次(?:调用|请求|使用)?)?(?:收费|收取)",
    re.I,
)
_EXAMPLE = re.compile(
    r"\bexamples?\b|\bused to\b|=[^=]*=|e\.g\.|for instance|that means|which means|would cost|\btotal\b|"
    r"equivalent|estimat|\busing [A-Z]|\bsav(?:e|es|ed|ing|ings)\b|discount"
    r"|\b(?:cut|cuts|cutting|spend|spends|spent|spending)\b"
    r"|\bif you\b|\bincurs the standard\b|\bconverted\b|\bcredits?\b.{0,20}\bfree\b|"
    r"worth of|\bbalance\b|\bbudget\b|compared (?:to|with)|instead of|例如|比如|示例",
    re.I,
)
_ASIDE = re.compile(  # titles under which amounts are reckoned or compared
    r"^\W*examples?\b|\bexamples?\W*$|\bsavings\b|^\W*(?:cost |price )?compar(?:isons?|e|ed)\b|competitors?\b", re.I
)
_LEFT_OUT = re.compile(
    r"^(?:the|a|an|our|this|these|each|all|additional|usage|it|we|you|they|standard|"
    r"introductory|that|for|when|if|in|on|at)\b",
    re.I,
)
_ARTICLE = re.compile(  # "The sandbox", where it is no word for any price
    r"the ((?!(?:price|cost|rate|fee|service|following|standard|base|model|usage|api|same|first|total)s?\b)"
    r"[\w-]+(?: [\w-]+){0,2})",
    re.I,
)
_AFTER = re.compile(r"\s*(?:[,;.]|\bplus\b|\bwhich\b|\bthat\b|\bfor (?!input|output)).*$", re.I | re.S)
_PRICING = re.compile(r"^(?:(?:api|token|model) )?(?:pricing|prices?|costs?|rates?)\W*[:：]\W*(?=[$€£¥])", re.I)
_THAN = re.compile(
    r",?\s+(?:[\d.]+% )?(?:less|more|lower|cheaper|higher|down|up)\b.{0,20}?\b(?:than|from) (?=\W?[A-Z$€£¥])"
)
_PRICES_OF = re.compile(r"^\W*(?i:the )?(?i:prices?|pricing|rates?) (?:for|of) (?=[\w.-]+\d|[A-Z])")
_SIDED = re.compile(
    r"([A-Za-z].*\d\S*) (?:cached )?(?:inputs?|outputs?)(?: tokens?| prices?)?", re.I
)  # "Opal 4 output"
_GENERIC_HEADING = re.compile(
    r"(?:\b(?:pricing|prices?|costs?|overview|faq|frequently|asked|questions?|billing|"
    r"plans?|details|notes?|introduction|models?|api|tools?)\b|\W)+|.*\?$",
    re.I,
)
_LONGEST = 400
_PAST = re.compile(r"(?:^|\W)(?:was|were|had been)\W*$", re.I)  # "was priced at": no price of today
_LONGEST_NAME = 60
_MOST_WORDS = 6


def read_sentences(blocks: Sequence[Block], known: Sequence[PricePoint], setting: Setting) -> Outcome:
    """The prices told in sentences, those that `known` (from tables) repeats left out."""
    told = [block for block in blocks if isinstance(block, Paragraph) and has_money(block.text)]
    return together(outcome for block in told for outcome in _of_block(block, known, setting))


def is_aside(title: str) -> bool:
    """Whether amounts under a title are reckoned or compared: "Examples", "Savings"."""
    return _ASIDE.search(fold(title)) is not None


def _of_block(block: Paragraph, known: Sequence[PricePoint], setting: Setting) -> Iterator[Outcome]:
    told: list[PricePoint] = []  # of the model that the section is about, by sentences before
    last: set[str] = set()  # that the sentence before is about
    for piece in _SENTENCE.split(fold(block.text)):
        sentence = piece.strip(" *-")
        if len(sentence) <= _LONGEST and has_money(sentence):
            outcome = _of_sentence(sentence, block, [*known, *told], setting, frozenset(last))
            told += [fact for fact in outcome.facts if fact.model in block.headings]
            last = {fact.model for fact in outcome.facts}
            yield outcome


def _of_sentence(
    sentence: str, block: Paragraph, known: Sequence[PricePoint], setting: Setting, last: frozenset[str]
) -> Outcome:
    listed = _listed(sentence, block) or _titled(sentence, block)
    verb = _VERB.search(sentence)
    if block.headings and (is_aside(block.headings[-1]) or is_comparison(block.headings[-1])):
        return _ignored(sentence, block, "an amount of an example or a comparison")
    past = verb is not None and _PAST.search(sentence[: verb.start()])
    if past or _EXAMPLE.search(sentence) or not (verb or listed):
        return _ignored(sentence, block, "an amount in running text")
    before = re.split(r";\s*(?:then|and|while)?\b", sentence[: verb.start()] if verb else "")[-1]
    before = _PRICES_OF.sub("", before)
    validity = read_validity(before, at=setting.at)
    subjects = listed or tuple(
        replace(subject, first=validity.first, last=validity.last)
        for subject in _subjects(
            validity.rest.strip(" ,") if validity.first or validity.last else before, block, known, last
        )
    )
    if not subjects:
        return _ignored(sentence, block, "an amount whose subject is not named")
    default = (
        (_unit_of_section(block, known) or _last_unit(sentence) or setting.unit)
        if listed
        else first_unit(verb[0] if verb else "", led=True)
    )
    own = sentence if listed else _of_first_subject(sentence)
    quotes = [_trimmed(quote, subjects[0]) for quote in read_quotes(_PRICING.sub("", own, count=1))]
    quotes = [
        quote for quote in quotes if quote.state == "priced" and not quote.approximate and (quote.unit or default)
    ]
    if not listed:
        quotes = _first_of_each(quotes)
    fresh = [quote for quote in quotes if not _repeats(quote, subjects, sentence, known)]
    around = Around(unit=default, hint=hint_of(subjects[0].name), locator=block.locator)
    lead = read_label(sentence[: verb.start()]) if verb else Label()
    around = replace(around, labels=(replace(lead, conditions={}, unit=None, currencies=()),))
    return build_all(_headed(fresh), subjects, around, setting) if fresh else Outcome()


def _of_first_subject(sentence: str) -> str:
    """A sentence up to where it names another subject: "Opal 4 costs $2 per minute, Opal 5 costs $3"."""
    sentence = _THAN.split(sentence)[0]
    _, *others = _VERB.finditer(sentence)
    for other in others:
        *before, clause = re.split(r"[,;]\s|\b(?:and|while|but|whereas)\b", sentence[: other.start()])
        if before and re.search(r"^\W*[A-Z][\w-]*[ -]?\w*\d", clause):
            return sentence[: other.start() - len(clause)]
    return sentence


def _listed(sentence: str, block: Paragraph) -> tuple[Subject, ...]:
    """The model of an entry such as "`model-id`: Input $1, Output: $2"."""
    if several := _several(sentence, block):
        return several
    bold = fold(block.inline.strong[0]) if block.inline.strong else ""
    name, colon, rest = sentence.partition(":")
    if bold and has_money(sentence) and re.match(rf"{re.escape(bold)}\W*(?:\s-|:)", sentence):
        name, colon, rest = bold, ":", sentence[len(bold) :].lstrip(" :-")
    elif isinstance(block, ListItem) and not colon:
        name, colon, rest = sentence.partition(" - ")
    name = name.strip(" :")
    if not colon or len(name) >= _LONGEST_NAME or not has_money(rest):
        return ()
    if is_id(name) or name in block.inline.code or (name[:1].isalnum() and _is_entry(name, rest, name == bold)):
        return (Subject(name=plain_name(name)),)
    return ()


def _several(sentence: str, block: Paragraph) -> tuple[Subject, ...]:
    """The models of "**Opal Med** and **Opal Law**: $5.00 per 1M input tokens"."""
    names = [fold(each).strip(" :") for each in (*block.inline.strong, *block.inline.code)]
    joined = r"(?:,|/|&|\band\b|,\s*and\b)".join(rf"\W*{re.escape(name)}\W*" for name in names)
    led = re.match(rf"{joined}(?::|\s-\s)", sentence) if 1 < len(names) <= _MOST_WORDS else None
    quotes = read_quotes(sentence[led.end() :]) if led else ()
    told = quotes and all(map(_is_sided, quotes))
    return tuple(Subject(name=plain_name(name)) for name in names) if told else ()


def _titled(sentence: str, block: Paragraph) -> tuple[Subject, ...]:
    """The model of the section, in "Pricing: $0.40 input / $2.00 output per million tokens" under its heading."""
    led = _PRICING.match(sentence)
    if not led or not block.headings or _GENERIC_HEADING.fullmatch(block.headings[-1]):
        return ()
    quotes = read_quotes(sentence[led.end() :])
    return (Subject(name=plain_name(block.headings[-1])),) if quotes and all(map(_is_sided, quotes)) else ()


def _is_entry(name: str, rest: str, bold: bool) -> bool:
    """Whether a line is a name and its one price: "Speaker labels: $0.02/hr"."""
    label = read_label(name)
    said = label.meters or label.price or label.unit or (label.modalities and not label.rest)
    if said or len(name.split()) > _MOST_WORDS or _GENERIC_HEADING.fullmatch(name) or _LEFT_OUT.match(name):
        return False
    quotes = read_quotes(rest)
    if bold and quotes and all(_is_sided(quote) for quote in quotes):
        return True
    alone = len(quotes) == 1 and bool(quotes[0].unit) and not quotes[0].head
    return (alone and (bold or not read_label(quotes[0].tail).rest)) or _is_told_twice(quotes)


def _is_told_twice(quotes: Sequence[Quote]) -> bool:
    """Whether amounts are one price by two units: "$0.05 / minute ($3.00 / hour)"."""
    units = {quote.unit.name for quote in quotes if quote.unit}
    return len(quotes) == len(units) == 2 and not any(quote.head.strip("( ") or quote.tail for quote in quotes)


def _is_sided(quote: Quote) -> bool:
    """Whether the words beside an amount say what it is for and nothing else: "$0.85 input"."""
    label = read_label(f"{quote.head} {quote.phrase} {quote.tail}")
    return label.meters and not label.rest


def _subjects(before: str, block: Paragraph, known: Sequence[PricePoint], last: frozenset[str]) -> tuple[Subject, ...]:
    """Whose price the sentence tells: what it begins with, or what its heading is about."""
    name = plain_name(
        re.sub(r"\s+(?:on|in|via|through|from|with|for) (?:the |our )?.*$", "", before.strip(" *`"), flags=re.I)
    )
    if re.search(r"[\u4e00-\u9fff]", name) and re.search(r"[,，、的仅]|支持", name):
        return ()
    name = re.sub(r"^(?:each )?(?:additional|extra|further) (?=\w+ \w)", "", name, flags=re.I)
    name = re.sub(r"(?<=\w) usage$", "", name, flags=re.I)
    name = re.sub(r"(?<=\w)(?: (?:will|would|shall|now|currently|then|also|only))+$", "", name, flags=re.I)
    bounded = any(key.startswith(("context_", "output_")) for key in read_conditions(name).found)
    if bounded and re.match(r"(?:requests?|prompts?|inputs?|contexts?)\b", name, re.I):
        return ()  # "Requests above 200K tokens are charged at ..."
    if article := _ARTICLE.fullmatch(name):
        name = article[1]
    heading = next((heading for heading in reversed(block.headings) if not _GENERIC_HEADING.fullmatch(heading)), "")
    title = re.sub(r"\s*\b(?:pricing|prices?|costs?)$", "", plain_name(heading), flags=re.I)
    label = read_label(name)
    if (label.meters or label.modalities) and not label.rest:
        of_section = {fact.model: None for fact in known if title and fact.model == title}
        of_section = of_section or (dict.fromkeys(last) if len(last) == 1 else {})
        return tuple(Subject(name=model) for model in of_section)
    if sided := _SIDED.fullmatch(name):
        return (Subject(name=_full(sided[1], known)),)
    if name and len(name.split()) <= 8 and not _LEFT_OUT.match(name):
        whole = title if title.lower().startswith(name.lower()) else composed(name, reversed(block.headings))
        return (Subject(name=whole),)
    return (Subject(name=title),) if title else ()


def _full(name: str, known: Sequence[PricePoint]) -> str:
    """A name as a table of the page has it: "opal-4" of "acme/opal-4"."""
    whole = {fact.model for fact in known if fact.model.rpartition("/")[2].lower() == name.lower()}
    return whole.pop() if len(whole) == 1 else name


def _unit_of_section(block: Paragraph, known: Sequence[PricePoint]) -> Unit | None:
    """The unit of all token prices under the same heading, where they have one."""
    here = {fact.model for fact in known} & set(block.headings)
    units = {(fact.per, fact.unit) for fact in known if fact.model in here and fact.unit == "token"}
    if len(units) != 1:
        return None
    per, name = units.pop()
    return Unit(per=per, name=name)


def _last_unit(sentence: str) -> Unit | None:
    """The unit at the end, which is that of all amounts before it: "$0.40 input / $2.00 output per 1M tokens"."""
    units = find_units(sentence)
    return units[-1].unit if units and units[-1].end >= len(sentence.rstrip(" .*")) else None


def _trimmed(quote: Quote, subject: Subject) -> Quote:
    """A quote with only the nearest words before and after it."""
    head = re.split(r"[,;:]\s+|\bis\b|\bare\b|\bat\b|\bfor\b|\bcosts?\b", quote.head)[-1].strip()
    if quote.head.rstrip().endswith(("Input", "Output", "input", "output")):
        head = quote.head.split()[-1]
    return replace(quote, head=head if len(head) < 30 else "", tail=_AFTER.sub("", quote.tail)[:60], qualifier=None)


def _headed(quotes: Sequence[Quote]) -> list[Quote]:
    """In a list of amounts the last label holds until the next one."""
    done: list[Quote] = []
    head = ""
    for quote in quotes:
        head = quote.head or head
        done.append(replace(quote, head=head))
    return done


def _first_of_each(quotes: Sequence[Quote]) -> list[Quote]:
    """Of a sentence the amounts with words of their own, or else its first one."""
    told = [quote for quote in quotes if read_label(f"{quote.head} {quote.phrase} {quote.tail}").sides]
    kinds = {quote.tail for quote in quotes if quote.unit and quote.tail and f"({quote.tail})" in quote.printed}
    if len(kinds) == len(quotes) > 1:  # "$0.02 (standard) or $0.05 (HD) per image"
        return list(quotes)
    return told if len(told) > 1 else list(quotes[:1])


def _repeats(quote: Quote, subjects: Sequence[Subject], sentence: str, known: Sequence[PricePoint]) -> bool:
    if quote.amount is None or quote.unit is None:
        return False
    amount = quote.amount / quote.unit.per
    names = {subject.name.lower() for subject in subjects}
    told = [fact.model for fact in known if fact.unit == quote.unit.name and fact.unit_amount == amount]
    return any(model in sentence or any(name in model.lower() for name in names) for model in told)


def _ignored(sentence: str, block: Paragraph, why: str) -> Outcome:
    return Outcome(ignored=(Ignored(what=sentence[:120], why=why, locator=block.locator),))
