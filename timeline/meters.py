"""The registry of meters: what can be billed, and in which unit its prices compare."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources


@dataclass(frozen=True, kw_only=True, slots=True)
class Meter:
    """One thing that is billed; prices compare as the amount for `per` of `unit`."""

    name: str
    modality: str
    unit: str
    per: Decimal
    about: str
    said: str = ""  # as people say it, where that is not the name itself
    units: tuple[str, ...] = ()  # printed units that mean this meter where the page says nothing else


@cache
def meters() -> Mapping[str, Meter]:
    """All meters by name."""
    text = (resources.files("timeline") / "meters.toml").read_text(encoding="utf-8")
    found = {}
    for name, row in tomllib.loads(text)["meter"].items():
        units = tuple(row.pop("units", ()))
        found[name] = Meter(name=name, units=units, per=Decimal(row.pop("per")), **row)
    return found


@cache
def _by_unit() -> Mapping[str, str]:
    return {unit: meter.name for meter in meters().values() for unit in meter.units}


def meter_of_unit(unit: str) -> str | None:
    """The meter a bare unit means, or None for one nobody registered."""
    return _by_unit().get(unit)
