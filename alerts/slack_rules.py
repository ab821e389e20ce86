"""What Slack accepts and how a reader sees it, written from Slack's documentation and not from our notifier.

Sources: docs.slack.dev, reference/block-kit/blocks (header, section, context, divider, actions, image),
reference/block-kit/composition-objects/text-object, messaging/formatting-message-text, messaging/message-metadata.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

MAX_BLOCKS: Final = 50
MAX_TEXT: Final = 40_000
MAX_TOTAL: Final = 13_200
"""Characters over all blocks: documented nowhere, found by others (msg_blocks_too_long)."""
MAX_METADATA: Final = 8_000
_TOP = {
    "text", "blocks", "attachments", "unfurl_links", "unfurl_media", "metadata", "response_type", "replace_original",
    "delete_original", "thread_ts", "mrkdwn", "channel", "username", "icon_emoji", "icon_url", "link_names", "parse",
    "ts", "reply_broadcast",
}  # fmt: skip
_TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


def refusal(payload: object) -> str | None:
    """The word Slack would answer with status 400, with the reason after it; None where it would accept."""
    if not isinstance(payload, dict):
        return "invalid_payload: a JSON object was expected"
    return next(_refusals(payload), None)


def texts(block: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every text object of a block, in reading order."""
    for part in (block.get("text"), *block.get("fields", []), *block.get("elements", [])):
        if isinstance(part, dict) and part.get("type") in _TEXT_KEYS:
            yield part
        elif isinstance(part, dict) and isinstance(part.get("text"), dict):
            yield part["text"]


def as_read(payload: Mapping[str, Any]) -> str:
    """The message as a reader sees it, in plain text: entities decoded, links as `label <address>`."""
    blocks = payload.get("blocks") or []
    if not blocks:
        return _read({"type": "mrkdwn", "text": str(payload.get("text", ""))})
    return "\n\n".join("  ".join(map(_read, texts(block))) for block in blocks if any(texts(block)))


def commands(payload: Mapping[str, Any]) -> list[str]:
    """Everything in angle brackets that Slack would act upon: mentions, `<!channel>`, dates and links."""
    return [found for part in _written(payload) for found in re.findall(r"<[^<>\n]*>", part)]


def unescaped(payload: Mapping[str, Any]) -> list[str]:
    """What Slack would not show as it stands: control characters that are no entity, and no link of an http(s) address.

    Of `&`, `<` and `>` it takes these three entities for the characters themselves, and nothing else for an entity.
    Mentions and channels are links of another kind; `parse` and `link_names` would make more of them.
    """
    found = [f"{name} is set" for name in ("parse", "link_names") if payload.get(name)]
    for part in _written(payload):
        rest = re.sub(r"<https?://[^<>|\s]+\|[^<>|\n]+>", "", part)
        rest = re.sub(r"&(?:amp|lt|gt);", "", rest)
        found += [rest[max(0, at.start() - 20) : at.start() + 20] for at in re.finditer(r"[&<>]", rest)]
    return found


def unescape(text: str) -> str:
    """What Slack decodes for display: these three entities and no other."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _written(payload: Mapping[str, Any]) -> list[str]:
    parts = [str(payload.get("text", ""))]
    return parts + [str(text["text"]) for block in payload.get("blocks") or [] for text in texts(block)]


def _refusals(payload: Mapping[str, Any]) -> Iterator[str]:
    unknown = set(payload) - _TOP
    if unknown:
        yield f"invalid_payload: unknown fields {sorted(unknown)}"
    if not any(payload.get(name) for name in ("text", "blocks", "attachments")):
        yield "no_text: neither text nor blocks nor attachments"
    text, blocks = payload.get("text", ""), payload.get("blocks", [])
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        yield f"msg_too_long: text is {len(text) if isinstance(text, str) else 'no text'}, at most {MAX_TEXT}"
    if not isinstance(blocks, list):
        yield "invalid_blocks_format: blocks must be a list"
        return
    for reason in _blocks(blocks):
        yield f"invalid_blocks: {reason}"
    total = sum(len(one["text"]) for block in blocks for one in texts(block))
    if total > MAX_TOTAL:
        yield f"msg_blocks_too_long: {total} characters over all blocks, at most {MAX_TOTAL}"
    yield from _metadata(payload.get("metadata"))


def _read(text: Mapping[str, Any]) -> str:
    said = str(text["text"])
    if text["type"] == "mrkdwn":
        said = re.sub(r"<((?:https?|mailto):[^|<>]*)\|([^<>]*)>", r"\2 &lt;\1&gt;", said)
    return unescape(said)


def _blocks(blocks: list[Any]) -> Iterator[str]:
    if len(blocks) > MAX_BLOCKS:
        yield f"{len(blocks)} blocks, at most {MAX_BLOCKS}"
    ids: set[str] = set()
    for number, block in enumerate(blocks):
        if not isinstance(block, dict) or block.get("type") not in _KINDS:
            yield f"block {number}: a block of a known type was expected"
            return
        block_id = block.get("block_id", f"\0{number}")
        if not isinstance(block_id, str) or not 0 < len(block_id) <= 255 or block_id in ids:
            yield f"block {number}: block_id must be unique and at most 255 characters"
        ids.add(block_id)
        for reason in _KINDS[block["type"]](block):
            yield f"block {number} ({block['type']}): {reason}"


def _header(block: Mapping[str, Any]) -> Iterator[str]:
    yield from _only(block, {"text", "level"})
    yield from _text(block.get("text"), most=150, kinds=("plain_text",))


def _section(block: Mapping[str, Any]) -> Iterator[str]:
    yield from _only(block, {"text", "fields", "accessory", "expand"})
    fields = block.get("fields")
    if "text" not in block and fields is None:
        yield "text or fields are required"
    if "text" in block:
        yield from _text(block["text"], most=3000)
    if fields is not None:
        if not isinstance(fields, list) or not 1 <= len(fields) <= 10:
            yield "1 to 10 fields"
            return
        for one in fields:
            yield from _text(one, most=2000)


def _context(block: Mapping[str, Any]) -> Iterator[str]:
    yield from _only(block, {"elements"})
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= 10:
        yield "1 to 10 elements"
        return
    for one in elements:
        if not (isinstance(one, dict) and one.get("type") == "image"):
            yield from _text(one, most=3000)


def _actions(block: Mapping[str, Any]) -> Iterator[str]:
    yield from _only(block, {"elements"})
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= 25:
        yield "1 to 25 elements"
        return
    for one in elements:
        if isinstance(one, dict) and one.get("type") == "button":
            yield from _text(one.get("text"), most=75, kinds=("plain_text",))
            if len(str(one.get("url", ""))) > 3000:
                yield "url of more than 3000 characters"


def _divider(block: Mapping[str, Any]) -> Iterator[str]:
    yield from _only(block, set())


def _image(block: Mapping[str, Any]) -> Iterator[str]:
    yield from _only(block, {"alt_text", "image_url", "title", "slack_file"})
    if not isinstance(block.get("alt_text"), str) or len(block["alt_text"]) > 2000:
        yield "alt_text of at most 2000 characters is required"
    if len(str(block.get("image_url", ""))) > 3000:
        yield "image_url of more than 3000 characters"


_KINDS = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "image": _image,
}


def _only(block: Mapping[str, Any], fields: set[str]) -> Iterator[str]:
    unknown = set(block) - fields - {"type", "block_id"}
    if unknown:
        yield f"unknown fields {sorted(unknown)}"


def _text(value: object, *, most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("type") not in kinds:
        yield f"a text object of type {' or '.join(kinds)} was expected"
        return
    unknown = set(value) - _TEXT_KEYS[value["type"]]
    if unknown:
        yield f"unknown fields {sorted(unknown)} of a text object"
    text = value.get("text")
    if not isinstance(text, str) or not 1 <= len(text) <= most:
        yield f"text of {len(text) if isinstance(text, str) else 'no'} characters, 1 to {most} allowed"


def _metadata(value: object) -> Iterator[str]:
    if value is None:
        return
    event = value if isinstance(value, dict) else {}
    kind, content = event.get("event_type"), event.get("event_payload")
    if set(event) != {"event_type", "event_payload"} or not isinstance(kind, str) or not isinstance(content, dict):
        yield "invalid_metadata_format: event_type and event_payload were expected"
    elif len(str(value)) > MAX_METADATA:
        yield "metadata_too_large"
