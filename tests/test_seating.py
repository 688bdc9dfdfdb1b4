from dataclasses import replace

import pytest

from bot.address import MOTION
from bot.duel import Seat
from bot.seating import mandate, seated
from knowledge.date import Date
from knowledge.errors import NotSeated, OutOfOrder
from knowledge.record import Record

STAY_OUT = "NATO should stay out of the Indo-Pacific."
ROLE = "NATO should take on a role in the Indo-Pacific."


def pair(pro: Seat | str, contra: Seat | str) -> tuple[Seat, Seat]:
    """Delegates of ours by their codes; people as they are."""
    one = Seat(side="for", state=pro) if isinstance(pro, str) else pro.model_copy(update={"side": "for"})
    other = Seat(side="against", state=contra) if isinstance(contra, str) else contra
    return one, other.model_copy(update={"side": "against"})


def person(state: str = "") -> Seat:
    return Seat(side="for", state=state, person="42")


def pleaded(record: Record, motion: str, pro: Seat | str, contra: Seat | str) -> tuple[str | None, str | None]:
    """What either side pleads for towards a NATO role."""
    for_it, against_it = seated(record, motion, pair(pro, contra))
    assert (for_it.side, against_it.side) == ("for", "against")
    return for_it.pleads, against_it.pleads


def refused(record: Record, motion: str, pro: Seat | str, contra: Seat | str) -> str:
    with pytest.raises(OutOfOrder) as raised:
        seated(record, motion, pair(pro, contra))
    assert raised.value.rule == "sides"
    return str(raised.value)


def test_each_speaks_for_the_side_its_delegation_holds(record: Record) -> None:
    for motion in (MOTION, ROLE):
        assert pleaded(record, motion, "LT", "FR") == ("for", "against")
        assert pleaded(record, motion, "EE", "FR") == ("for", "against")
        assert pleaded(record, motion, "JP", "FR") == ("for", "against")


@pytest.mark.parametrize(
    ("pro", "contra", "named"), [("FR", "LT", "France"), ("DE", "LT", "Lithuania"), ("HU", "EE", "Estonia")]
)
def test_no_delegate_speaks_against_its_position(record: Record, pro: str, contra: str, named: str) -> None:
    assert f"{named} is " in refused(record, MOTION, pro, contra)
    assert "other side" in refused(record, MOTION, pro, contra)


def test_a_motion_to_stay_out_turns_the_sides(record: Record) -> None:
    assert pleaded(record, STAY_OUT, "FR", "LT") == ("against", "for")
    assert pleaded(record, STAY_OUT, "FR", "JP") == ("against", "for")
    assert pleaded(record, STAY_OUT, "HU", "LT") == ("against", "for")
    assert pleaded(record, STAY_OUT, "DE", "LT") == ("against", "for")


@pytest.mark.parametrize("motion", [MOTION, STAY_OUT])
@pytest.mark.parametrize(("pro", "contra"), [("LT", "EE"), ("EE", "LT"), ("JP", "NO")])
def test_two_of_one_mind_have_nothing_to_debate(record: Record, motion: str, pro: str, contra: str) -> None:
    assert "are both supportive" in refused(record, motion, pro, contra)


@pytest.mark.parametrize("motion", [MOTION, STAY_OUT])
def test_two_that_are_opposed_have_nothing_to_debate_either(record: Record, motion: str) -> None:
    opposed = record.positions["HU"].model_copy(update={"leaning": "opposed"})
    changed = replace(record, positions=record.positions | {"HU": opposed})
    assert "France and Hungary are both opposed" in refused(changed, motion, "FR", "HU")
    assert "Hungary and France are both opposed" in refused(changed, motion, "HU", "FR")


@pytest.mark.parametrize("code", ["LU", "SK", "AL"])
def test_a_delegation_without_a_position_argues_for_either_side_as_the_chair_instructs_it(
    record: Record, code: str
) -> None:
    assert record.positions[code].leaning == "no-public-position"
    for opponent in ("FR", "DE"):
        ours, theirs = seated(record, MOTION, pair(code, opponent))
        assert mandate(record, ours) == "instructed by the chair to argue for a broader NATO role"
        assert mandate(record, theirs) == ""
    _, ours = seated(record, MOTION, pair("LT", code))
    assert mandate(record, ours) == "instructed by the chair to argue against a broader NATO role"
    assert pleaded(record, STAY_OUT, "FR", code) == ("against", "for")
    assert pleaded(record, STAY_OUT, code, "LT") == ("against", "for")


def test_only_a_delegate_whose_state_has_no_position_is_instructed(record: Record) -> None:
    for seat in record.delegations.seated:
        instructed = mandate(record, Seat(side="for", state=seat.code, pleads="for"))
        assert bool(instructed) == (record.position_of(seat).stance == "none"), seat.code
        assert mandate(record, Seat(side="for", state=seat.code)) == "", "nobody is, before the sides are given"
    assert mandate(record, person("LU").model_copy(update={"pleads": "for"})) == ""


def test_who_is_instructed_depends_on_the_day(record: Record) -> None:
    norway = Seat(side="for", state="NO", pleads="for")
    assert mandate(record, norway) == ""
    assert (
        mandate(record.until(Date("2024-05-30")), norway) == "instructed by the chair to argue for a broader NATO role"
    )
    assert "Norway is supportive" in refused(record, MOTION, "US", "NO")
    assert pleaded(record.until(Date("2024-05-30")), MOTION, "US", "NO") == ("for", "against")


@pytest.mark.parametrize(("code", "named"), [("CN", "China"), ("AP4", "The Asia-Pacific Four")])
def test_who_is_only_on_record_has_no_delegate(record: Record, code: str, named: str) -> None:
    for seats in (pair("LT", code), pair(code, "FR"), pair(person(), code)):
        with pytest.raises(NotSeated) as raised:
            seated(record, MOTION, seats)
        assert str(raised.value).startswith(f"{named} has no delegate at this table; ")
        assert raised.value.nearest == (code,)


def test_the_rapporteur_takes_no_side(record: Record) -> None:
    assert "takes no side" in refused(record, MOTION, "RAPPORTEUR", "FR")


@pytest.mark.parametrize("code", ["US", "DE", "FR"])
def test_nobody_debates_against_itself(record: Record, code: str) -> None:
    assert "against itself" in refused(record, MOTION, code, code)


@pytest.mark.parametrize("between", ["DE", "HU", "US", "HR", "NATO"])
def test_a_delegation_in_between_takes_either_side(record: Record, between: str) -> None:
    assert pleaded(record, MOTION, between, "FR") == ("for", "against")
    assert pleaded(record, MOTION, "LT", between) == ("for", "against")
    assert pleaded(record, STAY_OUT, "FR", between) == ("against", "for")
    assert pleaded(record, STAY_OUT, between, "LT") == ("against", "for")


@pytest.mark.parametrize("state", ["", "FR", "LT", "IT", "LU", "CN", "RAPPORTEUR"])
def test_people_sit_anywhere_and_speak_for_anybody(record: Record, state: str) -> None:
    assert pleaded(record, MOTION, person(state), "FR") == ("for", "against")
    assert pleaded(record, MOTION, "LT", person(state)) == ("for", "against")
    assert pleaded(record, MOTION, person(state), person(state)) == ("for", "against")
    assert pleaded(record, STAY_OUT, "FR", person(state)) == ("against", "for")


def test_a_person_on_the_other_side_does_not_turn_a_delegate(record: Record) -> None:
    assert "France is opposed" in refused(record, MOTION, "FR", person())
    assert "Lithuania is supportive" in refused(record, MOTION, person(), "LT")
