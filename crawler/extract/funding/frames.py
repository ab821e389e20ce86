"""Every rule that reads a clause as a deal, and the frames they find. Pure."""

from crawler.extract.funding import buying, investing, lending, listing, raising
from crawler.extract.funding.clauses import Frame, framed
from crawler.extract.funding.texts import Sentence

RULES = (*listing.RULES, *investing.RULES, *buying.RULES, *raising.RULES, *lending.RULES)


def frames_in(sentence: Sentence) -> list[Frame]:
    """Every frame of a clause, the earliest first; those in the background of it are left out."""
    found = []
    for rule, pattern, build in RULES:
        for match in pattern.finditer(sentence.text):
            if (frame := framed(sentence, rule, match, build)) is not None:
                found.append(frame)
                break
    return sorted(found, key=lambda frame: (frame.start, frame.label != "ipo", frame.end))
