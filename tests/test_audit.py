"""The audit of the locked packages: a finding fails it, a machine without network does not."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

CLEAN = '{"dependencies": [{"name": "a", "version": "1", "vulns": []}], "fixes": []}'
FOUND = '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1"}]}], "fixes": []}'


def audited(program: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PIP_AUDIT": str(program), **more}
    return subprocess.run(
        [CHECKOUT / ".ci" / "audit"], env=environ, capture_output=True, text=True, timeout=60, check=False
    )


def auditor(folder: Path, out: str, said: str, code: int) -> Path:
    """A program that ends as pip-audit 2.10 does."""
    program = folder / "pip-audit"
    program.write_text(f"#!/bin/sh\nprintf '%s' '{out}'\necho '{said}' >&2\nexit {code}\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("out", "said", "code", "environ", "expected"),
    [
        (CLEAN, "No known vulnerabilities found", 0, {}, 0),
        (FOUND, "Found 1 known vulnerability in 1 package", 1, {}, 1),
        ("", "ERROR:pip_audit._cli:Could not connect", 1, {}, 0),
        ("", "ERROR:pip_audit._cli:Could not connect", 1, {"AUDIT": "required"}, 2),
    ],
)
def test_a_finding_fails_and_no_network_does_not(
    tmp_path: Path, *, out: str, said: str, code: int, environ: dict[str, str], expected: int
) -> None:
    done = audited(auditor(tmp_path, out, said, code), **environ)
    assert done.returncode == expected, done
    assert ("not audited: ERROR" in done.stderr) == (not out)
    assert ("PYSEC-1" in done.stdout) == (expected == 1)
