"""What the addresses of pages ask for."""

from datetime import datetime
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, Field

from api.parameters.values import Text, empty

Word = Annotated[Text | None, BeforeValidator(empty)]


Place = Annotated[  # a cursor, as pages hand it on
    Annotated[str, Field(max_length=2000)] | None, BeforeValidator(empty)
]


class Address(BaseModel):
    """What the address of a page asks for: one value each. What it does not know it leaves alone."""

    path: ClassVar[str]

    def address(self, **changes: str | None) -> str:
        """The page with some of it changed; its beginning unless a cursor is given."""
        asked = {name: value for name, value in self if name != "cursor"} | changes
        said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asked.items()}
        query = urlencode({name: value for name, value in said.items() if value})
        return self.path + (f"?{query}" if query else "")
