"""Names are told from what stands around them."""

import pytest

from crawler.extract.funding.names import name_in, names_listed, names_of_subject


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Milan-based legal AI company Solmark", "Solmark"),
        ("Tel Aviv- and Seattle-based Solmark", "Solmark"),
        ("Oxbow-backed robot maker Solmark", "Solmark"),
        ("Jo Roe's Solmark", "Solmark"),
        ("Email Security Startup Solmark", "Solmark"),
        ("Solmark, a startup that sells heat", "Solmark"),
        ("former rival Solmark Robotics", "Solmark Robotics"),
        ("Be Clear", "Be Clear"),
        ("b7x crypto", "b7x crypto"),
        ("two ex-Oxbow founders", None),
        ("ex-Oxbow engineer", None),
        ("an AI startup", None),
        ("startup specializing in lenses", None),
        ("outdoor media firm for", None),
    ],
)
def test_a_name(words: str, name: str | None) -> None:
    assert name_in(words) == name


def test_lists() -> None:
    assert names_listed("Redrock, Harbour Ventures and its Tide Fund at a $1B valuation") == (
        "Redrock",
        "Harbour Ventures",
        "Tide Fund",
    )
    assert names_listed("China's state chip fund, valuing the company") == ("China's state chip fund",)
    assert names_of_subject("Oxbow and Solmark") == ("Oxbow", "Solmark")
