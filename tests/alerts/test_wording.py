"""Wording: totals, and what a message is about. The rest is tested with `timeline.words`."""

from decimal import Decimal

import pytest

from alerts import wording
from tests.alerts.examples import event


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("1012.4", "$1,012"), ("100", "$100"), ("99.999", "$100.00"), ("12.4", "$12.40"), ("0.004", "less than $0.01"),
        ("0", "$0.00"), ("1234567.8", "$1,234,568"), ("-150.4", "−$150"),
    ],
)  # fmt: skip
def test_totals(amount: str, said: str) -> None:
    assert wording.sum_of_money(Decimal(amount), "USD") == said


def test_a_message_is_about_a_model_or_else_a_source() -> None:
    named = event("price.changed", "GPT-4o", model_id="gpt-4o")
    assert (wording.name_of(named), wording.subject(named)) == ("GPT-4o", "openai/gpt-4o")
    broken = event("source.broken", None, source="openai-pricing")
    assert (wording.name_of(broken), wording.subject(broken)) == ("openai-pricing", "source/openai-pricing")
    assert wording.provider("moonshot") == "Moonshot AI"
