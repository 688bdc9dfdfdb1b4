from collections.abc import Iterator, Sequence

import pytest

from bot.debate import Draft, Proposal
from bot.drafters.composer import word_count
from bot.drafters.statement import CLAIMS, FURTHER, Stater
from bot.duel import Point
from bot.ladder import deliver
from knowledge.argument import Argument
from knowledge.position import Pleads
from knowledge.record import Record
from tests.challenges import CODES, WITHOUT_POSITION, behind

DETERRING = "nato-has-role-deterring-china"
BRIEF = ("NO", "HR")  # who hold less than an opening takes
STRETCHED = "deployments-would-stretch-nato-too-thin"


def stater(record: Record, code: str, pleads: Pleads | None = None) -> Stater:
    return Stater(record, record.delegations[code], pleads)


def asked(record: Record, code: str, pleads: Pleads | None = None) -> Iterator[Argument]:
    """All that a delegate would ask about, one after the other."""
    used: set[str] = set()
    while about := stater(record, code, pleads).question((), used):
        used.add(about.id)
        yield about


def points(record: Record, *arguments: str) -> list[Point]:
    return [Point(text=record.arguments[id].claim, argument=id) for id in arguments]


def said(draft: Draft, voice: str) -> list[Proposal]:
    return [claim for claim in draft.claims if claim.voice == voice]


def made(said: Sequence[Proposal | Point]) -> set[str]:
    """The ids of the arguments that were put."""
    return {id for each in said for id in ([each.argument] if isinstance(each, Point) else behind(each))}


@pytest.mark.parametrize("words", [60, 150])
@pytest.mark.parametrize("code", [*CODES, *BRIEF])
def test_an_opening_says_what_is_held_best_first_and_then_argues(record: Record, code: str, words: int) -> None:
    position, draft = record.positions[code], stater(record, code).opening(words, {})
    own, argued = ([claim.text for claim in said(draft, voice)] for voice in ("own", "argued"))
    assert own[0] == position.holds[0].claim
    assert own == [hold.claim for hold in position.holds if hold.claim in own]
    assert [claim.text for claim in draft.claims] == [*own, *argued]
    assert argued == [text for id in position.argues if (text := record.arguments[id].claim) in argued]
    assert len(draft.claims) <= CLAIMS
    assert deliver(draft, record.delegations[code], record, "A motion.", ()).dropped == 0


@pytest.mark.parametrize("code", BRIEF)
def test_who_holds_little_fills_its_opening_with_what_it_argues(record: Record, code: str) -> None:
    draft = stater(record, code).opening(150, {})
    assert [claim.text for claim in said(draft, "own")] == [hold.claim for hold in record.positions[code].holds]
    assert said(draft, "argued")


@pytest.mark.parametrize("words", [60, 150])
@pytest.mark.parametrize("code", [*CODES, *BRIEF])
def test_an_opening_goes_no_further_than_its_words(record: Record, code: str, words: int) -> None:
    draft = stater(record, code).opening(words, {})
    assert word_count(claim.text for claim in draft.claims) <= words


def test_an_opening_on_another_motion_says_and_argues_what_is_nearest_to_it(record: Record) -> None:
    near = record.positions["NO"].argues[-1]
    assert said(stater(record, "NO").opening(150, {near: 0.9}), "argued")[0].text == record.arguments[near].claim
    held = record.positions["LT"].holds[-1]
    assert stater(record, "LT").opening(150, {held.arguments[0]: 0.9}).claims[0].text == held.claim


@pytest.mark.parametrize("pleads", ["for", "against"])
@pytest.mark.parametrize("code", WITHOUT_POSITION)
def test_who_is_instructed_by_the_chair_opens_and_closes_for_its_side_in_general(
    record: Record, code: str, pleads: Pleads
) -> None:
    seat, line = record.delegations[code], record.line(pleads)
    opening = stater(record, code, pleads).opening(150, {})
    assert made(opening.claims) <= {*line.argues}
    assert {claim.voice for claim in opening.claims} == {"general"}
    theirs = points(record, *record.line("for" if pleads == "against" else "against").argues[:3])
    closing = stater(record, code, pleads).closing(points(record, *line.argues[:3]), theirs, "France", 150)
    assert {claim.voice for claim in closing.claims} <= {"unmet", "owed", "general"}
    for draft in (opening, closing):
        assert deliver(draft, seat, record, "A motion.", record.passages).dropped == 0


@pytest.mark.parametrize("code", ["DE", "HU", "US"])
def test_who_stands_in_between_says_nothing_for_the_side_it_does_not_plead(record: Record, code: str) -> None:
    assert {argument.side for argument in asked(record, code)} >= {"for", "against"}
    for pleads, never in (("for", "against"), ("against", "for")):
        sides = {argument.side for argument in asked(record, code, pleads)}  # type: ignore[arg-type]
        assert sides
        assert never not in sides


@pytest.mark.parametrize("code", ["FR", "LT", "JP"])
def test_who_takes_a_side_says_the_same_whatever_it_pleads(record: Record, code: str) -> None:
    assert list(asked(record, code)) == list(asked(record, code, "for")) == list(asked(record, code, "against"))


def test_a_question_goes_to_what_the_other_side_has_put(record: Record) -> None:
    for code in CODES:
        mine = list(asked(record, code))
        for point in {rebutted for argument in mine for rebutted in argument.rebuts}:
            about = stater(record, code).question([point], ())
            assert about
            assert point in about.rebuts, (code, point)
            assert stater(record, code).question([point], [about.id]) != about


def test_where_nothing_rebuts_the_other_side_the_best_that_is_left_is_asked_about(record: Record) -> None:
    first, second, *_ = asked(record, "FR")
    assert stater(record, "FR").question((), ()) == first
    assert stater(record, "FR").question((), [first.id]) == second
    assert stater(record, "FR").question((), record.arguments) is None


def test_who_is_asked_to_go_on_bears_out_what_was_said_and_repeats_nothing(record: Record) -> None:
    used: set[str] = set()
    while claims := stater(record, "FR").further([STRETCHED], used).claims:
        assert len(claims) <= FURTHER
        new = made(claims)
        assert new.isdisjoint(used)
        used.update(new)
    assert used >= {*record.positions["FR"].argues, *record.positions["FR"].held}


@pytest.mark.parametrize("words", [60, 120])
@pytest.mark.parametrize("code", CODES)
def test_a_closing_names_what_either_side_has_left_unanswered(record: Record, code: str, words: int) -> None:
    mine = points(record, *record.positions[code].argues)
    theirs = points(record, *record.positions["LT" if code != "LT" else "FR"].argues)
    draft = stater(record, code).closing(mine, theirs, "the United Kingdom", words)
    assert {claim.voice for claim in draft.claims} >= {"unmet", "owed"}
    assert made(said(draft, "unmet")) <= made(mine)
    assert made(said(draft, "owed")) <= made(theirs)
    assert word_count([*(claim.text for claim in draft.claims), *draft.notices]) <= words
    assert draft.stance == record.positions[code].stance


def test_a_closing_names_the_strongest_first_and_counts_what_it_has_no_room_for(record: Record) -> None:
    mine, theirs = (points(record, *record.positions[code].argues) for code in ("LT", "FR"))
    draft = stater(record, "LT").closing(mine, theirs, "France", 60)
    assert made(said(draft, "unmet")[:1]) >= {mine[0].argument}
    assert made(said(draft, "owed")[:1]) >= {theirs[0].argument}
    left = len(mine) + len(theirs) - len(said(draft, "unmet")) - len(said(draft, "owed"))
    assert f"{left} more are open." in draft.notices
    one = stater(record, "LT").closing(mine[:1], [], "France", 60)
    assert not any("more" in notice for notice in one.notices)


def test_a_closing_says_nothing_twice(record: Record) -> None:
    for code in CODES:
        position = record.positions[code]
        mine = points(record, *(id for hold in position.holds for id in hold.arguments), *position.argues)
        quotes = [claim.quotes for claim in stater(record, code).closing(mine, [], "", 150).claims]
        assert len(set(quotes)) == len(quotes), code


def test_what_was_answered_on_one_side_is_said(record: Record) -> None:
    mine = points(record, STRETCHED)
    assert stater(record, "FR").closing(mine, [], "Lithuania", 60).notices == (
        "Lithuania’s points have all been answered.",
    )
    theirs = points(record, DETERRING)
    assert stater(record, "FR").closing([], theirs, "Lithuania", 60).notices == (
        "France’s points have all been answered.",
    )


def test_who_has_put_nothing_or_something_that_cannot_be_cited_is_not_said_to_be_answered(record: Record) -> None:
    mine = points(record, STRETCHED)
    silent = stater(record, "FR").closing(mine, [], "", 60, silent={""})
    assert silent.notices == ("The other side has put no point that is on record.",)
    uncited = stater(record, "FR").closing(mine, [], "Lithuania", 60, uncited={"Lithuania"})
    assert uncited.notices == ("Lithuania’s points have not all been answered.",)


def test_where_all_was_answered_a_closing_comes_back_to_what_is_held(record: Record) -> None:
    for code in ("FR", "LT", "DE", "HU"):
        draft = stater(record, code).closing([], [], "", 60)
        (claim,) = draft.claims
        assert (claim.voice, claim.text) == ("own", record.positions[code].holds[0].claim)
        assert draft.notices[1] == "The other side’s points have all been answered."


def test_every_point_of_ones_own_may_be_named_as_unanswered(record: Record) -> None:
    """Also what contradicted somebody and is only conceded otherwise, as long as it is not for the other side."""
    for code in CODES:
        position = record.positions[code]
        opposed = {"for": "against", "against": "for"}.get(position.stance)
        conceded = [id for id in position.concedes if record.arguments[id].side != opposed]
        assert conceded
        for id in (*(id for hold in position.holds for id in hold.arguments), *position.argues, *conceded):
            draft = stater(record, code).closing(points(record, id), [], "", 60)
            assert deliver(draft, record.delegations[code], record, "A motion.", ()).dropped == 0, (code, id)
