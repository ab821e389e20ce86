"""Where a sentence says that something ends: a region, a tier or a surface, as a scope; everywhere is none."""

import re

from crawler.extract.mentions import DATE, NAME, Masked

_ALL = re.compile(r"\b(?:all|every|any|each|other|both|these|those|worldwide|globally)\b", re.I)
_WORD = rf"(?:{NAME}|[A-Z]{{2,}}\d?|[A-Z][a-z]+(?:-[A-Z]?[a-z]+)?\d?)"
_LINK = r"(?: ?(?:,|and|or|&|/) ?(?:the )?| )"
_CITIES = (
    r"Frankfurt|Ireland|London|Paris|Stockholm|Zurich|Milan|Spain|Netherlands|Belgium|Finland|Norway|Tokyo|Osaka|Seoul"
    r"|Mumbai|Sydney|Melbourne|Hong Kong|Jakarta|S[ãa]o Paulo|Montr[ée]al|Virginia|Oregon|Ohio|Iowa|California"
)
_REGION = (
    r"EU|EEA|US|USA|UK|Europe|North America|South America|Asia(?:[- ]Pacific)?|APAC|EMEA|China|Japan"
    rf"|India|Korea|Canada|Australia|Brazil|Germany|France|Switzerland|Singapore|{_CITIES}"
    r"|(?:us|eu|ap|ca|sa|me|af|il|uk|cn|europe|asia|australia|northamerica|southamerica)(?:-gov)?-[a-z]+-?\d[a-z]?"
)
_EXCEPT = re.compile(  # "in all regions except Japan"
    rf"\b(?:except|excluding|other than|apart from|outside(?: of)?|(?:everywhere|anywhere|regions) (?:but|save))"
    rf"(?: for| in| the)* (?P<region>{_REGION})\b"
)
_OF_COLUMN = re.compile(rf"(?:(?:in|from) )?(?:the )?(?P<region>{_REGION})(?: regions?)?\b|.*\((?P<other>{_REGION})\)$")
_NAMED = re.compile(  # "in the eu-west-1 region", "from the EU and UK regions"
    rf"\b(?:in|from|within|for)(?: the| our)?(?: only)? (?P<region>{_WORD}(?:{_LINK}{_WORD}){{0,5}}) "
    r"(?:cloud )?(?:regions?|data ?cent(?:er|re)s?|locations?)\b"
)
_BARE = re.compile(  # "in Europe", "in us-east-1" behind the verb or before the subject
    rf"\b(?:in|from|within)(?: the)? (?P<region>{_REGION})"
    r"(?= ?(?:$|[.,;:)]|only\b|on \x03|from \x03|by \x03|as of|effective|at\b|\x03|and (?:will|is|was)))"
)
_CHINESE = re.compile(r"[在从于](?P<region>[\u4e00-\u9fff]{2,6}?)(?:地域|区域|节点)")
_SURFACES = re.compile(
    r"\b(?:from|in|on|within|for|to)(?: the| our| its)? (?:(?:web|chat|developer|api|model) )?"
    r"(?P<surface>playground|model (?:picker|selector|dropdown)|console|dashboard|(?:mobile |desktop |web )?apps?"
    r"|website|chat ui)\b",
    re.I,
)
_TIERS = re.compile(
    r"\b(?:from|in|on|within|for|to)(?: the| our)?"
    r" (?P<tier>(?:free|trial|starter|hobby|basic|batch|flex|priority)[- ](?:tier|plan|users?|accounts?|api))\b",
    re.I,
)
_CLOUDS = re.compile(
    r"\b(?:on|in|from|within|via|through)(?: the)? (?P<platform>(?:Amazon )?Bedrock|(?:Google Cloud )?Vertex AI"
    r"|Azure(?: OpenAI(?: Service)?| AI Foundry)?|Microsoft Foundry|GitHub (?:Copilot|Models)|ChatGPT|Snowflake Cortex"
    r"|Databricks|OpenRouter|Hugging Face)\b"
)
_SOMEWHERE = re.compile(  # "is retired on Acme Cloud on D"
    rf"\b(?:retired|removed|discontinued|sunset|available|deprecated) (?:on|from|in|via) "
    rf"(?P<platform>[A-Z][\w-]+(?: [A-Z][\w-]+){{0,2}}) (?:(?:on|by|as of|effective|from) )?{DATE}"
)
_MAKERS = re.compile(  # "OpenAI announced that X will be retired": there, on whoever's page that stands
    r"^\W*(?P<platform>OpenAI|Anthropic|Google|Mistral(?: AI)?|Cohere|Meta|Microsoft|AWS|Amazon|xAI|DeepSeek|Alibaba"
    r"|Groq|Together(?: AI)?|Fireworks(?: AI)?)"
    r"(?: (?:has|have|will|is|also|just|recently|now|itself))*"
    r" (?:announc|retir|deprecat|discontinu|shut|sunset|remov|plan|end|phas|turn|switch)\w*\b"
)
_OWN = {  # what a provider's own platform is called
    "amazon": ("bedrock", "aws"), "azure": ("azure", "foundry", "microsoft"), "google": ("vertex",),
    "github": ("github", "microsoft"),
    "snowflake": ("snowflake",), "databricks": ("databricks",), "openrouter": ("openrouter",),
    "huggingface": ("hugging face",),
}  # fmt: skip


def is_own(platform: str, provider: str) -> bool:
    """Whether a platform is the provider's own: on its pages that is said of the whole."""
    return any(word in platform.casefold() for word in (provider.casefold(), *_OWN.get(provider, ())))


def scopes_of(sentence: Masked, text: str) -> list[dict[str, str]]:
    """What the ends told in a sentence are limited to: `{"region": "eu-west-1"}`; nothing where it is of the whole."""
    shown = re.sub(NAME, lambda name: sentence.plain(name[0]), text)
    found: list[dict[str, str]] = []
    places = ((_NAMED, text), (_BARE, shown), (_CHINESE, text), (_SURFACES, text), (_TIERS, text), (_CLOUDS, shown))
    for shape, where in (*places, (_MAKERS, shown), (_SOMEWHERE, shown)):
        if found and shape is _SOMEWHERE:
            break
        for match in shape.finditer(where):
            if not _ALL.search(match[0]):
                scope = {name: sentence.plain(value) for name, value in match.groupdict().items() if value}
                found += [scope] if scope not in found else []
    spared = _EXCEPT.search(shown)
    return [{"region": f"all except {spared['region']}"}] if spared else found


def scope_of_title(title: str) -> dict[str, str]:
    """Where alone holds what stands under a title that tells of an end: "Retirements in EU regions"."""
    found = scopes_of(Masked(text=title), title)
    return {name: value for name, value in found[0].items() if name != "platform"} if len(found) == 1 else {}


def region_of_header(text: str) -> str:
    """The region whose column a header is of: "EU", "EU retirement date", "Retires (us-east-1)"; "" where of none."""
    named = _OF_COLUMN.match(text)
    return (named["region"] or named["other"]) if named else ""


def scope_alone(text: str) -> dict[str, str]:
    """The region or tier that a text is, and nothing else: of "(EU only)", "Only on the free tier"."""
    if region := region_of_title(text):
        return {"region": region}
    tier = _TIERS.fullmatch(f"on {text.strip()}")
    return {"tier": tier["tier"]} if tier else {}


def region_of_title(text: str) -> str:
    """The region that a title is, and nothing else: "Europe", "EU regions"."""
    named = _OF_COLUMN.fullmatch(text.strip(" .:#"))
    return named["region"] or "" if named else ""


def is_by_region(text: str) -> bool:
    """Whether a cell gives its days region by region."""
    return len(re.findall(rf"(?<![\w-])(?:{_REGION})(?![\w-])", text)) > 1
