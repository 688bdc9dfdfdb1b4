import datetime
import random
import re
from dataclasses import replace
from itertools import product

import pytest

from knowledge.date import Date
from knowledge.delegation import Delegation
from knowledge.passage import Passage
from knowledge.position import Pleads, Position, Stance
from knowledge.record import Record

ARTICLE = Date("2024-05-30")
BEFORE_ALL = Date("2015")
SCOPE = "france-calls-wider-nato-scope-big-mistake"
SIDES: tuple[Pleads, ...] = ("for", "against")
STATES = ("FR", "LT", "EE", "DE", "HU", "US", "HR", "LU", "JP", "NATO", "CN", "PT")

_YEAR = re.compile(r"\b20\d\d\b")
_PLANNED = re.compile(r"\bby 20\d\d\b|\b20\d\d-20\d\d\b")  # a goal or a programme may end in years to come


@pytest.fixture(scope="module")
def days(record: Record) -> list[Date]:
    """Days on which something became known or a position began, drawn at random, and some to remember."""
    news = {passage.known_since for passage in record.passages.values()}
    news |= {view.since for dossier in record.dossiers.values() for view in dossier.positions}
    drawn = random.Random(4).sample(sorted(news), 40)
    return [*drawn, *map(Date, ("2024-05-30", "2024-05-29", "2024-05", "2021-08-01", "2023-12-31", "2019")), BEFORE_ALL]


def day_before(date: Date) -> Date:
    return Date((date.last - datetime.timedelta(days=1)).isoformat())


def some_passages(record: Record, count: int) -> list[Passage]:
    return random.Random(8).sample(list(record.passages.values()), count)


def test_nothing_newer_than_its_date_is_in_an_earlier_record(record: Record, days: list[Date]) -> None:
    for day in days:
        earlier = record.until(day)
        dates = [date for passage in earlier.passages.values() for date in (passage.date, passage.known_since)]
        dates += [source.date for source in earlier.sources.values()]
        dates += [earlier.date_of(milestone) for milestone in earlier.timeline]
        assert all(date.last <= day.last for date in (*dates, earlier.latest)), str(day)
        assert earlier.as_of == day


def test_an_earlier_record_has_the_sources_and_milestones_of_its_facts_only(record: Record, days: list[Date]) -> None:
    for day in days:
        earlier = record.until(day)
        assert {passage.source for passage in earlier.passages.values()} == earlier.sources.keys()
        assert all(milestone.fact in earlier.passages for milestone in earlier.timeline)


def test_what_was_known_on_a_day_is_in_the_record_of_that_day_and_not_of_the_day_before(record: Record) -> None:
    for passage in some_passages(record, 25):
        last = Date(passage.known_since.last.isoformat())
        assert passage.id in record.until(last).passages
        assert passage.id not in record.until(day_before(last)).passages


def test_what_bears_a_month_or_a_year_is_not_known_before_its_last_day(record: Record) -> None:
    undated = [passage for passage in record.passages.values() if len(passage.known_since.isoformat()) < 10]
    assert len(undated) > 50
    for passage in random.Random(9).sample(undated, 12):
        begun = Date(f"{passage.known_since.last:%Y-%m}-01")
        assert passage.id not in record.until(begun).passages


def test_a_month_or_a_year_reaches_to_its_last_day(record: Record) -> None:
    for passage in record.passages.values():
        for form in ("%Y-%m", "%Y"):
            assert passage.id in record.until(Date(f"{passage.known_since.last:{form}}")).passages, (passage.id, form)


def test_an_argument_stands_while_all_that_it_rests_on_is_known(record: Record, days: list[Date]) -> None:
    for day in days:
        earlier = record.until(day)
        assert earlier.arguments.keys() == earlier.grounds.keys()
        for id, behind in record.grounds.items():
            assert (id in earlier.arguments) == all(passage in earlier.passages for passage in behind)


def test_arguments_are_linked_to_what_is_left_only(record: Record, days: list[Date]) -> None:
    for day in days:
        earlier = record.until(day)
        left = earlier.arguments.keys()
        assert earlier.strength.keys() == left
        assert earlier.rebuttals.keys() <= left
        for id, argument in earlier.arguments.items():
            whole = record.arguments[id]
            assert argument.supports == tuple(other for other in whole.supports if other in left)
            assert argument.rebuts == tuple(other for other in whole.rebuts if other in left)


def test_what_is_left_is_not_rebutted_by_what_is_gone(record: Record, days: list[Date]) -> None:
    for day in days:
        earlier = record.until(day)
        for argument in earlier.arguments.values():
            assert earlier.arguments.keys() >= {*argument.rebutted_by}, (str(day), argument.id)


def used_by(position: Position) -> set[str]:
    overtaken = [id for change in position.changed for id in (*change.overtakes, *change.concerns)]
    return {*position.held, *position.argues, *position.concedes, *overtaken}


def test_a_position_holds_argues_and_changes_only_what_was_known(record: Record, days: list[Date]) -> None:
    for day in days:
        earlier = record.until(day)
        for state, position in earlier.positions.items():
            assert earlier.arguments.keys() >= used_by(position)
            assert earlier.passages.keys() >= {*position.facts}
            assert all(earlier.passages.keys() >= {*change.facts} for change in position.changed)
            assert position.as_of.last <= day.last, (state, str(day))


def test_no_position_speaks_of_a_year_to_come(record: Record, days: list[Date]) -> None:
    for day in days:
        for state, position in record.until(day).positions.items():
            claims = [hold.claim for hold in position.holds]
            said = _PLANNED.sub(
                "", " ".join((position.summary, *claims, *(change.text for change in position.changed)))
            )
            assert all(int(year) <= day.last.year for year in _YEAR.findall(said)), (state, str(day), said)


def test_every_position_of_any_day_is_summed_up(record: Record, days: list[Date]) -> None:
    for day in days:
        for state, position in record.until(day).positions.items():
            assert position.summary, (state, str(day))


def test_what_a_state_is_on_record_for_since_is_not_on_record_before(record: Record) -> None:
    for state in STATES:
        view = record.dossiers[state].positions[0]
        position = record.until(day_before(view.since)).position_of(record.delegations[state])
        assert (position.leaning, position.basis) == ("no-public-position", "none")
        assert (position.holds, position.argues, position.concedes, position.changed) == ((), (), (), ())


def test_a_state_of_which_only_facts_are_known_yet_has_no_position(record: Record) -> None:
    position = record.until(Date("2023-06-05")).positions["FR"]
    assert position.facts == ("FR-10",)
    assert position.leaning == "no-public-position"
    assert position.as_of == Date("2023-06-05")
    assert position.summary == "As of 5 June 2023 the record holds no position of France."


def test_a_state_of_which_nothing_is_known_yet_has_no_file(record: Record) -> None:
    earlier = record.until(Date("2020-12-31"))
    assert "FR" not in earlier.positions
    assert earlier.position_of(record.delegations["FR"]).summary == (
        "As of 31 December 2020 the record holds no position of France."
    )


def test_before_the_first_fact_there_is_nothing_on_record(record: Record) -> None:
    nothing = record.until(BEFORE_ALL)
    assert (nothing.passages, nothing.sources, nothing.arguments, nothing.timeline) == ({}, {}, {}, ())
    assert nothing.positions == {}
    assert nothing.latest == BEFORE_ALL
    assert nothing.line("for").argues == nothing.line("for").concedes == ()
    assert nothing.spoken_of == nothing.quoted_of == frozenset()


@pytest.mark.parametrize(
    ("state", "date", "leaning"),
    [
        ("US", "2023-03-31", "supportive"),
        ("US", "2025-05-30", "supportive"),
        ("US", "2025-12-31", "divided"),
        ("HR", "2024-07-10", "supportive"),
        ("HR", "2024-07-11", "divided"),
        ("PT", "2025-09-10", "cautious"),
        ("PT", "2025-09-11", "supportive"),
        ("FR", "2023-06-06", "opposed"),
    ],
)
def test_the_view_of_its_time_applies(record: Record, state: str, date: str, leaning: str) -> None:
    assert record.until(Date(date)).positions[state].leaning == leaning


def test_an_older_view_is_told_in_its_own_words_once_all_of_it_is_known(record: Record) -> None:
    older, _ = record.dossiers["US"].positions
    position = record.until(Date("2025-05-30")).positions["US"]
    assert (position.summary, position.as_of, position.basis) == (older.summary, older.as_of, older.basis)
    position = record.until(Date("2024-07-08")).positions["US"]
    assert position.summary != older.summary
    assert position.as_of < older.as_of


def test_a_summary_that_tells_of_newer_facts_gives_way_to_what_is_held(record: Record) -> None:
    earlier = record.until(ARTICLE)
    for state in ("FR", "LT", "DE", "HU", "JP", "NATO"):
        position = earlier.positions[state]
        written = record.dossiers[state].positions[-1]
        assert len(position.facts) < len(record.positions[state].facts)
        assert position.summary == " ".join(hold.claim for hold in position.holds[:2])
        assert (position.leaning, position.basis) == (written.leaning, written.basis)
        behind = [earlier.passages[id].date for argument in position.held for id in earlier.grounds[argument]]
        assert position.as_of == max(behind)


def test_a_summary_stands_once_every_fact_is_known(record: Record) -> None:
    whole = record.until(Date("2026-12-31"))
    assert whole.positions == record.positions
    for state, dossier in record.dossiers.items():
        newest = dossier.positions[-1]
        position = whole.positions[state]
        assert (position.summary, position.as_of) == (newest.summary, newest.as_of)


def test_who_has_no_position_has_none_at_any_earlier_time(record: Record, days: list[Date]) -> None:
    for day, state in product(days, ("AL", "LU", "SK")):
        position = record.until(day).position_of(record.delegations[state])
        assert (position.leaning, position.basis, position.stance) == ("no-public-position", "none", "none")


def test_on_the_day_of_the_article_its_states_are_on_record_without_what_came_after(record: Record) -> None:
    then, now = record.until(ARTICLE).positions["FR"], record.positions["FR"]
    assert "france-opposes-tokyo-liaison-office" in then.held
    assert "france-hints-north-korea-might-change-its-view" in {*now.held} - {*then.held}
    assert "FR-07" in {*now.facts} - {*then.facts}
    assert (len(then.changed), len(now.changed)) == (0, 1)


def test_no_argument_of_the_article_was_overtaken_on_its_day(record: Record) -> None:
    earlier = record.until(ARTICLE)
    for id in record.changes:
        assert earlier.overtaking(id) == []


def test_the_same_day_is_the_same_record(record: Record) -> None:
    earlier = record.until(ARTICLE)
    assert record.until(Date("2024-05-30")) is earlier
    assert earlier.until(ARTICLE) is earlier
    assert record.until(None) is record
    assert record.as_of is None


def test_going_back_in_two_steps_is_going_back_at_once(record: Record, days: list[Date]) -> None:
    later = Date("2025-06-30")
    for day in days[:12]:
        if day < later:
            twice, once = record.until(later).until(day), record.until(day)
            assert (twice.passages, twice.arguments, twice.positions) == (once.passages, once.arguments, once.positions)


def test_the_record_of_today_is_untouched_by_looking_back(record: Record) -> None:
    before = (dict(record.passages), dict(record.arguments), dict(record.positions))
    record.until(Date("2023-07-01"))
    assert (record.passages, record.arguments, record.positions) == before


def test_a_line_puts_forward_and_concedes_what_is_known(record: Record, days: list[Date]) -> None:
    for day in days:
        earlier = record.until(day)
        for side in SIDES:
            line, whole = earlier.line(side), record.line(side)
            assert line.argues == tuple(id for id in whole.argues if id in earlier.arguments)
            assert line.concedes == tuple(id for id in whole.concedes if id in earlier.arguments)


def test_each_side_has_a_line_of_arguments_it_does_not_also_concede(record: Record) -> None:
    stances: tuple[Stance, ...] = ("for", "against", "mixed")
    for line in map(record.lines.__getitem__, stances):
        assert line.argues
        assert line.concedes
        assert len({*line.argues, *line.concedes}) == len(line.argues) + len(line.concedes)


def test_who_takes_a_side_argues_its_line_in_its_order(record: Record) -> None:
    for state, position in record.positions.items():
        if position.stance != "none" and not record.dossiers[state].argues:
            line = record.lines[position.stance].argues
            assert position.argues == tuple(id for id in line if id in position.argues)
            assert {*line} <= {*position.argues, *position.concedes, *position.held}


def test_what_is_at_odds_with_what_a_state_holds_is_conceded_and_not_argued(record: Record) -> None:
    def at_odds(one: str, other: str) -> bool:
        return other in record.arguments[one].rebuts or one in record.arguments[other].rebuts

    moved = 0
    for position in record.positions.values():
        assert not any(at_odds(one, other) for one, other in product(position.argues, position.held))
        assert {*position.argues}.isdisjoint({*position.held, *position.concedes})
        moved += any(at_odds(one, other) for one, other in product(position.concedes, position.held))
    assert moved


def test_a_line_of_its_own_stands_in_place_of_that_of_its_side(record: Record) -> None:
    for state in ("HU", "US"):
        dossier, position = record.dossiers[state], record.positions[state]
        assert dossier.argues
        assert {*position.argues} <= {*dossier.argues}
        assert {*dossier.concedes} <= {*position.concedes, *position.held}


def pairs_that_disagree(record: Record) -> list[tuple[Delegation, Delegation]]:
    """One is for and the other against or in between, in both orders."""
    seats = [seat for seat in record.delegations.seated if not seat.is_neutral]
    stances = {seat.code: record.position_of(seat).stance for seat in seats}
    odds = [{"for", "against"}, {"for", "mixed"}]
    return [(one, other) for one, other in product(seats, seats) if {stances[one.code], stances[other.code]} in odds]


def test_who_disagrees_can_rebut_each_other(record: Record) -> None:
    cases = {state: {*position.held, *position.argues} for state, position in record.positions.items()}
    rebutted = {state: {id for own in case for id in record.arguments[own].rebuts} for state, case in cases.items()}
    pairs = pairs_that_disagree(record)
    assert len(pairs) > 400
    for one, other in pairs:
        assert not rebutted[one.code].isdisjoint(cases[other.code]), (one.code, other.code)


def test_a_change_is_found_from_the_arguments_that_it_overtakes_or_concerns(record: Record) -> None:
    (change,) = record.positions["FR"].changed
    assert record.changes["france-opposes-tokyo-liaison-office"] == (change,)
    assert record.overtaking("france-opposes-tokyo-liaison-office") == [change]
    assert record.overtaking(SCOPE) == []
    concerned = "nato-wording-on-china-sharper-since-2019"
    assert any(concerned in change.concerns for change in record.changes[concerned])
    assert record.overtaking(concerned) == []


def test_an_argument_is_shown_by_the_first_of_what_it_rests_on(record: Record) -> None:
    several = [argument for argument in record.arguments.values() if len(record.grounds[argument.id]) > 1]
    assert several
    for argument in several:
        passages = record.passages_of(argument)
        assert record.passage_of(argument) == passages[0]
        assert record.ground_of(argument) == passages[0].id == argument.facts[0]


def test_arguments_are_found_at_all_that_they_rest_on(record: Record) -> None:
    for passage in some_passages(record, 25):
        resting = [id for id, behind in record.grounds.items() if passage.id in behind]
        assert [argument.id for argument in record.arguments_at[passage.id]] == resting


def test_a_fact_has_no_neighbours(record: Record) -> None:
    assert record.neighbours(record.passages["FR-07"]) == (None, None)


def test_only_some_are_quoted_and_of_the_others_facts_are_told(record: Record) -> None:
    assert {"FR", "DE", "HU", "LT", "NATO", "CN"} <= record.quoted_of
    assert record.quoted_of.isdisjoint({"EE", "LU", "PT", "NZ"})
    assert {"EE", "LU", "PT", "NZ"} <= record.spoken_of


def test_a_record_without_dossiers_holds_no_position_of_anybody(record: Record) -> None:
    bare = replace(record, dossiers={}, positions={})
    position = bare.position_of(record.delegations["FR"])
    assert position.as_of == record.latest
    assert position.summary == "The record holds no position of France."


def test_the_timeline_is_in_order(record: Record) -> None:
    dates = [record.date_of(milestone) for milestone in record.timeline]
    assert dates == sorted(dates)
    assert len(dates) > 10
