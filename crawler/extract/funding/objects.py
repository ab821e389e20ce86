"""What a deal's verb takes: a company, a fund, debt, or nothing that makes it a deal. Pure."""

import re
from collections.abc import Sequence

from crawler.extract.funding import lexicon
from crawler.extract.funding.names import name_in, plain
from crawler.extract.funding.texts import MARK, Sentence

_DEBT = re.compile(
    r"\b(?:loans?|bonds?|(?:senior|convertible|secured|unsecured|exchangeable) notes?|notes? (?:offering|sale|issue)|"
    r"debt|credit (?:facility|line)|"
    r"line of credit|term loan|revolv(?:er|ing)|borrow\w*|non-dilutive|securiti[sz]\w+|mezzanine|"
    r"project financ\w+|private credit|"
    r"convertibles?)\b",
    re.I,
)
_EQUITY = re.compile(r"\b(?:equity|series [a-h]|seed|stake|venture round)\b", re.I)
_PURPOSE = re.compile(r"(?P<money>⟧[^;]*?) to [a-z]+ [^;]*")
_LATER = re.compile(r"(?P<money>⟧[^;]*?),? (?:ahead of|after|before|amid|following|despite|as)\b[^;]*", re.I)
_STAGED = re.compile(r"\b(?:series [a-h]|seed|equity|venture|round|funding)\b", re.I)
_SIDE = re.compile(
    r"\b(?:to (?:pay|repay|refinance|cut|reduce|settle|retire)|for (?:lend|loan)|lender|lending|loan (?:orig|"
    r"platform|software|service))",
    re.I,
)
_PARTLY = re.compile(
    r",? (?:(?:some|part) of (?:it|which)|of which (?:some|part)) [^;]*|,? (?:including"
    r"|plus|along with|alongside|with) (?:an? )?⟦[^;]*",
    re.I,
)
_FUND = re.compile(
    rf"(?:{MARK}(?:,| for| in| to)? ?(?:(?:its|an?|the|new|for|launch|start|across|"
    rf"their)\s)*(?:[\w'&-]+ ){{0,4}}?(?<!\bto )[Ff]unds?\b(?! (?:manager|to buy|its|the))|"
    rf"\b[Ff]und (?:[IVX]+|\d|(?:[\w,'&-]+ ){{0,6}}?(?:of|at|with|worth|totall?ing) {MARK})|(?:for|into|with|"
    rf"across|closes?|raises?|new|debut|second|third|"
    rf"first|fourth|fifth|inaugural|its|latest|an?) (?:[\w'&-]+ ){{0,3}}?fund\b[^;]{{0,25}}{MARK})"
)
_FROM_FUND = re.compile(r"\b(?:from|by|led by|hedge|wealth|pension|mutual)\s[^,;⟦]*$", re.I)
_NO_BUY = re.compile(
    r"\b(?:GW|MW|gigawatts?|megawatts?|electricity|power|compute|capacity|chips?|GPUs?|TPUs?|processors?|"
    r"servers?|land|site|sites|campus|acres|"
    r"homes?|houses?|accounts?|equit(?:y|ies)|shares?|stock|bonds?|loans?|tokens?|bitcoin|crypto|ads?|data|"
    r"licen[sc]es?|rights|content|services|"
    r"products?|villages?|property|properties|buildings?|offices?|energy|gas|oil|gold|planes?|jets?|cars?|"
    r"trucks?|robots?|drones?|phones?|"
    r"computing time|customers?|users?|talent|skills|time|debt|notes|clients|patents?|ships?|satellites?|"
    r"books?|tickets?|data cent(?:er|re)s?|"
    r"hardware|equipment|subscriptions?|weapons|missiles?|groceries|followers|rights?|assets|stake)$",
    re.I,
)
_COMPANY = re.compile(
    r"\b(?:startups?|start-ups?|compan(?:y|ies)|firms?|makers?|developers?|providers?|platforms?|apps?|labs?|"
    r"studios?|business(?:es)?|units?|rivals?|"
    r"chipmakers?|operators?|brands?|retailers?|suppliers?|manufacturers?|agenc(?:y|ies)|divisions?|"
    r"publishers?|banks?|insurers?|lenders?)\b",
    re.I,
)
_OBJECT_END = re.compile(
    r",|;|⟦|\s\(|\.\s|\.$|\s[-–—]\s|\s(?:for|to|in|at|as|after|from|with|which|that|who|by|via|amid|while|on|"
    r"over|through|despite|following|of|then|less than|just|(?:mere )?(?:hours|days|weeks|months|years)|"
    r"an? (?:day|week|month|year)|"
    r"specializing|specialising|and (?:its|their|the|hires|will|plans|says))\s",
    re.I,
)
NO_DEAL = re.compile(
    rf"^\W*(?:[\w-]+ ){{0,3}}?(?:{MARK}) (?:(?!to |for |from |in |at |as |and |by |"
    rf"led )[\w.'-]+ ){{0,4}}?(?:contracts?|orders?|fines?|settlement|prizes?|"
    rf"award|jackpot|damages|sales|revenues?|ARR|"
    r"profit|tariffs?|donation|lawsuit|verdict|salary|bonus|tax|licensing deal|deal (?:to|with|for)|"
    r"cloud deal|bid|compute deal|supply deal|hub|tender offer)\b|"
    r"\btender offer|\bbuy-?backs?\b|\bfor (?:\w+ )?(?:charity|charities|relief|victims|campaigns?|"
    r"nonprofits)\b|\bshare repurchase|\bemployee share sale|\bsecondary sale|"
    r"\bprice targets?\b|\bstock target|\b(?:run|bid|race) for (?:the |US )?(?:senate|congress|house|governor|mayor"
    r"|president|office)\b",
    re.I,
)
_CROWD = re.compile(
    r"\b(?:startups|companies|firms|vcs|investors|makers|labs|banks|ventures|governments?|sectors?|industry|"
    r"taxpayers|tech giants|hyperscalers|"
    r"americans|states|u\.s\.|funding)$",
    re.I,
)
_COUNTED = re.compile(r"^(?:two|three|2|3)\b", re.I)
_FIRM_NOUN = re.compile(
    r"\b(?:VC|venture|venture capital|private equity|PE|investment|buyout|growth equity|crypto VC|"
    r"growth)(?: capital)? (?:firm|fund|giant|investor|company|"
    r"arm|outfit)\b|\b(?:investor|hedge fund|venture fund|accelerator|solo GP)\b",
    re.I,
)
_HEAD_MANAGER = frozenset(("ventures", "capital", "partners", "vc", "equity", "fund"))


_PROJECT = re.compile(
    r"\bfinancing\b[^;]{0,60}?\b(?:for|to (?:build|fund|finance|buy|expand)) (?:[\w-]+ ){0,4}?(?:data cent(?:er|"
    r"re)s?|campus|"
    r"power plants?|solar (?:farm|park)s?|GPUs?|battery storage|projects?)\b",
    re.I,
)


def is_debt(words: str) -> bool:
    """Whether money is borrowed; debt mixed with equity, and debt as a purpose, are not."""
    if _PROJECT.search(words) and not _STAGED.search(words):
        return True
    words = _LATER.sub(r"\g<money>", _PURPOSE.sub(r"\g<money>", words))
    plain_words = _SIDE.sub(" ", _PARTLY.sub(" ", words))
    return bool(_DEBT.search(plain_words)) and not _EQUITY.search(plain_words)


def is_fund(words: str, sentence: Sentence) -> bool:
    """Whether the money is for a fund that will invest it ("$50M Fund II", "$1bn for its third fund")."""
    for match in _FUND.finditer(words):
        at = match.group(0).lower().rfind("fund")
        if re.search(r"\b(?:fresh|additional|more|extra|new) funds\b", match[0], re.I):
            continue
        if not _FROM_FUND.search(words[: match.start() + at]):
            return True
    return False


def is_manager(before: str, names: Sequence[str], wanted: str, sentence: Sentence) -> bool:
    """Whether the one who raises is a firm that invests, with no round named."""
    if re.search(r"\b(?:round|series|seed|funding|financing)\b", wanted + sentence.text, re.I):
        return False
    if _FIRM_NOUN.search(before):
        return True
    if not names:
        return False
    last = names[0].split()[-1].lower()
    known = plain(names[0]) in lexicon.FIRMS
    return (last in _HEAD_MANAGER and len(names[0].split()) > 1) or (known and bool(re.search(MARK, wanted)))


def is_crowd(before: str) -> bool:
    """Whether the subject is a sector or a crowd rather than a company: totals are no event."""
    words = before.split()
    crowd = bool(_CROWD.search(before.strip())) or (bool(words) and words[-1].lower() in lexicon.STATES)
    return crowd and not _COUNTED.match(before) and name_in(before) is None


def buys_a_company(wanted: str, *, titled: bool = False) -> bool:
    """Whether what is bought is a company or a part of one, not goods, power, land or securities.

    `titled`: every word of the headline has a capital, so that a capital does not make "Chips" a part of a name.
    """
    whole = re.sub(r"^(?:the )?(?:team|startup|company|people) behind\s+|^[\w. ]+-based,?\s+(?=\S)", "", wanted.strip())
    if re.match(r"(?:back|in|into|out|time|more|less)\b|\d|⟦\d+⟧ (?:of|worth|in|more)", whole, re.I):
        return False
    end = _OBJECT_END.search(f"{whole} ")
    head = whole[: end.start()].strip(" .\"'") if end else whole
    goods = _NO_BUY.search(head)
    if not head or (goods and (titled or goods[0].islower() or goods[0].isupper())):
        return False
    named = name_in(head)
    words = head.split()
    if _COMPANY.search(head):
        return named is not None or not re.match(
            r"(?:local|small|other|more|many|some|smaller|new|its|their)\b", head, re.I
        )
    if not named:
        return bool(re.match(r"[\w.]+'s \"", whole))
    return (
        words[-1][:1].isupper()
        or any(char.isdigit() for char in words[-1])
        or words[-1] in named.split()
        or "'s" in head
    )
