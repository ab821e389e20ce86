"""What stands around prices and changes them: notes, decimal commas, units that are no money, what is said twice."""

import pytest

from tests.crawler.extract.pricing import Told, codes, read, told
from timeline.prices import PricePoint

HEAD = "| Model | Input per 1M tokens |\n|---|---|\n"


def eur(amount: str) -> Told:
    return ("Opal 3", "output", amount, "EUR", 1_000_000, "token")


def ends(page: str) -> dict[str, str]:
    return {fact.model: str(fact.effective_to) for fact in read(page).facts if isinstance(fact, PricePoint)}


@pytest.mark.parametrize(
    "page",
    [
        f"{HEAD}| Opal 3 | $1.50* |\n| Opal 2 | $2 |\n\n\\* This promotional price ends December 31, 2026.\n",
        f"{HEAD}| Opal 3 ¹ | $1.50 |\n| Opal 2 | $2 |\n\n¹ Introductory pricing through December 31, 2026.\n",
        "<h1>Prices</h1><table><tr><th>Model<th>Input per 1M tokens<tr><td>Opal 3<td><s>$3</s> $1.50<sup>1</sup>"
        "<tr><td>Opal 2<td>$2</table><p><sup>1</sup> This discount ends on 31 December 2026.</p>",
        "<h1>Prices</h1><table><tr><th>Model<th>Input per 1M tokens<tr><td>Opal 3<td><s>$3</s> $1.50"
        "<tr><td>Opal 2<td>$2</table><p>These promotional prices end on December 31, 2026.</p>",
    ],
)
def test_a_promotions_note_ends_what_bears_its_mark_or_stands_beside_a_crossed_out_price(page: str) -> None:
    assert ends(page) == {"Opal 3": "2026-12-31", "Opal 2": "None"}


def test_a_promotions_note_without_a_mark_ends_a_whole_table() -> None:
    page = f"{HEAD}| Opal 3 | $1.50 |\n| Opal 2 | $2 |\n\nThese promotional prices end December 31, 2026.\n"
    assert ends(page) == {"Opal 3": "2026-12-31", "Opal 2": "2026-12-31"}


def test_decimal_commas_of_cards_are_read_as_the_page_writes_them() -> None:
    page = "# Preise\n\n## Opal 3\n\nEingabe: 0,25 € / 1 Mio. Token\n\nAusgabe: 1,250 € / 1 Mio. Token\n"
    assert eur("1.250") in told(page)


@pytest.mark.parametrize(
    "table",
    [
        "| Model | Input (DBU / 1M tokens) | Output (DBU / 1M tokens) |\n|---|---|---|\n| Opal 3 | 7.143 | 21.429 |\n",
        "| Model | Pricing |\n|---|---|\n| Opal 3 | 12 credits per second |\n",
        "| Service | Price (credits) |\n|---|---|\n| Opal Image | 6.5 |\n",
    ],
)
def test_rates_in_points_are_no_money_and_are_told(table: str) -> None:
    reading = read(f"# Prices\n\n{table}")
    assert (list(reading.facts), [issue.code for issue in reading.issues]) == ([], ["unknown_currency"])


def test_points_beside_dollars_are_nothing_to_tell() -> None:
    page = "| Model | Price in tokens | Price in neurons |\n|---|---|---|\n"
    assert len(told(f"{page}| a-1 | $0.2 per M input tokens | 2457 neurons per M input tokens |\n")) == 1


def test_labelled_amounts_of_which_nothing_was_made_are_told() -> None:
    assert codes("# Our offer\n\nFor everyone.\n\nInput\n\n$4.00\n\nOutput\n\n$20.00\n") == ["unread_prices"]


def test_one_price_by_the_thousand_and_by_the_million_is_one() -> None:
    page = "| Model | Price per thousand tokens | Price per million tokens |\n|---|---|---|\n"
    page += "| embed-1 | $0.00012 | $0.12 |\n"
    assert told(page) == {("embed-1", "embedding", "0.12", "USD", 1_000_000, "token")}


def test_several_names_in_bold_have_one_price() -> None:
    page = "# Prices\n\n- **Opal Med** and **Opal Law**: $5.00 per 1M input tokens, $12.00 per 1M output tokens\n"
    assert {each[:3] for each in told(page)} == {
        (name, side, amount)
        for name in ("Opal Med", "Opal Law")
        for side, amount in (("input", "5.00"), ("output", "12.00"))
    }


def test_reservations_are_by_their_period_and_pictures_by_the_picture() -> None:
    page = "| Model | Monthly reservation |\n|---|---|\n| Opal PTU | $260 |\n"
    assert {each[2:6] for each in told(page)} == {("260", "USD", 1, "month")}
    page = "| Image model | Approximate price |\n|---|---|\n| Lux 2 | $0.014 per 28 step image |\n"
    assert {each[2:6] for each in told(page)} == {("0.014", "USD", 1, "image")}


def test_a_price_is_no_name() -> None:
    page = "| Toy | Production |\n|---|---|\n| Free | $500 ($0.045 / 1M tokens) |\n"
    assert [fact for fact in read(page).facts if isinstance(fact, PricePoint) and fact.model == "Free"] == []


def test_a_share_of_another_price_is_no_amount_and_no_doubt() -> None:
    page = "| Model | Input per 1M tokens | Cache read per 1M tokens |\n|---|---|---|\n| a-1 | $2 | 90% discount |\n"
    assert {each[:3] for each in told(page)} == {("a-1", "input", "2")}


def test_bounds_in_wide_brackets_behind_a_name_are_conditions_and_a_free_row_has_the_unit_of_the_others() -> None:
    page = "| 模型 | 输入价格 | 单位 |\n|---|---|---|\n| 玉-2（输入≤32k） | 4 | 元/百万tokens |\n| 玉-1 | 免费 | - |\n"
    bounded = ("玉-2", "input", "4", "CNY", 1_000_000, "token", "context_upto=32000")
    assert told(page) == {bounded, ("玉-1", "input", "0", "CNY", 1_000_000, "token")}
