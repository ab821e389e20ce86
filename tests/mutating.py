"""Whether the tests notice: important lines broken one at a time, in a copy of the checkout. `make mutations`.

A text that is no longer there, or there twice, a test that does not pass without the mutation, and a mutation after
which Python cannot even read the tests prove nothing: each is an error, and the run fails by it as by a survivor.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from tests.conftest import embedded_url
from tests.mutations import MUTATIONS, Mutation

CHECKOUT = Path(__file__).resolve().parent.parent
LEFT_OUT = (".git", ".venv", ".aiwire", "*_cache", "__pycache__", "build", "dist", "*.egg-info", ".hypothesis")
SECONDS = 600  # for one run of tests


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What became of a mutation: `caught` by a test, `survived`, or an `error` and which."""

    what: str
    file: str
    verdict: str
    by: str


class UnfitError(Exception):
    """The list does not fit the checkout, or a mutation breaks more than its line."""


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A checkout that may be broken."""

    folder: Path
    environ: Mapping[str, str]

    def passed(self, tests: Collection[str]) -> None:
        """Raises UnfitError unless all of these tests run and pass as the checkout is."""
        failed, passed = self._run(sorted(tests))
        if failed or not passed:
            raise UnfitError(f"without any mutation: {', '.join(failed) or 'nothing ran'}")

    def judge(self, mutation: Mutation) -> Verdict:
        """Break, test, mend."""
        file = self.folder / mutation.file
        text = file.read_text(encoding="utf-8")
        try:
            file.write_text(mutated(text, mutation), encoding="utf-8")
            failed, _ = self._run(mutation.tests, "-x")
            verdict, by = ("caught", failed[0]) if failed else ("survived", "")
        except UnfitError as error:
            verdict, by = "error", str(error)
        finally:
            file.write_text(text, encoding="utf-8")
        return Verdict(what=mutation.what, file=mutation.file, verdict=verdict, by=by)

    def _run(self, tests: Sequence[str], *options: str) -> tuple[list[str], int]:
        """Names of the tests that failed, and how many passed. Raises UnfitError where one did neither."""
        report = self.folder.parent / "report.xml"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *options]
        done = subprocess.run(
            [*command, *tests],
            cwd=self.folder, env=self.environ, capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        if done.returncode not in (0, 1) or not report.exists():
            raise UnfitError(f"pytest ended with {done.returncode}: {done.stdout[-800:]}{done.stderr[-800:]}")
        failed, passed = [], 0
        for case in ET.parse(report).iter("testcase"):  # noqa: S314 -- written by our own pytest
            name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
            if case.find("failure") is not None:
                failed.append(name)
                continue
            for other in ("error", "skipped"):
                if (found := case.find(other)) is not None:
                    raise UnfitError(f"{name}: {other}: {found.get('message')}")
            passed += 1
        return failed, passed


def mutated(text: str, mutation: Mutation) -> str:
    """The text with the line broken. Raises UnfitError unless what is replaced is there exactly once."""
    if (found := text.count(mutation.was)) != 1:
        raise UnfitError(f"{mutation.file} has the text of this mutation {found} times, expected once: update the list")
    return text.replace(mutation.was, mutation.becomes)


def judged(mutations: Sequence[Mutation]) -> Iterator[Verdict]:
    """The verdict of each. Raises UnfitError where the tests do not pass unbroken."""
    with tempfile.TemporaryDirectory(prefix="aiwire-mutations-") as folder, embedded_url() as url:
        copy = Path(folder) / "aiwire"
        shutil.copytree(CHECKOUT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        environ = {**os.environ, "AIWIRE_TEST_DATABASE_URL": url, "PYTHONPATH": str(copy)}
        environ["PYTHONDONTWRITEBYTECODE"] = "1"  # two texts of one size within a second would share their bytecode
        checkout = Copy(folder=copy, environ=environ)
        checkout.passed({test for mutation in mutations for test in mutation.tests})
        yield from map(checkout.judge, mutations)


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge them all, print a table or JSON; 1 if one survived or could not be judged."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutating", description="Breaks important lines.")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--only", metavar="TEXT", default="", help="mutations whose name has this text")
    given = parser.parse_args(arguments)
    chosen = [one for one in MUTATIONS if given.only in one.what]
    caught = 0
    try:
        for verdict in judged(chosen):
            caught += verdict.verdict == "caught"
            _say(json.dumps(asdict(verdict)) if given.json else f"{verdict.verdict:9} {verdict.what:50} {verdict.by}")
    except UnfitError as error:
        _say(str(error), sys.stderr)
        return 1
    _say(f"{caught} of {len(chosen)} caught", sys.stderr)
    return int(not chosen or caught < len(chosen))


def _say(line: str, where: TextIO | None = None) -> None:
    print(line, file=where or sys.stdout, flush=True)


if __name__ == "__main__":
    sys.exit(main())
