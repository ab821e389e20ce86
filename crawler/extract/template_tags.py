"""Tags of documentation sites in Markdown (`{% tab title="Chat" %}` of GitBook, `{{< tab "Chat" >}}` of Hugo).

They become the tags of MDX pages that mean the same, each on its line, so that tabs and notes are read as there.
"""

import re

_TAG = re.compile(r"\{(?:%|\{[<%])\s*(?P<end>end|/)?(?P<name>[\w-]+)(?P<rest>[^{}]{0,300}?)(?:%|[>%]\})\}")
_TITLE = re.compile(r"(?:title|name|label|header|summary)\s*=\s*\"(?P<a>[^\"]*)\"|^\s*\"(?P<b>[^\"]*)\"")
_TITLED = {"tab": "Tab", "tabitem": "Tab", "details": "Accordion", "expand": "Accordion", "accordion": "Accordion"}
_NOTES = frozenset(["hint", "callout", "note", "info", "warning", "tip", "notice", "alert", "admonition"])


def without_tags(text: str) -> str:
    """The text with such tags as tags of components, and those that only lay out left out; lines keep their numbers."""
    return _TAG.sub(_as_component, text) if "{%" in text or "{{" in text else text


def _as_component(found: re.Match[str]) -> str:
    name = found["name"].lower()
    if component := _TITLED.get(name):
        title = _TITLE.search(found["rest"])
        words = (title["a"] or title["b"] or "") if title else ""
        return f"</{component}>" if found["end"] else f'<{component} title="{words}">'
    if name in _NOTES:
        return "</Note>" if found["end"] else "<Note>"
    return ""
