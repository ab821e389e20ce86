"""Ways in which a page breaks: each takes its text and a chance, and gives the bytes that came instead."""

import random
import re
from collections.abc import Callable

Damage = Callable[[str, random.Random], bytes]
_AMOUNT = re.compile(r"(?<=[$¥€￥])(\s?)(\d+(?:\.\d+)?)")
_FIELD = re.compile(
    r'("(?:prompt|completion|input_cache_read|retailPrice|unitPrice|price)[^"]*"\s*:\s*"?)(\d+(?:\.\d+)?(?:[eE]-?\d+)?)'
)
_OUTSIDE = re.compile(r"[^\x00-\x7f]")


def is_html(text: str) -> bool:
    return text.lstrip()[:1] == "<" or "<html" in text[:2000].lower()


def is_data(text: str) -> bool:
    return text.lstrip()[:1] in "[{"


def each_amount(text: str, change: Callable[[str], str]) -> bytes:
    pattern = _FIELD if is_data(text) else _AMOUNT
    return pattern.sub(lambda found: found[1] + change(found[2]), text).encode()


def pieces(text: str) -> tuple[list[str], str]:
    """A page's lines, or the elements of one that has hardly any."""
    if is_html(text) and text.count("\n") < 200:
        return re.split(r"(?=<(?:tr|p|li|h\d|table|div)\b)", text), ""
    return text.split("\n"), "\n"


def tables(text: str) -> list[tuple[int, int]]:
    if is_data(text):
        return []
    pattern = r"<table\b.*?</table>" if is_html(text) else r"(?:^[ \t]*\|[^\n]*\n?){3,}|rows=\{\[.*?\]\}"
    return [found.span() for found in re.finditer(pattern, text, re.S | re.M)]


def rows(text: str) -> list[tuple[int, int]]:
    pattern = r"<tr\b.*?</tr>" if is_html(text) else r"^[ \t]*\|(?!\s*:?-{2})[^\n]*\n|^\s*\[[^\n]*\d[^\n]*\],?\n"
    return [found.span() for found in re.finditer(pattern, text, re.S | re.M)]


def without(text: str, spans: list[tuple[int, int]]) -> bytes:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text.encode()


def cut(text: str, chance: random.Random) -> bytes:
    return text[: int(len(text) * chance.uniform(0.05, 0.995))].encode()


def cut_inside_a_number(text: str, chance: random.Random) -> bytes:
    numbers = [
        found for found in re.finditer(r"(?<=[$¥€￥:\"' |>])\d[\d.]+\d", text) if found.start() > len(text) * 0.3
    ]
    if not numbers:
        return text.encode()
    found = chance.choice(numbers)
    return text[: found.start() + chance.randint(1, len(found[0]) - 1)].encode()


def cut_between_lines(text: str, chance: random.Random) -> bytes:
    lines = text.split("\n")
    return ("\n".join(lines[: max(2, int(len(lines) * chance.uniform(0.4, 0.98)))]) + "\n").encode()


def lines_lost(text: str, chance: random.Random) -> bytes:
    lines, joint = pieces(text)
    return joint.join(line for line in lines if chance.random() > 0.03).encode()


def line_lost(text: str, chance: random.Random) -> bytes:
    lines, joint = pieces(text)
    lost = chance.choice([place for place, line in enumerate(lines) if re.search(r"\d", line)] or [0])
    return joint.join(lines[:lost] + lines[lost + 1 :]).encode()


def middle_lost(text: str, chance: random.Random) -> bytes:
    start = int(len(text) * chance.uniform(0.05, 0.7))
    return (text[:start] + text[start + int(len(text) * chance.uniform(0.05, 0.25)) :]).encode()


def table_lost(text: str, chance: random.Random) -> bytes:
    found = tables(text)
    return without(text, [chance.choice(found)] if found else [])


def tables_lost(text: str, chance: random.Random) -> bytes:
    return without(text, [span for span in tables(text) if chance.random() < 0.3])


def rows_lost(text: str, chance: random.Random) -> bytes:
    return without(text, [span for span in rows(text) if chance.random() < 0.3])


def headings_lost(text: str, chance: random.Random) -> bytes:
    pattern = r"<h[1-6]\b.*?</h[1-6]>" if is_html(text) else r"^#+ [^\n]*\n"
    return without(text, [found.span() for found in re.finditer(pattern, text, re.S | re.M)])


def header_level_lost(text: str, chance: random.Random) -> bytes:
    heads = []
    for start, end in tables(text):
        first = re.search(r"<tr\b.*?</tr>" if is_html(text) else r"[^\n]*\n", text[start:end], re.S)
        heads += [(start, start + first.end())] if first and not text.startswith("rows", start) else []
    return without(text, heads)


def header_cell_lost(text: str, chance: random.Random) -> bytes:
    found = [span for span in tables(text) if not text.startswith("rows", span[0])]
    if not found:
        return text.encode()
    start, end = chance.choice(found)
    cell = r"<t[hd]\b.*?</t[hd]>" if is_html(text) else r"\|[^|\n]*(?=\|)"
    cells = [
        each.span() for each in re.finditer(cell, text[start : text.find("\n", start) if not is_html(text) else end])
    ]
    lost = chance.choice(cells[:5] or [(0, 0)])
    return without(text, [(start + lost[0], start + lost[1])])


def amounts_lost(text: str, chance: random.Random) -> bytes:
    return each_amount(text, lambda amount: "" if chance.random() < 0.1 else amount)


def columns_swapped(text: str, chance: random.Random) -> bytes:
    for one, other in (("prompt", "completion"), ("Input", "Output"), ("input", "output"), ("输入", "输出")):
        text = re.sub(rf"\b{one}\b" if one.isascii() else one, "\0", text)
        text = re.sub(rf"\b{other}\b" if one.isascii() else other, one, text).replace("\0", other)
    return text.encode()


def header_cells_swapped(text: str, chance: random.Random) -> bytes:
    """The headers of two columns of a table exchanged."""
    cell = r"<th\b.*?</th>" if is_html(text) else r"(?<=\|)[^|\n]+(?=\|)"
    for start, end in reversed(tables(text)):
        head = text[start:end] if is_html(text) else text[start:end].partition("\n")[0]
        cells = [(start + found.start(), start + found.end()) for found in re.finditer(cell, head, re.S)]
        if len(cells) > 1:
            (a, b), (c, d) = sorted(chance.sample(cells, 2))
            text = text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]
    return text.encode()


def thousandfold(text: str, chance: random.Random) -> bytes:
    return each_amount(text, lambda amount: f"{float(amount) * 1000:.10f}".rstrip("0").rstrip("."))


def points_lost(text: str, chance: random.Random) -> bytes:
    return each_amount(text, lambda amount: amount.replace(".", ""))


def zeroed(text: str, chance: random.Random) -> bytes:
    return each_amount(text, lambda amount: "0.00")


def other_currency(text: str, chance: random.Random) -> bytes:
    text = text.replace('"USD"', '"EUR"')
    return (text.replace("$", "€") if "$" in text else re.sub("[¥￥]", "$", text).replace("元", "美元")).encode()


def currency_lost(text: str, chance: random.Random) -> bytes:
    return re.sub(r"[$¥€￥元]", "", text).encode()


def unit_changed(text: str, chance: random.Random) -> bytes:
    return re.sub(r"\b1M\b|\b1 million\b", "1K", text.replace("MTok", "KTok")).replace("百万", "千").encode()


def twice(text: str, chance: random.Random) -> bytes:
    return f"{text}\n{text}".encode()


def read_as_latin(text: str, chance: random.Random) -> bytes:
    return text.encode().decode("latin-1").encode()


def read_as_windows(text: str, chance: random.Random) -> bytes:
    return text.encode().decode("cp1252", "replace").encode()


def read_as_gbk(text: str, chance: random.Random) -> bytes:
    return text.encode().decode("gbk", "replace").encode()


def letters_asked(text: str, chance: random.Random) -> bytes:
    return _OUTSIDE.sub("?", text).encode()


def letters_replaced(text: str, chance: random.Random) -> bytes:
    return _OUTSIDE.sub("\ufffd", text).encode()


def letters_dropped(text: str, chance: random.Random) -> bytes:
    return _OUTSIDE.sub("", text).encode()


def escaped(text: str, chance: random.Random) -> bytes:
    return text.replace("&", "&amp;").replace("<", "&lt;").encode()


def wall(text: str, chance: random.Random) -> bytes:
    return b"<html><title>Just a moment...</title><body>Checking your browser before access</body></html>"


def login(text: str, chance: random.Random) -> bytes:
    form = b"<form><input type='password'></form>"
    return b"<html><body><h1>Sign in to continue</h1>" + form + b"<p>From $20 a month</p></body></html>"


def empty(text: str, chance: random.Random) -> bytes:
    return b""


def refusal(text: str, chance: random.Random) -> bytes:
    return b'{"error": {"message": "rate limited", "code": 429}}'


WHOLE: tuple[Damage, ...] = (  # what comes is a page that says something else: told when it says so again
    columns_swapped, thousandfold, points_lost, zeroed, other_currency, unit_changed,
    line_lost, lines_lost, header_cell_lost, rows_lost, headings_lost, amounts_lost, middle_lost,
)  # fmt: skip
BROKEN: tuple[Damage, ...] = (  # what comes is no whole page: never told, however often it comes
    cut, cut_inside_a_number, cut_between_lines, table_lost, tables_lost, header_level_lost, currency_lost, twice,
    read_as_latin, read_as_windows, read_as_gbk, letters_asked, letters_replaced, letters_dropped, escaped,
    wall, login, empty, refusal,
)  # fmt: skip
LIVES: tuple[Damage, ...] = (  # what breaks a lifecycle page
    line_lost, lines_lost, rows_lost, headings_lost, header_cell_lost, header_cells_swapped, middle_lost,
    cut, cut_between_lines, table_lost, tables_lost, header_level_lost, twice, read_as_latin, letters_dropped, escaped,
    wall, login, empty,
)  # fmt: skip
