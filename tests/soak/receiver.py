"""The channel that is told: a stand-in for Slack that refuses, hangs up and goes away when told to."""

import random
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from alerts.receiver import Answer, Received, SlackReceiver
from tests.soak.pages import Expected

TIMEOUT = 3.0  # seconds the wire waits for an answer
OPERATIONS = "operations"  # how the address ends that is told of troubles


@dataclass(kw_only=True)
class Channel:
    """The receiver, its moods, and what it took through all of its restarts."""

    chance: random.Random
    port: int
    mood: str = ""
    unanswered: int = 0  # messages taken whose sender was not told so
    posts: int = 0
    messages: list[Received] = field(default_factory=list)
    arrived: list[float] = field(default_factory=list)  # wall clock seconds, beside `messages`
    server: SlackReceiver | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        """Listen."""
        self.server = SlackReceiver(port=self.port, on_message=self._take)
        self.server.otherwise = self._answer
        self.port = int(self.server.address.rpartition(":")[2])
        self.server.start()

    def close(self) -> None:
        """Go away: connections are refused."""
        if self.server is not None:
            self.server.stop()
            self.server = None

    def turn(self, mood: str) -> None:
        """Behave otherwise from now on; empty: well."""
        if (mood == "receiver down") != (self.server is None):
            (self.close if self.server else self.open)()
        self.mood = mood

    def _answer(self) -> Answer:
        self.posts += 1
        mood = self.mood
        if not mood and self.chance.random() < 0.01:
            mood = "receiver takes and does not say so"
        if mood == "receiver 429":
            return Answer(status=429, body="rate_limited", headers={"Retry-After": "5"})
        if mood == "receiver 500":
            return Answer(status=500, body="rollup_error")
        if mood == "receiver resets":
            return Answer(cut="before")
        if mood:
            self.unanswered += 1
            return Answer(cut="after") if self.chance.random() < 0.5 else Answer(delay=TIMEOUT + 1)
        return Answer()

    def _take(self, line: dict[str, object]) -> None:
        """Called under the server's lock, once a message that was taken."""
        if self.server is not None:
            with self.lock:
                self.messages.append(self.server.messages[-1])
                self.arrived.append(time.time())

    def repeated(self) -> int:
        """How many messages came more than once, counted each time after the first."""
        with self.lock:
            told = [(message.path, message.id) for message in self.messages]
        return len(told) - len(set(told))


def tells(message: Received, awaited: Iterable[Expected]) -> list[Expected]:
    """Those of what is awaited that a message says."""
    text = message.text
    return [one for one in awaited if all(part in text for part in one.said)]
