"""Messages as Slack's Block Kit, within its limits: whole, or a head for the channel and a detail for the thread."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from alerts.messages import Link, Message, bulleted
from timeline.words import counted

# https://docs.slack.dev/reference/block-kit/blocks and .../composition-objects/text-object. The total is documented
# nowhere: Slack answers msg_blocks_too_long at about 13,200 characters over all blocks.
HEADER: Final = 150
SECTION: Final = 2_900  # Slack takes 3,000
ASIDE: Final = 1_200  # of what else there is to say
CONTEXT: Final = 1_900
FALLBACK: Final = 1_200
TOTAL: Final = 9_500
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

Block = dict[str, Any]


def payload(message: Message) -> dict[str, Any]:
    """The whole message: all text escaped, page text in plain_text objects, addresses only in links of our own."""
    end = [*_context(message.effective, *message.notes, _sentence(message.seen)), _proof(message)]
    fallback = fit("\n".join((message.title, *message.lines, *message.effects)), FALLBACK)
    body = _body(message, TOTAL - len(fallback) - _size([_header(message), *end]), effects=message.effects)
    return _envelope(message, fallback, [_header(message), *body, *end])


def head(message: Message) -> dict[str, Any]:
    """What a channel sees: the headline, what it means for the reader, since when, and where to look.

    Of what is put right the lines too: its headline repeats what is wrong, and stands where nobody opens a thread.
    """
    wrong = message.lines if message.kind in ("correction", "reinstatement") else ()
    effects = _few(message.effects, ASIDE)
    end = [*_context(message.effective, _sentence(message.seen)), _proof(message)]
    fallback = fit("\n".join((message.title, *wrong, *message.effects)), FALLBACK)
    return _envelope(message, fallback, [_header(message), *_few(wrong, ASIDE), *effects, *end])


def detail(message: Message) -> dict[str, Any] | None:
    """What its thread adds; None where the head says it all."""
    notes = _context(*message.notes)
    rest = () if _fit_in(message.effects, ASIDE) else message.effects
    body = _body(message, TOTAL - FALLBACK - _size(notes), effects=rest)
    if not body and not notes:
        return None
    said = (*rest, *message.lines, *message.alternatives, *message.also, *message.notes)
    fallback = fit("\n".join(said), FALLBACK)
    return _envelope(message, fallback, [*body, *notes])


def escape(text: str) -> str:
    """Slack's escaping: these three characters and no other."""
    return "".join(_ENTITIES.get(c, c) for c in text)


def fit(text: str, limit: int) -> str:
    """`text` escaped, in at most `limit` characters, never cut inside an entity, without control characters."""
    text = "".join(c for c in text if c.isprintable() or c == "\n")
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    out, size = [], 1
    for c in text:
        piece = _ENTITIES.get(c, c)
        if size + len(piece) > limit:
            break
        out.append(piece)
        size += len(piece)
    return "".join(out).rstrip() + "…"


def _envelope(message: Message, fallback: str, blocks: list[Block]) -> dict[str, Any]:
    return {
        "text": fallback,
        "blocks": blocks,
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {
            "event_type": "aiwire_message",
            "event_payload": {"message_key": message.key, "events": list(message.events[:20])},
        },
    }


def _header(message: Message) -> Block:
    return {"type": "header", "block_id": f"aiwire-{message.key}", "text": _plain(message.title, HEADER)}


def _body(message: Message, room: int, *, effects: tuple[str, ...]) -> list[Block]:
    """The lines, as many as there is room for, and after them what they mean and what else there is."""
    after = _few(effects, room // 2)
    for aside in (message.alternatives, message.also):
        after += _few(aside, ASIDE)
    room -= _size(after)
    lead = [message.lead] if message.lead else []
    bullets = [*lead, *(bulleted(line) for line in message.lines)]
    lines, told = _within(bullets, room - 100)
    left = len(bullets) - told + message.omitted
    more = [_section(f"… and {counted(left, 'more change')}")] if left else []
    return [*lines, *more, *after]


def _context(*said: str) -> list[Block]:
    text = " ".join(filter(None, said))
    return [{"type": "context", "elements": [_plain(text, CONTEXT)]}] if text else []


def _proof(message: Message) -> Block:
    """The links and the message's id."""
    links = " · ".join([*map(_link, message.links), f"id {message.key[:12]}"])
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": links, "verbatim": True}]}


def _sentence(text: str) -> str:
    return f"{text}." if text else ""


def _link(link: Link) -> str:
    return f"<{escape(link.url)}|{escape(link.label)}>"


def _few(lines: Iterable[str], room: int) -> list[Block]:
    """As many of the lines as `room` characters hold, at least the first, and how many more there are."""
    given = list(filter(str.strip, lines))
    if _fit_in(given, room):
        return _sections(given, SECTION)
    blocks, told = _within(given, room - 30)
    if not told:
        blocks, told = [_section(given[0], min(SECTION, room - 30))], 1
    left = len(given) - told
    return [*blocks, _section(f"… and {left:,} more")] if left else blocks


def _fit_in(lines: Iterable[str], room: int) -> bool:
    return sum(len(escape(line)) + 1 for line in lines) <= room


def _within(lines: Iterable[str], room: int) -> tuple[list[Block], int]:
    """The sections that fit into `room` characters, and how many of the lines they tell."""
    kept: list[str] = []
    for line in lines:
        room -= len(escape(line)) + 1
        if room < 0:
            break
        kept.append(line)
    return _sections(kept, SECTION), len(kept)


def _sections(lines: Iterable[str], limit: int) -> list[Block]:
    """Lines in as few sections as hold them."""
    texts: list[str] = []
    for line in filter(str.strip, lines):
        joined = f"{texts[-1]}\n{line}" if texts else line
        if texts and len(escape(joined)) <= limit:
            texts[-1] = joined
        else:
            texts.append(line)
    return [_section(text, limit) for text in texts]


def _section(text: str, limit: int = SECTION) -> Block:
    return {"type": "section", "text": _plain(text, limit)}


def _plain(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": fit(text, limit).strip() or "…", "emoji": False}


def _size(blocks: Iterable[Mapping[str, Any]]) -> int:
    texts = [block["text"]["text"] if "text" in block else block["elements"][0]["text"] for block in blocks]
    return sum(len(text) for text in texts)
