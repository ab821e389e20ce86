"""Pages written for the tests: two providers' prices and lifecycles over some weeks, with the changes they hold."""

import json
from pathlib import Path

PRICING = "https://platform.claude.com/docs/en/about-claude/pricing.md"
LIFECYCLE = "https://platform.claude.com/docs/en/about-claude/model-deprecations.md"

MODELS = ("Claude Opus 4.5", "Claude Sonnet 4.5", "Claude Haiku 4.5")
START = {"Claude Opus 4.5": ("5", "25"), "Claude Sonnet 4.5": ("3", "15"), "Claude Haiku 4.5": ("1", "5")}
CUT = START | {"Claude Sonnet 4.5": ("2.50", "12.50")}
RISE = CUT | {"Claude Haiku 4.5": ("1.10", "5.50")}


def pricing(prices: dict[str, tuple[str, str]], *, note: str = "") -> str:
    """A price page in Markdown: one table, dollars per million tokens."""
    rows = "\n".join(f"| {model} | ${reads} / MTok | ${writes} / MTok |" for model, (reads, writes) in prices.items())
    return f"""# What the models cost

{note}

## Models

| Model | Base Input Tokens | Output Tokens |
|---|---|---|
{rows}
"""


def lifecycle(rows: list[tuple[str, str, str, str]]) -> str:
    """A lifecycle page in Markdown: one table of model, state, day of deprecation, day of retirement."""
    body = "\n".join(f"| `{model}` | {state} | {since} | {until} |" for model, state, since, until in rows)
    return f"""# The life of models

## Model status

| API Model Name | Current State | Deprecated | Tentative Retirement Date |
|---|---|---|---|
{body}
"""


ACTIVE = [
    ("claude-opus-4-5-20251101", "Active", "N/A", "Not sooner than November 24, 2026"),
    ("claude-3-haiku-20240307", "Active", "N/A", "Not sooner than March 7, 2026"),
]
DEPRECATED = [ACTIVE[0], ("claude-3-haiku-20240307", "Deprecated", "February 19, 2026", "April 20, 2026")]
RETIRED = [ACTIVE[0], ("claude-3-haiku-20240307", "Retired", "February 19, 2026", "April 20, 2026")]

STORY = (
    ("2026-02-01", PRICING, pricing(START)),
    ("2026-02-01", LIFECYCLE, lifecycle(ACTIVE)),
    ("2026-02-10", PRICING, pricing(CUT)),
    ("2026-02-19", LIFECYCLE, lifecycle(DEPRECATED)),
    ("2026-03-05", PRICING, pricing(RISE, note="Prices of small models changed.")),
    ("2026-03-09", PRICING, pricing(RISE, note="Nothing but this sentence is new.")),
    ("2026-04-21", LIFECYCLE, lifecycle(RETIRED)),
)


def write(folder: Path, story: tuple[tuple[str, str, str], ...] = STORY) -> Path:
    """A folder as `aiwire replay` and `aiwire demo` take it."""
    lines = []
    for number, (day, url, body) in enumerate(story):
        name = f"{number:03}.md"
        (folder / name).write_text(body, encoding="utf-8")
        lines.append(json.dumps({"file": name, "url": url, "captured_on": day}))
    (folder / "manifest.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
