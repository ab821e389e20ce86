"""A list of what a page says, compared with what was read of it."""

import pytest

from crawler.truth import TruthError, compare
from tests.crawler.extract.pricing import read

PAGE = """# Acme
| Model | Input per 1M tokens | Batch input per 1M tokens |
|---|---|---|
| Acme Large | $1,000.50 | $0.50 |
| Acme Small | Free | - |
"""
FACTS = read(PAGE).facts


@pytest.mark.parametrize(
    "text",
    [
        "model,meter,amount\nAcme Large,input,1000.50\nacme  large,input,0.5\nAcme Small,input,0\n",
        "model,amount,conditions\nAcme Large,$0.50,service_tier=batch\nAcme Large,1000.5,\nAcme Small,0,\n",
        "\ufeffmodel,amount,unit,currency\nAcme Small,0,1M tokens,USD\nAcme Large,1000.50,token,USD\n"
        "Acme Large,0.50,1M tokens,USD\n",
        "model,per\nAcme Small,1000000\nAcme Large,1000000\nAcme Large,1000000\n",
    ],
)
def test_a_list_that_agrees(text: str) -> None:
    found = compare(text, FACTS)
    assert (found.rows, found.missing, found.surplus) == (3, (), ())


def test_what_is_missing_and_what_is_more() -> None:
    found = compare(
        "model,meter,amount\nAcme Large,input,1000.50\nAcme Mini,input,7\nAcme Large,input,1000.50\n", FACTS
    )
    assert found.missing == (
        "line 3: Acme Mini, input, 7",
        "line 4: Acme Large, input, 1000.50 (read with amount '0.50')",
    )
    assert [(fact.locator) for fact in found.surplus] == ["table 1 row 2 column 3", "table 1 row 3 column 2"]


def test_another_unit_is_another_price() -> None:
    assert len(compare("model,amount,unit\nAcme Large,1000.50,1K tokens\n", FACTS).missing) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "no header"), ("model,colour\na,b\n", "found colour"), ('model,amount\n"a,1\n', "no CSV")],
)
def test_a_list_that_cannot_be_compared_says_why(text: str, says: str) -> None:
    with pytest.raises(TruthError, match=says):
        compare(text, FACTS)


def test_a_line_that_is_almost_right_says_what_was_read_instead() -> None:
    told = compare(
        "model,meter,amount,conditions\nAcme Large,output,0.50,service_tier=batch\nAcme Mini,input,7,\n", FACTS
    )
    assert told.missing == (
        "line 2: Acme Large, output, 0.50, service_tier=batch (read with meter 'input')",
        "line 3: Acme Mini, input, 7",
    )
