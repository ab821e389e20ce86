"""What a cell says in words about a price: free, included, not offered, negotiable."""

import re
from functools import lru_cache

from crawler.extract.amounts import LONGEST, has_money
from crawler.extract.units import REMEMBERED, fold
from timeline.prices import PriceState

FREE = re.compile(
    r"(?:limited[- ]time |currently |temporarily )?(?:free(?: of charge)?|no (?:additional |"
    r"extra )?(?:charge|cost)|gratis)"
    r"|(?:限时)?(?:免费|不计费|不收费)(?:使用)?|무료|無料",
    re.I,
)
_INCLUDED = re.compile(r"included|包含|已包含|inclusive", re.I)
_NONE = re.compile(
    r"[-\\/×✗✘xX—]+|n\s?/?\s?a\.?|none|null|not (?:yet )?(?:available|supported|offered|"
    r"applicable)|unavailable|unsupported|tbd|tba"
    r"|coming soon|暂?不支持|暂无|无|不适用|敬请期待|해당 사항 없음|사용할 수 없음|no",
    re.I,
)
_VARIES = re.compile(
    r"(?:custom(?: pricing)?|contact (?:us|sales|your.*)|get in touch.*|talk to .*|varies.*|"
    r"variable|on request|negotiable"
    r"|(?:up to )?\d{1,3}(?:\.\d+)?% (?:discount|off|cheaper|savings?|of (?:the )?(?:base|input|standard|list)).*"
    r"|token-based only|see .*|same as .*|market price|联系.*|咨询.*|获取.*|面议|按.{0,12}计费)",
    re.I,
)


@lru_cache(maxsize=REMEMBERED)
def state_of(text: str) -> PriceState | None:
    """What a cell without any amount says about the price, where it says one of the known things and nothing else."""
    if len(text) > LONGEST:
        return None
    words = fold(text).strip(" .*。")
    bracketless = re.sub(r"\([^()]*\)", "", words).strip(" .*")
    for each in (_once(words), bracketless):
        if each and FREE.fullmatch(each):
            return "free"
        if each and _INCLUDED.fullmatch(each):
            return "included"
        if each and _NONE.fullmatch(each):
            return "not_offered"
        if each and _VARIES.fullmatch(each) and not has_money(each):
            return "varies"
    return None


def _once(words: str) -> str:
    """ "Free / Free" as "Free"."""
    parts = {part.lower() for part in re.split(r"\s*/\s*", words)}
    return parts.pop() if len(parts) == 1 else words
