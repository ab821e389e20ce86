"""`aiwire scan` as people and their pipelines run it: on a small repository, with and without a database."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.checkouts import LARGEST, files
from store import bundled
from store.connect import connect
from store.known_models import of_bundle, of_database
from tests.conftest import CHECKOUT
from tests.test_cli import aiwire

# Six kinds of file, two ids in use in each, and two decoys beside them: prose, versions, parts of longer words.
REPOSITORY = {
    "src/answer.py": (
        '"""Answers mail; the first version ran on text-davinci-003."""\n'
        'MODEL = "gpt-4-0314"\n'
        'NAME = "our-gpt-4-notes"\n'
        'client.create(model="claude-3-opus-20240229")\n'
    ),
    "web/chat.ts": (
        "// gpt-4-32k was too dear\n"
        "const model = 'gpt-4-turbo-preview';\n"
        "const fallback = 'openrouter/x-ai/grok-3';\n"
        "const title = 'How gpt-4.5-preview and others compare';\n"
    ),
    "deploy/values.yaml": (
        "image: acme/gpt-4:1.4.2   # not the model gpt-4\n"
        "version: 2.1\n"
        "models:\n  - us.anthropic.claude-3-haiku-20240307-v1:0\n  - models/gemini-2.0-flash-live-001\n"
    ),
    ".env": "OPENAI_MODEL=o1-preview\nEMBEDDER=mistral/mistral-small-2402\nRELEASE=claude-2.1.7\nBUCKET=s3://acme/gpt-4o-audio-preview/logs\n",
    "infra/main.tf": (
        'deployment = "azure/gpt-4-32k-0613" # once gpt-4-0613\n'
        'name = "dall-e-3"\n'
        'description = "dall-e-2"\n'
    ),
    "eval/run.ipynb": json.dumps(
        {
            "cells": [
                {"cell_type": "markdown", "source": ["Compare with `o1-mini`."]},
                {
                    "cell_type": "code",
                    "source": ["a = 'codex-mini-latest'\n", "b = 'ft:gpt-3.5-turbo-0613:acme::7p'"],
                    "outputs": [{"text": ["'chatgpt-4o-latest'"]}],
                },
            ],
            "metadata": {},
        },
        indent=1,
    ),
    "README.md": "Built for gpt-4-vision-preview.\n",
    "node_modules/x/index.js": "module.exports = 'gpt-4-0314'\n",
}  # fmt: skip
USED = {
    ("src/answer.py", 2, "gpt-4-0314"),
    ("src/answer.py", 4, "claude-3-opus-20240229"),
    ("web/chat.ts", 2, "gpt-4-turbo-preview"),
    ("web/chat.ts", 3, "grok-3"),
    ("deploy/values.yaml", 4, "claude-3-haiku-20240307"),
    ("deploy/values.yaml", 5, "gemini-2.0-flash-live-001"),
    (".env", 1, "o1-preview"),
    (".env", 2, "mistral-small-2402"),
    ("infra/main.tf", 1, "gpt-4-32k-0613"),
    ("infra/main.tf", 2, "dall-e-3"),
    ("eval/run.ipynb", 12, "codex-mini-latest"),
    ("eval/run.ipynb", 13, "gpt-3.5-turbo-0613"),
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    for name, text in REPOSITORY.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_twelve_of_twelve_are_found_and_none_is_invented(repository: Path, tmp_path: Path) -> None:
    done = aiwire("scan", str(repository), "--json", home=tmp_path)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {(os.path.relpath(row["file"], repository), row["line"], row["model_id"]) for row in rows} == USED
    assert len(rows) == len(USED) == 12
    assert done.returncode == 1
    assert "aiwire up" in done.stderr, "what is asked, and how to have it current"
    for row in rows:
        line = Path(row["file"]).read_text().splitlines()[row["line"] - 1]
        assert line[row["column"] - 1 :].startswith(row["written"])


@pytest.mark.torture  # long
def test_exit_codes_are_those_of_a_pipeline(repository: Path, tmp_path: Path) -> None:
    def run(*words: str) -> int:
        return aiwire("scan", *words, home=tmp_path).returncode

    assert run(str(repository)) == 1
    assert run(str(repository), "--fail-within", "90d") == 1
    assert run(str(repository / "README.md")) == 0
    (repository / "later.py").write_text('m = "command-r"\n')  # deprecated, without a date
    assert run(str(repository / "later.py")) == 1
    assert run(str(repository / "later.py"), "--fail-within", "90d") == 0
    assert run(str(repository), "--fail-within", "soon") == 2
    assert run(str(repository / "nowhere")) == 2


def test_ignored_foreign_binary_and_huge_files_are_left_out(repository: Path) -> None:
    (repository / ".gitignore").write_text("generated/\n*.local.py\n!keep.local.py\n")
    for name in ("generated/a.py", "x.local.py", "keep.local.py", "env/pyvenv.cfg", "env/lib/a.py", ".git/a.py"):
        (repository / name).parent.mkdir(exist_ok=True, parents=True)
        (repository / name).write_text('m = "gpt-4"')
    (repository / "huge.json").write_text(" " * (LARGEST + 1))
    (repository / "blob.py").write_bytes(b"\0" * 100)
    (repository / "wide.py").write_text('m = "gpt-4"', encoding="utf-16")
    (repository / "link.py").symlink_to(repository / "src/answer.py")
    found = {os.path.relpath(file.path, repository): file for file in files([repository])}
    assert found.keys() == {
        *REPOSITORY.keys() - {"README.md", "node_modules/x/index.js"},
        *("keep.local.py", "huge.json", "blob.py", "wide.py"),
    }
    assert {name for name, file in found.items() if file.skipped} == {"huge.json", "blob.py"}
    assert found["wide.py"].text == 'm = "gpt-4"'
    assert [file.path for file in files([repository / "x.local.py"])] == [str(repository / "x.local.py")]


def test_strange_files_stop_nothing(repository: Path, tmp_path: Path) -> None:
    os.mkfifo(repository / "pipe.py")
    (repository / "\x1b[31mred.py").write_text('m = "gpt-4-0314"')
    Path(os.fsdecode(os.fsencode(repository) + b"/\xff.py")).write_text('m = "gpt-4-0314"')
    (repository / "torn.py").write_bytes(b'm = "gpt-4-0314"\xff\xfe"')
    (repository / "locked").mkdir(mode=0)
    done = aiwire("scan", str(repository), home=tmp_path)
    assert done.returncode == 1
    assert "pipe.py is left out: not a file" in done.stderr
    assert "\x1b" not in done.stdout
    assert len(done.stdout.splitlines()) == 15
    rows = aiwire("scan", str(repository), "--json", home=tmp_path).stdout.splitlines()
    assert len([json.loads(row) for row in rows]) == 15


def test_the_hook_for_pre_commit_runs_the_documented_command() -> None:
    hook = (CHECKOUT / ".pre-commit-hooks.yaml").read_text()
    assert "- id: aiwire-scan\n" in hook
    assert "entry: aiwire scan --fail-within 90d\n" in hook
    assert "id: aiwire-scan" in (CHECKOUT / "docs" / "scan.md").read_text()


def test_a_file_is_read_once(repository: Path) -> None:
    assert len(list(files([repository, repository / "src", repository / "src/answer.py"]))) == len(
        list(files([repository]))
    )


@pytest.mark.postgres
def test_a_database_is_asked_where_there_is_one(repository: Path, tmp_path: Path, database_url: str) -> None:
    with connect(database_url, autocommit=True) as connection:
        bundled.load(connection, now=datetime(2026, 9, 1, tzinfo=UTC))
        asked, (brought, _) = of_database(connection), of_bundle()
        for word in ("gpt-4-0314", "o1-preview", "claude-opus-4-0", "openai/gpt-4", "gpt-4o"):
            of_both = [known.match(word) for known in (asked, brought)]
            assert all(of_both)
            assert len({(m.model.id, m.model.status, m.model.retires_on) for m in of_both if m}) == 1, word
    done = aiwire("scan", str(repository), "--json", home=tmp_path, url=database_url)
    assert len(done.stdout.splitlines()) == 12
    assert "comes with aiwire" not in done.stderr
    assert "that of the database, as of its last look, on 2026-" in done.stderr


@pytest.mark.postgres
def test_a_database_that_was_named_and_does_not_answer_is_an_error(repository: Path, tmp_path: Path) -> None:
    url = "postgresql://u:hidden@127.0.0.1:1/x"
    done = aiwire("scan", str(repository), home=tmp_path, url=url)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no database answers" in done.stderr
    assert "hidden" not in done.stderr
    assert aiwire("scan", str(repository), "--offline", home=tmp_path, url=url).stdout


def test_all_lists_every_model_in_use(repository: Path, tmp_path: Path) -> None:
    (repository / "new.py").write_text('m = "gpt-5.5"\n')
    done = aiwire("scan", str(repository / "new.py"), "--all", "--json", home=tmp_path)
    row = json.loads(done.stdout)
    assert (row["model_id"], row["provider"], row["finding"], done.returncode) == ("gpt-5.5", "openai", False, 0)
    assert aiwire("scan", str(repository / "new.py"), "--json", home=tmp_path).stdout == ""
