"""Names in cells: several ids, aliases in brackets, what is no model, and what is offered instead."""

import pytest

from crawler.extract.grids import Inline
from crawler.extract.subjects import is_none, kind_of, names_in, replacements_in


@pytest.mark.parametrize(
    ("text", "code", "names"),
    [
        (
            "acme-4-0125 | acme-4, acme-4-chat",
            ("acme-4-0125", "acme-4", "acme-4-chat"),
            ("acme-4-0125", "acme-4", "acme-4-chat"),
        ),
        (
            "acme-4-0125 (including acme-4-turbo, which points to it)",
            ("acme-4-0125", "acme-4-turbo"),
            ("acme-4-0125", "acme-4-turbo"),
        ),
        ("acme-embed@003 *", ("acme-embed@003 *",), ("acme-embed@003",)),
        ("acme-large-1, acme-small-1", (), ("acme-large-1", "acme-small-1")),
        ("acme/large-1\nacme/small-1", (), ("acme/large-1", "acme/small-1")),
        ("Acme Large (24.02)", (), ("Acme Large (24.02)",)),
        ("Acme Large (acme-large-2402)", (), ("acme-large-2402",)),
        ("Acme 2 Mid-v1", (), ("Acme 2 Mid-v1",)),
        ("New fine-tuning training on babbage-002", ("babbage-002",), ("New fine-tuning training on babbage-002",)),
        ("N/A", (), ()),
    ],
)
def test_the_subjects_of_a_cell(text: str, code: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert names_in(Inline(text=text, code=code)) == names


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("acme-4-0125", "model"),
        ("Acme Large 2", "model"),
        ("/v1/edits", "endpoint"),
        ("/v1/fine-tunes", "endpoint"),
        ("Assistants API", "endpoint"),
        ("Acme-Beta: realtime=v1", "endpoint"),
        ("ft-acme-4", "fine_tuning"),
        ("New fine-tuning training on babbage-002", "fine_tuning"),
        ("Coral Web UI", "product"),
        ("Build SDK", "product"),
        ("/v1/chat parameters", "feature"),
    ],
)
def test_what_kind_of_thing_a_name_names(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("text", "code", "offered"),
    [
        ("acme-5 or acme-4.1*", ("acme-5", "acme-4.1*"), ("acme-5", "acme-4.1")),
        ("acme-a-1 vendor/acme-b-2", (), ("acme-a-1", "vendor/acme-b-2")),
        ("acme-a-1 acme-b-2 (text-only workloads)", (), ("acme-a-1", "acme-b-2")),
        ("acme-4.3 with low reasoning effort", ("acme-4.3", "low"), ("acme-4.3",)),
        ("acme-4.1 version: 2025-04-14", ("acme-4.1", "2025-04-14"), ("acme-4.1@2025-04-14",)),
        (
            "acme.core-v1:0, acme.ultra-v1:0, and acme.large-v1:0",
            (),
            ("acme.core-v1:0", "acme.ultra-v1:0", "acme.large-v1:0"),
        ),
        ("acme.mini-v1:0 in US East (N. Virginia)", (), ("acme.mini-v1:0",)),
        ("Acme Opus 4.1, Acme Sonnet 4.5", (), ("Acme Opus 4.1", "Acme Sonnet 4.5")),
        ("View transition guide", (), ()),
        ("---", (), ()),
        ("暂无", (), ()),
    ],
)
def test_the_alternatives_of_a_cell(text: str, code: tuple[str, ...], offered: tuple[str, ...]) -> None:
    assert replacements_in(Inline(text=text, code=code)) == offered


def test_ways_to_say_nothing() -> None:
    assert all(map(is_none, ("", "N/A", "n/a", "-", "—", "None", "TBD", "No retirement date announced", "待定")))
    assert not is_none("acme-1")
