"""Every class of attack has its test here: each is named after its row."""

import ast
import re
from pathlib import Path

ROWS = {
    1: "requests to internal addresses",
    2: "two parsers, two hosts",
    3: "special ranges of addresses",
    4: "names that resolve otherwise later",
    5: "other schemes",
    6: "templates in notifications",
    7: "stored and reflected scripts",
    8: "captures served as pages of ours",
    9: "files and environment through query languages",
    10: "entities, nesting and other XML bombs",
    11: "decompression bombs, endless bodies, drips",
    12: "names and links in what is imported",
    13: "traversal in addresses of files",
    14: "a route without its protection",
    15: "questions in SQL",
    16: "SQL through parameters",
    17: "formulas in CSV",
    18: "markup in Slack",
    19: "secrets in what is emitted",
    20: "answers of webhooks reflected",
    21: "pages that make a reader slow",
    22: "control characters in terminals and logs",
    23: "robots.txt, TLS and consoles of the crawler",
    24: "a poisoned source",
    25: "impossible dates",
}


def test_every_row_of_the_table_of_attacks_has_a_test_named_after_it() -> None:
    named: set[int] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_row_"):
                numbers = re.match(r"test_row((?:_\d\d)+)_", node.name)
                assert numbers is not None, node.name
                named |= {int(number) for number in numbers[1].split("_") if number}
    assert named == set(ROWS)
