"""Which ids a file uses: in each kind of file, with decoys beside them."""

import json
import random

import pytest

from tests.timeline.scan.models import KNOWN
from timeline.scan.pieces import kind_of
from timeline.scan.usages import usages

CASES: dict[str, tuple[str, list[str]]] = {
    "app.py": (
        '''\
"""gpt-4 was here. model: gpt-4"""
# gpt-4-0314 in a comment
MODEL = "gpt-4o"  # not "gpt-4"
NOTE = "we no longer use gpt-4 for this"
LOG = "Using model: gpt-4"
FILE = "my-gpt-4-notes"
PATH = "prompts/gpt-4/system.txt"
ask(model='gpt-4-0314', kind="command", flag="o1")
ask(model="o1")
def f():
    r"""claude-3-opus-20240229"""
    return f"openai/{MODEL}"
MODELS = [
    "command",
]
TEXT = """
{"model": "grok-3",
 "prompt": "is gpt-4 good"}
"""
print(f"{base}/openai/deployments/gpt-4/chat?api-version=2024-02-01")
''',
        ["3:10 gpt-4o", "8:12 gpt-4-0314", "9:12 o1", "14:6 command", "17:12 grok-3", "20:35 gpt-4"],
    ),
    "call.ts": (
        """\
// gpt-4
/* "gpt-4" */
import x from 'gpt-4'
const models = ["gpt-4-0314", `claude-3-opus-20240229`, 'gpt-4-turbo'];
const docs = "https://platform.openai.com/docs/models/gpt-4";
throw new Error("model 'gpt-4' is not supported, don't");
const limits = { "gpt-4o": 8192 };
const said = `${a} gpt-4 ${b}`;
fetch("https://x.openai.azure.com/openai/deployments/gpt-4/chat?v=1");
""",
        [
            "4:18 gpt-4-0314", "4:32 claude-3-opus-20240229", "7:19 gpt-4o",
            "9:8 https://x.openai.azure.com/openai/deployments/gpt-4/chat",
        ],
    ),
    "Main.java": (
        'String m = "gpt-4o"; // "gpt-4"\nString t = """\n  gpt-4 or not\n  """;\nchar c = \'x\';\n',
        ["1:13 gpt-4o"],
    ),
    "main.go": ('package main\nvar m = `gpt-4o`\nvar n = "gpt-4-0314" // gpt-4\n', ["2:10 gpt-4o", "3:10 gpt-4-0314"]),
    "main.tf": ('model_id = "grok-3" # "gpt-4"\nname = "acme-gpt-4"\n', ["1:13 grok-3"]),
    "values.yaml": (
        """\
# gpt-4
image: acme/gpt-4:1.2
appVersion: "o1"
llm:
  model: openai/gpt-4o   # was gpt-4
  fallbacks: [grok-3, "gpt-4-0314", {model: o1}]
  others:
    - gpt-4-turbo-2024-04-09
    - command
  description: gpt-4
  note: >
    We like gpt-4
    very much.
  gpt-4:
    price: 3
command: run
steps:
  - run: |
      # gpt-4
      serve --model claude-3-opus-20240229
      echo gpt-4
  - env: {MODEL: "${M:-gemini-1.5-pro}"}
""",
        [
            "5:10 openai/gpt-4o", "6:15 grok-3", "6:24 gpt-4-0314", "6:45 o1", "8:7 gpt-4-turbo-2024-04-09",
            "14:3 gpt-4", "20:21 claude-3-opus-20240229", "22:24 gemini-1.5-pro",
        ],
    ),
    "settings.toml": (
        '[models.gpt-4o]\ngrok-3 = 2\nmodel = "gpt-4-0314" # gpt-4\nnote = "gpt-4 is old"\nmany = [\n  "gpt-4",\n]\n',
        ["1:9 gpt-4o", "2:1 grok-3", "3:10 gpt-4-0314", "6:4 gpt-4"],
    ),
    ".env.example": (
        "# gpt-4\nOPENAI_MODEL=gpt-4o\nexport B='gpt-4-0314' # gpt-4\nC=my-gpt-4\nMODELS=o1,gpt-4\n"
        "NOTE=about gpt-4 now\n",
        ["2:14 gpt-4o", "3:11 gpt-4-0314", "5:8 o1", "5:11 gpt-4"],
    ),
    "app.ini": ("; gpt-4\n[gpt-4]\nmodel = gpt-4o\nversion: 4.0\n", ["3:9 gpt-4o"]),
    "Dockerfile": (
        'FROM acme/gpt-4\n# gpt-4\nLABEL description="gpt-4"\nENV MODEL=gpt-4o\nARG M gpt-4-0314\n'
        'RUN pip install gpt-4\n'
        'CMD ["serve", "--model", "grok-3"]\n',
        ["4:11 gpt-4o", "5:7 gpt-4-0314", "7:27 grok-3"],
    ),
    "run.sh": (
        '#!/bin/sh\necho "gpt-4"\nllm -m gpt-4o "is gpt-4 good" # gpt-4\nexport M="${N:-gpt-4-0314}"\n'
        "curl -d '{\"model\": \"grok-3\", \"prompt\": \"gpt-4\"}'\n",
        ["3:8 gpt-4o", "4:16 gpt-4-0314", "5:21 grok-3"],
    ),
    "package.json": (
        '{"name": "gpt-4-tools", "description": "gpt-4", "dependencies": {"gpt-4": "1.0", "o1": "2"},\n'
        ' "config": {"model": "gpt-4o", "command": "ada", "all": ["gpt-4-0314", "not gpt-4"], "grok-3": 1}}',
        ["2:23 gpt-4o", "2:59 gpt-4-0314", "2:87 grok-3"],
    ),
    "query.sql": ("-- 'gpt-4'\nSELECT * FROM m WHERE model = 'gpt-4o';\n", ["2:32 gpt-4o"]),
    "app.xml": (
        '<!-- "gpt-4" -->\n<m id="gpt-4o"><name>gpt-4-0314</name><p>about gpt-4</p></m>',
        ["2:8 gpt-4o", "2:22 gpt-4-0314"],
    ),
    "App.cs": ('var m = "gpt-4o"; /* "gpt-4"\n "gpt-4" */ var d = "C:\\\\gpt-4";\n', ["1:10 gpt-4o"]),
    "x.rb": ("m = 'gpt-4o' # 'gpt-4'\nputs \"gpt-4 #{x}\"\n", ["1:6 gpt-4o"]),
}  # fmt: skip


@pytest.mark.parametrize("path", CASES)
def test_uses_are_found_and_decoys_are_not(path: str) -> None:
    text, expected = CASES[path]
    found = [f"{usage.line}:{usage.column} {usage.written}" for usage in usages(text, path, KNOWN)]
    assert found == expected


def test_notebooks_have_code_cells_and_what_they_printed_does_not_count() -> None:
    code = ["# gpt-4\n", "%pip install gpt-4\n", 'ask(model="gpt-4o", x="gpt-4 or so")\n', "y = 'gpt-4-0314'"]
    cells = [
        {"cell_type": "markdown", "source": ["gpt-4"]},
        {"cell_type": "code", "outputs": [{"text": ['"gpt-4"']}], "source": code},
        {"source": 'z = "grok-3"', "cell_type": "code"},
    ]
    text = json.dumps({"cells": cells, "metadata": {"language_info": {"name": "python"}}}, indent=1)
    lines = text.splitlines()
    found = usages(text, "a.ipynb", KNOWN)
    assert [usage.written for usage in found] == ["gpt-4o", "gpt-4-0314", "grok-3"]
    for usage in found:
        assert lines[usage.line - 1][usage.column - 1 :].startswith(usage.written)


@pytest.mark.parametrize(
    "path", ["README.md", "notes.txt", "page.html", "data.csv", "package-lock.json", "uv.lock", "a.min.js"]
)
def test_prose_data_and_locks_are_not_read(path: str) -> None:
    assert usages('model = "gpt-4"', path, KNOWN) == []


def test_a_line_can_be_left_out() -> None:
    text = 'a = "gpt-4"  # aiwire: ignore\nb = "gpt-4"\n'
    assert [usage.line for usage in usages(text, "a.py", KNOWN)] == [2]


def test_scripts_without_an_ending_are_known_by_their_first_line() -> None:
    assert kind_of("bin/serve", "#!/usr/bin/env python3\n") == "python"
    assert kind_of("bin/serve", "gpt-4") is None


@pytest.mark.parametrize("path", CASES)
def test_damaged_files_are_read_without_a_word(path: str) -> None:
    text, chance = CASES[path][0], random.Random(4)
    for _ in range(60):
        start, end = sorted(chance.randrange(len(text)) for _ in range(2))
        for usage in usages(text[:start] + chance.choice("\"'`{}[]\\\n#:") + text[end:], path, KNOWN):
            assert usage.line > 0
            assert usage.column > 0


@pytest.mark.timeout(30)
@pytest.mark.parametrize("path", ["a.py", "a.js", "a.json", "a.yaml", "a.sh", "a.toml", "a.env", "a.xml", "a.ipynb"])
@pytest.mark.parametrize(
    "unit", ["'", '"', "model", "model=", "a.", "{", "- ", "#", "\\", "<", "'''", "/*", "gpt-4,", "a: "]
)
def test_a_long_line_takes_no_longer_than_it_is_long(path: str, unit: str) -> None:
    usages(unit * (200_000 // len(unit)), path, KNOWN)


@pytest.mark.parametrize(
    ("path", "text", "platform"),
    [
        (".env", "AZURE_OPENAI_DEPLOYMENT=gpt-4", "azure"),
        ("a.py", 'AzureChatOpenAI(model="gpt-4")', "azure"),
        ("a.py", 'azure = 1\nChatOpenAI(model="gpt-4")', None),
        ("a.ts", "const m = bedrock('claude-3-opus-20240229')", "bedrock"),
        ("a.yaml", "vertex_model: claude-3-opus", "vertex"),
        ("a.yaml", "model: gpt-4", None),
    ],
)
def test_where_a_model_is_called_may_be_said_beside_it(path: str, text: str, platform: str | None) -> None:
    (usage,) = usages(text, path, KNOWN)
    assert usage.match.spelling.platform == platform
