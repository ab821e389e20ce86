"""The turns of phrase in which headlines tell that money is raised. Data, no logic."""

import re

from crawler.extract.funding.texts import MARK as M

RAISE = (
    r"raises?|raised|secures?|secured|lands?|landed|bags?|bagged|nabs?|nabbed|scores?|scored|snags?|snagged|"
    r"grabs?|grabbed|"
    r"picks? up|picked up|pulls? in|pulled in|hauls? in|locks? (?:in|up|down)|reels? in|rakes? in|brings? in|"
    r"(?<!a )nets?|netted|"
    r"scoops?(?: up)?|mops? up|pockets?|pocketed|clinch(?:es|ed)?|garners?|garnered|procures?|collects?|"
    r"collected|amass(?:es|ed)|crowdfund(?:s|ed)"
)

STEALTH = (
    r"(?:emerg(?:es?|ed|ing)|exit(?:s|ed|ing)?|com(?:es?|ing) out|steps? out|stepped out|breaks? out|leav(?:es?|"
    r"ing)|left)"
    r" ?(?:of|from)?\s?(?:stealth(?: mode)?|hiding|the shadows)"
)

WEAK = (
    r"closes?|closed|fields?|gets?|got|receives?|received|wins?|won|attracts?|attracted|draws?|drew|banks?|"
    r"completes?|"
    r"completed|exceeds?|exceeded|tops|topped|"
    r"announces?|announced|confirms?|confirmed|unveils?|reveals?|obtains?|obtained|seeks?|sought|eyes?|targets?|plans?|"
    r"discuss(?:es|ed)?|weighs?|"
    r"weighing|considers?|mulls?|negotiates?|nears?|approach(?:es)?|finali[sz]es?|kicks? off|explores?|upped|ups|"
    r"takes?|took|lines? up|lined up|wraps? up|prepares?|preps?|bumps?|increases?|extends?|expands?|doubles?|adds?|"
    rf"{STEALTH} (?:with|,)|"
    r"(?:launch(?:es|ed)?|debuts?|debuted|starts?|started|bursts?|returns?|becomes? a unicorn|"
    r"becomes? [\w' -]+?) with|"
    r"(?:in|into|holds?|having|enters?) (?:\w+ )?(?:talks|discussions|negotiations) (?:for|over|about|on|"
    r"with)|close to|looking for|"
    r"awarded|granted"
)

LEAST = 100_000
FOR_ANOTHER = re.compile(
    rf"^(?:[\w-]+ )*{M} (?:(?:funding|round|in|seed|financing|raise) )*for (?:an? |his |her |their |new |own |"
    rf"the )*(?:[\w-]+ ){{0,3}}"
    r"(?:startup|company|lab|venture)\b",
    re.I,
)
ONE = re.compile(
    r"(?:.*\bhas\b|\s*(?:raises|secures|lands|bags|nabs|closes|gets|snags|scores|receives|"
    r"wins)\b)",
    re.I,
)
HEADED = re.compile(
    r"(?P<name>[A-Z][\w.&-]*(?: [A-Z0-9][\w.&-]*){0,2}): (?=.*\b(?:startup|start-up|company|firm|lab)\b)"
)
IN_IPO = re.compile(
    rf"{M} (?:in|from|via|through) (?:an?|its|the) (?:[\w-]+ ){{0,3}}?(?<!pre-)IPO\b|{M} (?:[\w-]+ )?(?<!pre-)IPO\b|"
    rf"{M} (?:in|from|via|through) (?:(?:an?|its|the|[A-Z][\w-]*) ){{0,4}}(?:listings?|flotations?|IPOs?)\b"
)
HOLDERS = re.compile(
    r"\b(?:backers|holders|shareholders|stockholders|employees|insiders|staff|owners|"
    r"sellers|(?:super )?PACs?|campaign)$",
    re.I,
)
LISTS = re.compile(
    r"(?<!pre-)(?<!of its )\b(?:IPO|initial public offering) (?:process|plans?|filing|push|bid|roadshow|"
    r"launch),",
    re.I,
)
FOR_WHOM = re.compile(rf"^(?:[\w-]+ )*{M} (?:[\w-]+ ){{0,2}}?for (?P<whom>[^,;⟦]+)", re.I)
# A person who raises for a company that is not named.
PERSON = re.compile(
    r"\b(?:researchers?|engineers?|(?:co-?)?founders?|scientists?|executives?|veterans?|alum(?:s|ni)?|billionaire|"
    r"entrepreneur|professor|duo|chief|boss)(?: (?-i:[A-Z])[\w.'-]*){2,3}$",
    re.I,
)
_GERUND = (
    r"(?:is|are|was|be|nears?|close to|starts?|started|begins?|begun|considers?|considering|weighs?|mulls?|"
    r"explores?|eyes?|"
    r"currently|about) (?:also |now |currently |reportedly |said to be )?"
    r"(?:raising|securing|closing|seeking|eyeing|targeting|planning|discussing|weighing|considering|"
    r"negotiating|nearing|"
    r"looking for|finali[sz]ing|lining up|pursuing|preparing)"
)

_DET = (
    r"(?:(?:an?|the|its|their|his|her|another|fresh|new|additional|some|hefty|massive|first|second|third|"
    r"initial|whopping|"
    r"own|oversubscribed|record|extra|mega|giant|huge|combined|further|total|of|close|latest|to|cool|big|tidy|"
    r"monster|"
    r"whole|planned|final|late-stage|early-stage|[\w-]+-led) )*"
)

ROUND = (
    r"(?:pre-?\s?)?(?:seed|series[- ][A-K]\w{0,2})\b|angel\b|bridge\b|growth (?:round|equity|funding)\b|(?:pre-IPO )?"
    r"(?:funding|fundrais\w+|financing|round|raise)\b(?! (?:rate|cost)s?)|(?:fresh|outside|external|new|"
    r"growth|seed|strategic|"
    r"equity|venture|follow-on|minority) (?:capital|investment|money|cash|backing)\b|investment (?:from|led|"
    r"of|by|round)|"
    r"(?:fresh|new) equity\b|capital (?:from|raise|led)|money (?:from|at|led)\b|backing from|outside money|"
    r"grants?\b(?! (?:access|users?))|"
    r"(?:equity|registered direct|follow-on|stock|share) offering\b|private placement\b|QIP\b|rights issue\b|"
    r"(?<!employee )share sale\b|(?:(?:cash|capital|equity|fresh) )?(?:injection|infusion)\b|(?:cash|funding|"
    r"capital) boost\b|lifeline\b|war chest\b|(?:fresh|new|additional|"
    r"more) funds\b(?! for)"
)

STRONG = re.compile(
    rf"\b(?P<verb>{RAISE})\s+(?:(?:up|in|over) )?(?P<object>{_DET}(?:{M}|"
    rf"(?:(?:hundreds|tens) of )?(?:millions|billions)\b(?! of [a-z])|(?:[\w.&+-]+ ){{0,4}}?(?:{ROUND})))",
    re.I,
)

SLACK = re.compile(
    rf"\b(?P<verb>{WEAK}|{_GERUND})\s+(?P<object>(?:(?!to |that |by |with |as |after |and |which |amid |ahead |"
    rf"despite |before )[\w.&+'-]+,? |{M},? |~)"
    rf"{{0,9}}?(?:{ROUND}|{M}(?: more)?,? (?:from|including|led by|to (?!buy|acquire|pay|settle|rent|lease|use|"
    rf"access)[a-z]+ |at (?:an? )?(?:[\w-]+ )?valuation|at (?:an? |about |around |nearly )?{M}|to (?:its|"
    rf"the) (?:round|seed|Series)|(?:half|part|partly|mostly) (?:in )?(?:equity|debt|stock)\b)))",
    re.I,
)

HAS = re.compile(
    rf"\b(?P<verb>has|have|adds?|added|adding)\s(?P<object>{M} (?:from (?:VCs|investors|backers)\b|"
    rf"in (?:an? )?(?:(?:new|fresh|seed|additional|"
    rf"Series [A-H]|growth|venture|second|"
    r"final) )*(?:funding|financing|capital|close|extension)|to (?:(?:its|the|their|latest|last|"
    r"recent) )+(?:[\w-]+ ){0,2}(?:round|"
    r"Series [A-H]|seed|raise))\b)",
    re.I,
)
FILED = re.compile(
    rf"\b(?P<verb>reports?|reported|discloses?|disclosed|files?(?: for)?|filed(?: for)?|registers?|"
    rf"notifies)\s(?P<object>"
    rf"{_DET}{M} (?:[\w-]+ ){{0,2}}?(?:equity|securities|stock|share) (?:offering|sale|raise)|"
    rf"{_DET}{M} (?:[\w-]+ )?(?:{ROUND}))",
    re.I,
)
# Talks about a price are talks about a round.
TALKS = re.compile(
    rf"\b(?P<verb>(?:in|holds?|having|enters?) (?:\w+ )?(?:talks|discussions|negotiations)|negotiat(?:es|ing)|"
    rf"discuss(?:es|ing)) "
    rf"(?P<object>(?:(?:for|at|on|over|about|that would|which would|value|it) )+{_DET}{M}(?: (?:pre|"
    rf"post)-money)? valuation|with [^;⟦]{{2,60}}? (?:for|over|about|on) (?:up to |as much as )?{M}(?= ?(?:[:,;)]|$)))",
    re.I,
)
WITH = re.compile(
    rf"^(?:armed |flush |fresh )?with (?P<verb>)(?P<object>(?:an? |its )?(?:fresh |"
    rf"new )*{M} [^,]*?(?:{ROUND})[^,]*), (?P<who>.+)",
    re.I,
)

OUT_OF_STEALTH = re.compile(rf"\b(?P<verb>{STEALTH}) (?:with|on|,|and)\s(?P<object>{_DET}{M})", re.I)

FUNDRAISES = re.compile(
    r"\b(?P<verb>(?:is|are|begins?|starts?|started|resumes?|seeks?|in) (?:now |currently |reportedly |"
    r"early )?(?:fundraising|fundraise))"
    r"(?P<object>)(?! (?:for (?:charity|relief)|mode|tips|advice))",
    re.I,
)
# Whatever the verb, a sum that is said to be of a round.
ANY = re.compile(
    rf"\b(?P<verb>(?!said|valued|values|owns|led|leads)[a-z]+(?:[^s]s|ed)) (?P<object>{_DET}{M} (?:in |"
    rf"of )?(?:[\w-]+ )?"
    r"(?:series [A-H]|(?:pre-?)?seed|equity|venture|growth) (?:round|funding|financing|raise|extension|money|"
    rf"capital)|{_DET}(?:series [A-L]|seed round|funding round) (?:at|led by|from|of|with|worth) )",
    re.I,
)

BEGINS = re.compile(
    rf"\b(?P<verb>(?:launch(?:es|ed)?|debuts?|debuted|arrives?|starts?|started|comes? out|came out|opens?|"
    rf"kicks off|surfaces?|"
    rf"returns?) with) (?P<object>{_DET}{M})(?=,| to | from | in | at | led |;|$)",
    re.I,
)

# "..., lifting its Series E to $450M"
LIFTS = re.compile(
    rf"\b(?P<verb>lift(?:s|ing)|bring(?:s|ing)|extend(?:s|ing)|expand(?:s|ing)|grow(?:s|ing)|upsiz(?:es|ing)) "
    rf"(?P<object>(?:(?:its|the) )?(?:series [A-K]\w?|seed|latest)(?: (?:round|funding|extension))? to {_DET}{M})",
    re.I,
)
GOING = re.compile(rf"\b(?P<verb>{_GERUND})\s+(?P<object>{_DET}{M}|at {_DET}{M}(?: [\w-]+)? valuation)", re.I)

# Headlines leave out "is": "China's Acme raising fresh funds".
RAISING = re.compile(
    rf"(?<=[\w)]) (?P<verb>raising|seeking|eyeing|closing(?: in)? on|nearing|targeting) (?P<object>{_DET}(?:{M}|"
    rf"(?:[\w.&+-]+ ){{0,3}}?(?:{ROUND})))",
    re.I,
)

PLAIN_ROUND = re.compile(
    rf"\b(?:with|on|of|its|into|via|through|nears?|'s|:)(?: (?:an?|the|its|hefty|fresh|new|massive|"
    rf"record))* (?P<verb>)(?P<object>{M} (?:in |of )?(?:[\w-]+ )?(?:{ROUND})|"
    # "Acme's latest raise: $40M"
    rf"(?:(?:latest|new|first|second|third|seed|mega|unicorn) )*(?:raise|round|funding|financing): {M}|"
    rf"{M} at (?:an? |about |around |nearly )?{M}(?! (?:in|of) ))",
    re.I,
)

# A new price that comes with money: "hits $2bn valuation in new round", "doubles valuation with fresh $300M".
WORTH = re.compile(
    r"\b(?P<verb>hits?|reaches|reached|tops|topped|nabs|clinches|nears|eyes|valued|now valued|becomes?|"
    r"(?:jumps?|soars?|leaps?|surges?|rockets?|climbs?|vaults?|rises?|zooms?) (?:to|past)|"
    r"(?:doubles?|triples?|quadruples?|quintuples?|sextuples?)d?|values?|is(?: now)?|turns(?: into)?|now|confirms?|"
    r"gets?|gains?|achieves?|secures?|fetches|scores?|commands?|notches|cross(?:es|ed)|pass(?:es|ed)|breaks?|boosts?|"
    rf"lifts?|lands|attains|earns|valuation|worth)\s(?P<object>(?:{M} after (?:raising|closing|securing) {M}|"
    rf"[^;]{{0,50}}?(?:valuation|unicorn|at {M}|to {M}|worth {M})[^;]{{0,25}}?\b"
    r"(?:in|after|with|via|on|following|from)(?: (?:raising|closing|securing))?(?: an?| the| its)?"
    rf"(?: (?:fresh|another|extra|additional|further) {M}|(?<=,) (?:raising|securing) {M}|"
    r"(?: [\w⟦⟧'-]+){0,4}? (?:round|raise|financing|funding|Series [A-H]|investment)\b)))",
    re.I,
)

VALUES = re.compile(rf"\b(?P<verb>values?|valued|valuing) (?P<company>[^⟦;,]{{2,50}}?) at {M}", re.I)

FUND = re.compile(
    rf"\b(?P<verb>{RAISE}|closes?|closed|announces?|announced|launch(?:es|ed)?|unveils?|debuts?|completes?|"
    rf"starts?|started|sets? up|"
    rf"creates?|forms?|seeks?|targets?|eyes?|plans?|lands?|raising|launching|readies|rolls? out|"
    rf"doubles?|doubled|expands?|grows?|tops? up|"
    rf"has)\s+(?P<object>[^;]*?\bfunds?\b[^;]*)",
    re.I,
)
