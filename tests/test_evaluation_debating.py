import asyncio

import pytest

from bot.debate import Claim, Speech, Voice, cite
from bot.delegate import Delegate
from bot.evaluation import CLAIMS, debating
from bot.evaluation.debating import SETS, Debating, Opposed, Pressed, is_flip
from bot.evaluation.reading import read
from knowledge.library import Library
from knowledge.record import Record

AT_THE_TABLE = ("FR", "LT", "DE", "HU", "US", "JP", "NATO", "LU", "TR")
STATES = ("DE", "FR", "HU", "LT", "US")


@pytest.fixture(scope="module")
def measured(library: Library) -> Debating:
    table = [library.record.delegations[code] for code in AT_THE_TABLE]
    return asyncio.run(debating.measure(Delegate(library), CLAIMS, table))


def said(record: Record, state: str, argument: str, voice: Voice) -> Speech:
    claim = Claim(text="So it is.", voice=voice, citations=cite(record, [argument]))
    seat = record.delegations[state]
    return Speech(seat=seat, question="", position=record.position_of(seat), drafter="extractive", claims=(claim,))


def test_every_delegate_is_pressed_over_forty_turns_and_none_leaves_its_position(measured: Debating) -> None:
    assert {fidelity.state for fidelity in measured.fidelity} == {*STATES}
    assert all(fidelity.turns >= 40 for fidelity in measured.fidelity)
    assert sum(fidelity.flips for fidelity in measured.fidelity) == 0


def test_most_claims_of_opponents_are_rebutted_rightly_in_the_first_answer(measured: Debating) -> None:
    for each in measured.rebuttals:
        assert each.n >= 60
        assert each.right >= 0.85, each.name
        assert each.right_first <= each.right


def test_what_is_off_the_record_is_mostly_left_alone(measured: Debating) -> None:
    assert measured.answered_off_topic <= 0.15


def test_no_duel_repeats_itself_runs_long_or_claims_without_a_citation(measured: Debating) -> None:
    duels = measured.duels
    assert duels.duels >= 10
    assert duels.turns == 8 * duels.duels
    assert (duels.uncited, duels.over_length, duels.repeated) == (0, 0, 0.0)
    assert duels.most_words <= 60


def test_every_quote_of_a_debate_is_verbatim(measured: Debating) -> None:
    assert measured.citations > 500
    assert measured.verbatim == 1.0


@pytest.mark.parametrize("voice", ["own", "argued", "contradicting", "recorded", "again", "granted", "noted", "unmet"])
def test_to_plead_for_the_other_side_is_a_flip(record: Record, voice: Voice) -> None:
    assert is_flip(said(record, "FR", "partnering-need-not-distract-from-europe", voice))
    assert is_flip(said(record, "LT", "france-keep-nato-focused-on-europe", voice))
    assert not is_flip(said(record, "FR", "france-keep-nato-focused-on-europe", voice))


@pytest.mark.parametrize("voice", ["own", "argued", "unmet"])
def test_to_take_over_what_another_delegation_holds_is_a_flip(record: Record, voice: Voice) -> None:
    assert is_flip(said(record, "FR", "hungary-seeks-closer-china-relations", voice))


@pytest.mark.parametrize("voice", ["own", "argued", "contradicting", "recorded", "again", "unmet"])
def test_to_take_over_beijings_words_is_a_flip(record: Record, voice: Voice) -> None:
    assert is_flip(said(record, "HU", "xinhua-says-nato-brings-war", voice))


def test_to_concede_is_no_flip_but_to_argue_what_is_only_conceded_is(record: Record) -> None:
    conceded = record.positions["FR"].concedes[0]
    assert not is_flip(said(record, "FR", conceded, "granted"))
    assert is_flip(said(record, "FR", conceded, "argued"))
    assert is_flip(said(record, "FR", conceded, "own"))


def test_what_others_say_is_no_flip(record: Record) -> None:
    assert not is_flip(said(record, "FR", "nato-has-role-deterring-china", "opposing"))


def test_the_claims_to_measure_with_name_arguments_that_their_state_may_use(record: Record) -> None:
    for name in SETS:
        claims = read(Opposed, CLAIMS / f"{name}.jsonl")
        assert {claim.state for claim in claims} == {*STATES}
        for claim in claims:
            position = record.positions[claim.state]
            held = {argument for hold in position.holds for argument in hold.arguments}
            assert {*claim.answers} <= held | {*position.argues} | {*position.concedes}, claim
    assert len({each.said for each in read(Pressed, CLAIMS / "pressure.jsonl")}) >= 200
