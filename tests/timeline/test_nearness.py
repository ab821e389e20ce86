"""What somebody may have meant by a name that nobody knows."""

import pytest

from timeline.nearness import near

THERE = ["gpt-4o", "gpt-4o-mini", "gpt4o realtime", "Claude Sonnet 4.5", "claude-opus-4-1", "openai", "o3"]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("GPT-4O", ["gpt-4o"]), ("openai/gpt-4o", ["gpt-4o"]), ("gpt4o", ["gpt-4o", "gpt4o realtime"]),
        ("opnai", ["openai"]), ("claude-opus", ["claude-opus-4-1"]), ("o4", []), ("x" * 200, []), ("", []),
    ],
)  # fmt: skip
def test_the_likest_come_first_and_nothing_is_made_up(asked, meant):
    assert near(asked, THERE)[: len(meant) or None] == meant
