"""German headlines put into the English words of deals, so that one grammar reads both. Pure."""

import re

_FUNCTION = re.compile(
    r"\b(?:der|die|das|den|dem|des|und|für|mit|von|über|ein|eine|einen|einem|einer|auf|nach|sich|bei|aus|wird|wurde|"
    r"will|soll|hat|im|zum|zur|bis zu|rund|ist|als|vor|an|ab)\b"
)
_DEAL = re.compile(
    r"\b(?:sammelt|sammeln|gewinnt|ergattert|übernimmt|übernehmen|übernommen|schließt|erhält|erhalten|kauft|"
    r"sichert|verkauft|plant|bekommt|"
    r"Finanzierung\w*|[Aa]ngeführt|\w*[Rr]unde|Kapitalrunde|Kapitalerhöhung|Millionen|Milliarden?|Mio\.?|Mrd\.?|"
    r"Börsengang|Übernahme|"
    r"Bewertung|"
    r"bewertet|Beteiligung|beteiligt|investiert|investieren|steigt|Anleihe|Kredit|Fonds|Wachstumskapital)\b"
)
_ENGLISH = re.compile(r"\b(?:the|of|and|raises|raised|to|for|with|its)\b")
_NUMBER = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:\.\d{3})*),(\d+)(?=\s*(?:Mio|Mrd|Million|Milliard|Tausend|%|€|Euro|Prozent))"
)
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+)(?=\s*(?:€|Euro|Dollar))")
_COUNTS = ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
_COUNT = re.compile(rf"\b(?:{'|'.join(_COUNTS)})(?= (?:Mio|Mrd|Million|Milliard))", re.I)
_CITY = (
    r"Berlin|München|Hamburg|Köln|Frankfurt|Stuttgart|Leipzig|Dresden|Düsseldorf|Karlsruhe|Heidelberg|Darmstadt|"
    r"Wien|Graz|"
    r"Linz|Salzburg|Innsbruck|Zürich|Basel|Genf|Lausanne|Paris|London|Heilbronn|Potsdam|Bonn|Aachen|Nürnberg"
)
# In order; each is a German turn of phrase and what it says in English.
_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), english)
    for pattern, english in (
        (rf"\b(?:(?:{_CITY})er|Münchn?er|Bremer|Zürcher|Dresdner|Basler)\b(?= )", "Europe-based"),
        (r"\bKI-", "AI "),
        (r"\bKI\b", "AI"),
        (r"\b[A-ZÄÖÜ][\w-]*-(?=Start-?[Uu]p)", "tech "),
        (r"\b(?:neue[nrms]?)\b", "new"),
        (r"\b(?:Jungunternehmen|Start-?[Uu]ps?|Gründerfirma)\b", "startup"),
        (r"\b(?:US-)?(?:[\w-]*(?:[Ff]irma|[Uu]nternehmen|[Kk]onzern|[Hh]ersteller|[Aa]nbieter|[Ss]pezialist|[a-zäöü]bauer|"
        r"[Ee]ntwickler|"
         r"[Pp]lattform))\b", "company"),
        (r"\b(\d+)-Millionen-(?:Euro|€)-\w*[Rr]unde", r"€\1 million round"),
        (r"\b(\d+)-Milliarden-(?:Euro|€)-\w*[Rr]unde", r"€\1 billion round"),
        (r"\b(\d+)-Millionen-Dollar-\w*[Rr]unde", r"$\1 million round"),
        (r"\b(\d+)-Milliarden-Dollar-\w*[Rr]unde", r"$\1 billion round"),
        (r"\b(?:Millionen|Mio\.?)\s*-?(?:Euro\b|€|EUR\b)", "million euros"),
        (r"\b(?:Milliarden?|Mrd\.?)\s*-?(?:Euro\b|€|EUR\b)", "billion euros"),
        (r"\b(?:Millionen|Mio\.?)\s*-?(?:US-)?(?:Dollar\b|\$|USD\b)", "million dollars"),
        (r"\b(?:Milliarden?|Mrd\.?)\s*-?(?:US-)?(?:Dollar\b|\$|USD\b)", "billion dollars"),
        (r"\b(?:Millionen|Mio\.?)\s*-?(?:Franken|CHF)", "million francs"),
        (r"\b(?:Millionen|Mio\.)", "million"),
        (r"\b(?:Milliarden?|Mrd\.)", "billion"),
        (r"\b(?:mehr als|über)(?= (?:ein|eine|\d))", "over"),
        (r"\b(?:rund|etwa|circa|ca\.|knapp|fast)(?= (?:ein|eine|\d))", "about"),
        (r"\bbis zu\b", "up to"),
        # Who leads, who takes part.
        (r"\b[Aa]ngeführt (?:wird|wurde|hat) (?:die|diese) [^.]*?(?:[Rr]unde|Finanzierung) von\b",
         "The round was led by"),
        (r"\b(?:unter (?:der )?(?:Führung|Leitung) von|angeführt (?:wird|wurde)? ?von|geführt von)\b", "led by"),
        (r"\bvon ([A-Z][\w .&]+?) (?:an)?geführt\w*", r"led by \1"),
        (r"\bmit (?:der )?Beteiligung von\b", "with participation from"),
        (r"\bführ(?:t|en) (?P<o>[^.;]*?(?:[Rr]unde|Finanzierung)) an\b", r"led \g<o>"),
        # Rounds.
        (r"\b(?:Finanzierungs|Kapital|Investment|Wachstums|Folge)-?[Rr]unde\b", "funding round"),
        (r"\b(Seed|Pre-Seed|Series[- ][A-H]|Serie[- ][A-H])-?(?:Finanzierungs|Finanzierung|Kapital)?-?[Rr]unde\b",
         r"\1 round"),
        (r"\bSerie[- ]([A-H])\b", r"Series \1"),
        (r"\b(?:Finanzierung|Wachstumskapital|Risikokapital|Kapitalerhöhung|frisches Kapital|Eigenkapital)\b",
         "funding"),
        (r"\b(?:Fördermittel|Förderung|Zuschuss|Fördergeld(?:er)?)\b", "grant"),
        (r"\b(?:sammelt|sammeln|holt|wirbt|nimmt) (?:sich )?(?P<o>[^;]*?) (?:ein|auf)\b(?=[,.;]|\s*$)",
         r"raises \g<o>"),
        (r"\b(?:sammelt|sammeln|gewinnt|ergattert|tankt|verbucht|erzielt|sichert sich|erhält|bekommt|holt sich|"
        r"sichert)\b",
         "raises"),
        (r"\b(?:holt|wirbt)(?= (?:sich )?(?:\d|over|about|up to|€|\$))", "raises"),
        (r"\bsucht(?= (?:\d|over|about|up to|€|\$))", "seeks"),
        (r"\bbei (?P<o>[^.;]{2,40}?) [Bb]ewertung\b", r"at \g<o> valuation"),
        (r"\bsteht (?:kurz )?vor(?= (?:a |einer |€|\$|\d|new))", "nears"),
        (r"\bschließ(?:t|en) (?P<o>[^.;]*?) ab\b", r"closes \g<o>"),
        (r"\bzieht (?P<o>[^.;]*?) an Land\b", r"raises \g<o>"),
        (r"\b(?:hat|haben) (?P<o>[^.;]*?) (?:eingesammelt|erhalten|aufgenommen|eingeworben)\b", r"has raised \g<o>"),
        (r"\bschließt\b", "closes"),
        (r"\b(round|Series [A-H]|funding|IPO|Kredit|\w*[Aa]nleihe|[Ff]onds) (?:über|over|von|in Höhe von|"
        r"mit)(?= (?:over |about |up to )?"
         r"(?:\d|[$€]))", r"\1 of"),
        (r"\b(round|Series [A-H]|funding) over(?= \d)", r"\1 of"),
        (r"\bverhandelt (?:über|mit)\b", "in talks for"),
        # Valuations.
        (r"\b(?:bei|zu|mit) einer Bewertung von\b", "at a valuation of"),
        (r"\bBewertung (?:von|in Höhe von)\b", "valuation of"),
        (r"\bBewertung\b", "valuation"),
        (r"\b(?:wird|ist|werden) (?:damit |nun |jetzt )?mit (?P<o>[^.;]*?) bewertet\b", r"is valued at \g<o>"),
        # Purchases.
        (r"\b(?:wird|werden) (?:von|durch) (?P<o>[^.;]*?) (?:übernommen|gekauft)\b", r"acquired by \g<o>"),
        (r"\bgeht an\b(?= (?!die Börse))", "sold to"),
        (r"\b(?:will|möchte) (?P<o>[^.;]*?) (?:übernehmen|kaufen)\b", r"seeks to acquire \g<o>"),
        (r"\b(?:hat|haben) (?P<o>[^.;]*?) (?:übernommen|gekauft)\b", r"has acquired \g<o>"),
        (r"\b(?:übernimmt|kauft|erwirbt) (?:die )?Mehrheit (?:am|an der|an|bei)\b", "acquires majority stake in"),
        (r"\b(?:übernimmt|übernehmen|kauft|schluckt|erwirbt)\b", "acquires"),
        (r"\bÜbernahme von\b", "acquisition of"),
        (r"\bfür(?= (?:over |about |up to )?(?:\d|[$€]))", "for"),
        (r"\bdurch\b", "by"),
        (r"\bsteigt bei (?P<o>[^.;]*?) ein\b", r"invests in \g<o>"),
        (r"\bbeteiligt sich (?:mit (?P<m>[^.;]*?) )?an\b", r"invests \g<m> in"),
        (r"\binvestiert\b", "invests"),
        # Listings, loans, funds.
        (r"\b(?:erwägt|prüft)(?= (?:(?:den|einen|seinen|ihren) )?(?:Börsengang|IPO))", "considers"),
        (r"\bbereitet (?:den |seinen |ihren |einen )?Börsengang(?P<o>[^.;]*?) vor\b", r"prepares IPO\g<o>"),
        (r"\b(?:geht|gehen|will) an die Börse(?: gehen)?\b", "goes public"),
        (r"\bplant (?=(?:\w+ ){0,2}Börsengang)", "plans "),
        (r"\b(?:Börsengang|Börsendebüt)s?\b", "IPO"),
        (r"\b(?:Kredit|Darlehen)s?\b", "loan"),
        (r"\b[Ww]andelanleihen?\b", "convertible bond"),
        (r"\b\w*[Aa]nleihen?\b", "bond"),
        (r"\blegt (?P<o>[^.;]*?[Ff]onds[^.;]*?) auf\b", r"launches \g<o>"),
        (r"\b\w*[Ff]onds\b", "fund"),
        (r"\b(?:laut|zufolge)\b", "according to"),
        (r"\b(?:Insider|Kreise|Medienbericht\w*|Bericht)\b:?", "reportedly"),
        (r"\bsoll(?:en)?\b", "reportedly"),
        # Small words.
        (r"\b(?:Umsatz\w*)\b", "revenue"),
        (r"\b(?:Gewinn|Verlust)\b", "profit"),
        (r"\bvon\b", "from"),
        (r"\bund\b", "and"),
        (r"\bmit\b", "with"),
        (r"\b(?:in|im)\b", "in"),
        (r"\bfür\b", "for"),
        (r"\b(?:ein|eine|einen|einem|einer)\b", "a"),
        (r"\b(?:der|die|das|den|dem|des)\b", "the"),
    )
)  # fmt: skip


def is_german(text: str) -> bool:
    """Whether a text is a German one that may tell of a deal."""
    if re.search(r"\b[A-Z]\w+ (?:kauft|übernimmt|schluckt) [A-ZÄÖÜ]\w", text) and not _ENGLISH.search(text):
        return True
    return bool(_DEAL.search(text)) and len(_ENGLISH.findall(text)) <= len(_FUNCTION.findall(text)) + 1 and bool(
        _FUNCTION.search(text) or re.search(r"[äöüß]", text)
    )  # fmt: skip


def in_english(text: str) -> str:
    """A German headline with the words of its deal in English; any other text as it is."""
    if not is_german(text):
        return text
    text = _NUMBER.sub(lambda match: f"{match[1].replace('.', '')}.{match[2]}", text)
    text = _THOUSANDS.sub(lambda match: match[1].replace(".", ","), text)
    text = _COUNT.sub(lambda match: str(_COUNTS.index(match[0].lower()) + 2), text)
    for pattern, english in _PHRASES:
        text = pattern.sub(english, text)
    return " ".join(text.split())
