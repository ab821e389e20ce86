"""llm-prices: models of vendors with the prices of each span of days; USD per million tokens.

Source: `current-v1.json`, `historical-v1.json` and `data/<vendor>.json` of https://github.com/simonw/llm-prices. A span
holds from `from_date` on and before `to_date`: the day of `to_date` is no longer in it.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from crawler.extract.catalogues.offers import Entry, Listing, Priced, Quote, collect, pointer, provider_of
from crawler.extract.dates import iso_day
from crawler.extract.document import Reading

_FIELDS: Final[Mapping[str, Priced]] = {
    "input": Priced("input", per=1_000_000),
    "output": Priced("output", per=1_000_000),
    "input_cached": Priced("cache_read", per=1_000_000),
}
_ABOUT: Final = frozenset({"id", "vendor", "name", "from_date", "to_date"})


def is_data(data: Any) -> bool:
    """A list `prices` of rows with a vendor, or a vendor with models that have a price history."""
    if not isinstance(data, dict):
        return False
    rows = data.get("prices")
    if isinstance(rows, list) and rows:
        return all(isinstance(row, dict) and "vendor" in row and "id" in row for row in rows)
    models = data.get("models")
    return "vendor" in data and isinstance(models, list) and all("price_history" in model for model in models)


def read(data: Mapping[str, Any]) -> Reading:
    """Every price of every span."""
    return collect(_entry(str(vendor), row, at) for vendor, row, at in _rows(data))


def _rows(data: Mapping[str, Any]) -> Iterator[tuple[Any, Mapping[str, Any], tuple[str | int, ...]]]:
    for number, row in enumerate(data.get("prices", ())):
        yield row["vendor"], row, ("prices", number)
    for number, model in enumerate(data.get("models", ()) if "vendor" in data else ()):
        for span, row in enumerate(model["price_history"]):
            yield data["vendor"], {**row, "id": model["id"]}, ("models", number, "price_history", span)


def _entry(vendor: str, row: Mapping[str, Any], at: tuple[str | int, ...]) -> Entry:
    starts, ends = iso_day(row.get("from_date")), iso_day(row.get("to_date"))
    return Entry(
        listing=Listing(provider=provider_of(vendor), name=f"{vendor}/{row['id']}", model_id=str(row["id"])),
        quotes=[
            Quote(
                field=field,
                value=value,
                priced=_FIELDS.get(field),
                locator=pointer(*at, field),
                starts=starts,
                ends=ends - timedelta(days=1) if ends else None,
            )
            for field, value in row.items()
            if field not in _ABOUT
        ],
        locator=pointer(*at),
    )
