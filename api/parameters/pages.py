"""What the addresses of pages ask for."""

from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, Field

from api.parameters.events import EventFilter
from api.parameters.values import Text, empty

Word = Annotated[Text | None, BeforeValidator(empty)]


class TimelineFilter(BaseModel):
    """What the address of the timeline page asks for: one value each. What it does not know it leaves alone."""

    kind: Word = None
    provider: Word = None
    model: Word = None
    q: Word = None
    cursor: Annotated[str | None, BeforeValidator(empty), Field(max_length=2000)] = None

    @property
    def any(self) -> bool:
        """Whether less than everything is shown."""
        return bool(self.kind or self.provider or self.model or self.q)

    def address(self, **changes: str | None) -> str:
        """The page with some of it changed; the newest events unless a cursor is given."""
        kept = {"kind": self.kind, "provider": self.provider, "model": self.model, "q": self.q, **changes}
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"/?{query}" if query else "/"

    def events(self, limit: int) -> EventFilter:
        """The same question to the list of events: changes only, also those that were withdrawn."""
        return EventFilter(
            kind=[self.kind] if self.kind else [],
            provider=[self.provider] if self.provider else [],
            model=[self.model] if self.model else [],
            q=self.q,
            baseline=False,
            withdrawn=True,
            cursor=self.cursor,
            limit=limit,
        )
