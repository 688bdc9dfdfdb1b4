import random

import pytest

from bot.debate import Claim, Speech
from bot.drafters.rebuttal import ANSWERED_BEFORE, CLAIMS, NO_ANSWER, POINTS, WORDS, Rebuttal, Rebutter
from bot.ladder import deliver
from knowledge.position import Pleads
from knowledge.record import Record
from tests.challenges import (
    CODES,
    WITHOUT_POSITION,
    allowed,
    behind,
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
BEIJING = "chinese-officials-tie-nato-presence-to-conflict"


def rebutter(record: Record, code: str, *used: str, pleads: Pleads | None = None) -> Rebutter:
    return Rebutter(record, record.delegations[code], used=used, pleads=pleads)


def delivered(record: Record, code: str, rebuttal: Rebuttal) -> Speech:
    return deliver(rebuttal.draft, record.delegations[code], record, "A claim.", record.passages)


def overtaking(record: Record, argument: str) -> set[str]:
    """The facts (as arguments) of what overtook it."""
    return {fact.lower() for change in record.overtaking(argument) for fact in change.facts}


def test_every_rebuttal_is_delivered_whole(record: Record) -> None:
    for code, id in some_points(record):
        rebuttal = rebutter(record, code).rebut([put(record, id)])
        assert delivered(record, code, rebuttal).dropped == 0, (code, id)
        assert rebuttal.draft.stance == record.positions[code].stance


def test_no_delegate_says_more_in_reply_than_its_position_allows(record: Record) -> None:
    for code, id in some_points(record):
        for claim in rebutter(record, code).rebut([put(record, id)]).draft.claims:
            made = behind(claim)
            newer = {fact for each in allowed(record, code) for fact in overtaking(record, each)}
            permitted = {"own": own(record, code), "argued": may_say(record, code), "newer": newer}
            assert made <= permitted.get(claim.voice, allowed(record, code)), (code, id, claim)
            assert not any("CN" in record.arguments[each].held_by for each in made)


def test_where_nothing_answers_that_is_said_and_the_own_case_follows(record: Record) -> None:
    turned = 0
    for code, id in every_point(record):
        reply = rebutter(record, code).reply(put(record, id))
        if not reply.conceded and not reply.answers:
            turned += 1
            rebuttal = rebutter(record, code).rebut([put(record, id)])
            assert (rebuttal.draft.opening, rebuttal.answered) == (NO_ANSWER, ())
            assert {claim.voice for claim in rebuttal.draft.claims} <= {"own", "argued"}
            assert not any(claim.to for claim in rebuttal.draft.claims)
            assert rebuttal.draft.claims
    assert turned > len(CODES)


def test_a_concession_comes_first_and_is_followed_by_a_turn(record: Record) -> None:
    conceded = 0
    for code in CODES:
        for id in record.positions[code].concedes:
            claims = rebutter(record, code).rebut([put(record, id)]).draft.claims
            if claims and claims[0].voice == "granted":
                conceded += 1
                assert behind(claims[0]) >= {id}
                assert {claim.voice for claim in claims[1:]} <= {"own", "argued", "contradicting", "newer", "earlier"}
                assert len(claims) > 1, (code, id)
    assert conceded > len(CODES)


def test_what_a_person_said_is_conceded_in_the_records_words(record: Record) -> None:
    point = heard(record, "A war over Taiwan would cost trillions.", says={COSTS: 0.95})
    first = rebutter(record, "FR").rebut([point]).draft.claims[0]
    assert (first.voice, first.text, first.to) == ("granted", record.arguments[COSTS].claim, point.words)


def test_where_all_was_said_before_that_is_said_and_the_point_counts_as_answered(record: Record) -> None:
    everything = allowed(record, "FR")
    rebuttal = rebutter(record, "FR", *everything).rebut([put(record, DETERRING)])
    assert (rebuttal.draft.opening, rebuttal.draft.claims, rebuttal.answered) == (ANSWERED_BEFORE, (), (0,))


def test_people_who_ask_again_in_other_words_are_told_again(record: Record) -> None:
    point = heard(record, "Tokyo needs an office.", counters={OFFICE: 0.9})
    (claim,) = rebutter(record, "FR", OFFICE).rebut([point]).draft.claims
    assert (claim.voice, OFFICE in behind(claim)) == ("again", True)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_heard_a_rebuttal_stands_and_says_nothing_twice(record: Record, seed: int) -> None:
    chance = random.Random(seed)
    ids = list(record.arguments)
    code = chance.choice(CODES)
    points = [
        heard(
            record,
            f"Point {word} is made here.",
            {id: chance.random() for id in ids},
            {id: chance.random() for id in ids},
        )
        for word in ("one", "two", "three", "four", "five")
    ]
    used = chance.sample(ids, chance.randrange(len(ids)))
    rebuttal = rebutter(record, code, *used).rebut(points)
    speech = delivered(record, code, rebuttal) if rebuttal.draft.claims else None
    claims: tuple[Claim, ...] = speech.claims if speech else ()
    assert len(rebuttal.answered) <= POINTS or not any(claim.to for claim in claims)
    assert sum(claim.voice != "newer" for claim in claims) <= CLAIMS + 1
    assert speech is None or speech.dropped == 0
    cited = [(each.passage.id, each.quote) for claim in claims for each in claim.citations]
    assert len(set(cited)) == len(cited)
    told = [claim for claim in claims if claim.voice not in ("again", "newer")]
    fresh = {each.argument for claim in told for each in claim.citations}
    assert fresh.isdisjoint(used)
    assert {claim.to for claim in claims} - {""} == {points[n].words for n in rebuttal.answered if claims[0].to}


def test_several_points_are_answered_each_in_its_turn(record: Record) -> None:
    points = [
        heard(record, "Tokyo needs an office.", counters={OFFICE: 0.9}),
        heard(record, "Nothing is known here."),
        heard(record, "There are ships to spare.", counters={STRETCHED: 0.9}),
    ]
    rebuttal = rebutter(record, "FR").rebut(points)
    assert rebuttal.answered == (0, 2)
    newer, *told = rebuttal.draft.claims
    assert [claim.to for claim in told] == ["Tokyo needs an office", "There are ships to spare"]
    assert [behind(claim) & {OFFICE, STRETCHED} for claim in told] == [{OFFICE}, {STRETCHED}]
    assert (newer.voice, newer.to) == ("newer", "Tokyo needs an office")


def test_what_later_events_overtook_answers_after_them_where_there_is_room(record: Record) -> None:
    (change,) = record.positions["FR"].changed
    point = heard(record, "Tokyo needs an office.", counters={OFFICE: 0.9})
    newer, earlier = rebutter(record, "FR").rebut([point]).draft.claims
    assert [(newer.voice, newer.text), earlier.voice] == [("newer", change.text), "earlier"]
    assert OFFICE in behind(earlier)
    short = Rebutter(record, record.delegations["FR"], words=WORDS - 1).rebut([point]).draft.claims
    assert [claim.voice for claim in short] == ["own"]


def test_two_points_with_the_same_answer_are_not_answered_twice(record: Record) -> None:
    points = [heard(record, f"{where} needs NATO.", counters={STRETCHED: 0.9}) for where in ("Asia", "Tokyo")]
    claims = rebutter(record, "FR").rebut(points).draft.claims
    assert [claim.to for claim in claims if STRETCHED in behind(claim)] == ["Asia needs NATO"]


def test_who_is_pressed_says_first_that_nothing_has_changed(record: Record) -> None:
    for code in CODES:
        rebuttal = rebutter(record, code).rebut([], pressed=True)
        assert rebuttal.draft.opening.endswith("position is unchanged.")
        assert {claim.voice for claim in rebuttal.draft.claims} <= {"own", "argued"}
        assert rebuttal.draft.stance == record.positions[code].stance
    for code in WITHOUT_POSITION:
        assert rebutter(record, code).rebut([], pressed=True).draft.opening == NO_ANSWER


@pytest.mark.parametrize("code", ["DE", "HU", "US", "HR"])
@pytest.mark.parametrize(("pleads", "never"), [("for", "against"), ("against", "for")])
def test_who_stands_in_between_turns_to_the_side_it_pleads(
    record: Record, code: str, pleads: Pleads, never: str
) -> None:
    claims = rebutter(record, code, pleads=pleads).rebut([put(record, BEIJING)]).draft.claims
    assert claims
    turned = [claim for claim in claims if claim.voice in ("own", "argued")]
    assert never not in {record.arguments[id].side for claim in turned for id in behind(claim)}


def test_a_seat_without_a_position_says_so(record: Record) -> None:
    point = heard(record, "Tokyo needs an office.", counters={STRETCHED: 0.9})
    for code in WITHOUT_POSITION:
        draft = rebutter(record, code).rebut([point]).draft
        adjective = record.delegations[code].adjective
        assert (draft.opening, draft.stance) == (f"The record holds no {adjective} position.", "none")
        assert {claim.voice for claim in draft.claims} == {"general"}
        empty = rebutter(record, code).rebut([heard(record, "Nothing is known here.")]).draft
        assert (empty.opening, empty.claims) == (NO_ANSWER, ())


@pytest.mark.parametrize("pleads", ["for", "against"])
def test_who_is_instructed_by_the_chair_argues_for_its_side_and_never_as_its_state(
    record: Record, pleads: Pleads
) -> None:
    line = record.line(pleads)
    for code in WITHOUT_POSITION:
        for _, id in some_points(record)[:60]:
            rebuttal = rebutter(record, code, pleads=pleads).rebut([put(record, id)])
            assert {claim.voice for claim in rebuttal.draft.claims} <= {"general", "newer", "earlier"}
            assert not rebuttal.draft.opening.endswith("position.")
            speech = delivered(record, code, rebuttal)
            assert speech.dropped == 0, (code, id)
            told = {each.argument for claim in speech.claims if claim.voice == "general" for each in claim.citations}
            assert told <= {*line.argues, *line.concedes}, (code, id)
