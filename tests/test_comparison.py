import random

import pytest

from bot.comparison import Comparison, Holding, compare, who_holds
from bot.debate import WHOLE, Citation
from knowledge.argument import Argument
from knowledge.date import Date
from knowledge.errors import QuestionError
from knowledge.findings import Heard
from knowledge.library import Library
from knowledge.record import Record
from tests.challenges import SEED, heard

OFFICE = "france-opposes-tokyo-liaison-office"
DETERRING = "nato-has-role-deterring-china"
UKRAINE = "only-ukraine-and-russia-concern-nato"
ORDER = ("differ", "agree", "beside", "alone")


def compared(record: Record, first: str, second: str) -> Comparison:
    return compare(record, record.delegations[first], record.delegations[second])


def sampled(record: Record) -> list[Comparison]:
    """Pairs of delegations drawn from all, the same each time."""
    chance, codes = random.Random(SEED), [seat.code for seat in record.delegations if not seat.is_neutral]
    return [compared(record, *chance.sample(codes, 2)) for _ in range(40)]


def held(record: Record, says: dict[str, float] | None = None, counters: dict[str, float] | None = None) -> Holding:
    """Of a claim that comes near to what makes some arguments, and to what others answer."""
    listened = heard(record, "So it is.", says, counters).heard
    assert listened
    return who_holds(record, listened)


def arguments(record: Record, citations: tuple[Citation, ...]) -> list[Argument]:
    return [record.arguments[citation.argument] for citation in citations]


def codes_of(record: Record, stance: str) -> set[str]:
    return {code for code, position in record.positions.items() if position.stance == stance and position.held}


def test_all_that_either_holds_is_set_beside_the_other_by_topic(record: Record) -> None:
    for comparison in sampled(record):
        for place, position in enumerate(comparison.positions):
            told = {(row.topic, word.text) for row in comparison.rows for word in (row.first, row.second)[place]}
            known = [record.arguments[id] for id in position.held]
            assert told >= {(record.topics[argument.topic], argument.claim) for argument in known}
            assert {text for _, text in told} == {argument.claim for argument in known}


def test_both_positions_are_those_on_record(record: Record) -> None:
    comparison = compared(record, "FR", "LT")
    assert comparison.positions == (record.positions["FR"], record.positions["LT"])


def test_every_word_is_cited_from_what_its_delegation_holds(record: Record) -> None:
    for comparison in sampled(record):
        for row in comparison.rows:
            sides = ((row.first, comparison.positions[0]), (row.second, comparison.positions[1]))
            for words, position in sides:
                for word in words:
                    (argument,) = {each.id for each in arguments(record, word.citations)}
                    assert (record.arguments[argument].claim, argument in position.held) == (word.text, True)
                    assert all(citation.quote in citation.passage.text for citation in word.citations)


def test_the_marks_count_through_the_whole_comparison_and_stand_for_the_same_words_everywhere(record: Record) -> None:
    for comparison in sampled(record):
        marks = [citation.n for citation in comparison.citations]
        assert sorted(marks) == [*range(1, len(marks) + 1)]
        words = [word for row in comparison.rows for word in (*row.first, *row.second)]
        cited = {(each.n, each.passage.id, each.quote) for word in words for each in word.citations}
        assert len(cited) == len(marks)


def test_differences_come_first_then_agreements_then_what_only_one_speaks_to(record: Record) -> None:
    seen: set[str] = set()
    for comparison in sampled(record):
        verdicts = [row.verdict for row in comparison.rows]
        assert verdicts == sorted(verdicts, key=ORDER.index)
        seen |= {*verdicts}
    assert seen == {*ORDER}


def test_two_differ_where_they_take_sides_or_one_answers_the_other(record: Record) -> None:
    for comparison in sampled(record):
        for row in comparison.rows:
            ours, theirs = (
                [each for word in words for each in arguments(record, word.citations)]
                for words in (row.first, row.second)
            )
            pairs = [(one, other) for one in ours for other in theirs]
            contrary = any(
                {one.side, other.side} == {"for", "against"} or one.id in other.rebuts or other.id in one.rebuts
                for one, other in pairs
            )
            assert (row.verdict == "differ") == contrary, row
            assert (row.verdict == "alone") == (not pairs)
            if row.verdict == "agree":
                assert any(one.side == other.side != "context" for one, other in pairs)


def test_it_makes_no_difference_who_is_named_first(record: Record) -> None:
    one, other = compared(record, "DE", "US"), compared(record, "US", "DE")
    topics = {(row.topic, row.verdict) for row in one.rows}
    assert topics == {(row.topic, row.verdict) for row in other.rows}
    assert [word.text for row in one.rows if row.verdict == "alone" for word in row.first] == [
        word.text for row in other.rows if row.verdict == "alone" for word in row.second
    ]


def test_france_and_japan_differ_on_the_office_and_japan_and_estonia_on_nothing(record: Record) -> None:
    office = next(row for row in compared(record, "FR", "JP").rows if row.topic == record.topics["liaison-office"])
    assert office.verdict == "differ"
    assert "differ" not in {row.verdict for row in compared(record, "JP", "EE").rows}


def test_beside_who_holds_nothing_yet_the_other_speaks_alone(record: Record) -> None:
    then = record.until(Date("2018-12-31"))  # Iceland has spoken, France has not
    comparison = compared(then, "IS", "FR")
    assert {row.verdict for row in comparison.rows} <= {"alone"}
    assert not any(row.second for row in comparison.rows)


@pytest.mark.parametrize(("first", "second"), [("FR", "FR"), ("FR", "RAPPORTEUR"), ("RAPPORTEUR", "LT")])
def test_nobody_is_compared_with_itself_or_with_who_takes_no_side(record: Record, first: str, second: str) -> None:
    with pytest.raises(QuestionError, match="name"):
        compared(record, first, second)


def test_where_nothing_is_on_record_yet_there_is_nothing_to_compare_and_nobody_holds_anything(record: Record) -> None:
    then = record.until(Date("2010"))
    assert not then.passages
    comparison = compared(then, "FR", "LT")
    assert (comparison.rows, comparison.citations) == ((), ())
    assert {position.stance for position in comparison.positions} == {"none"}
    holding = who_holds(then, Heard("So it is.", (), 0.0))
    assert (holding.hold, holding.oppose, holding.silent, holding.citations) == ((), (), (), ())


def test_nothing_newer_than_its_date_is_compared(record: Record) -> None:
    then = record.until(Date("2024-05-30"))
    comparison = compared(then, "FR", "US")
    assert comparison.positions[1].leaning == "supportive"
    assert all(citation.passage.known_since <= Date("2024-05-30") for citation in comparison.citations)


@pytest.mark.parametrize(("argument", "hold", "oppose"), [(DETERRING, "for", "against"), (UKRAINE, "against", "for")])
def test_the_motion_itself_goes_by_where_the_delegations_stand(
    record: Record, argument: str, hold: str, oppose: str
) -> None:
    assert record.arguments[argument].topic == WHOLE
    holding = held(record, says={argument: 0.9})
    assert {stand.seat.code for stand in holding.hold} == codes_of(record, hold)
    assert {stand.seat.code for stand in holding.oppose} == codes_of(record, oppose)
    none = {code for code, position in record.positions.items() if position.stance == "none"} - {"RAPPORTEUR"}
    assert {seat.code for seat in holding.silent} == none
    assert holding.read_as == record.arguments[argument].claim


def test_whoever_is_in_between_neither_holds_nor_opposes_the_motion(record: Record) -> None:
    holding = held(record, says={DETERRING: 0.9})
    named = {stand.seat.code for stand in (*holding.hold, *holding.oppose)} | {seat.code for seat in holding.silent}
    assert named.isdisjoint({"DE", "HU", "US", "HR", "NATO"})


def test_a_claim_is_held_by_who_argues_it_and_opposed_by_who_answers_it(record: Record) -> None:
    holding = held(record, says={OFFICE: 0.9})
    assert holding.topic == record.topics["liaison-office"]
    assert holding.read_as == record.arguments[OFFICE].claim
    assert "FR" in {stand.seat.code for stand in holding.hold}
    for stands, side in ((holding.hold, "against"), (holding.oppose, "for")):
        assert stands
        for stand in stands:
            for argument in arguments(record, tuple(each for word in stand.words for each in word.citations)):
                assert argument.side == side
                assert stand.seat.code in argument.held_by


def test_who_denies_a_claim_holds_the_other_side_of_it(record: Record) -> None:
    others = [id for id, argument in record.arguments.items() if argument.topic == "liaison-office" and argument.says]
    near = dict.fromkeys(others, 0.6)
    made = held(record, says=near | {OFFICE: 0.9})
    denied = held(record, counters=near | {OFFICE: 0.9}, says=near)
    assert "FR" in {stand.seat.code for stand in made.hold}
    assert "FR" in {stand.seat.code for stand in denied.oppose}


def test_nobody_both_holds_and_opposes_a_claim_and_nobody_heard_is_silent(record: Record) -> None:
    arguing = [id for id, argument in record.arguments.items() if not argument.is_bare]
    for id in random.Random(SEED).sample(arguing, 60):
        holding = held(record, says={id: 0.9})
        hold, oppose = ({stand.seat.code for stand in stands} for stands in (holding.hold, holding.oppose))
        silent = {seat.code for seat in holding.silent}
        assert hold.isdisjoint(oppose), id
        assert silent.isdisjoint(hold | oppose), id
        topic = record.arguments[id].topic
        if topic != WHOLE:
            assert all(topic in record.positions[code].silent_on for code in silent), id


def test_every_word_of_who_holds_or_opposes_is_cited_with_marks_without_a_gap(record: Record) -> None:
    for id in (OFFICE, DETERRING, UKRAINE):
        holding = held(record, says={id: 0.9})
        for stand in (*holding.hold, *holding.oppose):
            assert 1 <= len(stand.words) <= 2
            for word in stand.words:
                assert word.citations
                assert {argument.claim for argument in arguments(record, word.citations)} == {word.text}
        marks = [citation.n for citation in holding.citations]
        assert sorted(marks) == [*range(1, len(marks) + 1)]


def test_an_argument_that_is_meant_is_not_mistaken_for_its_denial(record: Record) -> None:
    listened = heard(record, "So it is.", {OFFICE: 0.5}, {OFFICE: 0.9}).heard
    assert listened
    holding = who_holds(record, listened, record.arguments[OFFICE])
    assert "FR" in {stand.seat.code for stand in holding.hold}


def test_a_claim_that_comes_near_to_nothing_is_held_by_nobody(record: Record) -> None:
    holding = held(record)
    assert (holding.hold, holding.oppose, holding.silent) == ((), (), ())
    assert (holding.claim, holding.read_as) == ("So it is.", "")


@pytest.mark.parametrize(
    ("claim", "hold", "oppose"),
    [
        ("NATO should open a liaison office in Tokyo.", "US", "FR"),
        ("European and Indo-Pacific security cannot be separated.", "LT", ""),
    ],
)
def test_in_free_words_a_claim_is_held_by_those_who_hold_it(
    library: Library, claim: str, hold: str, oppose: str
) -> None:
    holding = who_holds(library.record, library.hear(claim))
    assert hold in {stand.seat.code for stand in holding.hold}
    assert {oppose} - {""} <= {stand.seat.code for stand in holding.oppose}


def test_whether_a_claim_that_says_what_is_not_is_for_or_against_is_left_open(library: Library) -> None:
    for claim in ("European and Indo-Pacific security are not linked.", "NATO has no business in the Indo-Pacific."):
        holding = who_holds(library.record, library.hear(claim))
        assert (holding.is_read, holding.read_as) == (False, "")
        assert "EE" in {stand.seat.code for stand in holding.hold}


def test_hold_oppose_silent_and_others_make_up_the_whole_table(library: Library) -> None:
    holding = who_holds(library.record, library.hear("NATO should open an office in Tokyo."))
    counted = len(holding.hold) + len(holding.oppose) + len(holding.silent) + holding.others
    assert counted == len(library.record.table)
