"""The general lifecycle reader, on pages of our own: what each layout means on a given day."""

from datetime import UTC, datetime

import pytest

from crawler.extract import lifecycle
from crawler.extract.document import Document, Reading
from timeline.notices import Notice

DAY = "2026-05-15"


def read(page: str, *, day: str = DAY, options: dict[str, str] | None = None) -> Reading:
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    body = page.encode()
    return lifecycle.read(
        Document(body=body, url="https://acme.example/x", at=at, source="acme", provider="acme", options=options or {})
    )


def notices(page: str, *, day: str = DAY, options: dict[str, str] | None = None) -> dict[str, Notice]:
    found = {fact.model: fact for fact in read(page, day=day, options=options).facts if isinstance(fact, Notice)}
    assert len({notice.key for notice in found.values()}) == len(found)
    return found


def codes(page: str, *, day: str = DAY) -> list[str]:
    return [issue.code for issue in read(page, day=day).issues]


STATUS_TABLE = """
# Acme models
| API name | Current state | Deprecated | Tentative retirement date |
|---|---|---|---|
| `acme-4` | Active | N/A | Not sooner than April 16, 2027 |
| `acme-3` | Deprecated | April 14, 2026 | May 1, 2026 |
| `acme-2` | Retired | October 28, 2025 | February 19, 2026 |

## History
### 2026-04-14: Acme 3
On April 14, 2026, we told developers that Acme 3 retires.

| Retirement date | Deprecated model | Recommended replacement |
|---|---|---|
| May 1, 2026 | `acme-3` | `acme-4` |

### 2024-09-04: Acme 1 models
<Note>These models were retired November 6, 2024.</Note>

| Retirement date | Deprecated model | Recommended replacement |
|---|---|---|
| November 6, 2024 | `acme-1.0` | `acme-4` |
| November 6, 2024 | `acme-1.1` | `acme-4` |
"""


def test_a_page_that_labels_models_is_followed_and_its_history_fills_in() -> None:
    found = notices(STATUS_TABLE)
    assert list(found) == ["acme-4", "acme-3", "acme-2", "acme-1.0", "acme-1.1"]
    assert (found["acme-4"].status, found["acme-4"].not_before, found["acme-4"].retires_on) == (
        "active",
        "2027-04-16",
        None,
    )
    three = found["acme-3"]
    assert (three.status, three.labelled, three.label) == ("deprecated", True, "Deprecated")
    assert (three.announced_on, three.retires_on, three.replacements) == ("2026-04-14", "2026-05-01", ("acme-4",))
    assert (found["acme-2"].status, found["acme-1.0"].status) == ("retired", "retired")
    assert found["acme-1.0"].announced_on == "2024-09-04"
    assert found["acme-1.0"].locator == "table 3 row 1"


ANNOUNCEMENTS = """
# Deprecations
## Upcoming deprecations
### 2026-04-22: Legacy acme snapshots
| Shutdown date | Model snapshot | Substitute model |
|---|---|---|
| 2026-05-15 | `acme-3-0613` \\| `acme-3`, `acme-3-chat` | `acme-5` |
| 2026-05-14 | `acme-2-0301` (including `acme-2`, which points to it) | `acme-5` or `acme-4.1*` |
| 2026-10-23 | ft-acme-2 | `acme-5` |

### 2026-03-24: Videos API
| Shutdown date | Model / system | Recommended replacement |
|---|---|---|
| 2026-09-24 | Videos API | --- |
| 2026-09-24 | `clip-2` | --- |

## Past deprecations
### 2025-09-26: Older snapshots
| Shutdown date | Model / system | Recommended replacement |
|---|---|---|
| 2026-03-26 | `acme-3-0613` | `acme-4` |

#### Fine-tuning acme models
| Shutdown date | Deprecated model | Training price | Recommended replacement |
|---|---|---|---|
| 2026-01-04 | `clip-2` | $0.40 | `acme-4` |

### 2023-06-13: Chat
| Shutdown date | Legacy model | Recommended replacement |
|---|---|---|
| at earliest 2027-06-13 | `acme-2.5` | `acme-4` |
"""


def test_announcements_the_newest_counts_and_dates_decide() -> None:
    found = notices(ANNOUNCEMENTS)
    three = found["acme-3-0613"]
    assert (three.status, three.retires_on, three.announced_on) == ("deprecated", "2026-05-15", "2026-04-22")
    assert found["acme-3"].replacements == found["acme-3-chat"].replacements == ("acme-5",)
    two = found["acme-2"]
    assert (two.status, two.labelled, two.replacements) == ("retired", False, ("acme-5", "acme-4.1"))
    assert (found["acme-2.5"].status, found["acme-2.5"].not_before) == ("legacy", "2027-06-13")


def test_a_date_equal_to_the_day_of_the_capture_is_still_to_come() -> None:
    assert notices(ANNOUNCEMENTS, day="2026-05-15")["acme-3"].status == "deprecated"
    assert notices(ANNOUNCEMENTS, day="2026-05-16")["acme-3"].status == "retired"


def test_endpoints_and_fine_tuning_are_subjects_of_their_own() -> None:
    facts = [fact for fact in read(ANNOUNCEMENTS).facts if isinstance(fact, Notice)]
    kinds = {(fact.model, fact.subject_kind) for fact in facts if fact.model in ("Videos API", "clip-2", "ft-acme-2")}
    assert kinds == {
        ("Videos API", "endpoint"),
        ("clip-2", "model"),
        ("clip-2", "fine_tuning"),
        ("ft-acme-2", "fine_tuning"),
    }


SECTIONS = """
# Model lifecycle
## Active versions

<table><thead><tr><th>Provider</th><th>Model name</th><th>Model ID</th><th>Launch date</th><th>Input</th></tr></thead>
<tr><td>A</td><td>Acme 4</td><td>acme.four-v1:0</td><td>9/23/2025</td><td>No sooner than 9/23/2026</td><td>T</td></tr>
<tr><td>A</td><td>Acme 3</td><td>acme.three-v1:0</td><td>12/4/2024</td><td>No sooner than 12/4/2025</td><td>T</td></tr>
<tr><td>Acme</td><td>Rank 1</td><td>acme.rank-v1:0</td><td></td><td></td><td>Text</td></tr></table>

## Legacy versions
| Model version | Legacy date | Extended access date | EOL date | Recommended version | Recommended model ID |
|---|---|---|---|---|---|
| Acme 2 | October 1, 2025 (all regions) | March 1, 2026 | July 31, 2026 (us-east-1) | Acme 4 | acme.four-v1:0 |
| Acme XL | October 16, 2024 | NA | May 1, 2026 | Acme 4, Acme 3 | acme.four-v1:0 and acme.three-v1:0 |

## End-of-Life (EOL) versions
| Model version | Legacy date | EOL date |
|---|---|---|
| Acme 1 Mid | April 30, 2024 (only in us-west-2) | October 4, 2024 (only in us-west-2) |
| Acme 1 Mid | October 4, 2024 (only in us-east-1) | March 12, 2025 (only in us-east-1) |
"""


def test_sections_give_a_status_and_passed_dates_win_over_them() -> None:
    reading = read(SECTIONS)
    found = {(fact.model, dict(fact.scope).get("region")): fact for fact in reading.facts if isinstance(fact, Notice)}
    four = found["acme.four-v1:0", None]
    assert (four.status, four.not_before) == ("active", "2026-09-23")
    assert found["acme.three-v1:0", None].status == "active"  # its floor has passed, which retires nobody
    assert found["acme.rank-v1:0", None].status == "active"
    two = found["Acme 2", None]
    assert (two.status, two.retires_on, two.announced_on) == ("legacy", "2026-07-31", "2025-10-01")
    assert two.replacements == ("acme.four-v1:0",)
    assert found["Acme XL", None].status == "retired"
    assert found["Acme 1 Mid", "us-west-2"].retires_on == "2024-10-04"
    assert found["Acme 1 Mid", "us-east-1"].retires_on == "2025-03-12"


VERSIONS = """
| Model | Version | Lifecycle status | Deprecation date (no new customers) | Retirement date | Replacement |
|---|---|---|---|---|---|
| `acme-4o` | 2024-05-13 | Generally available | 2025-05-13 | 2026-08-31 | `acme-5` version: `2025-08-07` |
| `acme-4o` | 2024-11-20 | Generally available | 2026-11-20 | 2027-03-31 | |
| `acme-5` | 2025-08-07 | Preview | n/a | No earlier than 2026-06-30 | |
| `acme-5-chat` | 2025-08-07 | Preview | n/a | 2026-06-30 | |
| `speech` | 001 | Generally available | No earlier than 2026-02-28 | | |
"""


def test_a_deprecation_date_decides_between_active_and_deprecated() -> None:
    found = notices(VERSIONS)
    old = found["acme-4o@2024-05-13"]
    assert (old.status, old.deprecates_on, old.release_stage) == ("deprecated", "2025-05-13", "Generally available")
    assert old.replacements == ("acme-5@2025-08-07",)
    assert found["acme-4o@2024-11-20"].status == "active"
    assert (found["acme-5@2025-08-07"].status, found["acme-5@2025-08-07"].release_stage) == ("active", "Preview")
    assert found["acme-5-chat@2025-08-07"].status == "deprecated"
    speech = found["speech@001"]
    assert (speech.status, speech.deprecates_on, speech.not_before, speech.retires_on) == ("active", None, None, None)


def test_three_dates_a_row() -> None:
    page = """
| Model | Legacy date | Deprecation date | Retirement date | Suggested replacement model |
|---|---|---|---|---|
| Acme-A-1 | {legacy} | {deprecation} | {retirement} | N/A |
"""
    for legacy, deprecation, retirement, status in (
        ("June 1, 2026", "July 1, 2026", "August 1, 2026", "active"),
        ("May 15, 2026", "July 1, 2026", "August 1, 2026", "legacy"),
        ("May 1, 2026", "May 15, 2026", "August 1, 2026", "deprecated"),
        ("N/A", "May 1, 2026", "May 15, 2026", "deprecated"),
        ("N/A", "May 1, 2026", "May 14, 2026", "retired"),
    ):
        notice = notices(page.format(legacy=legacy, deprecation=deprecation, retirement=retirement))["Acme-A-1"]
        assert notice.status == status, (legacy, deprecation, retirement)


GROUPED = """
## History
### August 16, 2026: acme-8b and acme-70b
On June 17, 2026, we emailed users to announce the deprecation of `acme-8b` and `acme-70b`. We recommend `other-1`.

| Deprecated model | Shutdown date | Recommended replacement model ID |
|---|---|---|
| acme-8b | 08/16/26 | vendor/acme-20b |
| acme-70b | 08/16/26 | vendor/acme-120b or other/acme-27b |

### March 9, 2026: acme-9b
We are announcing the deprecation of `acme-9b` in favor of `acme-10b`.

| Deprecated model | Shutdown date | Recommended replacement model ID |
|---|---|---|
| acme-9b | 03/09/26 | vendor/acme-20b acme-10b |
"""


def test_headings_may_be_dated_by_the_end_and_figures_are_read_as_the_page_writes_them() -> None:
    found = notices(GROUPED)
    assert (found["acme-8b"].announced_on, found["acme-8b"].retires_on) == ("2026-06-17", "2026-08-16")
    assert found["acme-70b"].replacements == ("vendor/acme-120b", "other/acme-27b")
    nine = found["acme-9b"]
    assert (nine.announced_on, nine.retires_on, nine.status) == (None, "2026-03-09", "retired")
    assert nine.replacements == ("vendor/acme-20b", "acme-10b")


CHANGELOG = """
# Release notes
## May 11, 2026
- The following models will be deprecated:
    - May 12:
        - acme-video-3-fast-preview
    - June 14:
        - acme-image-2-exp
        - acme-image-2-preview (acme-image-2)
## May 4, 2026
- The following Acme 2 models are now deprecated:
    - acme-2-audio-preview

  You can use acme-3-audio-preview instead.
- Deprecation for acme-live-001 and acme-live-2-preview coming June 09, 2026.
## April 16, 2026
- Released acme-3, our newest model. acme-2-preview-04 will be deprecated on May 1, 2026.
- Support for files with the acme-2-flash model will be discontinued in one week.
- The `acme-image-2-exp` model will be deprecated on August 1, 2026.
"""


def test_a_changelog_speaks_in_lists_and_sentences() -> None:
    found = notices(CHANGELOG)
    video = found["acme-video-3-fast-preview"]
    assert (video.status, video.retires_on, video.announced_on) == ("retired", "2026-05-12", "2026-05-11")
    assert (found["acme-image-2"].status, found["acme-image-2"].retires_on) == ("deprecated", "2026-06-14")
    assert found["acme-image-2-exp"].retires_on == "2026-06-14"  # the newer statement
    audio = found["acme-2-audio-preview"]
    assert (audio.status, audio.replacements, audio.retires_on) == ("deprecated", ("acme-3-audio-preview",), None)
    assert found["acme-live-001"].retires_on == found["acme-live-2-preview"].retires_on == "2026-06-09"
    assert found["acme-2-preview-04"].status == "retired"
    assert "acme-2-flash" not in found
    assert "acme-3" not in found


ENTRIES = """
# Changelog
<Update label="2026-05-01">
  # Serverless deprecation: Acme K2
  **Acme K2** is deprecated from serverless. Migrate to **[Acme K3](https://acme.example/k3)**.
</Update>

<Update label="2026-04-14">
  # Serverless deprecation: legacy models removed April 14, 2026
  Several legacy serverless models will be decommissioned on **April 14, 2026**.

  ## **Migration guide**
  * **Acme V3.1** — migrate to **[Acme K2](https://acme.example/k2)** or **[Acme K3](https://acme.example/k3)**
</Update>

<Update label="2026-04-10">
  # New models
  * **[Acme K3](https://acme.example/k3)** is now available
</Update>
"""


def test_entries_with_labels_display_names_and_a_scope() -> None:
    found = notices(ENTRIES)
    assert set(found) == {"Acme K2", "Acme V3.1"}
    assert (found["Acme K2"].status, found["Acme K2"].announced_on) == ("deprecated", "2026-05-01")
    assert found["Acme K2"].replacements == ("Acme K3",)
    assert found["Acme K2"].scope == {"deployment": "serverless"}
    old = found["Acme V3.1"]
    assert (old.status, old.retires_on, old.replacements) == ("retired", "2026-04-14", ("Acme K2", "Acme K3"))
    assert old.announced_on is None


CARDS = """
## Acme's Large 3
Acme's Large 3 is **deprecated as of February 23, 2026** and will be **shut down on August 23, 2026**.

Model ID

`acme-large-3`

Launch stage

GA
"""


def test_a_section_about_one_model_gives_its_id() -> None:
    notice = notices(CARDS)["acme-large-3"]
    assert (notice.status, notice.deprecates_on, notice.retires_on) == ("deprecated", "2026-02-23", "2026-08-23")
    assert notice.release_stage == "GA"


FAMILIES = """
> `acme-2.5` and the `acme-v1` series are no longer available to new users (full platform sunset on August 31).

| Model name | Description |
|---|---|
| `acme-3` | The newest |
| `acme-2.5` | Older |
| `acme-v1-8k` | Small |
| `acme-v1-32k` | Large |

## Deprecated models
> The `acme-k2` series models were officially discontinued on **May 1, 2026**. Please use [acme-3](/3).

| Model name | Description |
|---|---|
| `acme-k2-0905-preview` | Deprecated |
| `acme-k2-thinking` | Deprecated |

> `acme-latest` was discontinued on **January 28, 2026**. Please use [acme-3](/3).
"""


def test_a_family_is_its_ids_on_the_page() -> None:
    found = notices(FAMILIES)
    assert set(found) == {
        "acme-2.5",
        "acme-v1-8k",
        "acme-v1-32k",
        "acme-k2-0905-preview",
        "acme-k2-thinking",
        "acme-latest",
    }
    assert {found[name].retires_on for name in ("acme-2.5", "acme-v1-8k", "acme-v1-32k")} == {"2026-08-31"}
    assert {found[name].status for name in ("acme-k2-thinking", "acme-latest")} == {"retired"}
    assert found["acme-k2-thinking"].replacements == ("acme-3",)


def test_a_source_may_say_that_what_is_listed_is_active() -> None:
    found = notices(FAMILIES, options={"listed": "active"})
    assert found["acme-3"].status == "active"
    assert found["acme-v1-8k"].status == "deprecated"


LISTS = """
### 2026-05-15: Older models
Effective May 15, 2026, the following changes roll out.

Deprecated models:
- `acme-r-03` (and the alias `acme-r`)
- `acme-light`
- `summarize` (Refer to [the guide](/x) for alternatives).

For acme model replacements, we recommend you use `acme-r-08`, or `acme-a-03` instead.

Fine-tuning for the `acme-light` and `classify` models is being retired.

Deprecated features and API endpoints:
- `/v1/connectors` (Managed connectors)
- Slack App integration
"""


def test_lists_under_a_line_that_says_what_they_are() -> None:
    found = notices(LISTS)
    models = {name for name, notice in found.items() if notice.subject_kind == "model"}
    assert models == {"acme-r-03", "acme-r", "acme-light", "summarize"}
    assert {found[name].status for name in models} == {"deprecated"}
    assert found["acme-r"].replacements == ("acme-r-08", "acme-a-03")
    assert found["summarize"].replacements == ()
    assert found["/v1/connectors"].subject_kind == "endpoint"
    assert found["Slack App integration"].subject_kind == "product"


CHINESE = """
# 模型下线公告
| 模型名称 | 状态 | 下线时间 | 替代模型 |
|---|---|---|---|
| acme-max-0428 | 即将下线 | 2026年6月30日 | acme-max |
| acme-turbo-0206 | 已下线 | 2026年1月1日 | acme-plus 或 acme-max |
| acme-plus | 正常 | 不早于2027年1月 | |

acme-vl-v1 将于2026年7月1日下线，建议迁移至 acme-vl-v2。
"""


def test_chinese() -> None:
    found = notices(CHINESE)
    assert (found["acme-max-0428"].status, found["acme-max-0428"].retires_on) == ("deprecated", "2026-06-30")
    assert found["acme-turbo-0206"].status == "retired"
    assert found["acme-turbo-0206"].replacements == ("acme-plus", "acme-max")
    assert (found["acme-plus"].status, found["acme-plus"].not_before) == ("active", "2027-01")
    assert (found["acme-vl-v1"].retires_on, found["acme-vl-v1"].replacements) == ("2026-07-01", ("acme-vl-v2",))


def table(*rows: str) -> str:
    return "\n".join(["| Model | Shutdown date | Replacement |", "|---|---|---|", *rows])


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2525/06/06", "impossible_date"),
        ("2026-09-31", "impossible_date"),
        ("2099-01-01", "impossible_date"),
        ("03/09/26", "ambiguous_date"),
        ("Q3 2026", "vague_date"),
        ("sometime", "unreadable_date"),
    ],
)
def test_a_date_that_cannot_be_is_an_issue_and_no_date(cell: str, code: str) -> None:
    page = table(f"| acme-1 | {cell} | acme-2 |")
    assert notices(page) == {}
    assert [cover.contradicted for cover in read(page).covered.values()] == [True]
    assert codes(page) == [code]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2027-03-01 (previously 2026-12-01)", "2027-03-01"),
        ("2027-03-01 (extended from 2026-12-01)", "2027-03-01"),
        ("2026-12-01, extended to 2027-03-01", "2027-03-01"),
        ("2026-12-01 → 2027-03-01", "2027-03-01"),
        ("Original: 2026-12-01 New: 2027-03-01", "2027-03-01"),
        ("March 1, 2027 (originally planned for December 1, 2026)", "2027-03-01"),
        ("推迟至2027年3月1日（原定2026年12月1日）", "2027-03-01"),
        ("March 2027 (2027-03-01)", "2027-03-01"),
        ("2026-12-01, 2027-03-01", None),
        ("2026-12-01 (postponed)", None),
        ("cancelled (was 2026-12-01)", None),
    ],
)
def test_of_two_days_in_a_cell_the_one_that_holds_counts_or_none(cell: str, day: str | None) -> None:
    page = table(f"| acme-1 | {cell} | acme-2 |")
    found = notices(page)
    assert [notice.retires_on for notice in found.values()] == ([day] if day else [])
    assert (codes(page), len(read(page).covered)) == (([], 0) if day else (["unread_words"], 1))


@pytest.mark.parametrize("cell", ["As early as 2027-03-01", "≥ 2027-03-01", ">= 2027-03-01"])
def test_a_day_from_which_it_may_end_is_a_floor(cell: str) -> None:
    notice = notices(table(f"| acme-1 | {cell} | acme-2 |"))["acme-1"]
    assert (notice.retires_on, notice.not_before) == (None, "2027-03-01")


def test_a_model_replaced_by_itself_is_an_issue() -> None:
    page = table("| acme-1 | 2026-06-01 | acme-1 |")
    assert notices(page)["acme-1"].replacements == ()
    assert codes(page) == ["replaced_by_itself"]


def test_a_page_that_contradicts_itself_is_an_issue_and_the_label_counts() -> None:
    page = STATUS_TABLE.replace("| May 1, 2026 | `acme-3`", "| May 8, 2026 | `acme-3`")
    assert notices(page)["acme-3"].retires_on == "2026-05-01"
    assert codes(page) == ["contradiction"]


def test_an_unknown_status_is_an_issue() -> None:
    page = "| Model | Status |\n|---|---|\n| acme-1 | Hibernating |\n"
    assert codes(page) == ["unknown_status"]


def test_dates_relative_to_others_are_left_out_on_purpose() -> None:
    page = "## Fine-tuned models\n| Model | Training retirement date | Deployment retirement date |\n|---|---|---|\n"
    reading = read(f"{page}| `acme-4` | At base model retirement | One year after training retirement |")
    assert not reading.facts
    assert [each.why for each in reading.ignored].count("a date relative to another") == 1
    assert not reading.issues


def test_tables_without_lifecycles_say_nothing() -> None:
    prices = "| Model | Context | Price |\n|---|---|---|\n| acme-1 | 128k | $1 |\n\n"
    updates = "| Date | Update |\n|---|---|\n| 2026-01-01 | Jobs end |\n"
    assert read(prices + updates).facts == ()


def test_what_is_no_page_is_fatal() -> None:
    reading = read('{"data": []}')
    assert [(issue.code, issue.fatal) for issue in reading.issues] == [("unreadable_page", True)]


@pytest.mark.parametrize(
    "page", ["", "# Title", "|", "| Model |\n|---|\n", "<table><tr></tr></table>", "- \n- :\n", ":"]
)
def test_hardly_a_page_is_no_crash(page: str) -> None:
    assert read(page).facts == ()
