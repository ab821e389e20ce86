"""Important lines, how each is broken, and the smallest set of tests that must not pass then. See tests/mutating.py."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutation:
    """One important line: the exact text `was` in `file` is replaced, and one of `tests` must fail."""

    what: str
    file: str
    was: str
    becomes: str
    tests: tuple[str, ...]


MUTATIONS = (
    Mutation(
        what="the exclusion constraint",
        file="migrations/versions/0001_first.sql",
        was="""    CONSTRAINT price_never_two_answers EXCLUDE USING gist
        (hashtextextended(source || ' ' || key, 0) WITH =, (effective + effective) WITH &&, (known + known) WITH &&)
        WHERE (superseded_at IS NULL)
""",
        becomes="    CONSTRAINT price_never_two_answers CHECK (NOT isempty(known))\n",
        tests=("tests/store/test_schema.py::test_two_rows_never_answer_the_same_question[price]",),
    ),
    Mutation(
        what="the event transaction",
        file="crawler/observe.py",
        was="""    with connection.transaction():
        captures.lock_source(connection, source.id)
        fresh = captures.unread(connection, source.id)
""",
        becomes="""    if True:
        captures.lock_source(connection, source.id)
        fresh = captures.unread(connection, source.id)
""",
        tests=("tests/crawler/test_observe.py::test_captures_facts_and_events_are_written_together_or_not_at_all",),
    ),
    Mutation(
        what="the event transaction of one look",
        file="store/timelines.py",
        was="    with connection.transaction():\n        at = database_now(connection)\n",
        becomes="    if True:\n        at = database_now(connection)\n",
        tests=("tests/store/test_timelines.py::test_a_look_is_written_whole_or_not_at_all",),
    ),
    Mutation(
        what="the floor rule",
        file="timeline/notices.py",
        was="    if notice.retires_on and _is_over(notice.retires_on, day):\n",
        becomes="    if (ends := notice.retires_on or notice.not_before) and _is_over(ends, day):\n",
        tests=("tests/timeline/test_fold_lifecycle.py::test_a_floor_that_passes_retires_nobody_and_is_not_told",),
    ),
    Mutation(
        what="the floor rule, where a page is read",
        file="crawler/extract/dates.py",
        was='"not_before" if any(floor) else',
        becomes='"on" if any(floor) else',
        tests=("tests/crawler/extract/test_dates.py",),
    ),
    Mutation(
        what="missing twice",
        file="timeline/fold.py",
        was="        if look.at - miss.look.at >= holds.ABSENCE:\n",
        becomes="        if look.at >= miss.look.at:\n",
        tests=("tests/timeline/test_fold_rules.py::test_missing_once_is_nothing",),
    ),
    Mutation(
        what="missing twice, six hours apart",
        file="timeline/fold.py",
        was="        if look.at - miss.look.at >= holds.ABSENCE:\n",
        becomes="        if look.at > miss.look.at:\n",
        tests=("tests/timeline/test_fold_rules.py::test_missing_twice_within_six_hours_is_not_gone",),
    ),
    Mutation(
        what="the Slack escape",
        file="alerts/notifiers/slack_blocks.py",
        was='    return "".join(_ENTITIES.get(c, c) for c in text)\n',
        becomes="    return text\n",
        tests=("tests/alerts/test_slack.py::test_page_text_does_nothing_in_slack",),
    ),
    Mutation(
        what="the guard's redirect check",
        file="crawler/middlewares.py",
        was='    check_url(url, allowed=allowed)\n    before, after = urlsplit(request.url), urlsplit(url)\n',
        becomes='    before, after = urlsplit(request.url), urlsplit(url)\n',
        tests=("tests/crawler/test_middlewares.py::test_a_hop_to_an_internal_address_is_refused_before_anything_is_asked_of_it",),
    ),
    Mutation(
        what="the guard's check at connect time",
        file="crawler/transport.py",
        was='                check_address(result["host"])\n',
        becomes='                str(result["host"])\n',
        tests=("tests/security/test_outbound.py::test_row_04_a_name_that_changes_its_mind_is_checked_at_every_connection",),
    ),
    Mutation(
        what="the guard's check of a webhook at connect time",
        file="alerts/transport.py",
        was="            check_address(address)\n",
        becomes="            str(address)\n",
        tests=("tests/security/test_alerts.py::test_row_04_a_name_that_changes_its_mind_is_checked_at_every_post",),
    ),
    Mutation(
        what="the hold",
        file="timeline/judging.py",
        was="        if (reason := reasons.get(one.key)) and not settles:\n",
        becomes="        if (reason := reasons.get(one.key)) and settles:\n",
        tests=("tests/timeline/test_fold_rules.py::test_an_odd_value_waits_for_a_second_look",),
    ),
    Mutation(
        what="the event id's occurrence count",
        file="timeline/ledger.py",
        was="            numbered.append(event if told[very] == 1 else replace(event, occurrence=told[very]))\n",
        becomes="            numbered.append(event)\n",
        tests=("tests/timeline/test_fold_rules.py::test_back_after_delisting_is_listed_again",),
    ),
    Mutation(
        what="the reader role",
        file="store/reader_role.py",
        was='sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA timeline TO {}")',
        becomes='sql.SQL("GRANT pg_read_all_data TO {}")',
        tests=("tests/store/test_reader_role.py::test_the_reader_cannot",),
    ),
    Mutation(
        what="the reader role's dangerous functions",
        file="store/reader_role.py",
        was='"REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC"',
        becomes='"GRANT EXECUTE ON FUNCTION {} TO PUBLIC"',
        tests=("tests/store/test_reader_role.py::test_the_reader_cannot",),
    ),
    Mutation(
        what="the unit count",
        file="crawler/extract/units.py",
        was="        per *= piece.count or 1\n",
        becomes="        per *= 1\n",
        tests=("tests/crawler/extract/test_units.py::test_what_a_price_is_for",),
    ),
    Mutation(
        what="the unit count, where prices are compared",
        file="timeline/prices.py",
        was="self.amount / self.per",
        becomes="self.amount / 1",
        tests=("tests/timeline/test_fold_rules.py::test_an_event_has_the_same_id_however_the_page_printed_it",),
    ),
    Mutation(
        what="one sender a channel",
        file="alerts/deliver.py",
        was="        if not lanes.take(connection, _lane(notifier)):\n",
        becomes="        if not _lane(notifier):\n",
        tests=("tests/alerts/test_deliver.py::test_receivers_of_one_channel_share_its_rate_and_its_pauses",),
    ),
    Mutation(
        what="a newer database is left alone",
        file="store/migrate.py",
        was="        _require_older(connection, url)\n",
        becomes="",
        tests=("tests/store/test_migrate.py::test_what_a_newer_aiwire_made_is_left_alone",),
    ),
    Mutation(
        what="what pruning keeps",
        file="store/pruning.py",
        was="event.observed_after = old.finished_at",
        becomes="event.observed_after <> event.observed_after",
        tests=("tests/crawler/test_pruning.py::test_a_rebuild_after_pruning_gives_the_same_history",),
    ),
    Mutation(
        what="secrets that nobody needs are not asked",
        file="alerts/notifiers/credentials.py",
        was="    if environ is None:\n        return Unset(variable)\n",
        becomes="    environ = environ or {}\n",
        tests=("tests/test_configuration.py::test_who_tells_nobody_needs_no_secret_and_can_send_nothing",),
    ),
)  # fmt: skip
