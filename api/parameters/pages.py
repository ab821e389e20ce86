"""What the addresses of pages ask for."""

from datetime import datetime
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, Field

from api.parameters.events import EventFilter
from api.parameters.values import Text, empty

Word = Annotated[Text | None, BeforeValidator(empty)]


Place = Annotated[str | None, BeforeValidator(empty), Field(max_length=2000)]  # a cursor, as pages hand it on


class Address(BaseModel):
    """What the address of a page asks for: one value each. What it does not know it leaves alone."""

    path: ClassVar[str]

    def address(self, **changes: str | None) -> str:
        """The page with some of it changed; its beginning unless a cursor is given."""
        asked = {name: value for name, value in self if name != "cursor"} | changes
        said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asked.items()}
        query = urlencode({name: value for name, value in said.items() if value})
        return self.path + (f"?{query}" if query else "")


class TimelineFilter(Address):
    """What the address of the timeline page asks for."""

    path = "/"

    kind: Word = None
    provider: Word = None
    model: Word = None
    q: Word = None
    cursor: Place = None

    @property
    def any(self) -> bool:
        """Whether less than everything is shown."""
        return bool(self.kind or self.provider or self.model or self.q)

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
