"""The words of lifecycles: what a status cell, a heading or a column says, in English, Chinese and some others."""

import re
from typing import Literal

from timeline.notices import Status

Role = Literal[
    "model", "id", "version", "status", "stage", "announced", "legacy", "deprecates", "retires", "replacement",
    "training", "date", "release", "other",
]  # fmt: skip


WORN: tuple[Status, ...] = ("legacy", "deprecated", "retired")  # in the order models come to them


def any_of(*words: str) -> str:
    """One pattern for any of some words and patterns."""
    return "(?:" + "|".join(words) + ")"


_END = any_of(
    r"retir(?:e[sd]?|ing|ement)|shut(?:ting)?[ -]?(?:down|off)|sunset(?:s|ted|ting)?|discontinu\w*|remov(?:ed|al|ing)",
    r"end(?:ed)?[- ]of[- ](?:life|support|service)|\beo(?:l|s|sl)\b|end date|offline|decommission\w*|withdraw(?:n|al)",
    r"(?:turn|switch)(?:ed|ing)?[ -]?off|expir\w*|terminat\w*|deactivat\w*|unpublish\w*|delist\w*|clos(?:e|ing|ure)\b",
    r"last (?:\w+ )?day|(?:serverless|dedicated|on[- ]demand|provisioned|api|service) ends?$",
    r"^(?:valid |live |usable )?until$",
    r"(?:support(?:ed)?|availab(?:le|ility)|access) (?:until|through|ends?)",
    "下线|下架|退役|停用|停服|停止|终止|关停|关闭|失效|到期|结束|提供終了|サービス終了|廃止|終了|종료|중단|폐기",
    r"abschalt\w*|einstell(?:ung|t)|fin de (?:vie|vida|soporte|service)|retrait|retir(?:ada|ado|o)\b",
)
_CLOSED = any_of(r"end[- ]of[- ](?:sale|marketing)|\beom\b|no new \w+$", "停止(?:新增|新购|售卖|接入|订阅)|停售")
_DEPRECATE = any_of(
    r"deprecat\w*|dépréci\w*|obsolescen\w*",
    _CLOSED,
    "弃用|废弃|非推奨|지원 중단 예정|abkündig\\w*|abgekündigt\\w*|veraltet",
)
_THING = any_of(
    r"\b(?:models?|snapshots?|versions?|systems?|engines?|checkpoints?|names?|slugs?)\b",
    r"\b(?:endpoints?|apis?|features?|products?)\b",
    "模型|名称|产品|接口|モデル|모델|^modell?(?:[oe]s?|name)?$|^modèles?$",
)
_WHEN = any_of(
    r"\b(?:dates?|times?|on|since|by|day|when|utc|schedule)\b", "日期|时间|日$|日時|날짜|일자|(?:datum|fecha|am|zum)$"
)

_OTHER = any_of(
    r"\b(?:price|pricing|cost|impact|context|tokens?|modalit\w+|regions?|description|capabilit\w+|default)\b",
    r"replac\w* (?:date|time)|(?:extended|private) (?:access|support)",
    r"(?:模型)?系列$|^(?:model )?(?:types?|categor(?:y|ies)|famil(?:y|ies)|series|providers?|vendors?|sizes?)$"
    r"|类别|类型|厂商|供应商|分类",
    "价格|影响|说明|描述|替换时间",
)
_RELEASE = any_of(
    r"\b(?:release|launch|availability|ga|start|created|introduc\w+) ?d? ?(?:date|on|time)\b|released$", "发布|上线"
)
_REPLACEMENT = any_of(
    r"(?:replac|substitut|alternat|success|supersed|upgrade|migrat|recommend|redirect|suggest)\w*|instead",
    r"^promoted to|^new(?:er)? (?:models?|versions?|ids?|names?)|^(?:switch|move) to\b|^(?:what to )?use$",
    "替代|替换|迁移|推荐|建议|切换|^新(?:模型|版本)|代替|移行先|(?<!非)推奨|後継|대체|권장|후속|nachfolg\\w*|ersatz|empfohlen\\w*"
    "|remplac\\w*|reemplaz\\w*|sustitu\\w*",
)
_STATUS = any_of(
    r"^(?:(?:current|model|lifecycle|api|release|support|availability|deprecation) )*"
    r"(?:state|status|life ?cycle|phase)(?: (?:status|stage|state))?$|^(?:action|change)$",
    "状态|^生命周期$|^(?:ステータス|状態|상태|estado|état|statut)$",
)
_ROLES: tuple[tuple[Role, str], ...] = (
    ("other", _OTHER),
    ("release", _RELEASE),
    ("training", rf"(?:training|fine[- ]?tun\w*)(?: models?)? (?:{_END}|{_DEPRECATE})"),
    (
        "announced",
        any_of(
            r"announce\w*|annonce\w*|angekündigt am|notice (?:date|given)|notif\w+",
            "公告|通知|告知|発表|お知らせ|공지|안내|통보",
        ),
    ),
    ("replacement", _REPLACEMENT),
    ("status", _STATUS),
    ("stage", any_of("(?:launch|release|lifecycle) stage|^stage$|^maturity$|^availability$", "阶段")),
    ("version", "^(?:model )?(?:versions?|snapshots?)(?: (?:ids?|names?))?$|^(?:模型)?版本号?$|快照"),
)
_DATES: tuple[tuple[Role, str], ...] = (
    ("deprecates", _CLOSED),
    ("retires", _END),
    ("legacy", r"\blegacy\b"),
    ("deprecates", _DEPRECATE),
)
_ID = any_of(
    r"\b(?:model|api|endpoint)s?[ -]?(?:model )?(?:id|identifier|code|string|slug)s?\b",
    r"^(?:id|identifier|slug|model name \(api\)|api (?:model )?names?|api endpoints?)$",
    "模型 ?(?:id|编码|标识|code)",
)

_DEPRECATED = any_of(
    r"deprecat(?:ed|ing)|retiring|sunsetting|(?:scheduled|planned|slated|pending|marked) (?:for |to be )?\w+",
    rf"(?:(?:to|will) be|being|to) (?:{_END}|{_DEPRECATE})|phas(?:ed|ing) out|end of sale|retires|available until",
    rf"(?:{_END}|{_DEPRECATE}) (?:planned|scheduled|announced|pending)",
    r"(?:active|current|ongoing|upcoming|planned|announced|pending) (?:deprecations?|retirements?"
    r"|shutdowns?|removals?|sunsets?)",
    r"(?:closing|winding|shutting) down|(?:retiring|ending|closing|sunsetting|leaving) soon|end[- ]of[- ]life soon",
    "即将(?:下线|停用|退役|弃用)|[待将](?:下线|退役|停用)|计划(?:下线|退役)|(?:下线|退役)中|已?弃用|废弃|不推荐",
    "非推奨|(?:提供)?終了予定|廃止予定|(?:지원|서비스)?\\s?(?:종료|중단) ?예정",
    "abgekündigt|veraltet|obsolète|obsoleto|en desuso|dépréci[ée]",
)
_RETIRED = any_of(
    r"retired|shut ?down|shut ?off|sunset(?:ted)?|discontinued|decommissioned|end[- ]of[- ]life(?: ?\(eol\))?|eol",
    "removed|ended|offline|unavailable|withdrawn|obsolete|terminated|turned off|no longer (?:available|supported)",
    "已?下线|已?退役|已?停用|已?停服|已关闭|停止服务",
    "(?:(?:提供|サービス)を?)?終了(?:済み?|した|しました)?|廃止(?:済み?)?|(?:지원|서비스)?\\s?(?:종료|중단)(?:됨)?|abgeschaltet|eingestellt|retirad[oa]|retirée?",
)
_ACTIVE = any_of(
    "active|available|supported|current|live|in service|recommended",
    "可用|正常|在线|服务中|在售",
    "提供中|利用可能|사용 가능|지원 중|aktiv|verfügbar|acti[fv][oe]?|disponible",
)
_WORDS: tuple[tuple[Status, str], ...] = (
    ("deprecated", _DEPRECATED),
    ("retired", _RETIRED),
    (
        "legacy",
        r"legacy|older|superseded|previous generation|(?:in )?maintenance(?: (?:mode|only))?"
        r"|no longer (?:maintained|updated|developed)",
    ),
    ("legacy", "旧版|不再(?:维护|更新)|停止(?:维护|更新)"),
    ("active", _ACTIVE),
)
_STAGE = any_of(
    "(?:(?:public|private|limited|open|closed) )?(?:preview|beta|alpha|experimental|early access)",
    r"(?:generally available|general availability|ga|stable|production)(?: \(ga\))?",
    "公测|内测|预览版?|正式版?",
)
_SUBJECT_MATTER = r"(?:\w+ )?models? (?:end[- ]of[- ](?:life|support|service)|eol|sunset|shut ?down|shutoff)"
_GENERIC = any_of(
    r"\b(?:the following table lists the|models?|versions?|snapshots?|releases?|endpoints?|apis?|and|or|other|older)\b",
    r"\b(?:previously|recently|already|our|list of|all|past|upcoming|history|table)\b",
    r"\(.*?\)|[&:,/]|模型|列表|历史|版本|的|已|モデル",
)


def status_word(text: str) -> Status | None:
    """The status that a text as a whole names ("Deprecated", "Shut down", "已下线"), or None."""
    plain = _bare(text)
    return next((status for status, shape in _WORDS if re.fullmatch(shape, plain, re.I)), None)


def is_stage(text: str) -> bool:
    """Whether a text as a whole names a release stage ("Preview", "Generally Available")."""
    return bool(re.fullmatch(_STAGE, _bare(text), re.I))


def section_status(heading: str) -> Status | None:
    """The status of what stands under a heading that names nothing but a status: "Retired models", "EOL versions".

    A heading with anything else in it ("Legacy GPT snapshots", "2026-05-08: ...") is a title and gives no status.
    """
    if re.fullmatch(_SUBJECT_MATTER, _bare(heading), re.I):
        return None  # "Model end of life": what the page is about
    if status_word(heading) == "deprecated":
        return "deprecated"  # "Upcoming shutdowns"
    plain = _bare(re.sub(_GENERIC, " ", heading, flags=re.I))
    status = (status_word(plain) or _least(plain)) if plain else None
    return None if status == "active" and plain.casefold() != "active" else status


def _least(words: str) -> Status | None:
    """Of several words of status the one that everything under them has come to: "Deprecated and retired models"."""
    found = [status_word(word) for word in words.split()]
    worn = [WORN.index(each) for each in found if each in WORN]
    return WORN[min(worn)] if worn and len(worn) == len(found) else None


def role_of(header: str) -> Role:
    """What a column holds, by its header."""
    text = " ".join(header.split())
    for role, shape in _ROLES:
        if re.search(shape, text, re.I):
            return role
    thing, when = re.search(_THING, text, re.I), re.search(_WHEN, text, re.I)
    for role, shape in _DATES:
        if re.search(shape, text, re.I) and (when or not thing):
            return role
    if re.search(_ID, text, re.I):
        return "id"
    if thing and not re.match(r"(?:available|supported|via|open|weights?)\b", text, re.I):
        return "model"
    return "date" if is_plain_date(text) else "other"


def status_of_header(header: str) -> Status | None:
    """What a model column's header says of the models below it: "Deprecated model", "Model being retired"."""
    if re.search(
        any_of(
            _DEPRECATE,
            "being",
            "to be",
            "will be",
            "upcoming",
            r"\bold\b|^旧",
            "(?:retir|sunsett|leav)ing|go(?:es|ing) away",
            "^(?:待|即将)?(?:下线|停用|退役)(?:的)?模型",
        ),
        header,
        re.I,
    ):
        return "deprecated"
    if re.search(_END, header, re.I):
        return "retired"
    return "legacy" if re.search(r"\blegacy\b", header, re.I) else None


def is_plain_date(header: str) -> bool:
    """Whether a column's header says that it holds dates, and not of what."""
    return bool(re.fullmatch("date|when|日期|时间", header.strip(), re.I))


def is_end(text: str) -> bool:
    """Whether a text speaks of an end: retirement, shutdown, removal."""
    return bool(re.search(_END, text, re.I))


def is_deprecation(text: str) -> bool:
    """Whether a text speaks of deprecation."""
    return bool(re.search(_DEPRECATE, text, re.I))


def _bare(text: str) -> str:
    return re.sub(r"^[^\w(]+|[^\w)]+$", "", text.strip())
