"""The words of German, French, Spanish, Italian and Portuguese price pages in English, so that one grammar reads them.

A text is touched only where it holds a word that is no English one; names of models are read from the page as printed.
"""

import re

_WORDS = {
    "input": r"eingabe(?:n|preise?)?|entrée|d['’ ]?entrée|entradas?|ingresso|in ingresso|de entrada",
    "output": r"ausgabe(?:n|preise?)?|(?:de )?sortie|(?:de )?salidas?|(?:de )?saídas?|(?:in )?uscita",
    "cached": r"zwischengespeicherte[rns]?|en cache|en caché|em cache",
    "price": r"preise?|prix|tarifs?|precios?|prezz[oi]|preços?|kosten|coûts?",
    "model": r"modelle?|modèles?|modelos?|modell[oi]",
    "million": r"mio\.?|millionen?|millones|millón|milion[ei]|milhões|milhão",
    "billion": r"mrd\.?|milliarden?|milliards?",
    "thousand": r"tausend|mille|mil(?= (?:tokens?|caracteres))|tsd\.?",
    "tokens": r"jetons?|fichas",
    "month": r"monat(?:e|lich)?|mois|mes(?:es)?(?=\W|$)|mese|mês",
    "year": r"jahr(?:e|lich)?|an(?:s|née)(?=\W|$)|año|anno|ano(?=\W|$)",
    "hour": r"stunden?|heures?|horas?|ora(?=\W|$)|ore(?=\W|$)",
    "image": r"bild(?:er)?|imagen(?:es)?|immagin[ei]|imagens?",
    "page": r"seiten?|páginas?|pagin[ae]",
    "character": r"zeichen|caractères?|caracter(?:es)?",
    "user": r"nutzer(?:in)?|utilisateurs?|usuarios?|utent[ei]",
    "request": r"anfragen|requêtes?|solicitud(?:es)?|richiest[ae]",
    "free": r"kostenlos|kostenfrei|gratuite?s?|gratuito",
    "on request": r"auf anfrage|sur (?:devis|demande)|a consultar|su richiesta|sob consulta",
}
_FOREIGN = re.compile(rf"\b(?:{'|'.join(_WORDS.values())})(?!\w)", re.I)
_STEMS = """eing entr ingr ausg sali saíd usci zwis prei prix tari prec prez preç kost coût mio mio. milh mili mrd mrd.
taus tsd jeto fich mona mois mes mese mês jahr ans anné año anno stun heur hora bild imma seit pági pagi zeic cara nutz
util usua uten anfr rich gratu auf sur"""
_BEGINNINGS = frozenset(_STEMS.split())  # of the words above: a cheap look before the dear one
_MODEL_NAMES = "kostenlos sortie modell modelle modelli modello modelo modelos modèle modèles"
_WHOLE = frozenset(_MODEL_NAMES.split())
_EACH = tuple(
    (english, re.compile(rf"(?<![\w.-])(?:{words})(?!\w|-(?!tokens?\b))", re.I))
    for english, words in reversed(_WORDS.items())
)
_PER = re.compile(
    r"(?<![\w.-])(?:je|pro|par|por(?: cada)?|per|al|à l['’]|a la)"
    r"(?=\s+(?:\d|(?:million|billion|thousand|tokens?|month|year|hour|minute|image|page|character|user|request)\b))"
)
_OF = re.compile(r"\b(million|billion|thousand) (?:de|di|von)\b", re.I)


def in_english(text: str) -> str:
    """The text with its foreign price words in English; a text without any is given back unchanged."""
    printed = re.split(r"[\s(:/'’]+", text.lower())
    if not any(word[:4] in _BEGINNINGS or word in _WHOLE for word in printed) or not _FOREIGN.search(text):
        return text
    for english, words in _EACH:
        text = words.sub(english, text)
    return _OF.sub(r"\1", _PER.sub("per", text))
