"""What a person does about an issue, by its code. Pure."""

from collections.abc import Mapping

ELSE = "compare with the page: where the page is right, the reader has to learn it, with a test that shows the case"

_DATES = "compare with the page: a date nobody can read is left out; where it is plain, the reader has to learn it"
_WRITTEN = "find where the page gives its data (a Markdown twin, a JSON endpoint, text in the page) and watch that"

ADVICE: Mapping[str, str] = {
    "unknown_currency": 'look at the rendered page; where it shows one currency, set options = { currency = "USD" }'
    ' (of a bare ¥: yen = "CNY" or "JPY")',
    "unknown_unit": "look what the page says the price is for (header, caption, the text above); a unit that is new "
    "belongs into timeline/meters.toml",
    "unknown_meter": "look what is billed here; two amounts in a cell: options = { pair = [...] }; a new kind of thing "
    "belongs into timeline/meters.toml",
    "no_subject": "look whose price it is: a model's column whose header the reader does not know, or a lost heading",
    "mixed_currencies": "watch the page of one currency, or split the sources: a column is in one currency",
    "unread_prices": "look whether a script fills the amounts in; " + _WRITTEN,
    "columns_mixed": "cells do not stand under their headers: compare with the page, or watch another form of it",
    "headings_lost": "the page lost all its headings: watch another form of it, or accept it as it looks now",
    "lost_header": "the page lost a header inside a table: watch another form of the page (Markdown, JSON)",
    "unknown_columns": "name the columns of such rows: options = { columns = { 4 = [...] } }",
    "conflicting_facts": "compare both places: what tells them apart (a heading, a column, a footnote) was not read",
    "not_an_amount": "compare with the page: what stands there is no amount",
    "unknown_field": "a new field of the API: read its documentation and add it to the reader",
    "unknown_status": "a new word for a state: compare with the page and add it to crawler/extract/statuses.py",
    "item_too_long": "cut the line: an item is a title and a summary, not the whole article",
    "not_an_item": "give one JSON object a line, with id, title, summary, url and published",
    "unclear_end": "compare with the page: it puts an end off, or takes it back, in words nobody reads; what was "
    "believed stays",
    "impossible_date": _DATES,
    "unreadable_date": _DATES,
    "ambiguous_date": _DATES,
    "vague_date": _DATES,
    "unread_words": _DATES,
    "contradiction": "compare both places with the page: the table of states counts",
    "replaced_by_itself": "compare with the page: the replacement named is the model itself",
    "unreadable": _WRITTEN,
    "unreadable_page": _WRITTEN,
    "too_many_facts": "this is no page of this kind: watch the page that holds the table itself",
    "reader_failed": "a fault of aiwire: report it with the page",
    "no_facts": "another page, or one a script fills in: " + _WRITTEN,
    "bot_wall": "the site keeps robots out: watch a public endpoint or a Markdown twin instead",
    "login_page": "watch a page that needs no login",
    "error_page": "find out where the page went and change the source's url",
    "rescaled": "compare with the page: prices in another unit, or `aiwire sources accept` where they really are so",
    "collapsed": "compare with the page: lost prices, or `aiwire sources accept` where it really shrank",
    "cut_short": "nothing, if the next capture is whole; `aiwire sources accept` where the page really ends there",
    "garbled": "compare with the page: the server names another charset, or `aiwire sources accept` a page rewritten",
    "exploded": "compare with the page: something read twice, or `aiwire sources accept` where it really grew",
    "count_below_minimum": "compare with the page, then correct expect.facts",
    "count_above_maximum": "compare with the page, then correct expect.facts",
    "marker_missing": "compare with the page, then correct expect.markers",
    "model_missing": "compare with the page, then correct expect.models",
    "feed_too_large": "watch a smaller feed of the same news",
    "malformed_feed": "nothing, where the items above are right: the feed breaks a rule of its format",
    "not_a_feed": "find the feed's address: the page names it in a <link rel=alternate>",
    "not_a_status_page": "watch /api/v2/incidents.json or /history.atom of a Statuspage, /feed.atom of incident.io",
    "not_an_incident": "compare with the page: an entry has no id or no name",
    "moved_feed": "open the new address, then change the source's url; keep the old one in former_urls",
    "empty_feed": "open the feed in a browser: what makes it may be broken; nothing, where nothing was published yet",
    "too_many_items": "watch a feed with fewer items",
    "no_table": "compare with the page: the table is under another heading, or a script fills it in; watch a form of "
    "the page that has it",
    "two_tables": 'say which: table.heading = "..." (a heading or tab over it) or table.caption = "..."',
    "missing_column": 'compare with the page: add the new header beside the old one, column = ["old", "new"]',
    "missing_row": 'compare with the page: add the new label beside the old one, row = ["old", "new"]',
    "changed_unit": "compare with the page: another unit is another measure; another spelling belongs into `printed`",
    "unreadable_figure": "compare with the page: what stands there is not one figure; it is left as it was",
    "duplicate_subject": 'name the column that tells the rows apart: table.scope = ["..."]',
    "unnamed_row": "compare with the page: a row lost its name, or the subject stands in another column",
    "no_table_configured": "give the source a `table`: docs/sources.md shows how",
    "too_many_figures": "watch a smaller table",
    "nothing_selected": "compare with the page: its parts have other names now, or a script fills them in",
    "text_cut": 'watch a smaller part of the page: options = { selector = "..." }',
    "more_issues": "mend those above first",
}


def advice(code: str) -> str:
    """What to do about an issue of this code."""
    return ADVICE.get(code, ELSE)
