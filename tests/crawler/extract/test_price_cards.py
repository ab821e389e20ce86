"""Prices outside tables: cards, lists and definition lists, and what only looks like one of the page's own."""

import pytest

from tests.crawler.extract.pricing import Told, told


def usd(model: str, meter: str, amount: str) -> Told:
    return (model, meter, amount, "USD", 1_000_000, "token")


BOTH = {usd("Opal 3", "input", "4.00"), usd("Opal 3", "output", "20.00")}
CARD = "<div class=card><div>{}</div><p>Deep thought, long context.</p><ul>{}</ul>{}</div>"
ITEMS = "<li><span>Input</span><span>${}</span></li><li><span>Output</span><span>${}</span></li>"
UNIT = "<p class=unit>per 1M tokens</p>"


@pytest.mark.parametrize(
    "page",
    [
        "## Opal 3\n\n$4.00\n\n/ 1M input tokens\n\n$20.00\n\n/ 1M output tokens\n",
        "## Opal 3\n\nInput\n\n$4.00\n\n/ 1M tokens\n\nOutput\n\n$20.00\n\n/ 1M tokens\n",
        "All rates in USD per million tokens.\n\n## Opal 3\n\nInput\n\n$4.00\n\nOutput\n\n$20.00\n",
        "Home\n\nPricing - Acme\n\nOpal 3\n\nOur best.\n\n$4.00 / 1M input tokens · $20.00 / 1M output tokens\n",
        "### Language\n\n[**Opal 3**](https://a.example)\n\n$4.00 / 1M input tokens\n\n$20.00 / 1M output tokens\n",
        "### Developer tier pricing\n\nOpal 3\n\nInput price\n\n$4.00 / M tokens\n\nOutput\n\n$20.00 / M tokens\n",
        "<Card title='Opal 3'>\n\n**$4.00** per 1M input tokens\n\n**$20.00** per 1M output tokens\n\n</Card>\n",
    ],
)
def test_a_name_and_the_amounts_below_it_are_a_card(page: str) -> None:
    assert told(page) == BOTH


def test_a_unit_below_a_list_of_labelled_amounts_is_that_of_all_of_them() -> None:
    two = CARD.format("Opal 3", ITEMS.format("4.00", "20.00"), UNIT) + CARD.format(
        "Opal Mini", ITEMS.format(1, 2), UNIT
    )
    expected = BOTH | {usd("Opal Mini", "input", "1"), usd("Opal Mini", "output", "2")}
    assert told(f"<html><body><h2>Chat models</h2>{two}</body></html>") == expected


def test_a_unit_is_of_no_amount_that_may_be_another_ones() -> None:
    page = "## Opal 3\n\nInput $4\n\nPer image $0.5\n\n## Opal 2\n\n$0.5\n\n$0.7\n\nper 1K tokens\n"
    assert told(page) == {("Opal 3", "image", "0.5", "USD", 1, "image")}
    later = "# Opal 3\n\nInput $4.00 / 1M tokens\n\nStarting September 1, 2026, input will cost $5 / 1M tokens.\n"
    assert told(later) == {usd("Opal 3", "input", "4.00"), (*usd("Opal 3", "input", "5"), "from 2026-09-01")}


def test_of_what_was_and_of_two_in_one_sentence_only_what_is_sure_is_told() -> None:
    page = "# FAQ\n\nOpal 3 used to cost $5 per 1M input tokens.\n\nOpal 3 costs $4.00 per 1M input tokens, {}.\n"
    assert told(page.format("Opal 2 costs $3 per 1M input tokens")) == {usd("Opal 3", "input", "4.00")}
    table = (
        "| Model | Before (input / 1M tokens) | After (input / 1M tokens) |\n|---|---|---|\n| Opal 3 | $9 | $4.00 |\n"
    )
    assert told(table) == {usd("Opal 3", "input", "4.00")}


def test_a_thousand_may_have_a_point() -> None:
    page = "| Modell | Preis |\n|---|---|\n| Opal 3 | 0,02 € / 1.000 Tokens |\n| Opal 2 | 2,5 € / 1.000.000 Tokens |\n"
    assert told(page) == {
        ("Opal 3", "tokens", "0.02", "EUR", 1_000, "token"),
        ("Opal 2", "tokens", "2.5", "EUR", 1_000_000, "token"),
    }


def test_entries_of_a_list_are_named_by_the_words_set_apart_before_their_amount() -> None:
    items = "<li><a href=/w>whisper-large</a> <span>$0.05 / hour</span></li>"
    items += "<li><span>Opal T4</span><span>$0.5 / hour</span></li>"
    plain = "<li>Up to 10 users $5 / month</li><li>Speech hours $5 / hour</li>"
    assert {each[0] for each in told(f"<ul>{items}{plain}</ul>")} == {"whisper-large", "Opal T4"}


def test_headers_nothing_is_known_about_end_a_flattened_row() -> None:
    head = ("Model", "Images per $1 (1MP)", "Price per MP", "Default steps")
    page = "\n\n".join((*head, "Lux.1 [dev]", "40", "$0.025", "28", "Opal Image", "50", "$0.02", "—"))
    assert {each[:3] for each in told(page)} == {("Lux.1 [dev]", "image", "0.025"), ("Opal Image", "image", "0.02")}


TABLE = "| Model | Input per 1M tokens | Output per 1M tokens |\n|---|---|---|\n| Opal 3 | $4.00 | $20.00 |\n"


@pytest.mark.parametrize(
    "other",
    [
        "## How we compare\n\n| Provider | Input per 1M tokens |\n|---|---|\n| Acme | $4 |\n| Rival | $9 |\n",
        "## Comparison\n\n| Model | Input per 1M tokens |\n|---|---|\n| Opal 3 | $4.00 |\n| Rival 5 | $9 |\n",
        "## How Acme compares\n\nRival 5\n\nInput\n\n$9 / 1M tokens\n",
        "## Opal 3 vs Rival 5\n\n| Model | Input per 1M tokens |\n|---|---|\n| Opal 3 | $4.00 |\n| Rival 5 | $9 |\n",
        "### Other providers\n\nInput $9 / 1M tokens\n\n### Why Opal?\n\nInput $3 / 1M tokens\n",
        "### From $0.50 / 1M tokens\n\nOutput $9 / 1M tokens\n",
        "## Opal 4\n\nPrices are per 1M tokens.\n\nSetup fee: $99\n\nMinimum commitment\n\n$500\n",
        "## Add-ons\n\n- 10 GB $0.50 / month\n- Tier 2 $50 / month\n- Top 5 results $5 / 1K\n",
        "The introductory price of Rival 5 ends on August 31, 2026.\n",
        "<Accordion title='Cost example'>\n\n| Part | Cost |\n|---|---|\n| Input tokens | $0.06 |\n\n</Accordion>\n",
    ],
)
def test_prices_of_others_and_reckonings_are_set_aside(other: str) -> None:
    assert told(f"# Prices\n\n{TABLE}\n{other}") == BOTH


def test_a_comparison_of_the_pages_own_models_is_read() -> None:
    assert told(f"## Comparison\n\n{TABLE}") == BOTH


@pytest.mark.parametrize(
    "window",
    [
        "<div style='display:none' class=promo>Rival 9 costs $9 per 1M input tokens.</div>",
        "<div class=modal hidden><h3>Opal 3</h3><p>Input $9 per 1M tokens</p><table><tr><td>x</td></tr></table></div>",
        "<dialog><h3>Opal 3</h3><p>Input $9 per 1M tokens</p></dialog>",
    ],
)
def test_windows_that_are_not_open_are_no_part_of_a_page(window: str) -> None:
    table = (
        "<table><tr><th>Model<th>Input per 1M tokens<th>Output per 1M tokens<tr><td>Opal 3<td>$4.00<td>$20.00</table>"
    )
    assert told(f"<html><body><h1>Prices</h1>{table}{window}</body></html>") == BOTH


@pytest.mark.parametrize(
    "panel",
    ["<div id=p2 hidden>{}</div>", "<div hidden data-tab-pane>{}</div>", "<section hidden class=x>{}</section>"],
)
def test_panels_are_read_though_another_one_is_shown(panel: str) -> None:
    card = "<h3>Opal 3</h3><p>Input $4.00 per 1M tokens</p><p>Output $20.00 per 1M tokens</p>"
    page = f"<a href='#p2'>Prices</a><section class=x><p>Opal</p></section>{panel.format(card)}"
    assert told(f"<html><body>{page}</body></html>") == BOTH


def test_the_props_of_a_component_state_the_unit_of_its_rows() -> None:
    lists = 'headers={["Model", "Input", "Output"]} rows={[["Opal 3", "$4.00", "$20.00"]]}'
    assert told(f'# Prices\n\n<PriceTable unit="per 1M tokens" {lists} />\n') == BOTH


def test_no_line_of_a_menu_is_taken_for_a_name() -> None:
    assert told("Home\n\nAbout us\n\nInput\n\n$4 / 1M tokens\n") == set()
