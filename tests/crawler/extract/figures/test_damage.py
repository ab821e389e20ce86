"""Tables that were torn, cut or mixed up: whatever is left of them, no figure is made up."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.crawler.extract.figures.tables import ARENA, ARENA_SAYS, BOARD, BOARD_SAYS, figures, read

LINES = BOARD.splitlines()
TAGS = re.split(r"(?=<)", ARENA)


def sound(says: str, page: str) -> set[tuple[str, object]]:
    return {(fact.key, fact.value) for fact in figures(read(says, page))}


WHOLE, WIDE = sound(BOARD_SAYS, BOARD), sound(ARENA_SAYS, ARENA)


@given(st.sets(st.integers(0, len(LINES) - 1)))
def test_lost_lines_of_markdown(lost: set[int]) -> None:
    page = "\n".join(line for number, line in enumerate(LINES) if number not in lost)
    assert sound(BOARD_SAYS, page) <= WHOLE


@given(st.permutations(LINES[6:]))
def test_rows_in_another_order(rows: list[str]) -> None:
    assert sound(BOARD_SAYS, "\n".join([*LINES[:6], *rows])) == WHOLE


@given(st.integers(0, len(BOARD)))
def test_a_page_cut_anywhere(end: int) -> None:
    found = sound(BOARD_SAYS, BOARD[:end])
    last = [line for line in BOARD[:end].splitlines() if line.startswith("|")][-1:]
    torn = {key for key, _ in found - WHOLE}
    assert len(torn) <= 1 and (not torn or not last[0].endswith("|"))  # the number that was cut in two


@given(st.text(max_size=400))
def test_no_page_raises(page: str) -> None:
    assert read(BOARD_SAYS, page).issues


@given(st.sets(st.integers(20, len(TAGS) - 1), max_size=2))
def test_html_that_lost_a_tag_or_two_never_gives_a_number_to_another_measure(lost: set[int]) -> None:
    page = "".join(tag for number, tag in enumerate(TAGS) if number not in lost)
    numbers = {(fact.measure, fact.number) for fact in figures(read(ARENA_SAYS, ARENA))}
    assert {(fact.measure, fact.number) for fact in figures(read(ARENA_SAYS, page))} <= numbers
