"""The vocabulary of lifecycles: columns, status words, headings."""

import pytest

from crawler.extract.statuses import is_stage, role_of, section_status, status_of_header, status_word


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("API Model Name", "id"),
        ("Model ID", "id"),
        ("API Endpoints", "id"),
        ("模型编码", "id"),
        ("Model", "model"),
        ("Model / system", "model"),
        ("Deprecated model", "model"),
        ("Model being retired", "model"),
        ("模型名称", "model"),
        ("Version", "version"),
        ("Current State", "status"),
        ("Lifecycle Status", "status"),
        ("状态", "status"),
        ("Launch stage", "stage"),
        ("Announced", "announced"),
        ("Legacy date (UTC)", "legacy"),
        ("Deprecated", "deprecates"),
        ("Deprecation Date (No New Customers)", "deprecates"),
        ("Retired", "retires"),
        ("Tentative Retirement Date", "retires"),
        ("Shutdown date", "retires"),
        ("EOL date", "retires"),
        ("Removal Date", "retires"),
        ("Offline Time", "retires"),
        ("下线时间", "retires"),
        ("Training retirement date", "training"),
        ("Recommended Replacement", "replacement"),
        ("Substitute model", "replacement"),
        ("Redirect target after May 15", "replacement"),
        ("替代模型", "replacement"),
        ("Date", "date"),
        ("Release date", "release"),
        ("Deprecated model price", "other"),
        ("Replacement impact", "other"),
        ("System replacement time", "other"),
        ("New default version", "other"),
        ("Public extended access date", "other"),
        ("Available via API", "other"),
    ],
)
def test_a_column_is_known_by_its_header(header: str, role: str) -> None:
    assert role_of(header) == role


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Active", "active"),
        ("Legacy", "legacy"),
        ("Deprecated", "deprecated"),
        ("Scheduled for retirement", "deprecated"),
        ("即将下线", "deprecated"),
        ("Retired", "retired"),
        ("Shut down", "retired"),
        ("End of life", "retired"),
        ("已下线", "retired"),
        ("Generally Available", None),
        ("Preview", None),
        ("May be deprecated soon", None),
        ("", None),
    ],
)
def test_a_status_word_stands_alone(text: str, status: str | None) -> None:
    assert status_word(text) == status


def test_a_release_stage_is_no_status() -> None:
    assert is_stage("Preview")
    assert is_stage("Generally available (GA)")
    assert not is_stage("Deprecated")


@pytest.mark.parametrize(
    ("heading", "status"),
    [
        ("Retired models", "retired"),
        ("End-of-Life (EOL) versions", "retired"),
        ("Legacy versions", "legacy"),
        ("Deprecated models:", "deprecated"),
        ("Recently deprecated", "deprecated"),
        ("Active versions", "active"),
        ("已下线模型", "retired"),
        ("Latest available models", None),
        ("2026-04-22: Legacy acme snapshots", None),
        ("Model retirements", None),
        ("Deprecations", None),
        ("How to prepare for retired models", None),
    ],
)
def test_a_heading_gives_a_status_only_when_it_names_nothing_else(heading: str, status: str | None) -> None:
    assert section_status(heading) == status


def test_a_header_may_say_what_becomes_of_its_models() -> None:
    assert status_of_header("Deprecated model") == "deprecated"
    assert status_of_header("Model being retired") == "deprecated"
    assert status_of_header("Legacy model") == "legacy"
    assert status_of_header("Model") is None
