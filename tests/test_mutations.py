"""The list of mutations fits the checkout. Whether the tests notice them takes minutes: `make mutations`."""

from pathlib import Path

import pytest

from tests.mutating import CHECKOUT, UnfitError, mutated
from tests.mutations import MUTATIONS, Mutation

# What nobody may break unnoticed.
IMPORTANT = {
    "the exclusion constraint", "the event transaction", "the floor rule", "missing twice", "the Slack escape",
    "the guard's redirect check", "the hold", "the event id's occurrence count", "the reader role", "the unit count",
}  # fmt: skip


def test_every_important_line_is_in_the_list() -> None:
    names = [one.what for one in MUTATIONS]
    assert set(names) >= IMPORTANT
    assert len(names) == len(set(names))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.what)
def test_every_mutation_changes_a_line_that_is_there_and_names_tests_that_are(mutation: Mutation) -> None:
    text = (CHECKOUT / mutation.file).read_text(encoding="utf-8")
    assert mutated(text, mutation) != text
    for test in mutation.tests:
        file, _, name = test.partition("::")
        assert f"def {name.partition('[')[0]}(" in (CHECKOUT / file).read_text(encoding="utf-8") if name else Path(file)


@pytest.mark.parametrize("text", ["another line", "the line, and the line"])
def test_a_line_that_is_not_there_once_is_an_error(text: str) -> None:
    one = Mutation(what="it", file="x.py", was="the line", becomes="", tests=())
    with pytest.raises(UnfitError, match="expected once"):
        mutated(text, one)
