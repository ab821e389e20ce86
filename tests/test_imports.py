"""Who may import whom. The rules are the architecture, so they are checked on every run."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
PACKAGES = ("timeline", "store", "crawler", "alerts", "api")
TOP = tuple(
    sorted(  # modules and packages beside those five: they may import everything
        {path.stem for path in CHECKOUT.glob("*.py")}
        | {path.parent.name for path in CHECKOUT.glob("*/__init__.py")} - {*PACKAGES, "migrations", "tests", "bench"}
    )
)
MAY_IMPORT = {
    "timeline": {"timeline"},
    "store": {"store", "timeline"},
    "crawler": {"crawler", "store", "timeline"},
    "alerts": {"alerts", "store", "timeline"},
    "api": {"api", "store", "timeline"},
}

PURE = (
    "timeline/*.py",
    "timeline/scan/*.py",
    "crawler/source.py",
    "crawler/due.py",
    "crawler/checks.py",
    "crawler/extract/*.py",
    "crawler/sources/**/*.py",
    "alerts/routes.py",
    "alerts/messages.py",
    "alerts/circumstances.py",
    "alerts/impact.py",
    "alerts/moves.py",
    "store/bundled_*.py",
)
# What a pure module imports of ours must be pure too, and so on; but for these.
EXCEPTIONS = {
    ("alerts.routes", "alerts.notifiers"): "the registry: which receivers there are and what each is configured with",
    ("alerts.routes", "alerts.notifiers.terminal"): "the receiver there is when none is configured",
    ("alerts.routes", "alerts.notifiers.slack"): "what stands in for every receiver in a rehearsal",
}
# Input, output and chance. `importlib.resources` (package data, the same for ever) is no I/O in this sense.
IMPURE = {
    *("os", "io.open", "pathlib", "socket", "ssl", "select", "selectors", "subprocess", "shutil", "tempfile", "glob"),
    *("asyncio", "threading", "multiprocessing", "concurrent", "signal", "sched", "time", "random", "secrets", "uuid"),
    *("http", "urllib.request", "smtplib", "ftplib", "sqlite3", "getpass", "locale", "logging"),
    *("psycopg", "psycopg_pool", "scrapy", "twisted", "aiohttp", "httpx", "requests", "procrastinate", "apscheduler"),
    *("fastapi", "starlette", "uvicorn", "slack_sdk", "structlog", "rich", "typer", "alembic", "sqlalchemy"),
}
PURE_EXCEPTIONS = {("datetime", "time")}  # `from datetime import time` is a value, not a clock
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (CHECKOUT / package).rglob("*.py"))


def pure() -> list[Path]:
    return sorted({path for pattern in PURE for path in CHECKOUT.glob(pattern)})


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(CHECKOUT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path, *, typing: bool = True) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported, wherever in the file; `from a import b` gives `a.b`.

    `typing` false leaves out what is imported for the type checker alone.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    guarded = [
        node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    skipped = set() if typing else {below for node in guarded for below in ast.walk(node)}
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative imports hide who imports whom"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def starts_with(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_only_downwards(package: str) -> None:
    wrong = []
    for path in (CHECKOUT / package).rglob("*.py"):
        for line, name in imports(path):
            root = name.partition(".")[0]
            if root in {*PACKAGES, *TOP, "migrations", "tests", "bench"} - MAY_IMPORT[package]:
                wrong.append(f"{path.relative_to(CHECKOUT)}:{line} imports {name}")
    assert wrong == []


def test_sources_do_not_import_each_other() -> None:
    wrong = []
    for path in (CHECKOUT / "crawler" / "sources").rglob("*.py"):
        own = name_of(path).split(".")[:3]
        for line, name in imports(path):
            if starts_with(name, "crawler.sources") and name.split(".")[:3] != own:
                wrong.append(f"{path.relative_to(CHECKOUT)}:{line} imports {name}")
    assert wrong == []


def test_only_the_front_door_imports_the_top_modules() -> None:
    """Nobody below imports cli, scheduler or configuration: covered above; here, that the top list is complete."""
    assert {"cli", "scheduler", "configuration"} <= set(TOP)


def test_pure_modules_touch_neither_world_nor_clock() -> None:
    """Nor does anything of ours that they import."""
    wrong = []
    for path, reached_by in closure().items():
        where = f"{path.relative_to(CHECKOUT)}{reached_by and f' (imported by {reached_by})'}"
        for line, name in imports(path, typing=False):
            if any(starts_with(name, impure) for impure in IMPURE) and tuple(name.split(".")) not in PURE_EXCEPTIONS:
                wrong.append(f"{where}:{line} imports {name}")
        wrong += [f"{where}:{line} calls {call}" for line, call in clocks_and_files(path)]
    assert wrong == []


def closure() -> dict[Path, str]:
    """The pure modules and all they import of ours, with who imports them."""
    ours = {name_of(path): path for path in modules()}
    found = dict.fromkeys(pure(), "")
    queue, used = list(found), set()
    while queue:
        path = queue.pop()
        for _, name in imports(path, typing=False):
            module = next((each for each in (name, name.rpartition(".")[0]) if each in ours), None)
            edge = (name_of(path), module)
            if edge in EXCEPTIONS:
                used.add(edge)
            elif module and ours[module] not in found:
                found[ours[module]] = name_of(path)
                queue.append(ours[module])
    assert used == set(EXCEPTIONS), "an exception that nobody needs any more"
    return found


def clocks_and_files(path: Path) -> Iterator[tuple[int, str]]:
    """Calls of the wall clock and of open(), however the class was imported."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in ("open", "input", "print", "exec", "eval"):
            yield node.lineno, called.id
        if isinstance(called, ast.Attribute):
            owner = called.value.attr if isinstance(called.value, ast.Attribute) else getattr(called.value, "id", "")
            if (owner, called.attr) in CLOCKS:
                yield node.lineno, f"{owner}.{called.attr}"


def test_the_lists_of_this_file_match_the_tree() -> None:
    for pattern in PURE:
        assert list(CHECKOUT.glob(pattern)), f"no file matches {pattern}: the list of pure modules is out of date"
    assert not {*TOP, *PACKAGES} & set(sys.stdlib_module_names)
