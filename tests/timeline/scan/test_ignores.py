"""Rules as in .gitignore."""

import pytest

from timeline.scan.ignores import is_ignored, rules


@pytest.mark.parametrize(
    ("text", "path", "folder", "ignored"),
    [
        ("*.log", "a/b/x.log", False, True),
        ("*.log", "a/b/x.logs", False, False),
        ("/out", "out", True, True),
        ("/out", "a/out", True, False),
        ("out/", "a/out", True, True),
        ("out/", "a/out", False, False),
        ("a/*.py", "a/x.py", False, True),
        ("a/*.py", "a/b/x.py", False, False),
        ("a/**/x.py", "a/b/c/x.py", False, True),
        ("a/**/x.py", "a/x.py", False, True),
        ("a/**", "a/b/c", False, True),
        ("**/gen", "a/b/gen", True, True),
        ("*.env\n!keep.env", "keep.env", False, False),
        ("*.env\n!keep.env", "a.env", False, True),
        ("x?.p[yx]", "x1.py", False, True),
        ("x[!0-9].py", "xa.py", False, True),
        ("x[!0-9].py", "x1.py", False, False),
        ("# a comment\n\n\\#x", "#x", False, True),
        ("a.b", "axb", False, False),
        ("[", "a", False, False),
    ],
)
def test_the_last_rule_that_fits_decides(text: str, path: str, folder: bool, ignored: bool) -> None:
    assert is_ignored(path, folder=folder, among=rules(text)) is ignored


def test_rules_of_a_folder_hold_below_it() -> None:
    among = rules("/x.py", "a/")
    assert is_ignored("a/x.py", folder=False, among=among)
    assert not is_ignored("x.py", folder=False, among=among)
    assert not is_ignored("a/b/x.py", folder=False, among=among)
