"""Layouts that pages of providers nobody has written a reader for may have: pages of our own, one notice a line."""

from datetime import UTC, datetime

import pytest

from crawler.extract import lifecycle
from crawler.extract.document import Document
from timeline.notices import Notice

DAY = datetime(2026, 5, 15, tzinfo=UTC)

PAGES = {
    "planned and past removals": (
        """
## Planned deprecations
| Planned deprecation date | Model | Recommended model replacement |
|---|---|---|
| 2026-06-25 | `vendor/Acme-3-8B-Turbo` | `vendor/acme-20b` |

## Deprecation history
| Removal date | Model | Supported by on-demand dedicated endpoints |
|---|---|---|
| 2025-07-25 | `vendor/Acme-2-72B` | No |
""",
        [
            "vendor/Acme-3-8B-Turbo deprecated deprecates 2026-06-25 -> vendor/acme-20b",
            "vendor/Acme-2-72B retired retires 2025-07-25",
        ],
    ),
    "withdrawals": (
        """
## Deprecated foundation models
| Deprecated model name | Deprecation date | Withdrawal date | Recommended alternative |
|---|---|---|---|
| acme-13b-instruct-v2 | 4 March 2026 | 1 July 2026 | acme-4-small |
| acme-34b-hf | 15 January 2026 | 1 April 2026 | acme-70b-instruct, acme-medium-2505 |

## Withdrawn foundation models
| Withdrawn model name | Withdrawal date |
|---|---|
| acme-neox-20b | 15 Feb 2024 |
""",
        [
            "acme-13b-instruct-v2 deprecated deprecates 2026-03-04 retires 2026-07-01 -> acme-4-small",
            "acme-34b-hf retired deprecates 2026-01-15 retires 2026-04-01 -> acme-70b-instruct acme-medium-2505",
            "acme-neox-20b retired retires 2024-02-15",
        ],
    ),
    "ids on lines of their own": (
        """
<Update label="February 2026">
As of February 22, several models will no longer be accessible. These model names will no longer be available via API:

`acme-3.1-small-online`

`acme-3.1-large-online`
</Update>
""",
        [
            "acme-3.1-small-online retired announced 2026-02 retires 2026-02-22",
            "acme-3.1-large-online retired announced 2026-02 retires 2026-02-22",
        ],
    ),
    "an enumeration in a sentence": (
        "The following models will be retired on June 1, 2026: acme-1-a, acme-1-b, and acme-1-c.",
        [f"acme-1-{letter} deprecated retires 2026-06-01" for letter in "abc"],
    ),
    "ends in other words": (
        """
`acme-9` reaches end of life on July 1, 2026. Support for `acme-8` ends on July 2, 2026.
`acme-7` will no longer be available after July 3, 2026. We are retiring @cf/acme-6 on July 4, 2026.
`acme-5-x` is scheduled to be sunset on 5 July 2026 and replaced by `acme-6-x`. EOL for `acme-4-x`: July 6, 2026.
""",
        [
            "acme-9 deprecated retires 2026-07-01",
            "acme-8 deprecated retires 2026-07-02",
            "acme-7 deprecated retires 2026-07-03",
            "@cf/acme-6 deprecated retires 2026-07-04",
            "acme-5-x deprecated retires 2026-07-05 -> acme-6-x",
            "acme-4-x deprecated retires 2026-07-06",
        ],
    ),
    "dates beside status words": (
        """
| Model | Status |
|---|---|
| acme-1 | Deprecated (June 1, 2026) |
| acme-2 | Retiring on July 1, 2026 |
| acme-3 | GA |
| acme-4 | ❌ Retired |
| acme-5 | Sunset: 2026-01-01 |
""",
        [
            "acme-1 deprecated deprecates 2026-06-01",
            "acme-2 deprecated retires 2026-07-01",
            "acme-3 active",
            "acme-4 retired",
            "acme-5 retired retires 2026-01-01",
        ],
    ),
    "more words in a status column": (
        """
| Model | Status |
|---|---|
| acme-1 | To be deprecated on 2026-06-30 |
| acme-2 | Deprecated - use acme-3 |
| acme-3 | Retires June 1, 2026 |
| acme-4 | Available until July 1, 2026 |
| acme-5 | Deprecated, retiring 30 June 2026 |
""",
        [
            "acme-1 deprecated deprecates 2026-06-30",
            "acme-2 deprecated",
            "acme-3 deprecated retires 2026-06-01",
            "acme-4 deprecated retires 2026-07-01",
            "acme-5 deprecated retires 2026-06-30",
        ],
    ),
    "a status word in place of a date": (
        "| Stable version | Discontinuation date |\n|---|---|\n| acme-1 | Retired |\n| acme-2* | June 1, 2026 |",
        ["acme-1 retired", "acme-2 deprecated retires 2026-06-01"],
    ),
    "rows that span and cells of several lines": (
        "<table><tr><th>Category</th><th>Model</th><th>Offline date</th><th>Alternative</th></tr>"
        "<tr><td rowspan=2>Text</td><td>acme-a-0428<br>acme-b-0428</td><td rowspan=2>2026-06-30</td>"
        "<td>acme-plus</td></tr>"
        "<tr><td>acme-c-0428</td><td>acme-max</td></tr></table>",
        [
            "acme-a-0428 deprecated retires 2026-06-30 -> acme-plus",
            "acme-b-0428 deprecated retires 2026-06-30 -> acme-plus",
            "acme-c-0428 deprecated retires 2026-06-30 -> acme-max",
        ],
    ),
    "display names with their ids": (
        """
On **June 30, 2026**, we will retire the following models:

* **Acme Large 2** (`acme-large-2407`) → replaced by `acme-large-2411`
* **Acme Small 2** (`acme-small-2402`)
""",
        [
            "acme-large-2407 deprecated retires 2026-06-30 -> acme-large-2411",
            "acme-small-2402 deprecated retires 2026-06-30",
        ],
    ),
    "lists under a status": (
        """
## Retired models
- `acme-1` (retired March 1, 2026)
- `acme-2`: retired on April 1, 2026. Use `acme-3`.
- acme-2-mini

## Deprecated models
- **acme-4** – shutdown on June 1, 2026 → `acme-5`
- `acme-5` (shutdown: June 2, 2026)
""",
        [
            "acme-1 retired retires 2026-03-01",
            "acme-2 retired retires 2026-04-01 -> acme-3",
            "acme-2-mini retired",
            "acme-4 deprecated retires 2026-06-01 -> acme-5",
            "acme-5 deprecated retires 2026-06-02",
        ],
    ),
    "a section a model": (
        """
# Deprecation schedule
### `acme-3.3-70b`
- **Deprecation date:** February 16, 2026
- **Shutdown date:** August 16, 2026
- **Recommended replacement:** `acme-120b`

### acme-3-32b
This model was retired on March 1, 2026.

### Overview
Status: fine
""",
        [
            "acme-3.3-70b deprecated deprecates 2026-02-16 retires 2026-08-16 -> acme-120b",
            "acme-3-32b retired retires 2026-03-01",
        ],
    ),
    "a paragraph written like a list entry": (
        "**acme-1-large** — Deprecated since January 5, 2026. Removal: August 1, 2026. Successor: **acme-2-large**.",
        ["acme-1-large deprecated deprecates 2026-01-05 retires 2026-08-01 -> acme-2-large"],
    ),
    "titles inside a table": (
        """
| Model | Release date | Shutdown date | Recommended replacement |
|---|---|---|---|
| **Acme 2.5 models** | | | |
| `acme-2.5-pro` | June 17, 2025 | Earliest June 2026 | |
| `acme-2.0` | February 5, 2025 | No shutdown date announced | |
| **Retired models** | | | |
| `acme-1.0` | February 5, 2024 | | `acme-2.0` |
""",
        ["acme-2.5-pro active not before 2026-06", "acme-2.0 active", "acme-1.0 retired -> acme-2.0"],
    ),
    "several dates in a cell": (
        """
| Model | Version | Deprecation date | Retirement date | Replacement |
|---|---|---|---|---|
| `acme-4o` | `2024-08-06` | 2026-03-31 | Standard: 2026-06-30<br>Provisioned: 2026-10-01 | `acme-5.1` |
| `acme-4p` | `2024-08-06` | | ~~June 1, 2026~~ July 1, 2026 | |
""",
        [
            "acme-4o@2024-08-06 deprecated deprecates 2026-03-31 retires 2026-06-30 -> acme-5.1",
            "acme-4p@2024-08-06 deprecated retires 2026-07-01",
        ],
    ),
    "markup of its own": (
        "<html><body><h2>Sunset schedule</h2><ul><li><code>acme-1</code>: sunset on <time>June 1, 2026</time>."
        " Use <code>acme-2</code>.</li><li><code>acme-0</code>: sunset on June 1, 2025</li></ul></body></html>",
        ["acme-1 deprecated retires 2026-06-01 -> acme-2", "acme-0 retired retires 2025-06-01"],
    ),
    "stop of sale and of service": (
        """
| 模型名称 | 停止新增 (EOM) | 停止服务 (EOS) | 替代模型 |
|---|---|---|---|
| acme-pro-32k | 2026/03/01 | 2026/06/30 | acme-1.5-pro-32k |
""",
        ["acme-pro-32k deprecated deprecates 2026-03-01 retires 2026-06-30 -> acme-1.5-pro-32k"],
    ),
    "advice in a column of notes": (
        "| 模型 | 退役时间 | 说明 |\n|---|---|---|\n| ACME-3.5-8K | 2025年9月28日 | 推荐使用ACME-4.5 |",
        ["ACME-3.5-8K retired retires 2025-09-28 -> ACME-4.5"],
    ),
    "an announcement in Chinese": (
        "尊敬的用户，将于北京时间 2026 年 6 月 30 日 00:00 正式下线以下模型：acme-lite-01、acme-standard-256K。\n\n"
        "建议您切换至acme-turbos-2。",
        [f"acme-{name} deprecated retires 2026-06-30 -> acme-turbos-2" for name in ("lite-01", "standard-256K")],
    ),
    "a changelog in Chinese": (
        "## 2026-04-01\n- ACME-4-0520模型将于2026-06-30下线，推荐使用ACME-4.6。\n"
        "- ACME-Zero-Preview已于2026年3月1日下线\n",
        [
            "ACME-4-0520 deprecated announced 2026-04-01 retires 2026-06-30 -> ACME-4.6",
            "ACME-Zero-Preview retired announced 2026-04-01 retires 2026-03-01",
        ],
    ),
    "fields run together": (
        """
### acme-embed-1
**Deprecated on:** 2026-02-01
**Shutdown on:** 2026-08-01
**Replacement:** acme-embed-3
""",
        ["acme-embed-1 deprecated deprecates 2026-02-01 retires 2026-08-01 -> acme-embed-3"],
    ),
    "models, endpoints and features in lines of their own": (
        """
## 2026-03-15: What ends

Effective March 15, 2026, the following will no longer be supported:

- Models: `acme-1`, `acme-1-light`
- Endpoints: `/v1/classify`
- Features: Tuning of classify models

For migration, we recommend `acme-3`.
""",
        [
            "acme-1 retired retires 2026-03-15 -> acme-3",
            "acme-1-light retired retires 2026-03-15 -> acme-3",
            "/v1/classify retired retires 2026-03-15",
            "Tuning of classify models retired retires 2026-03-15",
        ],
    ),
    "both": (
        """
# Sunset of the Dove family

We are sunsetting Dove 1.5 and Dove 1.5 Mini. Both models will be available until September 30, 2026. We recommend
moving to Dove 3.
""",
        ["Dove 1.5 deprecated retires 2026-09-30 -> Dove 3", "Dove 1.5 Mini deprecated retires 2026-09-30 -> Dove 3"],
    ),
    "a heading with the day of the end": (
        "## Deprecated, will be shut down on August 6, 2026\n\n- acme-large-v1\n- acme-small-v1\n",
        ["acme-large-v1 deprecated retires 2026-08-06", "acme-small-v1 deprecated retires 2026-08-06"],
    ),
    "a day for each kind of deployment": (
        "| Model | Retirement date |\n|---|---|\n| acme-4 | 2026-09-01 for standard, 2027-03-01 for provisioned |",
        ["acme-4 deprecated retires 2026-09-01"],
    ),
    "German": (
        "| Modell | Status | Abschaltdatum | Nachfolger |\n|---|---|---|---|\n"
        "| luchs-1 | Abgekündigt | 31.08.2026 | luchs-3 |\n| luchs-0 | Abgeschaltet | 31.01.2026 | luchs-2 |\n",
        ["luchs-1 deprecated retires 2026-08-31 -> luchs-3", "luchs-0 retired retires 2026-01-31 -> luchs-2"],
    ),
    "Japanese": (
        "| モデル | 提供終了日 | 推奨モデル |\n|---|---|---|\n| tanuki-7b | 2026年8月31日 | tanuki-13b |\n",
        ["tanuki-7b deprecated retires 2026-08-31 -> tanuki-13b"],
    ),
    "Korean": (
        "| 모델 | 상태 | 지원 종료일 | 대체 모델 |\n|---|---|---|---|\n"
        "| haneul-7b | 지원 종료 | 2026-03-31 | haneul-2 |\n",
        ["haneul-7b retired retires 2026-03-31 -> haneul-2"],
    ),
    "keys above their values": (
        "<h1>Lifecycle</h1><h2>acme-2.0</h2><dl><dt>Status</dt><dd>Deprecated</dd><dt>End of life</dt>"
        "<dd>2027-02-28</dd><dt>Successor</dt><dd>acme-3.0</dd></dl>",
        ["acme-2.0 deprecated retires 2027-02-28 -> acme-3.0"],
    ),
    "what to do instead": (
        """
## Active deprecations

| Deprecation date | Model | Recommended action |
|---|---|---|
| 2026-12-05 | vendor/Acme-3-8B | Use vendor/Acme-3.3-70B |
| 2026-12-05 | vendor/Acme-Guard-7b | No direct replacement |
""",
        [
            "vendor/Acme-3-8B deprecated deprecates 2026-12-05 -> vendor/Acme-3.3-70B",
            "vendor/Acme-Guard-7b deprecated deprecates 2026-12-05",
        ],
    ),
    "a title is no status": (
        "# Model end of life\n\n| Model | End of support |\n|---|---|\n"
        "| acme-7 | 2027-03-31 |\n| acme-6 | 2026-03-31 |",
        ["acme-7 deprecated retires 2027-03-31", "acme-6 retired retires 2026-03-31"],
    ),
    "promoted previews": (
        "| Preview model | Discontinuation date | Promoted to |\n|---|---|---|\n"
        "| acme-4-preview | 2026-12-01 | acme-4 |",
        ["acme-4-preview deprecated retires 2026-12-01 -> acme-4"],
    ),
    "a month alone": (
        "| Model | Sunset date |\n|---|---|\n| acme-1 | May 2026 |\n| acme-0 | April 2026 |",
        ["acme-1 deprecated retires 2026-05", "acme-0 retired retires 2026-04"],
    ),
    "days to come head what ends, with when it was told below them": (
        """
# Deprecations
## Scheduled
<Update label="June 27, 2026" description="Announced April 30, 2026">
| Model | Replacement |
|---|---|
| `acme-8b` | `acme-20b` |
</Update>
## Past
<Update label="May 6, 2026" description="Announced April 5, 2026">
`acme-70b` and `acme-32b` were retired. Use `acme-20b`.
</Update>
## Deprecation schedule
<Accordion title="July 6, 2026">
| Model ID | Replacement |
|---|---|
| acme-V3-0324 | acme-V3.1 |
</Accordion>
<Accordion title="April 2, 2026">
| Model ID | Replacement |
|---|---|
| acme-405b | none planned |
</Accordion>
""",
        [
            "acme-8b deprecated announced 2026-04-30 retires 2026-06-27 -> acme-20b",
            "acme-V3-0324 deprecated retires 2026-07-06 -> acme-V3.1",
            "acme-405b retired retires 2026-04-02",
            "acme-70b retired announced 2026-04-05 retires 2026-05-06 -> acme-20b",
            "acme-32b retired announced 2026-04-05 retires 2026-05-06 -> acme-20b",
        ],
    ),
    "figures in the order of the dates in words": (
        """
## March 30, 2026: acme-k2
Both shut down June 1, 2026.
| Model | Shutdown Date | Replacement |
|---|---|---|
| `acme-k2` | 06/01/26 | `acme-120b` |
| `acme-k1` | 04/01/26 | any chat model |
""",
        [
            "acme-k2 deprecated announced 2026-03-30 retires 2026-06-01 -> acme-120b",
            "acme-k1 retired announced 2026-03-30 retires 2026-04-01",
        ],
    ),
    "what was called off, by title or by the next sentence, is believed of nobody": (
        """
## April 24, 2026: acme-voice-2, cancelled
`acme-voice-2` will shut down on May 30, 2026.
## April 20, 2026
We announced that `acme-voice-3` would shut down on May 10, 2026. That will not happen: it stays.
The shutdown of `acme-voice-4` has been postponed. The new date is June 30, 2026.
""",
        ["acme-voice-4 deprecated announced 2026-04-20 retires 2026-06-30"],
    ),
    "floors that are no ends": (
        """
| Model | Retirement date |
|---|---|
| `acme-e5` | No retirement before January 31, 2027 |
| `acme-e6` | 2027年1月以降 |
| `acme-e7` | Two weeks after `acme-e8` is generally available |
""",
        ["acme-e5 active not before 2027-01-31", "acme-e6 active not before 2027-01", "acme-e7 active"],
    ),
    "Korean, French and Japanese": (
        """
| 모델 | 종료 공지일 | 종료일 | 대체 모델 |
|---|---|---|---|
| HC-003 | 2026년 4월 1일 | 2026. 9. 30. | 없음 |

## Cycle de vie
| Modèle | Statut | Date de dépréciation | Fin de vie |
|---|---|---|---|
| Acme-8x7B | Déprécié | 12 janvier 2026 | 1er août 2026 |

## 提供を終了したモデル
- acme-v3-turbo（2026年3月31日提供終了、後継: acme-v4）
""",
        [
            "HC-003 deprecated announced 2026-04-01 retires 2026-09-30",
            "Acme-8x7B deprecated deprecates 2026-01-12 retires 2026-08-01",
            "acme-v3-turbo retired retires 2026-03-31 -> acme-v4",
        ],
    ),
    "fields below a name, in a list and under a heading with a badge": (
        """
- **acme/acme-70b-instruct**
  - Deprecated on: 03/15/2026
  - EOL: ~~06/15/2026~~ extended to 07/15/2026
  - Suggested alternative: acme/acme-120b

### acme/base-large <Badge>Removed</Badge>
- **Announced**: Dec 1st, 2025
- **Last day**: Mar 1st, 2026
""",
        [
            "acme/acme-70b-instruct deprecated deprecates 2026-03-15 retires 2026-07-15 -> acme/acme-120b",
            "acme/base-large retired announced 2025-12-01 retires 2026-03-01",
        ],
    ),
    "lists that go on with another day, and nothing but names": (
        """
# Changes
## May 8, 2026
These models will be removed on May 30, 2026:
- `@cf/acme-7b`

And the following on June 30, 2026:

- `@cf/acme-14b`, in favor of `@cf/acme-20b`
## Shut down models
`acme-flash-1`, `acme-flash-2` (both April 1, 2026); `acme-embed-1` (October 30, 2025).
""",
        [
            "@cf/acme-7b deprecated announced 2026-05-08 retires 2026-05-30",
            "@cf/acme-14b deprecated announced 2026-05-08 retires 2026-06-30 -> @cf/acme-20b",
            "acme-flash-1 retired retires 2026-04-01",
            "acme-flash-2 retired retires 2026-04-01",
            "acme-embed-1 retired retires 2025-10-30",
        ],
    ),
    "a word of status that nobody knows is no good news": (
        """
| Model series | Model | Status | Replacement |
|---|---|---|---|
| Acme 3 | acme-3-large | Dormant | acme-4-large |
| Acme 3 | acme-3-mini | Older | acme-4-mini |
| Open | Acme 7B / Acme 30B | Retired | - |
""",
        ["acme-3-mini legacy -> acme-4-mini", "Acme 7B retired", "Acme 30B retired"],
    ),
    "questions claim nothing; a note in a model's row is about that model; a day in brackets heads an entry": (
        """
# Models
**Will Acme X5 be retired?** Not before 2027.

| Model | Context | Notes |
|---|---|---|
| `acme-scout` | 1M | Deprecated – will be removed on June 25, 2026, use `acme-scout-2` |
| `acme-671b` | 128k | ⚠️ Retires 2026-05-31 |
| `acme-32b` | 40k | Replaced `acme-coder-32b` |

【2026-05-01】因产品迭代，acme-standard、acme-standard-256K 将于2026年6月30日停止服务，请切换至 acme-turbos-latest。
""",
        [
            "acme-scout deprecated retires 2026-06-25 -> acme-scout-2",
            "acme-671b deprecated retires 2026-05-31",
            "acme-standard deprecated announced 2026-05-01 retires 2026-06-30 -> acme-turbos-latest",
            "acme-standard-256K deprecated announced 2026-05-01 retires 2026-06-30 -> acme-turbos-latest",
        ],
    ),
    "what a list of ends spares, and what is put off afterwards or by a note": (
        """
# Sunset

The following models will be shut down on July 1, 2026:
- `acme-1` (cancelled)
- `acme-2` — moved to August 1, 2026
- `acme-3` — use `acme-5` (context extended to 200K)

The following models are not affected:
- `acme-5`

`acme-4` will be shut down on July 1, 2026. The date has been moved to September 1, 2026.

`acme-6` will be shut down on July 1, 2026. It has been extended to all users.

`acme-7` was to be shut down on July 1, 2026. That plan is off.

`acme-8` was unavailable on May 4, 2026. `acme-9` was temporarily shut down on May 4, 2026.
""",
        [
            "acme-2 deprecated retires 2026-08-01",
            "acme-3 deprecated retires 2026-07-01 -> acme-5",
            "acme-4 deprecated retires 2026-09-01",
            "acme-6 deprecated retires 2026-07-01",
        ],
    ),
    "deprecated under a day that is over is not gone; what retires under one to come is not yet": (
        """
# Release notes
## Upcoming: September 1, 2026
- `acme-2` retires; `acme-3` becomes the default.

## May 10, 2026
- `acme-1` retired.
- `acme-4` deprecated.
""",
        ["acme-2 deprecated retires 2026-09-01", "acme-1 retired retires 2026-05-10", "acme-4 deprecated"],
    ),
    "floors in other languages; advice is no name": (
        """
# Modelos / Modelle / Modèles
| Modelo | Fecha de retiro | Reemplazo |
|---|---|---|
| acme-1 | no antes del 1 de enero de 2027 | ninguno |
| acme-2 | frühestens 1. Juni 2027 | - |
| acme-3 | pas de retrait avant le 1er mars 2027 | - |
| acme-4 | 1 de julio de 2026 | No direct replacement, consider acme-5 or acme-6 |
""",
        [
            "acme-1 active not before 2027-01-01",
            "acme-2 active not before 2027-06-01",
            "acme-3 active not before 2027-03-01",
            "acme-4 deprecated retires 2026-07-01 -> acme-5 acme-6",
        ],
    ),
}

ISSUES = {
    "what a list of ends spares, and what is put off afterwards or by a note": {"unclear_end"},
    "what was called off, by title or by the next sentence, is believed of nobody": {"unclear_end"},
    "a word of status that nobody knows is no good news": {"unknown_status"},
}


def line(notice: Notice) -> str:
    """A notice on one line."""
    dates = {
        "announced": notice.announced_on,
        "deprecates": notice.deprecates_on,
        "retires": notice.retires_on,
        "not before": notice.not_before,
    }
    words = [notice.model, notice.status, *(f"{name} {day}" for name, day in dates.items() if day)]
    return " ".join([*words, *(("->", *notice.replacements) if notice.replacements else ())])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_laid_out_in_its_own_way(name: str) -> None:
    page, lines = PAGES[name]
    document = Document(body=page.encode(), url="https://acme.example/", at=DAY, source="acme", provider="acme")
    reading = lifecycle.read(document)
    assert [line(fact) for fact in reading.facts if isinstance(fact, Notice)] == lines
    assert {issue.code for issue in reading.issues} == ISSUES.get(name, set())
