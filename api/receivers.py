"""Receivers of alerts: whether their messages get through. Names and figures only: what they answered is not told."""

from collections.abc import Sequence
from typing import Any

from store import receivers
from store.connect import Connection
from store.receivers import ReceiverHealth
from timeline.words import counted

STATES = {"ok": "ok", "failing": "failing", "gone": "broken", "incomplete": "stale"}
"""The colour of each health is that of a source in the like state."""


def read(connection: Connection) -> list[dict[str, Any]]:
    """A row for each receiver that ever had a message, those in trouble first."""
    found = sorted(receivers.health(connection), key=lambda one: (one.health == "ok", one.receiver))
    return [
        {
            "receiver": one.receiver,
            "health": one.health,
            "state": STATES[one.health],
            "said": "; ".join(_said(one)),
            "last_sent_at": one.last_sent_at,
            "sent": one.sent,
            "waiting": one.waiting,
        }
        for one in found
    ]


def heading(rows: Sequence[dict[str, Any]]) -> str:
    """How they are, in a few words."""
    trouble = sum(row["health"] != "ok" for row in rows)
    return f"{counted(trouble, 'receiver')} of {len(rows)} in trouble" if trouble else "all of them get through"


def _said(one: ReceiverHealth) -> list[str]:
    said = []
    if one.health == "gone":
        said.append(f"takes no messages ({one.code}): mend it in aiwire.toml, then `aiwire alerts test {one.receiver}`")
    if one.health == "failing":
        said.append(f"does not take messages now ({one.code}): tried again")
    if one.given_up:
        said.append(f"{counted(one.given_up, 'message')} given up: `aiwire alerts retry {one.receiver}` sends them")
    return said
