"""When a price applies: thresholds of context, service tiers, cache durations, places, sizes, read from a few words."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from crawler.extract.units import REMEMBERED, fold, scaled

Conditions = dict[str, str | int]

_N = r"(\d[\d,]*(?:\.\d+)?)\s*(k|m|千|万|thousand|million)?(?![\d.a-z])"
_TOK = r"(?:\s*tokens?)?"
_LEN = r"(?:[a-z ]*(?:tokens?|length|context|prompts?|输入|输出|长度|上下文|请求)[a-z ]*(?:长度)?(?:范围)?)"
_THRESHOLDS = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        ("between", rf"[\[(]\s*{_N}\s*,\s*{_N}\s*[\])]"),
        ("over", rf"[\[(]\s*{_N}\s*(?:\+\s*[\])]|,\s*(?:\+?∞|inf(?:inity)?)\s*[\])]|\+)"),
        ("between", rf"{_N}{_TOK}\s*(?:<|<=|≤|⩽)\s*(?:{_LEN}|x)\s*(?:<|<=|=<|≤|⩽)\s*{_N}"),
        ("between", rf"\bbetween\s*{_N}{_TOK}\s*and\s*{_N}"),
        ("between", rf"(?:>|>=|≥)\s*{_N}{_TOK}\s*(?:and|&|且|,)\s*(?:<|<=|≤)\s*{_N}"),
        ("range", rf"(?<![\w.-]){_N}{_TOK}\s*(?:-|~|to|至|到)\s*(?:<|<=|≤)?\s*{_N}"),
        (
            "upto",
            rf"(?:<=|=<|≤|⩽|<|\bup to\b|\bunder\b|\bbelow\b|\bless than\b|\bat most\b|\bwithin\b|"
            rf"小于等于|小于|不超过|不大于)\s*{_N}",
        ),
        (
            "over",
            rf"(?:>=|=>|≥|⩾|>|\bover\b|\babove\b|\bgreater than\b|\bmore than\b|\bexceed(?:s|"
            rf"ing)\b|\bbeyond\b|大于等于|大于|超过|高于)\s*{_N}",
        ),
        ("upto", rf"(?<![\w.]){_N}{_TOK}\s*(?:以内|以下|及以下|or less|or fewer|미만|이하)"),
        ("over", rf"(?<![\w.]){_N}{_TOK}\s*(?:\+|以上|及以上|or more|초과|이상)"),
    )
)
_TIERS = tuple(
    (name, re.compile(pattern, re.I))
    for name, pattern in (
        (
            "batch",
            r"\bbatch(?:es|ed|ing)?(?: (?:api|mode|processing|inference|pricing|discount|tier))?\b|"
            r"批量(?:推理|处理|调用)?|批处理|일괄|배치",
        ),
        ("flex", r"\bflex(?:ible)?(?: (?:processing|tier|pricing|mode))?\b|离线推理"),
        ("priority", r"\bpriority(?: (?:processing|tier|pricing|mode))?\b|优先级?"),
        ("fast", r"\bfast mode\b|\bturbo mode\b|快速模式"),
        (
            "standard",
            r"\bstandard(?: (?:processing|tier|pricing|mode|rate))?\b|\bon[- ]?demand\b|\bonline\b|"
            r"\bpay[- ]as[- ]you[- ]go\b|标准|在线推理|实时推理|在线调用",
        ),
        ("provisioned", r"\bprovisioned(?: throughput)?\b"),
        ("latency_optimized", r"\b(?:w/ ?|with )?latency[- ]optimi[sz]ed(?: inference)?\b"),
    )
)
BATCH_AND_FLEX = "batch and flex"  # one price, printed once for both; see `one_by_one`
_JOINED_TIERS = re.compile(
    r"\bflex\b\s*(?:/|&|\band\b|\bor\b)\s*\bbatch\b|\bbatch\b\s*(?:/|&|\band\b|\bor\b)\s*\bflex\b", re.I
)
_TTL = re.compile(
    r"(?<![\w.])(?:(?P<m>5|10|15|30|60)\s?-?\s?(?:m(?:in(?:ute)?s?)?|分钟)|(?P<h>1|2|24)\s?-?\s?(?:h(?:(?:ou)?rs?)?|"
    r"小时))(?![a-z])",
    re.I,
)
_PLANS = re.compile(
    r"(?<!beyond )(?<!above )(?<!after )\b(free|paid|enterprise|developer|trial|production)[ -](?:tier|"
    r"plan|quota)\b|(免费|付费)(?:层|版|等级)",
    re.I,
)
_PEAK = re.compile(r"\boff[- ]?peak\b|\bpeak\b|优惠时段|错峰|高峰|标准时段|闲时|忙时", re.I)
_CLOCK = re.compile(
    r"\bUTC\W{0,3}(\d\d?:\d\d)\s?[-~–]\s?(\d\d?:\d\d)|(\d\d?:\d\d)\s?[-~–]\s?(\d\d?:\d\d)\W{0,2}UTC\b", re.I
)
_RESOLUTION = re.compile(
    r"\b\d{3,4}\s?[x×*]\s?\d{3,4}\b|(?<![\w-])(?:240|360|480|512|540|720|768|1024|1080|"
    r"1440|2160)\s?p\b|\b[248]k(?= (?:video|image|resolution))\b",
    re.I,
)
_SHARP = re.compile(r"\s*\(?[248]k\)?\s*", re.I)  # alone beside a price: of a picture
_MOST_SIZES = 6
_DURATION = re.compile(
    r"(?<![\w.])(\d{1,3})\s?-?\s?(s|secs?|seconds?|秒)(?![a-z])|\bup[ -]to[ -]\d+ (?:minutes?|seconds?)\b", re.I
)
_COMMITMENT = re.compile(
    r"(?:\b(?:with|for|at|under)\s+)?(?:\b(?:an?|the)\s+)?"
    r"(?:\b(?:no|without(?: an?)?)\s+(?:\w+\s+)?commit(?:ment)?s?\b"
    r"|(?<![\w.])(?P<n>\d{1,2})[\s-]?(?P<unit>month|year|mo|yr)s?[\s-](?:commit(?:ment)?s?|reserv(?:ed|ations?)|terms?|contracts?)\b"
    r"|\breserved\s*\(?(?:for )?(?P<m>\d{1,2})[\s-]?(?P<of>month|year|mo|yr)s?\b\)?)",
    re.I,
)
_QUALITY = re.compile(r"\b(low|medium|high|hd|ultra|draft|standard) quality\b", re.I)
_OUTPUT_LENGTH = re.compile(r"output (?:length|tokens?|size)|输出(?:长度|tokens?)?", re.I)
_LENGTHS = (
    r"(?:prompts?|inputs?|outputs?|context|length|window|tokens?"
    r"|输入|输出|上下文|请求|长度|范围|在|入力|입력|토큰|프롬프트)"
)
LONGEST = 500  # characters that may state conditions
_LARGEST = 100_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Conditioned:
    """What was found, and the words that are left."""

    found: Conditions
    rest: str


@lru_cache(maxsize=REMEMBERED)
def read_conditions(text: str, *, scale: int = 1, cache: bool = False, bounds: bool = True) -> Conditioned:
    """The conditions a few words state.

    `scale`: what bare bounds are counted in, where the column's header says so (1000 for "[0, 32)" under "千tokens").
    `cache`: the words are about a cache, so "1h" is its duration. `bounds`: whether numbers may be bounds of context.
    """
    found: Conditions = {}
    rest = fold(text[:LONGEST])
    for take in (_resolution, _commitment, _tier, _plan, _peak, _clock):
        rest = take(rest, found)
    if cache:
        rest = _ttl(rest, found)
    if bounds:
        rest = _bounds(rest, found, scale)
    rest = _duration(rest, found)
    return Conditioned(found=found, rest=re.sub(r"\s{2,}", " ", rest).strip(" ,;:-|/()[]"))


def read_tiers(text: str) -> list[str]:
    """Every service tier a text names."""
    return [name for name, pattern in _TIERS if pattern.search(text)]


def merged(parts: Iterable[Mapping[str, str | int]]) -> Conditions:
    """All conditions together; the later part is the nearer one and wins. The plain tier is no condition."""
    whole: Conditions = {}
    for part in parts:
        whole |= part
    if whole.get("service_tier") == "standard":
        del whole["service_tier"]
    return whole


def one_by_one(conditions: Conditions) -> list[Conditions]:
    """The conditions, once for each of two tiers that are printed as one."""
    if conditions.get("service_tier") != BATCH_AND_FLEX:
        return [conditions]
    return [conditions | {"service_tier": tier} for tier in ("batch", "flex")]


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _tier(text: str, found: Conditions) -> str:
    if joined := _JOINED_TIERS.search(text):
        found["service_tier"] = BATCH_AND_FLEX
        text = _cut(text, joined)
    for name, pattern in _TIERS:
        if match := pattern.search(text):
            key = "latency" if name == "latency_optimized" else "service_tier"
            found[key] = "optimized" if name == "latency_optimized" else name
            text = _cut(text, match)
    return text


def _ttl(text: str, found: Conditions) -> str:
    if match := _TTL.search(text):
        found["cache_ttl"] = f"{match['h']}h" if match["h"] else f"{match['m']}m"
        return _cut(text, match)
    return text


def _plan(text: str, found: Conditions) -> str:
    if match := _PLANS.search(text):
        plan = {"免费": "free", "付费": "paid"}.get(match[2] or "", (match[1] or "").lower())
        if plan != "paid":
            found["plan"] = plan
        return _cut(text, match)
    return text


def _peak(text: str, found: Conditions) -> str:
    if match := _PEAK.search(text):
        word = match[0].lower()
        off = "off" in word or word in ("优惠时段", "错峰", "闲时")
        found["time_window"] = "off_peak" if off else "peak"
        return _cut(text, match)
    return text


def _clock(text: str, found: Conditions) -> str:
    """Hours of the day in UTC; where words say it too ("off-peak"), these are the condition."""
    if match := _CLOCK.search(text):
        start, end = match[1] or match[3], match[2] or match[4]
        found.setdefault("time_window", f"{start:0>5}-{end:0>5}")
        return _cut(text, match)
    return text


def _resolution(text: str, found: Conditions) -> str:
    if _SHARP.fullmatch(text):
        found["resolution"] = text.strip(" ()").lower()
        return ""
    sizes: list[str] = []
    while len(sizes) < _MOST_SIZES and (match := _RESOLUTION.search(text)):
        sizes.append(re.sub(r"\s", "", match[0].lower().replace("×", "x").replace("*", "x")))
        text = _cut(text, match)
    if sizes:
        found["resolution"] = ", ".join(sizes)
    return text


def _commitment(text: str, found: Conditions) -> str:
    if match := _COMMITMENT.search(text):
        number, unit = match["n"] or match["m"], match["unit"] or match["of"] or ""
        period = "year" if unit.lower().startswith("y") else "month"
        found["commitment"] = f"{number} {period}{'s' if number != '1' else ''}" if number else "none"
        return _cut(text, match)
    return text


def _duration(text: str, found: Conditions) -> str:
    if match := _DURATION.search(text):
        found["duration"] = f"{match[1]}s" if match[1] else match[0].lower().replace("-", " ")
        return _cut(text, match)
    return text


def _bounds(text: str, found: Conditions, scale: int) -> str:
    for _ in range(3):
        for kind, pattern in _THRESHOLDS:
            match = pattern.search(text)
            if match and (limits := _limits(kind, match, scale)):
                side = _side(text, match)
                found.update({f"{side}_{name}": value for name, value in limits.items()})
                text = _without_bound(text, match)
                break
        else:
            break
    return text


def _limits(kind: str, match: re.Match[str], scale: int) -> dict[str, int] | None:
    values = []
    numbers = [(match[n], match[n + 1]) for n in range(1, (match.lastindex or 0) + 1, 2) if match[n]]
    shared = next((unit for _, unit in reversed(numbers) if unit), None)
    for number, own in numbers:
        unit = own or (shared if kind in ("between", "range") and number != "0" else None)
        values.append(int(scaled(number, unit) * (1 if unit else scale)))
    if any(value > _LARGEST for value in values) or not any(values):
        return None
    if kind == "range" and not (shared or scale > 1 or values[-1] >= 1000):
        return None
    if kind in ("upto", "over") and values[0] < 1000 and scale == 1 and not shared:
        return None
    if kind in ("between", "range"):
        low, high = values
        return {"upto": high} if low == 0 else {"over": low, "upto": high}
    return {kind: values[0]}


def _side(text: str, match: re.Match[str]) -> str:
    """Whether a bound is one of the answer's length or, as nearly always, of the prompt's."""
    around = text[max(0, match.start() - 16) : match.start()].lower() + match[0].lower()
    lengths = [found.start() for found in _OUTPUT_LENGTH.finditer(around)]
    into = max(around.rfind(word) for word in ("input", "输入", "prompt"))
    return "output" if lengths and lengths[-1] > into else "context"


def _without_bound(text: str, match: re.Match[str]) -> str:
    before = re.sub(rf"(?:{_LENGTHS}\s*)+$", "", text[: match.start()].rstrip(), flags=re.I)
    after = re.sub(rf"^[^\S\n]*(?:{_LENGTHS}[^\S\n]*)+", " ", text[match.end() :], flags=re.I)
    return f"{before} {after}"


Taker = Callable[[str, Conditions], str]
