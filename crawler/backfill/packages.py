"""Prices that an installed Python package holds as source text: read as text, never imported and never run. Pure.

genai-prices ships `data.py`, one assignment of nested calls (`Provider(id=..., models=[ModelInfo(...)])`): what its
`prices/data.json` says in JSON, said in Python.
"""

import ast
import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from crawler.backfill.exports import BackfillError

_NAME: Final = "providers"
_CALLS: Final = frozenset(
    {"Provider", "ModelInfo", "ModelPrice", "TieredPrices", "Tier", "ConditionalPrice", "PriceVariant"}
    | {"StartDateConstraint", "TimeOfDateConstraint"}
)
"""Calls that are kept, as objects of their keywords."""
_LEFT_OUT: Final = ("Clause", "UsageExtractor", "ArrayMatch")  # about matching names and reading answers


def data_file(path: Path) -> Path | None:
    """The file of prices of a package's folder, or of the folder it is installed in; None where there is none."""
    places = [path] if path.name == "data.py" else [path / "data.py", path / "genai_prices" / "data.py"]
    return next((place for place in places if place.is_file()), None)


def genai_prices(source: bytes) -> bytes:
    """`data.py` as the JSON its project publishes. Raises BackfillError for what is no such file."""
    try:
        tree = ast.parse(source)
        (listed,) = (node.value for node in tree.body if isinstance(node, ast.AnnAssign | ast.Assign) and _is_it(node))
        return json.dumps(_value(listed)).encode()
    except (SyntaxError, ValueError, RecursionError, MemoryError, InvalidOperation) as error:
        raise BackfillError(f"expected data.py of genai-prices, found {type(error).__name__}: {error}"[:300]) from error


def _is_it(node: ast.AnnAssign | ast.Assign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(target, ast.Name) and target.id == _NAME for target in targets)


def _value(node: ast.expr | None) -> Any:
    """A literal, or a call of a known name, as JSON. Raises ValueError for everything else: nothing is computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | bool | None):
        return node.value
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        return {_value(key): _value(value) for key, value in zip(node.keys, node.values, strict=True)}
    if isinstance(node, ast.Call):
        return _call(node)
    raise ValueError(f"line {getattr(node, 'lineno', '?')}: {type(node).__name__} where a value is expected")


def _call(node: ast.Call) -> Any:
    name = ast.unparse(node.func)
    if name == "Decimal" and len(node.args) == 1:
        return str(Decimal(str(_value(node.args[0]))))
    if name == "datetime.date":
        year, month, day = (int(_value(part)) for part in node.args)
        return f"{year:04}-{month:02}-{day:02}"
    if name == "datetime.time":
        hour, minute, second = ([int(_value(part)) for part in node.args] + [0, 0])[:3]
        return f"{hour:02}:{minute:02}:{second:02}Z"
    if name in _CALLS:
        return _object({str(word.arg): _value(word.value) for word in node.keywords})
    if name.startswith(_LEFT_OUT):
        return None
    raise ValueError(f"line {node.lineno}: a call of {name[:40]}, which is not known: nothing is run")


def _object(found: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in found.items() if value is not None}
