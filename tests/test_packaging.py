"""What is shipped, and what it is shipped with."""

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).parent.parent
SETUPTOOLS: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["setuptools"]
PACKAGES = sorted({path.parent.name for path in CHECKOUT.glob("*/__init__.py")} - {"migrations", "tests", "bench"})
DATA = {".toml", ".sql", ".html", ".css", ".svg", ".js", ".csv", ".md", ".jinja", ".xml", ".txt"}
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-tools.lock")


def shipped() -> set[str]:
    """Everything that must be in the wheel, as named there."""
    kept = {".py", *DATA}
    files = {
        path.relative_to(CHECKOUT).as_posix()
        for package in PACKAGES
        for path in (CHECKOUT / package).rglob("*")
        if path.is_file() and path.suffix in kept
    }
    files |= {f"store/{path.relative_to(CHECKOUT).as_posix()}" for path in (CHECKOUT / "migrations").rglob("*.*")}
    return {file for file in files | {path.name for path in CHECKOUT.glob("*.py")} if "__pycache__" not in file}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what git would commit: the checkout itself gets no build folder."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    for name in sorted(shipped() | {"pyproject.toml", "README.md", "requirements.in"}):
        source = CHECKOUT / (name.removeprefix("store/") if name.startswith("store/migrations/") else name)
        target = copy / source.relative_to(CHECKOUT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run([*command, "-w", folder, copy], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("aiwire-*.whl"))


def test_packages_are_listed_explicitly_and_completely() -> None:
    found = {
        ".".join(path.parent.relative_to(CHECKOUT).parts)
        for package in PACKAGES
        for path in (CHECKOUT / package).rglob("__init__.py")
    }
    assert set(SETUPTOOLS["packages"]) == found | {"store.migrations"}
    assert set(SETUPTOOLS["py-modules"]) == {path.stem for path in CHECKOUT.glob("*.py")}


def test_the_wheel_has_every_module_and_data_file_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == shipped()


@pytest.mark.torture
def test_an_installed_wheel_finds_its_files_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own, away from the checkout, with the locked packages."""
    environment = tmp_path / "venv"
    python = environment / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True, timeout=100)
    install: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--require-hashes", "-r", CHECKOUT / "requirements.lock"], check=True, timeout=500)
    subprocess.run([*install, "--no-deps", "--no-index", wheel], check=True, timeout=100)
    script = """
from crawler.source import bundled_sources
from store import bundled, revisions, view_files
import store, cli
assert "site-packages" in store.__file__, store.__file__
assert len(bundled_sources()) > 10 and view_files.texts() and list(revisions.folder().glob("versions/*"))
"""
    done = subprocess.run([python, "-c", script], cwd="/", capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    done = subprocess.run(
        [environment / "bin" / "aiwire", "--help"], cwd="/", capture_output=True, text=True, check=False
    )
    assert "demo" in done.stdout


def test_our_names_are_ours() -> None:
    """An editable install comes after site-packages: a dependency with a package named like ours would win."""
    names = [*PACKAGES, *SETUPTOOLS["py-modules"]]
    script = f"import importlib.util as u; print([u.find_spec(name).origin for name in {names!r}])"
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd="/", env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    if "NoneType" in done.stderr:
        pytest.skip("aiwire is not installed in this environment: `make install`")
    origins = done.stdout.strip("[]\n").replace("'", "").split(", ")
    assert all(Path(origin).is_relative_to(CHECKOUT) for origin in origins), origins
    assert importlib.util.find_spec("migrations") is None or not list(
        Path(sys.prefix).rglob("site-packages/migrations")
    )


@pytest.mark.parametrize("name", LOCKS)
def test_locks_have_hashes_and_no_addresses(name: str) -> None:
    text = (CHECKOUT / name).read_text()
    pinned = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(pinned) > 1
    for entry in pinned:
        assert re.match(r"[a-z0-9.-]+(\[[a-z0-9,-]+\])?==[^\s;]+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert not re.search(r"https?:|file:|--index-url|--find-links|--extra-index", text)


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_what_is_asked_for(name: str) -> None:
    """An edited .in without `make lock` is noticed."""
    asked = (CHECKOUT / name.replace(".lock", ".in")).read_text()
    locked = dict(re.findall(r"^([a-z0-9.-]+)(?:\[[^\]]*\])?==([^\s;]+)", (CHECKOUT / name).read_text(), re.M))
    for line in re.findall(r"^[a-z][^#\n]*", asked, re.M):
        project, exact = re.match(r"([a-z0-9.-]+)(?:\[[^\]]*\])?(?:==([^\s,]+))?", line).groups()  # type: ignore[union-attr]
        assert project in locked, f"{project} is not in {name}: make lock"
        assert exact in (None, locked[project]), f"{project}: make lock"


def test_both_locks_agree() -> None:
    """What is tested is what is run."""
    pins = [dict(re.findall(r"^([a-z0-9.-]+)\S*==([^\s;]+)", (CHECKOUT / name).read_text(), re.M)) for name in LOCKS]
    runtime, development, tools = pins
    assert runtime.items() <= development.items()
    assert {name: tools[name] for name in tools.keys() & development} == {
        name: development[name] for name in tools.keys() & development
    }
