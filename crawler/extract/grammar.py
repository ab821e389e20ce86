"""The words from which sentences about lifecycles are made, in English and Chinese, as patterns over masked text.

See crawler.extract.mentions: \\x01n\\x02 stands for a name, \\x03n\\x04 for a date.
"""

import re

from crawler.extract.statuses import any_of


def _compile(*words: str) -> re.Pattern[str]:
    return re.compile(any_of(*words), re.I)


# What happens to a model. `new`: closed to new users, a deprecation; `other`: verbs that take dates of their own.
VERBS = _compile(
    r"(?P<new>no longer (?:be )?(?:available|accessible|open|offered) (?:to|for) (?:\w+ )?new\w*|closed to new)",
    r"(?P<retire>\b(?:retir(?:e[sd]?|ing|ements?)|shut(?:s|ting)?[ -]?(?:down|off)|sunset(?:s|ted|ting)?|discontinu\w+"
    r"|remov(?:ed?|es|ing|al)|decommission\w*|end(?:s|ed)?[- ]of[- ](?:life|support|service)|EOL"
    r"|(?:turn|switch)(?:s|es|ed|ing)? off"
    r"|taken (?:offline|down)|withdraw[n]?|phased? out|terminat(?:ed?|ion|ing)"
    r"|(?<!was )(?<!were )(?:unavailable|inaccessible)"
    r"|ends?(?= (?:on|in|by|at|after) \x03)"
    r"|(?:stop(?:s|ped)?|ceas(?:es?|ed)) (?:working|serving|answering|responding|offering|supporting"
    r"|hosting|running|being \w+)"
    r"|leav(?:es?|ing) (?:serverless|(?:the |our )(?:api|platform|service|catalog\w*|model (?:list|catalog\w*)))"
    r"|go(?:es|ing)? (?:offline|away)|offline(?= (?:on|at|from|since|as of|by|in|after|\x03))"
    r"|return(?:s|ing)? (?:an )?errors?"
    r"|no longer (?:be )?(?:available|supported|accessible|offered|served|usable)"
    r"|(?:available|supported|accessible|maintained?|usable)(?= (?:until|through)(?: at least)? \x03))\b"
    r"|下线|退役|停用|停止(?:服务|支持|提供|使用|调用|运营|维护)+|关停|关闭|终止(?:服务)?|不再(?:提供|支持|可用|维护)|停服|移除)",
    r"(?P<deprecate>\bdeprecat(?:ed?|es|ing|ions?)\b"
    r"|\benter(?:s|ed|ing)? (?:its|the|their|a) (?:[\w-]+ )?deprecation (?:period|phase|window)|弃用|废弃)",
    r"(?P<announce>\b(?:announc\w+|notif\w+|e-?mail(?:ed|ing)|inform(?:ed|ing))\b|公告|通知|宣布)",
    r"(?P<other>\b(?:releas\w+|launch\w*|introduc\w+|redirect\w*|rout(?:ed|ing)|upgrad\w+|updat\w+|migrat\w+"
    r"|point(?:s|ed|ing)? to|switch(?:ed|es|ing)?(?! off)|replac\w+|supersed\w+|reset"
    r"|start(?:s|ed|ing)? (?:a|the)|trained|created?)\b"
    r"|发布|推出|上线|升级|切换)",
)
NOUN = re.compile(r"(?i)(?:ions?|ments?|al|sunset|shut[ -]?down|EOL|of[- ](?:life|support|service))$")
NOUN_AFTER = re.compile(r"\s+(?:\w+\s+)?(?:models?|versions?|snapshots?|slugs?|endpoints?|names?|ids?)\b", re.I)
AUXILIARY = re.compile(
    r"(?:\b(?:will|would|to|shall|going|scheduled|planned|plan|being|be|been|is|are|was|were|has|have|had|also|now|still"
    r"|officially|soon|currently|already|fully|permanently|immediately|automatically|gradually|both|not|gets?|for|and|set"
    r"|due|reach(?:es|ed|ing)?|its|their|the|continues?|remains?|stays?)\b[\s,]*)+$"
    r"|(?:将会?|已经?|即将|计划|预计|现已|正式|于|在|起|被|全面|陆续|逐步|会|完成|从|至"
    r"|\d{1,2} ?[点时]整?|[0-2]?\d:\d\d(?::\d\d)?|\s|\x03\d+\x04)+$",
    re.I,
)
PASSIVE = _compile(r"\b(?:is|are|was|were|be|been|being)\b", "被|已|将")
TUNING = re.compile(
    r"(?!.*\b(?:these|those|this|that)\b)(?:(?:any|new|previously|last|available) )*(?:models? )?"
    r"(?:fine[- ]?tun|tuning)[^()]*$"
    r"|[^()]*(?:微调|精调)",
    re.I,
)
FUTURE = _compile(
    r"\b(?:will|would|shall|going|scheduled|planned|plan|to be|being|soon|due|set)\b", "将", "即将", "计划", "预计"
)
PAST = _compile(r"\b(?:was|were|has|have|had|been|already)\b", "已")
NEGATED = _compile(
    r"\b(?:not|never|neither|aren't|isn't|won't|without)\b[^,;]{0,30}"
    r"(?:affect|impact|retir|deprecat|remov|shut|discontinu)",
    r"\b(?:unaffected|remains? (?:available|supported|active)(?! ?(?:until|through) \x03))",
    r"\btemporar(?:y|ily)\b[^.;]{0,30}(?:unavailable|inaccessible|shut|off|remov|withdr|disabl)",
    "不受影响",
    "不会(?:下线|弃用)",
)
CONDITION = re.compile(r"^\W*(?:when|whenever|once|if|unless|as soon as|until a|before a)\b|^\W*(?:当|如果|一旦)", re.I)
USERS = re.compile(  # "If you are using A or B, "
    r"^\W*(?:if|when) (?:you|your \w+)(?:['’]re| are)?(?: still| currently)? "
    r"(?:us(?:e|ing)|call(?:ing)?|run(?:ning)?|rel(?:y|ying) on|depend(?:ing)? on)(?: the)? "
    r"(?P<of>\x01[^.;:]*?)(?: today| in production)?[,，](?= ?(?!\x01))",
    re.I,
)
# Where the object of "the deprecation of X" or "we are retiring X" ends.
STOP = _compile(
    r"\b(?:in fav(?:ou?)r of|replac\w+|migrat\w+|switch\w*|upgrad\w+|recommend\w*|please|instead|redirect\w*|from)\b",
    r"\b(?:effective|coming|as of|by|on|in|at|before|after|with|which|that|who|because|due|some ?time|later|soon)\b",
    r"\b(?:(?:and )?(?:will|are|is|was|were|has|have))\b",
    r"\x03|[;:—]",
    "迁移|替换|替代|建议|推荐|请",
)
INSTEAD = _compile(
    "\\b(?:in fav(?:ou?)r of|replaced (?:by|with)|superseded by)\\b",
    r"\b(?:migrat|switch|upgrad|mov|transition)\w* (?:\w+ ){0,3}?(?:to|over to)\b",
    "\\b(?:please |can |you )use\\b|(?:^|[.,;:。，；：—–-] ?)use\\b",
    r"\brecommend(?:ed)? (?:that )?(?:you )?(?:use|using|replacement\w*(?: is| are|:)?|alternatives?(?: is| are|:)?"
    r"|upgrading to|migrating to)?",
    r"\b(?:redirect(?:s|ed)?|rout(?:es?|ed)) to\b",
    "(?:路由|重定向|转发|映射|指向)(?:至|到|为)",
    "後継(?:モデル)?(?:は|：|:)",
    r"\bsuggest\w*(?: using)?|\b(?:replacements?|successors?)(?: is| are|:)",
    "(?:建议|推荐)(?:您)?(?:使用|改用|切换|迁移|升级)?(?:至|到|为)?",
    "→|->|=>",
    "请(?:改用|使用|迁移|切换)(?:至|到)?",
    "(?:迁移|替换|升级|切换)(?:至|到|为|成)",
    "替代(?:模型|方案)?(?:为|是|：|:)?",
    "改用",
)
# Words that add nothing to the names in a subject.
FILLER = _compile(
    r"\b(?:the|our|its|their|a|an|few|this|these|those|all|both|any|each|following|two|three|four|five|six|several|some|certain|many"
    r"|various|set|of|older|old|legacy|previous|earlier|existing|original|preview|experimental|stable|ga|public|api|models?|names?"
    r"|snapshots?|versions?|series|famil(?:y|ies)|alias(?:es)?|ids?|slugs?|variants?|releases?|checkpoints?|llms?|and|or"
    r"|as well as|along with|including|called|named|also|now|officially|note|that|please|important|language"
    r"|as of (?:today|now)|today"
    r"|embeddings?|text|image|audio|video|live|chat|multimodal|reasoning|vision|speech|it|they|serverless|which|below|above|listed|official|hosted|affected|selected)\b",
    r"\b\w+['’]s(?=\s)",
    "部分|预置|在线|服务|进行|处理|对(?=部分|以下|模型|\\s*\x01)|涉及|如下|下列|平台|模型|系列|等|版本|旧版?|以下|上述|的|和|与|及|以及|我们|该|这些|此",
    r"[、，：。,.:;()（）\"'“”*\[\]/&|-]",
)
GENERIC = _compile(
    r"\b(?:models?|versions?|snapshots?|they|these|this|it|those|releases?|series)\b", "模型|版本|它们|服务"
)
ADVERB = re.compile(
    r"^\s*(?:(?:on|in|as|after|effective|starting|from|following|since|due|to|with|for|beginning|today|currently|once|when|if"
    r"|previously|additionally|furthermore|also|note|please note|update|until|by|at)\b|\x03|自|从|为了?|由于|随着"
    r"|因|鉴于)"
    r"(?:[^,，:]|:(?=\d))*(?:[,，]|:(?!\d))",
    re.I,
)
LABEL = re.compile(  # "Deprecation notice: X will be ...": a title before the sentence
    r"^\W*(?!.*(?:\bfollowing\b|\bbelow\b|以下|如下))(?!.*\b(?:will|are|is|was|were|been|we)\b)[^\x01\x03:：,，.。;；]{2,40}[:：](?=.)",
    re.I,
)
MOVED = _compile(
    r"\b(?:has|have|had|was|were|is|are|been|be|we|now)(?: been| also| now)? "
    r"(?:postpon|delay|extend|reschedul|push|mov|shift|chang)ed\b",
    r"\b(?:cancel|withdraw|revers|paus|reconsider)\w*\b(?=.*\b(?:retire|deprecat|shut|sunset|remov|plan|decision)\w*)",
    "推迟|延期|延长|取消|暂缓|顺延",
)
_END = (
    r"(?:retire(?:ment)?|shut[ -]?down|shutoff|sunset|deprecation|removal|discontinuation|end[- ]of[- ](?:life|support)"
    r"|EOL|decommissioning)(?: (?:date|plan|timeline|schedule|deadline)s?)?"
)
_OTHERWISE = (
    r"(?:postpon|delay|extend|reschedul|push|mov|shift|chang|cancel|withdraw|revers|revok|paus|suspend)"
    r"(?:l?e[ds]?|l?ing|n)"
)
_BEEN = r"(?:(?:has|have|had|was|were|is|are|will|be|been|being|now|also|again) )+"
_ONES = r"(?P<of>(?:[\w'’,-]+ ){0,4}\x01[^.;:]{0,300}?)"
_TILL = (
    r"(?= ?(?:$|[.;:!]|,(?! ?(?:and |or )?\x01)"
    r"|\b(?:from|to|until|till|by|beyond|because|due|as|so|while|and (?!\x01)\w)\b))"
)
_OPENS = r"(?:^|[.;:] ?)"
_SUBJECT = rf"{_OPENS}(?P<of>[^.;:]{{0,300}}\x01\d+\x02[^.;:,\x01\x03]{{0,12}}?)"
CHANGED = tuple(  # an end that will not come, or not when it was to: of whom
    re.compile(shape, re.I)
    for shape in (
        rf"\b{_OTHERWISE}(?: back| out| forward)? (?:(?:the|its|their|our|planned|scheduled|upcoming) )*"
        rf"(?P<end>{_END}) (?:of|for) {_ONES}{_TILL}",
        rf"\b(?P<end>{_END}) (?:of|for) {_ONES} {_BEEN}{_OTHERWISE}\b",
        rf"{_OPENS}{_ONES} ?['’]s? (?P<end>{_END}) {_BEEN}{_OTHERWISE}\b",
    )
)
UNDONE = tuple(
    re.compile(shape, re.I)
    for shape in (
        rf"{_SUBJECT} (?:is|are) no longer (?:being |considered |marked as |going to be |scheduled (?:for|to be) )?"
        r"(?:deprecat|retir|sunset|discontinu|shut)\w*",
        rf"{_SUBJECT} (?:will|is|are)(?: no longer| not|n't) (?:going to |to )?(?:be )?"
        r"(?:retired|discontinued|sunset|removed|shut[ -]?down|decommissioned)\b"
        r"(?! ?(?:,? ?and|or|until|before|prior|earlier|sooner|yet))",
        rf"\bkeep(?:ing|s)? {_ONES}(?= (?:available|running|online|in service|alive))",
        rf"\bnot to (?:retire|deprecate|discontinue|sunset|remove|shut down) {_ONES}{_TILL}",
    )
)
PROMISED = re.compile(  # "X will not be retired before D"
    rf"{_SUBJECT} (?:will not|won['’]t|will never|(?:is|are) not going to) (?:be )?"
    r"(?:retired?|discontinued?|sunset|removed?|shut[ -]?down|decommissioned?)"
    r" (?:before|until|prior to|(?:any )?(?:earlier|sooner) than) \x03(?P<day>\d+)\x04\W*$",
    re.I,
)
COMES_OUT = re.compile(  # the end of a preview that is followed by more
    r"\b(?:preview|beta|early access)\b[^.;]*?\b(?:ends?|ended|retired|shut down|closed|discontinued)\b[^.;]*"
    r"\b(?:when|as|once)\b[^.;]*\b(?:generally available|general availability|GA)\b",
    re.I,
)
AS_TOLD = re.compile(  # "As announced in March, "
    r"^\W*as (?:previously |already |first )?(?:announced|communicated|mentioned|noted|shared|described|planned)\b"
    r"[^,.;:\x01\x03]{0,40},\s*",
    re.I,
)
NEW_DATE = re.compile(
    r"\bnew(?: [a-z-]+){0,3} (?:date|deadline|day)(?: is| will be|:)(?: now)?\W{0,6}\x03(\d+)\x04"
    r"|新的?(?:下线|停用|退役)?(?:日期|时间)(?:为|是|：|:)\s*\x03(\d+)\x04",
    re.I,
)
PUT_OFF = re.compile(  # the same, of an end that the sentence before it gives a day: perhaps with the new one
    r"^\W*(?:update:? )?(?:but )?(?:this|that|it|the|its)(?: (?:new|planned|original|shut ?down|shutoff|retirement"
    r"|removal|sunset|deprecation|end[- ]of[- ]life|date|deadline|change|plan)){0,3}"
    r" (?:has|have|was|is)(?: been| now| since| also){0,2}"
    r" (?:postponed|delayed|extended|rescheduled|pushed|moved"
    r"|deferred)\b(?: back| out| forward)?(?: (?:to|until|till) \x03(\d+)\x04"
    r"|(?= ?(?:$|[.;!]|indefinitely|until further)))"
    r"|^\W*(?:update ?(?:\x03\d+\x04)? ?:? ?)?we(?:['’]ve| have)? (?:extended|postponed|moved|pushed back|delayed) "
    r"(?:the|this|that)(?: [\w-]+){0,4}? (?:date|deadline)(?: by [\w ]{1,20})?,? (?:to|until|till) \x03(\d+)\x04",
    re.I,
)
ON_DAY = re.compile(  # of what the sentence before it says without a day
    r"^\W*(?:the|its|their) (?:exact|final|last|effective|shut ?down|retirement|end[- ]of[- ]life|removal|sunset)"
    r"(?: (?:exact|final))? (?:date|day) (?:is|will be) \x03(\d+)\x04",
    re.I,
)
PRONOUN = re.compile(r"\W*(?:it|they|this|these|both|those|all)\W*", re.I)
NOT_SO = re.compile(  # of what the sentence before it says
    r"^\W*(?:but )?(?:that|this|it|these|they|both|the (?:plan|change|decision|date|shut ?down|retirement"
    r"|removal|deprecation)s?)"
    r"\b[^.]{0,30}?(?:\b(?:not|no longer|never)\b|n['’]t\b)[^.]{0,24}?\b(?:happen|go(?:ing)? ahead"
    r"|take place|planned|proceed\w*"
    r"|carried out|occur|the case)\b"
    r"|^\W*(?:but )?(?:that|this|the) (?:plan|change|decision|announcement|shut ?down|retirement|removal|deprecation)s?"
    r" (?:has been|have been|was|were|is|are)(?: now| since)? (?:cancell?ed|reversed|called off|withdrawn"
    r"|dropped|abandoned|off(?= ?(?:$|[.;,!])))"
    r"|^\W*(?:update:? ?)?(?:but )?(?:it|they|both) (?:will not|won['’]t|will no longer"
    r"|(?:is|are)(?: not| no longer|n['’]t) going to) be"
    r" (?:retired|removed|shut ?down|discontinued|sunset|decommissioned)\b"
    r"(?! ?(?:,? ?and|or|until|before|prior|earlier|sooner|yet|in|on|from)\b)"
    r"|^\W*we(?:['’]ve| have)?(?: since)? (?:decided (?:not to|against)|cancell?ed|dropped"
    r"|reversed) (?:that|this|it|so|do)\b"
    r"|(?:该|此)(?:计划|决定|安排).{0,6}(?:取消|撤回|不再执行)",
    re.I,
)
STAYS = re.compile(
    r"\x02(?:[\s,]|and\b|\x01\d+\x02)*(?:(?:will|does|do|now|both|to|is|are|going) )*"
    r"(?:remains?|stays?|keeps?|continues? to be)"
    r" (?:fully )?(?:available|supported|active|online|accessible|running|in service)"
    r"(?! ?(?:,? ?(?:un)?til|through|on|in|to|via|for|only|at least)\b)",
    re.I,
)
MAYBE = re.compile(r"\b(?:may|might|could|can)\b", re.I)
FORMER = re.compile(  # the day on which it was to happen
    r"[(（]?\b(?:instead of|rather than|previously|originally|formerly)"
    r"(?: (?:on|planned for|scheduled for|planned|scheduled))? ?:? ?\x03\d+\x04 ?[)）]?"
    r"|(?:原(?:定|计划|拟)|此前(?:计划|定))(?:[于在])? ?\x03\d+\x04(?: ?[起前])?",
    re.I,
)
OF_SOMETHING_ELSE = (  # before a date: not the day on which the verb happens
    r"\b(?:before|prior to|since its|released|over the|versions?:?(?: \x03\d+\x04(?: ?,| and| or| &)?)*)\s*$"
)
MOVED_TO = re.compile(r"(?:\b(?:to|until|till)\b|[至到为])\s*\x03(\d+)\x04", re.I)
WHEN = re.compile(  # a date with what leads to it and the hour after it
    r"(?:\b(?:on|from|as of|effective|starting|by|in|since|until|after)\s+|(?:将|拟|计划|预计)?[于在自从至]\s*|将\s*)?"
    r"\x03\d+\x04"
    r"(?:\s*(?:at|,)?\s*\d{1,2}(?::\d\d)*\s*(?:[ap]\.?m\.?)?(?:\s*\(?(?:UTC|GMT|[A-Z]{0,3}T)(?:[+-]\d+)?\)?)?)?(?:\s*[起前后])?",
    re.I,
)
ACTIVE = re.compile(
    r"\b(?:we|team)(?:['’](?:re|ve|ll))?\s*$|\b(?:announc\w*|continue|begin|plan)\b[\w\s]*$|我们\s*$", re.I
)
ACTOR = re.compile(r"\W*(?:[A-Z][\w.]*[\s,]*){1,4}")  # who does it: "Azure OpenAI"
JOINED_NAMES = re.compile(
    r"[A-Z][a-z]+[A-Z]\w*(?: [A-Z][a-z]+[A-Z]\w*)*"
)  # names without a figure beside one that has one
LEFTOVER = re.compile(
    r"^[\s,)]*(?:(?:on|in|by|as of|from|until|at)\b\s*)?(?:\x03\d+\x04)?[\s,;)]*(?:and|while|but|，|,)*", re.I
)
