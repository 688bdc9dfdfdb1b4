import pytest

from bot.drafters.reply import ENOUGH, Challenge, Replier, Reply
from knowledge.position import Pleads
from knowledge.record import Record
from tests.challenges import (
    CODES,
    SAMPLED,
    WITHOUT_POSITION,
    allowed,
    answers_with,
    every_point,
    heard,
    may_say,
    own,
    put,
    some_points,
)

OFFICE = "france-opposes-tokyo-liaison-office"
STRETCHED = "deployments-would-stretch-nato-too-thin"
DETERRING = "nato-has-role-deterring-china"
COSTS = "taiwan-war-costs-ten-trillion"


def reply(record: Record, code: str, challenge: Challenge, *used: str, pleads: Pleads | None = None) -> Reply:
    return Replier(record, record.delegations[code], used, pleads).reply(challenge)


def answers(given: Reply) -> list[str]:
    return [line.argument.id for line in given.answers]


def test_a_known_argument_is_answered_only_by_what_rebuts_it_and_the_seat_may_say(record: Record) -> None:
    answered = 0
    for code, id in every_point(record):
        given = reply(record, code, put(record, id))
        rebutting = {argument.id for argument in record.rebuttals.get(id, ())}
        fit = rebutting & (may_say(record, code) if given.conceded else answers_with(record, code))
        assert set(answers(given)) <= fit, (code, id)
        assert bool(given.answers) == bool(fit - {id}), (code, id)
        assert {line.voice for line in given.answers} <= {"contradicting"}
        answered += bool(given.answers)
    assert answered > len(record.arguments)


def test_what_is_conceded_is_granted_and_nothing_else_but_common_ground(record: Record) -> None:
    for code, id in every_point(record):
        conceded = reply(record, code, put(record, id)).conceded
        assert (conceded is not None) == (id in allowed(record, code)), (code, id)
        if conceded:
            assert (conceded.argument.id, conceded.voice) == (id, "granted")


def test_what_pleads_for_the_other_side_is_conceded_and_never_answers(record: Record) -> None:
    for code, id in some_points(record):
        near = heard(record, record.arguments[id].claim, {id: 1.0}, {id: 1.0})
        for challenge in (near, put(record, id)):
            assert set(answers(reply(record, code, challenge))) <= answers_with(record, code), (code, id)


def test_the_side_never_follows_from_likeness(record: Record) -> None:
    """However near a statement comes to an argument of the other side, it is not said as one's own."""
    for code, id in some_points(record):
        given = reply(record, code, heard(record, "So it is.", {id: 1.0}, {id: 1.0}))
        said = [*answers(given), *([given.conceded.argument.id] if given.conceded else [])]
        assert set(said) <= allowed(record, code), (code, id)
        assert not any("CN" in record.arguments[each].held_by for each in said)


def test_nothing_is_used_twice_unless_it_is_asked_again(record: Record) -> None:
    first = answers(reply(record, "FR", put(record, DETERRING)))
    second = reply(record, "FR", put(record, DETERRING), *first)
    assert set(first).isdisjoint(answers(second))
    assert {line.argument.id for line in second.before} & set(first)
    again = reply(record, "FR", put(record, DETERRING, again=True), *first)
    assert answers(again) == first
    assert {line.voice for line in again.answers} == {"again"}


def test_what_is_denied_is_contradicted_by_what_answers_that(record: Record) -> None:
    (line, *_) = reply(record, "FR", heard(record, "Tokyo needs an office.", counters={OFFICE: 0.9})).answers
    assert (line.argument.id, line.voice) == (OFFICE, "contradicting")


def test_what_makes_an_argument_is_contradicted_by_what_rebuts_that(record: Record) -> None:
    given = reply(record, "FR", heard(record, "NATO can hold China back.", says={DETERRING: 0.9}))
    assert given.answers
    assert set(answers(given)) <= {argument.id for argument in record.rebuttals[DETERRING]}
    assert {line.voice for line in given.answers} == {"contradicting"}


def test_what_only_speaks_of_what_a_seat_says_is_not_called_wrong(record: Record) -> None:
    assert STRETCHED in record.positions["FR"].argues
    given = reply(record, "FR", heard(record, "There are ships, and there are seas.", says={STRETCHED: 0.9}))
    assert STRETCHED in answers(given)
    assert {line.voice for line in given.answers if line.argument.id == STRETCHED} == {"recorded"}


def test_what_a_person_clearly_says_is_granted_where_the_record_concedes_it(record: Record) -> None:
    assert COSTS in record.positions["FR"].concedes
    clearly = reply(record, "FR", heard(record, "A war over Taiwan would cost trillions.", says={COSTS: 0.95}))
    assert clearly.conceded
    assert (clearly.conceded.argument.id, clearly.conceded.voice) == (COSTS, "granted")
    assert COSTS not in answers(clearly)
    assert reply(record, "FR", heard(record, "Wars cost money.", says={COSTS: ENOUGH})).conceded is None


def test_what_the_record_holds_for_the_other_side_is_noted_where_a_person_denies_it(record: Record) -> None:
    assert record.arguments[COSTS].side == "for"
    denied = reply(record, "FR", heard(record, "A war over Taiwan would cost nobody a cent.", counters={COSTS: 0.95}))
    assert denied.conceded
    assert (denied.conceded.argument.id, denied.conceded.voice) == (COSTS, "noted")


def test_a_persons_words_that_a_delegate_says_itself_are_not_conceded(record: Record) -> None:
    for code in CODES:
        for id in may_say(record, code):
            point = heard(record, record.arguments[id].claim, says={id: 0.95})
            assert reply(record, code, point).conceded is None, (code, id)


def test_nothing_is_conceded_to_a_person_twice(record: Record) -> None:
    point = heard(record, "A war over Taiwan would cost trillions.", says={COSTS: 0.95})
    assert reply(record, "FR", point, COSTS).conceded is None


def test_what_nobody_comes_near_to_has_no_reply(record: Record) -> None:
    for code in CODES:
        given = reply(record, code, heard(record, "So it is."))
        assert (given.conceded, given.answers, given.before) == (None, (), ())
        assert reply(record, code, Challenge("So it is.")).answers == ()


def test_what_may_be_argued_goes_before_what_may_only_be_conceded(record: Record) -> None:
    position = record.positions["FR"]
    neutral = next(id for id in position.concedes if record.arguments[id].side != "for")
    both = {position.argues[0]: 0.9, neutral: 0.9}
    given = reply(record, "FR", heard(record, "So it is not.", counters=both))
    assert answers(given)[0] == position.argues[0]


def test_what_a_delegation_holds_goes_before_what_it_argues(record: Record) -> None:
    ranked = 0
    for code, id in every_point(record):
        said = answers(reply(record, code, put(record, id)))
        if own(record, code) & set(said):
            ranked += 1
            assert said[0] in own(record, code), (code, id)
    assert ranked


@pytest.mark.parametrize("code", ["DE", "HU", "US", "HR"])
@pytest.mark.parametrize(("pleads", "never"), [("for", "against"), ("against", "for")])
def test_who_stands_in_between_answers_nothing_with_the_side_it_does_not_plead(
    record: Record, code: str, pleads: Pleads, never: str
) -> None:
    given = 0
    for id in record.arguments:
        lines = reply(record, code, put(record, id), pleads=pleads).answers
        given += len(lines)
        assert never not in {line.argument.side for line in lines}, id
    assert given


def test_a_seat_without_a_position_tells_only_what_the_record_says_in_general(record: Record) -> None:
    for code in WITHOUT_POSITION:
        told = 0
        for _, id in some_points(record)[: SAMPLED // len(WITHOUT_POSITION)]:
            given = reply(record, code, heard(record, "So it is.", {id: 0.3}, {id: 0.95}))
            told += bool(given.answers)
            assert given.conceded is None
            assert {line.voice for line in given.answers} <= {"general"}
            assert not any("CN" in line.argument.held_by for line in given.answers)
        assert told, code


@pytest.mark.parametrize("pleads", ["for", "against"])
def test_who_is_instructed_answers_with_the_line_of_its_side_and_nothing_of_its_own(
    record: Record, pleads: Pleads
) -> None:
    line, never = record.line(pleads), {"for": "against", "against": "for"}[pleads]
    for code in WITHOUT_POSITION:
        given = [reply(record, code, put(record, id), pleads=pleads) for id in record.arguments]
        said = {id for each in given for id in answers(each)}
        assert said
        assert said <= {*line.argues, *line.concedes}, code
        assert never not in {record.arguments[id].side for id in said}, code
        assert {each.conceded.argument.id for each in given if each.conceded} <= {*line.argues, *line.concedes}


def test_an_insult_is_not_repeated() -> None:
    assert Challenge("NATO has no business in Asia.").words == "NATO has no business in Asia"
    assert Challenge("Only an idiot would send NATO to Asia.").words == ""
