"""What a value in a configuration file is called, and how much of it is shown, where it is wrong."""

from decimal import Decimal

from timeline.toml_lines import Path

WORDS = {bool: "true or false", int: "a whole number", str: "a text", list: "a list", dict: "a table"}


def kind_of(value: object) -> str:
    """What a value of the wrong kind is. Not the value: a secret may have been put into the wrong field."""
    found = next((words for kind, words in WORDS.items() if isinstance(value, kind)), None)
    return found or ("a number" if isinstance(value, Decimal) else "a date or a time")


def shown_as(value: object) -> str:
    """The value itself, cut where it is long."""
    text = str(value) if isinstance(value, Decimal) else repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def field_of(path: Path) -> str:
    """`("source", 1, "expect", "facts")` as a person says it: `[[source]] 2, expect.facts`."""
    numbered = max((place for place, part in enumerate(path) if isinstance(part, int)), default=-1)
    tables = [f"[[{path[n - 1]}]] {int(part) + 1}" for n, part in enumerate(path) if isinstance(part, int)]
    field = ".".join(str(part) for part in path[numbered + 1 :])
    return ", ".join([*tables, field] if field else tables)
