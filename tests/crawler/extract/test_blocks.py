"""Both kinds of page give the same blocks."""

import pytest

from crawler.extract import html, markdown
from crawler.extract.blocks import Block, Callout, Code, Heading, ListItem, Paragraph, Table
from crawler.extract.grids import Link


def only_table(blocks: list[Block]) -> Table:
    (table,) = [block for block in blocks if isinstance(block, Table)]
    return table


def words(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.grid.rows]


def test_markdown_gives_headings_text_items_tables_and_code_in_order() -> None:
    blocks = markdown.parse(
        "---\ntitle: x\n---\n# Prices\n\nAll in USD.\n\n- one\n  - two\n\n"
        "## Text\n\n| Model | In |\n|---|---|\n| `a-1` | \\$3 \\| 4 |\n\n```json\n{}\n```\n"
    )
    kinds = [type(block) for block in blocks]
    assert kinds == [Heading, Paragraph, ListItem, ListItem, Heading, Table, Code]
    table = only_table(blocks)
    assert words(table) == [["Model", "In"], ["a-1", "$3 | 4"]]
    assert table.headings == ("Prices", "Text")
    assert table.grid.rows[1][0].code == ("a-1",)
    assert table.grid.rows[1][1].header_path == ("In",)
    assert (table.locator, table.line) == ("table 1", 13)
    assert blocks[3].depth == 2 if isinstance(blocks[3], ListItem) else False


@pytest.mark.parametrize(
    "text",
    [
        "<Note>\n  Free until *March*.\n</Note>",
        '<Note id="x">Free until *March*.</Note>',
        '<Tabs>\n<Tab title="Batch">\n<Note>\nFree until *March*.\n</Note>\n</Tab>\n</Tabs>',
    ],
)
def test_callout_tags_of_mdx_are_markdown_inside(text: str) -> None:
    (callout,) = [block for block in markdown.parse(text) if isinstance(block, Callout)]
    assert (callout.kind, callout.text) == ("note", "Free until March.")
    assert callout.labels == (("Batch",) if "Batch" in text else ())


def test_a_self_closing_tag_does_not_swallow_what_follows() -> None:
    blocks = markdown.parse('<Card title="A" />\n\nplain\n')
    assert [(block.labels, getattr(block, "text", "")) for block in blocks] == [((), "plain")]


def test_an_indented_table_inside_a_tag_is_a_table() -> None:
    table = only_table(markdown.parse("<Tab title='Flex'>\n    | A | B |\n    |---|---|\n    | 1 | 2 |\n</Tab>\n"))
    assert (words(table), table.labels) == ([["A", "B"], ["1", "2"]], ("Flex",))


def test_raw_html_tables_inside_markdown_are_tables() -> None:
    table = only_table(markdown.parse("Text\n\n<table><tr><th>A</th></tr>\n\n<tr><td>1</td></tr></table>\n"))
    assert words(table) == [["A"], ["1"]]


def test_cells_keep_struck_text_marks_links_and_breaks_apart() -> None:
    row = "<tr><td><del>$5</del> $3<sup>1</sup><br>a\u200bb&nbsp;c</td><td><a href='/m'>m</a> <code>id</code></td></tr>"
    table = only_table(html.parse(f"<table><tr><th>A</th><th>B</th></tr>{row}</table>"))
    price, model = table.grid.body[0]
    assert (price.text, price.struck, price.marks) == ("$3\nab c", ("$5",), ("1",))
    assert (model.text, model.links, model.code) == ("m id", (Link(text="m", href="/m"),), ("id",))


def test_spans_fill_the_grid_and_headers_of_two_rows_make_paths() -> None:
    table = only_table(
        html.parse(
            "<table><thead><tr><th rowspan=2>Model</th><th colspan=2>Batch</th></tr>"
            "<tr><th>In</th><th>Out</th></tr></thead>"
            "<tr><td rowspan=2>a</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>"
            "<tr><td colspan=3>Older</td></tr><tr><td>b</td><td>5</td><td>6</td></tr></table>"
        )
    )
    grid = table.grid
    assert grid.headers == (("Model",), ("Batch", "In"), ("Batch", "Out"))
    assert [cell.text for cell in grid.body[1]] == ["a", "3", "4"]
    assert grid.body[1][0].copied
    assert [grid.is_section(row) for row in grid.body] == [False, False, True, False]
    assert grid.body[3][1].section == "Older"
    assert grid.body[3][1].locator == "row 6 column 2"


def test_a_header_printed_as_its_own_table_is_joined_to_its_body() -> None:
    table = only_table(
        html.parse(
            "<div><table><thead><tr><th>Model</th><th>In</th></tr></thead></table></div>"
            "<div><table><tbody><tr><td>a</td><td>1</td></tr></tbody></table></div>"
        )
    )
    assert words(table) == [["Model", "In"], ["a", "1"]]
    assert table.grid.body[0][1].header_path == ("In",)


def test_fillers_with_both_spans_zero_are_left_out() -> None:
    table = only_table(
        html.parse(
            "<table><tr><th>A</th><th>B</th></tr><tr><td rowspan=2>a</td><td>1</td></tr>"
            "<tr><td rowspan=0 colspan=0></td><td>2</td></tr></table>"
        )
    )
    assert words(table)[2] == ["a", "2"]


def test_text_around_a_table_is_kept_with_it() -> None:
    table = only_table(markdown.parse("## P\n\nPer 1K tokens:\n\n| A |\n|---|\n| 1 |\n\nExcludes tax.\n"))
    assert (table.before, table.after) == ("Per 1K tokens:", "Excludes tax.")


def test_a_nested_table_is_its_own() -> None:
    blocks = html.parse("<table><tr><td>x<table><tr><td>inner</td></tr></table></td></tr></table>")
    assert [words(block) for block in blocks if isinstance(block, Table)] == [[["x"]], [["inner"]]]
