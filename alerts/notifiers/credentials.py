"""Secrets of receivers: written into aiwire.toml, or better into an environment variable that it names."""

import re
from collections.abc import Mapping
from typing import Final

from timeline.secrets import Secret, Unset
from timeline.strict import Table

Environ = Mapping[str, str] | None
"""The environment variables; None where nothing will be sent: then none is asked, and each secret is an `Unset`."""
_NAME: Final = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
"""How names of environment variables look: anything else may be the secret itself."""


def take(table: Table, name: str, what: str, environ: Environ, *, example: str) -> tuple[str, Secret]:
    """The secret `name`, or that in the environment variable named by `name_env`; and the field it was found in.

    `what` says what it is and `example` how it looks; neither is secret. Raises ConfigurationError, which never shows
    the secret.
    """
    found = take_optional(table, name, environ, example=example)
    if found is None:
        wanted = f"exactly one of {name}_env (the name of an environment variable) and {name} ({what})"
        raise table.error(f"{name}_env", wanted, found="neither")
    return found


def take_optional(table: Table, name: str, environ: Environ, *, example: str = "...") -> tuple[str, Secret] | None:
    """As `take`; None where neither field is there."""
    variable = table.take_secret(f"{name}_env", default=None)  # a secret may have been put there by mistake
    value = table.take_secret(name, default=None)
    if variable is None:
        return None if value is None else (name, value)
    if value is not None:
        raise table.error(name, f"exactly one of {name}_env and {name}", found="both")
    return f"{name}_env", _from_environment(table, name, variable.reveal(), environ, example)


def _from_environment(table: Table, name: str, variable: str, environ: Environ, example: str) -> Secret:
    field = f"{name}_env"
    if not variable.replace("_", "").isalnum() or not variable.isascii():
        shown = "something else (not shown: it may be a secret)"
        raise table.error(field, f"the name of an environment variable, like SLACK_{name.upper()}", found=shown)
    if environ is None:
        return Unset(variable)
    value = environ.get(variable, "").strip()
    if not value:
        usual = _NAME.fullmatch(variable)
        shown = f"{variable}, which is not set" if usual else "a name that is not set (not shown: it may be a secret)"
        problem = f"an environment variable that is set: export {variable if usual else 'NAME'}={example}"
        raise table.error(field, problem, found=shown)
    return Secret(value)
