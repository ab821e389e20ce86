"""Sentences: who ends, when, and what instead; and the many sentences that claim nothing."""

from datetime import date

import pytest

from crawler.extract import claims
from crawler.extract.claim_subjects import Claim
from crawler.extract.grids import Inline
from crawler.extract.mentions import Lexicon, sentences

NEAR = date(2026, 8, 20)


def read(text: str, *code: str, deprecation_ends: bool = False) -> list[Claim]:
    found = []
    for sentence in sentences(Inline(text=text, code=code), Lexicon(near=NEAR)):
        found += claims.read(sentence, deprecation_ends=deprecation_ends)
    return found


def brief(claim: Claim) -> dict[str, object]:
    """What a claim says, without what it leaves open."""
    said = {
        "names": claim.names,
        "kind": None if claim.kind == "model" else claim.kind,
        "status": claim.status,
        "announced": claim.announced and claim.announced.value,
        "deprecates": claim.deprecates and claim.deprecates.value,
        "retires": claim.retires and claim.retires.value,
        "floor": claim.retires is not None and claim.retires.qualifier == "not_before",
        "instead": claim.replacements,
    }
    return {name: value for name, value in said.items() if value}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("acme-1 was retired on June 1, 2026.", {"names": ("acme-1",), "status": "retired", "retires": "2026-06-01"}),
        (
            "acme-large-1 will be deprecated and shut down on 2026-10-01; please migrate to acme-large-2.",
            {"names": ("acme-large-1",), "status": "deprecated", "retires": "2026-10-01", "instead": ("acme-large-2",)},
        ),
        (
            "Acme 3 Haiku is deprecated as of February 23, 2026 and will be shut down on August 23, 2026.",
            {"names": ("Acme 3 Haiku",), "status": "deprecated", "deprecates": "2026-02-23", "retires": "2026-08-23"},
        ),
        (
            "The two legacy model names, acme-chat and acme-code, will be discontinued in three months (2026-07-24).",
            {"names": ("acme-chat", "acme-code"), "status": "deprecated", "retires": "2026-07-24"},
        ),
        (
            "On June 17, 2026, we emailed users to announce the deprecation of acme-8b-1 in favor of acme-9b-2.",
            {"names": ("acme-8b-1",), "status": "deprecated", "announced": "2026-06-17", "instead": ("acme-9b-2",)},
        ),
        (
            "On March 5, 2026, we will be shutting down acme-8b-1 and acme-9b-1.",
            {"names": ("acme-8b-1", "acme-9b-1"), "status": "deprecated", "retires": "2026-03-05"},
        ),
        (
            "After the launch, acme-2.5 is no longer available to newly registered users (full sunset on August 31).",
            {"names": ("acme-2.5",), "status": "deprecated", "retires": "2026-08-31"},
        ),
        ("Acme 1.0 Pro is no longer supported.", {"names": ("Acme 1.0 Pro",), "status": "retired"}),
        ("Acme 1.0 Pro Vision deprecated.", {"names": ("Acme 1.0 Pro Vision",), "status": "deprecated"}),
        (
            "They will be retired in June 2027 at the earliest.",
            {"status": "deprecated", "retires": "2027-06", "floor": True},
        ),
        ("These models were retired July 21, 2025.", {"status": "retired", "retires": "2025-07-21"}),
        (
            "The following models will be retired from the API on 2026-09-01:",
            {"status": "deprecated", "retires": "2026-09-01"},
        ),
        (
            "acme-4 将于2026年6月30日下线，建议迁移至 acme-4.6。",
            {"names": ("acme-4",), "status": "deprecated", "retires": "2026-06-30", "instead": ("acme-4.6",)},
        ),
        (
            "acme-v1 系列模型已于2026年8月1日停止服务。",
            {"names": ("acme-v1",), "status": "retired", "retires": "2026-08-01"},
        ),
        ("以下模型将于2026年9月30日下线：", {"status": "deprecated", "retires": "2026-09-30"}),
        ("You can use acme-5-preview instead.", {"instead": ("acme-5-preview",)}),
        ("acme-8b-1 — migrate to acme-9b-2", {"names": ("acme-8b-1",), "instead": ("acme-9b-2",)}),
        (
            "The Videos API will be shut down on 2026-09-24.",
            {"names": ("Videos API",), "kind": "endpoint", "status": "deprecated", "retires": "2026-09-24"},
        ),
        (
            "Document Inlining has been deprecated.",
            {"names": ("Document Inlining",), "kind": "feature", "status": "deprecated"},
        ),
        (
            "We will sunset all models fine-tuned with Acme-R-03.",
            {"names": ("models fine-tuned with Acme-R-03",), "kind": "fine_tuning", "status": "deprecated"},
        ),
    ],
)  # fmt: skip
def test_what_a_sentence_claims(text: str, said: dict[str, object]) -> None:
    assert [brief(claim) for claim in read(text, "acme-chat", "acme-code")] == [said]


def test_a_sentence_about_two_models_with_a_date_each() -> None:
    one, two = read("acme-a-1 will be retired on June 1, 2026 and acme-b-1 will be retired on July 1, 2026.")
    assert (one.names, one.retires and one.retires.value) == (("acme-a-1",), "2026-06-01")
    assert (two.names, two.retires and two.retires.value) == (("acme-b-1",), "2026-07-01")


def test_on_a_page_that_knows_no_other_end_a_deprecation_to_come_is_the_end() -> None:
    (ends,) = read("acme-1-preview will be deprecated on July 15, 2026.", deprecation_ends=True)
    assert (ends.deprecates, ends.retires and ends.retires.value) == (None, "2026-07-15")
    (starts,) = read("acme-1-preview will be deprecated on July 15, 2026.")
    assert (starts.deprecates and starts.deprecates.value, starts.retires) == ("2026-07-15", None)


@pytest.mark.parametrize(
    "text",
    [
        "Support for batches with acme-1-flash will be discontinued in one week.",
        "Requests to acme-1 past the retirement date will fail.",
        "Once acme-1 is deprecated, migrate to acme-2.",
        "If you are using acme-1, we recommend migrating to acme-2.",
        "Fine-tuned models created from acme-1 are not affected by this deprecation.",
        "acme-1-preview is now redirecting to acme-1.",
        "Released acme-2, our first stable model.",
        "Refer to the Acme deprecations table for details.",
        "We announced the new API (/v1/jobs) and that the original one along with older things will be shut down.",
        "acme-1-preview is available to existing customers only.",
        "Acme regularly retires older models.",
        "Move off deprecated models in time.",
        "Find information about deprecated endpoints.",
        "Requests to deprecated model ids will return errors.",
        "After a model is retired, it's no longer available for fine-tuning.",
        "Download logs from fine-tuning jobs for offline analysis.",
    ],
)
def test_what_claims_no_end_of_a_model(text: str) -> None:
    assert not [claim for claim in read(text) if claim.names and (claim.replacements is None or claim.status)]


@pytest.mark.parametrize(
    "text",
    [
        "We have postponed the retirement of acme-mini-2 from December 1, 2026 to March 1, 2027.",
        "原定于2026年12月1日下线的 acme-mini-2 将推迟至2027年3月1日下线。",
        "acme-mini-2 原计划于2026年12月1日停止服务，现延期到2027年3月1日。",
        "We are extending the shutdown date of acme-mini-2 to March 1, 2027.",
        "acme-mini-2 will now be retired on March 1, 2027 instead of December 1, 2026.",
        "The retirement date of acme-mini-2 was moved from December 1, 2026 to March 1, 2027.",
        "acme-mini-2 will be shut down on 2027-03-01 (previously 2026-12-01).",
    ],
)
def test_an_end_that_was_put_off_is_on_its_new_day(text: str) -> None:
    assert [brief(claim) for claim in read(text)] == [
        {"names": ("acme-mini-2",), "status": "deprecated", "retires": "2027-03-01"}
    ]


@pytest.mark.parametrize(
    "text",
    [
        "We have postponed the retirement of acme-5.",
        "The shutdown of acme-5 has been cancelled.",
        "The retirement of acme-5 has been delayed until further notice.",
        "acme-5 is no longer deprecated.",
        "acme-5 will not be retired on December 1, 2026.",
        "acme-5 will not be retired.",
        "We have decided not to retire acme-5.",
        "acme-5 will be shut down on 2027-02-29.",
        "acme-5 will be retired on September 31.",
        "acme-5 将于 2026年13月1日下线。",
    ],
)
def test_an_end_that_is_off_or_on_no_day_is_not_understood(text: str) -> None:
    assert [(claim.names, claim.retires, bool(claim.unclear)) for claim in read(text)] == [(("acme-5",), None, True)]


@pytest.mark.parametrize(
    "text",
    [
        "If we postpone the retirement of acme-5, we will tell you.",
        "The retirement of acme-5 may be postponed.",
        "The context window of acme-5 has been extended to 200K.",
    ],
)
def test_what_puts_nothing_off_claims_nothing(text: str) -> None:
    assert read(text) == []
