"""What a column of a price table holds, by its header: names, prices, their units and conditions, or something else."""

import re
from functools import lru_cache
from typing import Literal

from crawler.extract.labels import LONGEST, read_label
from crawler.extract.units import REMEMBERED, fold

Kind = Literal["subject", "spec", "unit", "condition", "price", ""]

_SUBJECT = re.compile(
    r"(?:(?:[\w.]+ ){0,3}(?:ai |base |foundation |available )?models?(?: names?| ids?|"
    r" family| families| variants?| versions?)?"
    r"|name|endpoints?|api|apis|tools?|items?|products?|sku|skus|services?|features?|"
    r"agents?|usage meters?|meters?|plans?|capabilit(?:y|ies)"
    r"|resources?|gpus?|gpu types?|hardware|(?:instance|machine|accelerator)s?(?: types?)?|"
    r"tiers?|components?|concept|line items?|billing items?|engines?|editions?|types?"
    r"|模型(?:名称|名|系列|版本|id)?|接口(?:名称)?|工具(?:名称)?|产品(?:名称|名)?|服务|计费项目?|项目|商品|名称|套餐|功能|能力|모델|모델명|モデル|typ|modell|modell?e|modèle|modelo|dienst|produkt|leistung|connectors?)",
    re.I,
)
_SPEC = re.compile(
    r"context|\bm(?:ax|in)(?:imum|\.)?(?=[\s_-]+(?!plan|seat|tier|sub)[a-z])|window|rate limits?|\brp[md]\b|\btp[md]\b|"
    r"throughput|\bspeed|latency|cut-?off|descriptions?|\bbest for\b"
    r"|use cases?|modalit|parameters?|release|knowledge|availability|details|notes?|"
    r"remarks?|metering|quota|limits?|\bfree (?:tier|quota|tokens)"
    r"|previous|\bold\b|\bwas\b|original|cheaper|compar|monthly estimate|strengths?|"
    r"multilingual|vision|calculation|example|duration$|multiplier|discount|savings?|"
    r"languages?|licen[cs]e|documentation|links?"
    r"|上下文|有效期|期限|\bvalidity\b|说明|简介|描述|备注|限速|并发|支持|额度|模态|更新|状态|최대|설명",
    re.I,
)
_FORMER = re.compile(
    r"(?:the )?(?:old|previous|former|before|prior)\b(?! (?:gen|model|version|discount|promo|tax|vat|the\b))", re.I
)
_RECKONED = re.compile(  # from prices, and none itself
    r"\bmin(?:imum|\.)? (?:charges?|fees?|spend|billing|order|deposit|top-?up)\b"
    r"|\bestimated (?:monthly|annual|yearly|daily|total)\b|\b(?:monthly|annual|yearly|daily) estimates?\b"
    r"|\bblended\b|\btypical\b|\bbills?\b|\bcosts? to run\b|\b(?:benchmark|eval(?:uation)?|suite) costs?\b",
    re.I,
)
_PER_MONEY = re.compile(r"(?:\bper|/)\s*(?:us)?\$\s?1\b|\bper dollar\b", re.I)  # what a dollar buys is no price
_POINTS = re.compile(  # what is bought before it is spent: no money
    r"(?!.*[$€£¥])(?:(?:price|cost)s? \(?(?:in )?)?"
    r"(?:dbus?|credits?|rus?|resource units?|points?|积分|点数)\b(?! (?:card|price))",
    re.I,
)
_UNIT_COLUMN = re.compile(
    r"(?:billing |price |pricing )?(?:units?(?: of (?:measure|billing))?|metric|currency)"
    r"|计费单位|计量单位|单位|币种|(?:과금|청구| price )?\s?단위|単位",
    re.I,
)
_QUANTITY = re.compile(  # how much a package holds: what its price is for
    r"(?:服务|资源|包含|token|tokens|调用)量|资源包规格|套餐内容"
    r"|(?:token|credit|request|character)s? (?:included|quantity|volume|amount)|package size",
    re.I,
)
_CONDITION_COLUMNS = {
    "volume": re.compile(
        r"(?:每?[月日])?(?:累计)?(?:调用|使用|用)量(?:区间|阶梯|级别)?(?:\s*\(.{1,12}\))?"
        r"|(?:monthly |daily )?(?:usage )?volumes?(?: \(.{1,20}\))?"
        r"|(?:requests|calls|images|minutes|tokens|characters) (?:per|/) ?(?:month|day)",
        re.I,
    ),
    "region": re.compile(r"regions?|locations?|geograph(?:y|ies)|地域|地区|区域|リージョン|리전", re.I),
    "quality": re.compile(r"quality|质量|画质|품질", re.I),
    "resolution": re.compile(
        r"(?:output )?(?:resolutions?|sizes?|dimensions?)(?:/.*)?|size: .*"
        r"|(?:输出)?(?:视频|图片|图像)?分辨率(?:/规格)?|尺寸|规格|해상도",
        re.I,
    ),
    "duration": re.compile(r"(?:video )?(?:durations?|lengths?)|时长", re.I),
    "service_tier": re.compile(r"(?:service |processing |pricing )?(?:tiers?|modes?)|deployment(?: types?)?", re.I),
    "": re.compile(
        r".*(?:条件|阶梯|档位|thresholds?|context (?:length|range|tier)s?|(?:input|prompt) (?:length|"
        r"tokens? range|size)s?|token(?:s)? range"
        r"|上下文长度范围|输入长度|长度范围).*",
        re.I,
    ),
    "variant": re.compile(
        r"variants?|versions?|precision|types?|categor(?:y|ies)|class|(?:训练|部署)版本|版本|模型类别|类别|类型|计费规则|计费类型|功能|기능|유형"
        r"|use case|modality|thinking|mode|模式|search context size|context size",
        re.I,
    ),
}


@lru_cache(maxsize=REMEMBERED)
def column_kind(header: str) -> tuple[Kind, str]:
    """What a column holds, by its header alone, and for conditions which one ("" where the cells say themselves)."""
    words = fold(header[:LONGEST]).replace("\n", " ").strip(" :*")
    if _UNIT_COLUMN.fullmatch(words) or _QUANTITY.fullmatch(words):
        return "unit", "quantity" if _QUANTITY.fullmatch(words) else ""
    if _PER_MONEY.search(words) or _POINTS.match(words):
        return "spec", ""
    for name, pattern in _CONDITION_COLUMNS.items():
        if pattern.fullmatch(re.sub(r"\s*\((?:token|tokens|千tokens|k|元|usd)\)", "", words, flags=re.I)):
            return "condition", name
    if _SUBJECT.fullmatch(words):
        return "subject", ""
    return _by_meaning(words)


def without_worth(header: str) -> str:
    """A header without the money that something else is counted by: "Images per $1"."""
    return _PER_MONEY.sub("", header)


def _by_meaning(words: str) -> tuple[Kind, str]:
    label = read_label(words)
    if _FORMER.match(words) or _RECKONED.search(words):
        return "spec", ""
    if _SPEC.search(words) and not (label.currencies or label.price or (label.meters and label.unit)):
        return "spec", ""
    return ("price", "") if label.prices else ("", "")
