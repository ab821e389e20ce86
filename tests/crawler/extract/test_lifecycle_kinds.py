"""Kinds of statements that pages of providers never seen make: one small page of our own each, one notice a line."""

from datetime import UTC, datetime

import pytest

from crawler.extract import lifecycle
from crawler.extract.document import Document
from tests.crawler.extract.test_lifecycle_layouts import line
from timeline.notices import Notice

DAY = datetime(2026, 5, 15, tzinfo=UTC)

PAGES = {
    "a column of stages that are states": (
        """
| Model | Stage |
|---|---|
| acme-1-lite | End of life |
| acme-2-lite | Legacy |
| acme-3-lite | GA |
""",
        ["acme-1-lite retired", "acme-2-lite legacy", "acme-3-lite active"],
    ),
    "a version beside an id is part of the name": (
        """
| Model | Retirement date |
|---|---|
| acme.chat-16k v1.2 | 2026-08-08 |
""",
        ["acme.chat-16k v1.2 deprecated retires 2026-08-08"],
    ),
    "a blank first cell means the one above it, where there is one date for all": (
        """
| Shutdown date | Model |
|---|---|
| 2026-11-20 | `acme-2` |
| | `acme-2-mini` |
""",
        ["acme-2 deprecated retires 2026-11-20", "acme-2-mini deprecated retires 2026-11-20"],
    ),
    "among several dates a blank is a date that is not set": (
        """
| Shutdown date | Model |
|---|---|
| 2026-10-01 | `acme-1` |
| 2026-11-20 | `acme-2` |
| | `acme-3` |
""",
        ["acme-1 deprecated retires 2026-10-01", "acme-2 deprecated retires 2026-11-20", "acme-3 active"],
    ),
    "versions below the name of their model": (
        """
| Model | Version | Retirement date |
|---|---|---|
| acme-chat | 0301 | 2026-10-01 |
| | 0613 | 2026-12-01 |
""",
        ["acme-chat@0301 deprecated retires 2026-10-01", "acme-chat@0613 deprecated retires 2026-12-01"],
    ),
    "ends that differ by region hold where they are told": (
        """
| Model | Region | Retirement date |
|---|---|---|
| acme-large-1 | us-east-1 | 2026-10-31 |
| | eu-central-1 | 2026-12-31 |
| acme-small-1 | us-east-1, eu-central-1 | 2026-11-30 |
""",
        [
            "acme-large-1 [region us-east-1] deprecated retires 2026-10-31",
            "acme-large-1 [region eu-central-1] deprecated retires 2026-12-31",
            "acme-small-1 deprecated retires 2026-11-30",
        ],
    ),
    "a promise under a title of ends is no plan": (
        """
## Snapshot retirement
- `acme-mini-2025`: will not be retired before March 10, 2027.
- `acme-mini-2024`: retired on March 10, 2026.
""",
        ["acme-mini-2025 active not before 2027-03-10", "acme-mini-2024 retired retires 2026-03-10"],
    ),
    "ends told for a region, a tier or a surface are not of the whole": (
        """
Acme Large 2 (`acme-large-2`) will be retired in the eu-west-1 region on December 1, 2026.

We removed `acme-audio-beta` from the Frankfurt region on May 1, 2026. `acme-4o` will be removed from the playground on
October 1, 2026. From 1 November 2026 `acme-small-2` is no longer offered in ap-south-1.

`acme-mini-1` will be retired in all regions on January 20, 2027.

`acme-9` will be retired in us-east-1 on October 1, 2026 and in eu-west-1 on November 1, 2026.
""",
        [
            "acme-large-2 [region eu-west-1] deprecated retires 2026-12-01",
            "acme-audio-beta [region Frankfurt] retired retires 2026-05-01",
            "acme-4o [surface playground] deprecated retires 2026-10-01",
            "acme-small-2 [region ap-south-1] deprecated retires 2026-11-01",
            "acme-mini-1 deprecated retires 2027-01-20",
        ],
    ),
    "days that go with names one by one": (
        """
- `acme-2` and `acme-2-lite`, to be removed on 2026-09-10 and 2026-12-12 respectively.

`acme-3`, `acme-3-lite` and `acme-3-pro` will be retired on 2026-10-10 and 2026-11-11 respectively.
""",
        ["acme-2 deprecated retires 2026-09-10", "acme-2-lite deprecated retires 2026-12-12"],
    ),
    "what users of some models are to use": (
        """
On 12 November 2026 we're shutting down:
- acme-1-chat
- acme-1-embed

If you are still using acme-1-chat, switch to acme-3-chat. `acme-0` is still going away on June 1, 2026 as planned.
""",
        [
            "acme-1-chat deprecated retires 2026-11-12 -> acme-3-chat",
            "acme-1-embed deprecated retires 2026-11-12",
            "acme-0 deprecated retires 2026-06-01",
        ],
    ),
    "a page called Retired models tells of plans too": (
        """
# Retired models
## Pay per token
| Model | State | Until |
|---|---|---|
| acme-1 | Removed | 2025-10-01 |
| acme-2 | Live | at least 2027-01-01 |

## Provisioned
| Model | Retirement date |
|---|---|
| Acme 34B | March 19, 2025 |
| Acme 70B | October 30, 2026 |
""",
        [
            "acme-1 retired retires 2025-10-01",
            "acme-2 active not before 2027-01-01",
            "Acme 34B retired retires 2025-03-19",
            "Acme 70B deprecated retires 2026-10-30",
        ],
    ),
    "what is told of another's platform": (
        """
Acme Sonnet 4 is retired on Cloudrock on November 30, 2026. `acme-5` will be removed from ChatGPT on December 1, 2026.
`acme-6` was retired in March 2026.
""",
        [
            "Acme Sonnet 4 [platform Cloudrock] deprecated retires 2026-11-30",
            "acme-5 [platform ChatGPT] deprecated retires 2026-12-01",
            "acme-6 retired retires 2026-03",
        ],
    ),
    "columns of a later version: what is tuned, what it costs, legacy models with a day": (
        """
| Shutdown date | Model snapshot | Price (in / out per 1M) | Substitute model | Fine-tuned versions |
|---|---|---|---|---|
| 2026-05-01 | `acme-3-0314` | $30 / $60 | `acme-5` | 2026-05-01 |
| 2027-03-23 | `acme-3-1106` | $10 / $30 | `acme-5` | - |

| Shutdown date | Legacy model | Price |
|---|---|---|
| 2027-06-10 | `acme-davinci` | $2.00 |
""",
        [
            "acme-3-0314 retired retires 2026-05-01 -> acme-5",
            "acme-3-1106 deprecated retires 2027-03-23 -> acme-5",
            "acme-davinci deprecated retires 2027-06-10",
        ],
    ),
    "ends of each way to run a model, and none": (
        """
| Model | Serverless end | Dedicated end |
|---|---|---|
| acme/mira-2-8b | Nov 30, 2026 | May 31, 2027 |
| acme/mira-3-8b | Not scheduled | Not scheduled |
""",
        ["acme/mira-2-8b deprecated retires 2026-11-30", "acme/mira-3-8b active"],
    ),
    "promises, periods and plans without a day": (
        """
`acme-8b-online` and `acme-70b-online` will be supported until at least March 31, 2027.

`acme-mid-1` enters its 6-month deprecation period today.

We will remove these models on October 31, 2026:
- `acme-7b-v0.1` (replacement: `acme-small-3.1`)
""",
        [
            "acme-8b-online active not before 2027-03-31",
            "acme-70b-online active not before 2027-03-31",
            "acme-mid-1 deprecated",
            "acme-7b-v0.1 deprecated retires 2026-10-31 -> acme-small-3.1",
        ],
    ),
    "the day of the end told before the table": (
        """
## August 25, 2025: several models
The preview of the following has ended. The shutdown was on October 10, 2025.

| Model ID | Recommended Replacement |
|---|---|
| `acme-9b-it` | `acme-10b` |
""",
        ["acme-9b-it retired announced 2025-08-25 retires 2025-10-10 -> acme-10b"],
    ),
    "a column headed with a state holds the models in it": (
        """
| Legacy | API endpoint | Deprecation on date | Retirement date |
|---|---|---|---|
| Acme Small 3 | `acme-small-2501` | 2026/05/01 | 2026/11/30 |
""",
        ["acme-small-2501 deprecated deprecates 2026-05-01 retires 2026-11-30"],
    ),
    "entries of several lines": (
        "<ul><li><b>Acme 2</b> <code>acme/2-70b</code><br>Deprecated: 01 May 2026<br>End of support: 01 Jan 2027"
        "<br>Replaced by: <code>acme/3-70b</code></li></ul>",
        ["acme/2-70b deprecated deprecates 2026-05-01 retires 2027-01-01 -> acme/3-70b"],
    ),
    "a time line tells what is to happen by its days": (
        """
- **May 2, 2026**: `acme-1` is deprecated.
- **February 1, 2027**: `acme-1` is shut down.
""",
        ["acme-1 deprecated announced 2026-05-02 retires 2027-02-01"],
    ),
    "a calendar of ends": (
        """
# Retirement calendar
## December 2026
- acme-2 (Dec 1)
- acme-2-mini (Dec 15) → acme-3-mini
""",
        ["acme-2 deprecated retires 2026-12-01", "acme-2-mini deprecated retires 2026-12-15 -> acme-3-mini"],
    ),
    "what is kept after all, and what a pronoun adds": (
        """
### 5 May 2026
We will keep `acme-2` available. The shutdown announced for 1 December 2026 has been cancelled.
### 20 April 2026
`acme-1-beta` is now officially deprecated; it stops working on 20 January 2027.
### 2 March 2026
`acme-2` will be shut down on 1 December 2026.
""",
        ["acme-1-beta deprecated announced 2026-04-20 retires 2027-01-20"],
    ),
    "models that are to go, under a header without a word of it": (
        """
# Old image models are leaving the site
On January 6, 2027 we're turning off a few older official models:

| Going away | Use this instead |
|---|---|
| `acme/diffusion-3` | `acme/dev-2` |
""",
        ["acme/diffusion-3 deprecated retires 2027-01-06 -> acme/dev-2"],
    ),
    "models to go offline and the day from which nobody new gets them": (
        """
| 下线模型 | 下线时间 | 停止新增调用时间 |
|---|---|---|
| acme-max-0107 | 2026-06-20 | 2026-05-01 |
| acme-v1 | 待定 | 2026-05-01 |
""",
        [
            "acme-max-0107 deprecated deprecates 2026-05-01 retires 2026-06-20",
            "acme-v1 deprecated deprecates 2026-05-01",
        ],
    ),
    "a page that says how its dates are written": (
        """
All dates are in the format DD/MM/YYYY.

| Model | Retires |
|---|---|
| acme-a1 | 05/06/2026 |
""",
        ["acme-a1 deprecated retires 2026-06-05"],
    ),
    "cards with their state above their title": (
        """
<div><span>EOL: Jan 15, 2027</span><h3>acme-chat-v3</h3>
<p>Announced Oct 15, 2025. Migrate to <code>acme-chat-v4</code>.</p></div>
<div><span>EOL: passed (May 1, 2026)</span><h3>acme-chat-v2</h3><p>Migrate to <code>acme-chat-v3</code>.</p></div>
<div><span>Active</span><h3>acme-chat-v4</h3><p>No end of life planned.</p></div>
""",
        [
            "acme-chat-v3 deprecated announced 2025-10-15 retires 2027-01-15 -> acme-chat-v4",
            "acme-chat-v2 retired retires 2026-05-01 -> acme-chat-v3",
            "acme-chat-v4 active",
        ],
    ),
    "headers in two levels": (
        "<table><thead><tr><th rowspan=2>Model</th><th colspan=2>API</th><th>Fine-tuning</th></tr><tr>"
        "<th>Deprecated</th><th>Shutdown</th><th>Shutdown</th></tr></thead><tr><td>acme-7b</td><td>2026-05-01</td><td>2026-12-31</td>"
        "<td>2026-06-30</td></tr></table>",
        ["acme-7b deprecated deprecates 2026-05-01 retires 2026-12-31"],
    ),
    "notes of releases by words in bold": (
        """
## v4.2 (2026-05-10)
* **New:** `acme-code-2` is available to everyone.
* **Deprecated:** `acme-code-1`. Sunset on 2027-05-24. `acme-code-2` is the recommended successor to `acme-code-1`.
""",
        ["acme-code-1 deprecated announced 2026-05-10 retires 2027-05-24"],
    ),
    "a column of days whose header names an interface, and states under Availability": (
        """
| Model | API catalog EOL | Migration |
|---|---|---|
| acme/nemo-8b | 12 Jan 2027 | acme/nemo-9b |

| Model | Availability |
|---|---|
| acme-5 | Generally available |
| acme-4.3 | Retiring Mar 1, 2027 |
| acme-4-fast | Deprecated |
""",
        [
            "acme/nemo-8b deprecated retires 2027-01-12 -> acme/nemo-9b",
            "acme-5 active",
            "acme-4.3 deprecated retires 2027-03-01",
            "acme-4-fast deprecated",
        ],
    ),
    "lists below a line that gives the day": (
        "<details><summary>Sunset on 1 February 2027</summary><p>These models leave the catalog:</p><ul>"
        "<li>acme/falco-40b</li></ul></details><details><summary>Sunset on 1 May 2026</summary><ul>"
        "<li>acme/flan-t5</li></ul></details>",
        ["acme/falco-40b deprecated retires 2027-02-01", "acme/flan-t5 retired retires 2026-05-01"],
    ),
    "an update in a paragraph of its own": (
        """
Please be aware that `acme-large-2407` reaches its end of service on 2027-03-18.

If you have a contract, your account manager will get in touch.

**Update 2027-01-05:** we have extended the date by one month, to 2027-04-18.
""",
        ["acme-large-2407 deprecated retires 2027-04-18"],
    ),
    "rows of plain text": (
        """
acme-small-1    EOL 2026-04-30    replaced by acme-small-3
acme-small-2    EOL 2027-09-30    replaced by acme-small-3
acme-large-1    EOL 2027-03-31    no replacement
""",
        [
            "acme-small-1 retired retires 2026-04-30 -> acme-small-3",
            "acme-small-2 deprecated retires 2027-09-30 -> acme-small-3",
            "acme-large-1 deprecated retires 2027-03-31",
        ],
    ),
    "a paragraph that is an entry": (
        """
**Acme Canvas** (`acme.canvas-v1:0`): Legacy since April 5, 2026. End of life: no sooner than November 5, 2027.
""",
        ["acme.canvas-v1:0 legacy not before 2027-11-05"],
    ),
    "several announcements in one section": (
        """
# 模型退役公告
**公告时间：2026年5月1日**

平台计划于2026年7月15日起下线以下模型服务。

| 模型名称 | 推荐替代 |
|---|---|
| acme-speed-8k | acme-pro |

**公告时间：2025年9月1日**

以下模型已于2025年12月1日下线：acme-tiny-8k、acme-char-8k。
""",
        [
            "acme-speed-8k deprecated announced 2026-05-01 retires 2026-07-15 -> acme-pro",
            "acme-tiny-8k retired announced 2025-09-01 retires 2025-12-01",
            "acme-char-8k retired announced 2025-09-01 retires 2025-12-01",
        ],
    ),
    "what a paragraph goes on to say of the model it begins with": (
        """
**acme-2** was released in March 2025. It was superseded by acme-3 and will be withdrawn on 30 June 2027.

**acme-0**, our research preview, has been offline since 1 May 2024.
""",
        ["acme-2 deprecated retires 2027-06-30 -> acme-3", "acme-0 retired retires 2024-05-01"],
    ),
    "a title that is what the page is about, conditions, former days": (
        """
# End of life
| Model | End of life |
|---|---|
| acme-4 | 12 months after the release of acme-5 |
| acme-3 | The later of 2027-06-01 and the release of acme-4-mini |
| acme-2 | 2027-03-01 (was 2026-12-01) |
| acme-0 | ended |
""",
        [
            "acme-4 active",
            "acme-3 active not before 2027-06-01",
            "acme-2 deprecated retires 2027-03-01",
            "acme-0 retired",
        ],
    ),
    "the day and the successors in the next sentences": (
        """
Acme 1.5 (`acme-1.5`) and Acme 1.5 Mini (`acme-1.5-mini`) will be retired six months from today. The exact date is
July 20, 2027. The replacements are `acme-2` and `acme-2-mini`, respectively.
""",
        [
            "acme-1.5 deprecated retires 2027-07-20 -> acme-2",
            "acme-1.5-mini deprecated retires 2027-07-20 -> acme-2-mini",
        ],
    ),
    "columns of regions and of ways to run hold there": (
        """
<table><thead><tr><th rowspan=2>Model</th><th colspan=2>Retirement date</th></tr><tr><th>US</th><th>EU</th></tr></thead>
<tbody><tr><td>acme-1</td><td>2027-01-01</td><td>2027-06-01</td></tr>
<tr><td>acme-2</td><td>2027-02-01</td><td>2027-02-01</td></tr></tbody></table>
<table><thead><tr><th rowspan=2>Model</th><th colspan=2>Serverless</th><th colspan=2>Dedicated</th></tr>
<tr><th>Deprecated</th><th>EOL</th><th>Deprecated</th><th>EOL</th></tr></thead>
<tbody><tr><td>acme-3</td><td>2025-06-01</td><td>2025-09-01</td><td>2026-12-01</td><td>2027-06-01</td></tr></tbody></table>
<table><tr><th>Model</th><th>Retirement date (EU)</th></tr><tr><td>acme-4</td><td>2027-01-10</td></tr></table>
""",
        [
            "acme-1 [region US] deprecated retires 2027-01-01",
            "acme-1 [region EU] deprecated retires 2027-06-01",
            "acme-2 deprecated retires 2027-02-01",
            "acme-3 [deployment serverless] retired deprecates 2025-06-01 retires 2025-09-01",
            "acme-3 [deployment dedicated] active deprecates 2026-12-01 retires 2027-06-01",
            "acme-4 [region EU] deprecated retires 2027-01-10",
        ],
    ),
    "titles of regions, cells and notes that say where alone": (
        """
# Retirements
## EU regions
| Model | Retirement date |
|---|---|
| acme-1 | 2027-01-10 |
## Models retired in Japan
- `acme-2`
## Everywhere
| Model | Retirement date | Notes |
|---|---|---|
| acme-3 | 2027-01-10 | EU only |
| acme-4 | 2027-01-10 | Only on the free tier |
| acme-5 | 2027-01-01 (eu-west-1), 2027-06-01 (us-east-1) | |

| Model | Retirement date | Replacement |
|---|---|---|
| acme-8 | 2027-01-10 | acme-9 (EU only) |

`acme-6` will be retired on 2027-01-10 in all regions except Japan. From January 10, 2027, `acme-7` is no longer
available to customers in Frankfurt.
""",
        [
            "acme-1 [region EU] deprecated retires 2027-01-10",
            "acme-3 [region EU] deprecated retires 2027-01-10",
            "acme-4 [tier free tier] deprecated retires 2027-01-10",
            "acme-8 deprecated retires 2027-01-10 -> acme-9",
            "acme-6 [region all except Japan] deprecated retires 2027-01-10",
            "acme-7 [region Frankfurt] deprecated retires 2027-01-10",
        ],
    ),
    "what it is, after a sentence about something else": (
        """
`acme-3` is our newest model. The old playground is deprecated. It will be shut down on 2027-01-10.

## acme-4
The old console is deprecated. It will be shut down on 2027-01-10.
""",
        [],
    ),
    "lists below lists of what ended": (
        "<p>Retired on 1 May 2026</p><ul><li>acme-1</li></ul><p>These models replace them:</p><ul><li>acme-3</li></ul>"
        "<p><b>Sunset on 1 February 2027</b></p><p>New models:</p><ul><li>acme-4</li></ul>",
        ["acme-1 retired retires 2026-05-01"],
    ),
    "updates of one of several": (
        """
`acme-1`, `acme-2` and `acme-3` will be retired on 2027-01-10.

**Update:** after feedback, `acme-2` will remain available.

**Update:** `acme-3` will remain available until 2027-05-10.

`acme-4` will be retired on 2027-01-10. Update: It will not be retired.
""",
        ["acme-1 deprecated retires 2027-01-10", "acme-3 deprecated retires 2027-05-10"],
    ),
    "the earlier of two, the later of two, promises, previews that come out": (
        """
| Model | Shutdown date |
|---|---|
| acme-1 | The earlier of 2027-09-01 and the release of acme-2 |
| acme-3 | 2027-02-02 |

`acme-4` will be retired on June 1, 2027 or when acme-5 is GA, whichever comes first. `acme-6` will be retired on
June 1, 2027 or 90 days after acme-5 is GA, whichever is later. `acme-7` won't be retired before October 1, 2027. The
preview of `acme-8` ends on 2027-01-10, when it becomes generally available. OpenAI announced that gpt-4o will be
retired on February 13, 2027.
""",
        [
            "acme-3 deprecated retires 2027-02-02",
            "acme-6 deprecated not before 2027-06-01",
            "acme-7 active not before 2027-10-01",
            "gpt-4o [platform OpenAI] deprecated retires 2027-02-13",
        ],
    ),
}

ISSUES = {
    "titles of regions, cells and notes that say where alone": {"unread_words"},
    "the earlier of two, the later of two, promises, previews that come out": {"unread_words", "unclear_end"},
    "what is kept after all, and what a pronoun adds": {"unclear_end"},
    "ends told for a region, a tier or a surface are not of the whole": {"unclear_end"},
    "days that go with names one by one": {"unclear_end"},
}


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_means(name: str) -> None:
    page, lines = PAGES[name]
    document = Document(body=page.encode(), url="https://acme.example/", at=DAY, source="acme", provider="acme")
    reading = lifecycle.read(document)
    assert [_scoped(fact) for fact in reading.facts if isinstance(fact, Notice)] == lines
    assert {issue.code for issue in reading.issues} == ISSUES.get(name, set())


def _scoped(notice: Notice) -> str:
    where = ", ".join(f"{name} {value}" for name, value in notice.scope.items())
    name, rest = line(notice)[: len(notice.model)], line(notice)[len(notice.model) :]
    return f"{name} [{where}]{rest}" if where else line(notice)
