"""Strict reading of TOML: every mistake names the file, the line, the field, what was found and what is allowed."""

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, TypeVar, overload

from timeline.issues import MistakeError
from timeline.secrets import Secret
from timeline.strict_words import WORDS, field_of, kind_of, shown_as
from timeline.toml_lines import Path, key_lines

T = TypeVar("T")
N = TypeVar("N")


class _Required:
    """The default of a field that must be there."""


REQUIRED: Final = _Required()
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(?:[0-9]+[smhdw])+")
_SECRET = re.compile(r"://|\bhooks\.|\bxox[a-z]-|\bxapp-|\bwhsec_", re.IGNORECASE)
"""What a secret looks like that stands where none is expected: the address of a webhook, a token."""


class ConfigurationError(MistakeError):
    """A mistake in a configuration file, said so that it can be mended without looking anything up."""

    def __init__(self, *, file: str, line: int | None, field: str, problem: str) -> None:
        self.file, self.line, self.field, self.problem = file, line, field, problem
        place = f"{file}, line {line}" if line else file
        super().__init__(f"{place}: {field}: {problem}" if field else f"{place}: {problem}")


def load(text: str, file: str) -> "Table":
    """The document as a table to take fields from. `file` is the name shown in errors; nothing is read from it."""
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise ConfigurationError(file=file, line=None, field="", problem="nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r" \(at line (\d+), column \d+\)| \(at end of document\)", str(error))
        line = int(found.group(1)) if found and found.group(1) else text.count("\n") + 1
        problem = f"not valid TOML: {str(error)[: found.start()] if found else error}"
        raise ConfigurationError(file=file, line=line, field="", problem=problem) from None
    return Table(values, file=file, lines=key_lines(text.replace("\r\n", "\n")))


class Table:
    """A TOML table whose fields are taken one by one; `finish` refuses whatever was not asked for."""

    def __init__(self, values: Mapping[str, Any], *, file: str, lines: Mapping[Path, int], path: Path = ()) -> None:
        self.file = file
        self.path = path
        self._values = values
        self._lines = lines
        self._known: dict[str, None] = {}  # in the order they were asked for
        self._children: list[Table] = []

    def __contains__(self, name: str) -> bool:
        return name in self._values

    @property
    def line(self) -> int | None:
        """The line on which this table begins; None for the document itself."""
        return self._lines.get(self.path)

    def error(self, name: str, expected: str, *, found: object = REQUIRED) -> ConfigurationError:
        """The error to raise about a field: `expected` says what is allowed, `found` is shown instead of the value."""
        value = self._values.get(name, REQUIRED) if found is REQUIRED else found
        shown = "nothing" if value is REQUIRED else found if isinstance(found, str) else shown_as(value)
        if _SECRET.search(shown):
            shown = "something that is not shown, as it may be a secret"
        return self._error(name, f"found {shown}; expected {expected}")

    def _error(self, name: str, problem: str) -> ConfigurationError:
        path = (*self.path, name) if name else self.path
        line = next((self._lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self._lines), None)
        return ConfigurationError(file=self.file, line=line, field=field_of(path), problem=problem)

    # one method a kind of value: `default` makes a field optional

    @overload
    def take_str(self, name: str, *, choices: Collection[str] | None = None) -> str: ...
    @overload
    def take_str(self, name: str, *, default: T, choices: Collection[str] | None = None) -> str | T: ...
    def take_str(self, name: str, *, default: object = REQUIRED, choices: Collection[str] | None = None) -> object:
        """A text that is not empty, one of `choices` where given."""
        return self._take(name, default, lambda value: self._text(name, value, choices))

    @overload
    def take_secret(self, name: str) -> Secret: ...
    @overload
    def take_secret(self, name: str, *, default: T) -> Secret | T: ...
    def take_secret(self, name: str, *, default: object = REQUIRED) -> object:
        """A text that no error and no log will ever show."""

        def read(value: object) -> Secret:
            if isinstance(value, str) and value:
                return Secret(value)
            raise self.error(name, "a text that is not empty", found="something else (not shown: it is a secret)")

        return self._take(name, default, read)

    @overload
    def take_int(self, name: str, *, minimum: int | None = None, maximum: int | None = None) -> int: ...
    @overload
    def take_int(self, name: str, *, default: T, minimum: int | None = None, maximum: int | None = None) -> int | T: ...
    def take_int(
        self, name: str, *, default: object = REQUIRED, minimum: int | None = None, maximum: int | None = None
    ) -> object:
        """A whole number within the bounds, which belong to it."""
        return self._take(name, default, lambda value: self._within(name, self._is(name, value, int), minimum, maximum))

    @overload
    def take_decimal(
        self, name: str, *, minimum: Decimal | int | None = None, maximum: Decimal | int | None = None
    ) -> Decimal: ...
    @overload
    def take_decimal(
        self, name: str, *, default: T, minimum: Decimal | int | None = None, maximum: Decimal | int | None = None
    ) -> Decimal | T: ...
    def take_decimal(
        self,
        name: str,
        *,
        default: object = REQUIRED,
        minimum: Decimal | int | None = None,
        maximum: Decimal | int | None = None,
    ) -> object:
        """A number with the digits as written, within the bounds."""

        def read(value: object) -> Decimal:
            if isinstance(value, bool) or not isinstance(value, int | Decimal):
                raise self.error(name, "a number", found=kind_of(value))
            if not Decimal(value).is_finite():
                raise self.error(name, "a number that is finite")
            return Decimal(self._within(name, value, minimum, maximum))

        return self._take(name, default, read)

    @overload
    def take_bool(self, name: str) -> bool: ...
    @overload
    def take_bool(self, name: str, *, default: T) -> bool | T: ...
    def take_bool(self, name: str, *, default: object = REQUIRED) -> object:
        """True or false."""
        return self._take(name, default, lambda value: self._is(name, value, bool))

    @overload
    def take_date(self, name: str) -> date: ...
    @overload
    def take_date(self, name: str, *, default: T) -> date | T: ...
    def take_date(self, name: str, *, default: object = REQUIRED) -> object:
        """A day, `2026-08-12` or `"2026-08-12"`."""

        def read(value: object) -> date:
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                try:
                    return date.fromisoformat(value)
                except ValueError:
                    raise self.error(name, "a day that exists, like 2026-08-12") from None
            if type(value) is not date:
                found = shown_as(value) if isinstance(value, str) else kind_of(value)
                raise self.error(name, "a day like 2026-08-12", found=found)
            return value

        return self._take(name, default, read)

    @overload
    def take_duration(
        self, name: str, *, minimum: timedelta | None = None, maximum: timedelta | None = None
    ) -> timedelta: ...
    @overload
    def take_duration(
        self, name: str, *, default: T, minimum: timedelta | None = None, maximum: timedelta | None = None
    ) -> timedelta | T: ...
    def take_duration(
        self,
        name: str,
        *,
        default: object = REQUIRED,
        minimum: timedelta | None = None,
        maximum: timedelta | None = None,
    ) -> object:
        """A length of time like "90s", "10m", "1h30m", "2d", "1w"."""

        def read(value: object) -> timedelta:
            expected = 'a length of time like "90s", "10m", "1h30m", "2d" or "1w"'
            if not isinstance(value, str):
                raise self.error(name, expected, found=kind_of(value))
            if not _DURATION.fullmatch(value) or len(value) > 20:
                raise self.error(name, expected)
            parts = re.findall(r"([0-9]+)([smhdw])", value)
            try:
                length = timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in parts))
            except OverflowError:
                raise self.error(name, "a length of time of less than a million years") from None
            self._within(name, length, minimum, maximum)
            return length

        return self._take(name, default, read)

    def take_list_of_str(
        self, name: str, *, default: Sequence[str] | _Required = REQUIRED, choices: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """A list of texts, each not empty and one of `choices` where given."""
        values: list[object] = self._take(name, default, lambda value: self._is(name, value, list))
        return tuple(self._text(name, value, choices) for value in values)

    def take_list_of_int(self, name: str, *, default: Sequence[int] | _Required = REQUIRED) -> tuple[int, ...]:
        """A list of whole numbers."""
        values: list[object] = self._take(name, default, lambda value: self._is(name, value, list))
        return tuple(self._is(name, value, int) for value in values)

    def take_words(self, name: str) -> tuple[str, ...]:
        """A text or a list of texts, none of them empty: of several one will do. Empty where there is no such field."""
        if isinstance(self._values.get(name), str):
            return (self.take_str(name),)
        return self.take_list_of_str(name, default=())

    def take_table(self, name: str) -> "Table | None":
        """The table under this name, to be taken from in turn; None where there is none."""
        values = self._take(name, None, lambda value: self._is(name, value, dict))
        return None if values is None else self._child(values, name)

    def take_tables(self, name: str) -> "list[Table]":
        """All `[[name]]` tables in their order; an empty list where there is none."""
        values = self._take(name, [], lambda value: self._is(name, value, list))
        for value in values:
            if not isinstance(value, dict):
                raise self.error(name, f"tables, each written as [[{name}]]", found=kind_of(value))
        return [self._child(value, name, number) for number, value in enumerate(values)]

    def take_values(self, name: str) -> dict[str, Any]:
        """A table as it is, unchecked: for options that only their reader understands. Empty where there is none."""
        return dict(self._take(name, {}, lambda value: self._is(name, value, dict)))

    def finish(self) -> None:
        """Refuse fields nobody asked for, here and in every table taken from here."""
        for name in self._values:
            if name not in self._known:
                near = difflib.get_close_matches(name, self._known, n=1)
                hint = f' (did you mean "{near[0]}"?)' if near else ""
                allowed = ", ".join(self._known) or "nothing"
                raise self._error(name, f"unknown field{hint}; allowed here: {allowed}")
        for child in self._children:
            child.finish()

    def _take(self, name: str, default: Any, read: Callable[[object], Any]) -> Any:
        self._known[name] = None
        if name in self._values:
            return read(self._values[name])
        if default is REQUIRED:
            raise self._error(name, "this field is missing")
        return default

    def _child(self, values: Mapping[str, Any], *path: str | int) -> "Table":
        child = Table(values, file=self.file, lines=self._lines, path=(*self.path, *path))
        self._children.append(child)
        return child

    def _is(self, name: str, value: object, kind: type[N]) -> N:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(name, WORDS[kind], found=kind_of(value))
        return value

    def _text(self, name: str, value: object, choices: Collection[str] | None) -> str:
        text = self._is(name, value, str)
        if choices is not None and text not in choices:
            near = difflib.get_close_matches(text, list(choices), n=1)
            hint = f' (did you mean "{near[0]}"?)' if near else ""
            raise self.error(name, f"one of {', '.join(choices)}{hint}", found=shown_as(text))
        if not text.strip():
            raise self.error(name, "a text that is not empty", found=shown_as(text))
        return text

    def _within(self, name: str, value: Any, minimum: Any, maximum: Any) -> Any:
        if minimum is not None and value < minimum:
            raise self.error(name, f"at least {minimum}")
        if maximum is not None and value > maximum:
            raise self.error(name, f"at most {maximum}")
        return value
