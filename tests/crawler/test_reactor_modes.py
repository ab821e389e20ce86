"""The crawl behaves the same on Twisted's asyncio reactor as on asyncio alone: one settings switch, one contract."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawler.loops import REACTOR, reactor_mode

HERE = Path(__file__).parent
CONTRACT = (
    "test_fetching.py::test_changed_unchanged_not_modified_and_changed_again",
    "test_fetching.py::test_every_hostile_behaviour_ends_as_its_named_outcome_in_one_crawl",
    "test_fetching.py::test_one_request_a_host_at_a_time_also_without_a_delay",
    "test_fetching.py::test_no_name_no_server_no_valid_certificate",
    "test_fetching.py::test_what_the_time_did_not_allow_is_postponed_and_due_at_once",
    "test_fetching.py::test_a_cancelled_batch_ends_its_requests_and_leaves_nothing_behind",
    "test_fetching.py::test_checks_of_unchanged_pages_are_answered_304_and_memory_stays_flat[100]",
    "test_robots.py::test_a_forbidden_page_is_not_fetched_with_many_requests_waiting_for_robots_txt",
    "test_robots.py::test_what_the_answer_to_robots_txt_means",
    "test_robots.py::test_two_requests_to_one_host_keep_their_distance",
)


@pytest.mark.skipif(reactor_mode(), reason="already inside")
@pytest.mark.timeout(300)
@pytest.mark.torture  # long
def test_the_contract_holds_on_a_twisted_reactor() -> None:
    """In a process of its own: a reactor, once installed, stays."""
    tests = [f"{HERE}/{name}" for name in CONTRACT]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", *tests],
        env={**os.environ, REACTOR: "1"},
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "17 passed" in done.stdout
