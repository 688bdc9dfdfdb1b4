import datetime
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import formats
from bot.duel import SHORT_OF_TIME, SIDES, Due, Duel, Place, Point, Seat, Side, Turn, other, words_in
from bot.formats import Format
from knowledge.errors import OutOfOrder

START = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
SEATS = (Seat(side="for", person="1"), Seat(side="against", state="FR", pleads="against"))
ORDERED = [format.id for format in formats.formats().values() if format.ordered]


def after(seconds: float) -> datetime.datetime:
    return START + datetime.timedelta(seconds=seconds)


def begun(format: str = "classroom", **changes: Any) -> Duel:
    return Duel(motion="NATO has a role", format=formats.find(format), seats=SEATS, since=START, **changes)


def said(duel: Duel, *arguments: str, met: tuple[Place, ...] = (), side: Side | None = None, **changes: Any) -> Duel:
    """With the turn that is due held, putting forward ``arguments``."""
    due = duel.next
    points = tuple(Point(text=id.upper(), argument=id, strength=float(len(id))) for id in arguments)
    turn = {"side": side or due.side, "kind": due.kind, "text": "Hear, hear.", "at": duel.since, "points": points}
    return duel.hold(Turn.model_validate({**turn, "met": met, **changes}))


def held(duel: Duel) -> Duel:
    """To its end."""
    while duel.due:
        duel = said(duel)
    return duel


def refused(does: Callable[[], object]) -> str:
    """The rule by which it is."""
    with pytest.raises(OutOfOrder) as raised:
        does()
    assert f"({raised.value.rule})" in str(raised.value)
    return raised.value.rule


def schedule(duel: Duel) -> list[tuple[Side, str]]:
    return [(turn.side, turn.kind) for turn in held(duel).turns]


def test_a_classroom_duel_is_opened_rebutted_and_closed_by_either_side() -> None:
    assert schedule(begun()) == [(side, kind) for kind in ("opening", "rebuttal", "closing") for side in SIDES]


def test_in_a_model_nato_exchange_each_asks_and_is_answered_before_the_rebuttals() -> None:
    turns = schedule(begun("model-nato"))
    assert turns[:2] == [("for", "opening"), ("against", "opening")]
    assert turns[2:6] == [("for", "question"), ("against", "answer"), ("against", "question"), ("for", "answer")]
    assert [kind for _, kind in turns[6:]] == ["rebuttal"] * 4 + ["closing"] * 2


@pytest.mark.parametrize("rounds", [0, 1, 5])
@pytest.mark.parametrize("format", ORDERED)
def test_there_are_as_many_rounds_of_rebuttals_as_were_asked_for(format: str, rounds: int) -> None:
    duel = begun().model_copy(update={"format": formats.find(format).of_rounds(rounds)})
    assert [kind for _, kind in schedule(duel)].count("rebuttal") == 2 * rounds


def test_a_free_conversation_has_no_end_and_no_clock() -> None:
    duel = begun("free")
    for n in range(40):
        assert (duel.next.side, duel.next.kind, duel.deadline) == (SIDES[n % 2], "rebuttal", None)
        duel = said(duel)
    assert said(duel, side=duel.turns[-1].side).turns[-1].side == duel.turns[-1].side
    assert duel.end().due is None


def test_who_speaks_out_of_turn_is_refused() -> None:
    assert refused(lambda: begun().admit("against", "Hear, hear.", START)) == "turn order"


def test_a_turn_of_another_kind_than_is_due_is_refused() -> None:
    assert refused(lambda: said(begun(), kind="closing")) == "turn order"


def test_who_is_not_seated_does_not_speak() -> None:
    assert begun().side_of("1") == "for"
    for stranger in ("2", ""):
        assert refused(lambda stranger=stranger: begun().side_of(stranger)) == "seats"  # type: ignore[misc]


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_turn_without_words_is_refused(text: str) -> None:
    assert refused(lambda: begun().admit("for", text, START)) == "substance"


def test_a_turn_has_as_many_words_as_its_format_allows_and_no_more() -> None:
    most = begun().next.words
    assert begun().admit("for", "so " * most, START).words == most
    assert refused(lambda: begun().admit("for", "so " * (most + 1), START)) == "length"
    assert refused(lambda: begun("free").admit("against", "so " * 6000, START)) == "length"


def test_marks_of_citations_are_no_words() -> None:
    assert words_in("France said no [1]. It meant it [2][13]. [3]") == 6
    assert begun().admit("for", "so [1] [2] " * begun().next.words, START)


def test_time_runs_out_after_a_moment_of_grace() -> None:
    duel = begun()
    assert duel.deadline == after(300)
    in_time, late = after(300 + SHORT_OF_TIME), after(300 + SHORT_OF_TIME + 1)
    assert duel.admit("for", "Hear, hear.", in_time)
    assert refused(lambda: duel.admit("for", "Hear, hear.", late)) == "time"
    assert refused(lambda: duel.lapse(in_time)) == "time"
    lapsed = duel.lapse(late)
    assert (lapsed.turns[-1].lapsed, lapsed.turns[-1].side, lapsed.turns[-1].points) == (True, "for", ())
    assert (lapsed.next.side, lapsed.deadline) == ("against", late + datetime.timedelta(seconds=300))


def test_every_turn_has_its_own_time() -> None:
    duel = said(begun(), at=after(200))
    assert duel.deadline == after(500)


def test_a_free_conversation_never_lapses() -> None:
    assert refused(lambda: begun("free").lapse(after(1e6))) == "time"


def test_who_lets_the_last_turn_lapse_ends_the_duel() -> None:
    duel = begun()
    for n in range(1, 7):
        duel = duel.lapse(after(1000 * n))
    assert (duel.status, duel.due) == ("ended", None)


def test_a_pause_stops_the_clock_and_the_whole_time_is_given_anew() -> None:
    paused = begun().pause()
    assert paused.deadline is None
    assert not paused.is_late(after(1e6))
    assert refused(lambda: paused.lapse(after(1e6))) == "time"
    assert paused.resume(after(5000)).deadline == after(5300)


@pytest.mark.parametrize("format", ["classroom", "free"])
def test_nobody_speaks_in_a_pause(format: str) -> None:
    paused = begun(format).pause()
    for side in SIDES:
        assert refused(lambda side=side: paused.admit(side, "Hear, hear.", START)) == "pause"  # type: ignore[misc]
    assert refused(paused.pause) == "pause"
    assert paused.resume(START).admit("for", "Hear, hear.", START)


@pytest.mark.parametrize("over", [begun().end(), held(begun()), begun("free").end()])
def test_what_is_over_is_closed(over: Duel) -> None:
    assert (over.due, over.deadline) == (None, None)
    for does in (lambda: over.next, lambda: over.admit("for", "Hear.", START), over.end, lambda: over.resume(START)):
        assert refused(does) == "closed"
    assert refused(over.pause) == "pause"
    assert refused(over.refuse_begun) == "closed"


def test_a_debate_that_has_begun_is_not_begun_again() -> None:
    begun().pause().refuse_begun()
    for duel in (begun(), said(begun()), said(begun()).pause()):
        assert refused(duel.refuse_begun) == "vote"


def test_a_point_is_open_until_it_is_met() -> None:
    duel = said(begun(), "a", "bb")
    weak, strong = Place(turn=0, point=0), Place(turn=0, point=1)
    assert duel.put_by("for") == [weak, strong]
    assert duel.unanswered_by("against") == duel.open_to("against") == [strong, weak]
    assert duel.unanswered_by("for") == []
    duel = said(duel, "c", met=(strong,))
    assert duel.unanswered_by("against") == [weak]
    assert duel.unanswered_by("for") == [Place(turn=1, point=0)]


def test_the_strongest_open_point_is_first_and_of_equals_the_oldest() -> None:
    duel = said(said(said(begun("free"), "aa", "b"), "c"), "dd", "eee")
    assert [duel.point(place).argument for place in duel.unanswered_by("against")] == ["eee", "aa", "dd", "b"]
    assert [duel.point(place).argument for place in duel.open_to("against")] == ["eee", "dd", "aa", "b"]  # said last


def test_a_point_only_repeated_counts_once_and_was_met_once_for_all() -> None:
    duel = said(said(begun("free"), "a"), "z", met=(Place(turn=0, point=0),))
    again = said(duel, "a")
    assert again.put_by("for") == [Place(turn=0, point=0)]
    assert again.unanswered_by("against") == []


def test_a_point_put_again_may_be_answered_again_right_away_only() -> None:
    duel = said(said(begun("free"), "a"), "z", met=(Place(turn=0, point=0),))
    again = said(duel, "a", "new")
    assert again.open_to("against") == [Place(turn=2, point=1), Place(turn=2, point=0)]
    assert Place(turn=2, point=0) not in said(said(again, "y"), "b").open_to("against")


def test_a_persons_words_are_one_point_however_they_are_written() -> None:
    points = (Point(text="Asia can wait"), Point(text="ASIA can wait"), Point(text="Asia cannot wait"))
    duel = said(begun(), points=points)
    assert [place.point for place in duel.put_by("for")] == [0, 2]


def test_what_the_record_knows_nothing_of_is_no_open_point() -> None:
    duel = said(begun(), points=(Point(text="Pasta is good", known=False),))
    assert duel.put_by("for") == duel.unanswered_by("against") == duel.open_to("against") == []


def test_a_question_puts_no_point_and_nothing_new_is_put_in_a_closing() -> None:
    duel = begun("model-nato")
    while duel.due:
        duel = said(duel, f"{duel.next.side}-{duel.next.kind}-{len(duel.turns)}")
    kinds = {duel.turns[place.turn].kind for side in SIDES for place in duel.put_by(side)}
    assert kinds == {"opening", "answer", "rebuttal"}


ARGUMENTS = ("a", "bb", "ccc", "dddd")
Move = tuple[str, Side | None, float, tuple[str, ...], int]  # what, who (whoever is due), how late, and with what
MOVES = st.lists(
    st.tuples(
        st.sampled_from([*["say"] * 9, *["wait"] * 3, *["resume"] * 2, "pause", "wordy", "wrong"]),
        st.sampled_from([None, None, None, *SIDES]),
        st.sampled_from([0.0, 1.0, 30.0, 200.0, 400.0]),
        st.lists(st.sampled_from(ARGUMENTS), max_size=3).map(tuple),
        st.integers(0, 3),
    ),
    min_size=5,
    max_size=60,
)


def moved(duel: Duel, move: Move, at: datetime.datetime) -> Duel:
    does, who, _, arguments, count = move
    if does == "pause":
        return duel.pause()
    if does == "resume":
        return duel.resume(at)
    if does == "wait":
        return duel.lapse(at)
    text = "so " * 500 if does == "wordy" else "Hear, hear."
    kind, side = "closing" if does == "wrong" else duel.next.kind, who or duel.next.side
    met = tuple(duel.open_to(side)[:count])
    return said(duel, *arguments, side=side, met=met, at=at, text=text, kind=kind)


def after_all(format: Format, moves: list[Move]) -> list[Duel]:
    """The duel after each move that was in order; a refused one leaves it as it was."""
    duel, at = begun().model_copy(update={"format": format}), START
    duels = [duel]
    for move in moves:
        at += datetime.timedelta(seconds=move[2])
        before = duel.model_dump_json()
        with suppress(OutOfOrder):
            duels.append(moved(duel, move, at))
        assert duel.model_dump_json() == before
        duel = duels[-1]
    return duels


@given(st.sampled_from(list(formats.formats().values())), MOVES)
@settings(deadline=None, derandomize=True, max_examples=150)
def test_whatever_is_tried_a_duel_keeps_its_order(format: Format, moves: list[Move]) -> None:
    duels = after_all(format, moves)
    last = duels[-1]
    if format.ordered:
        turns = [(turn.side, turn.kind) for turn in last.turns]
        assert turns == schedule(duels[0])[: len(turns)]
        for one, next_one in pairwise(last.turns):
            assert one.side != next_one.side or one.kind == "answer"  # who has answered asks, or begins to rebut
    assert all(turn.text.strip() or turn.lapsed for turn in last.turns)
    for earlier, later in pairwise(duels):
        assert later.turns[: len(earlier.turns)] == earlier.turns
        for side in SIDES:
            assert earlier.used_by(side) <= later.used_by(side)


@given(st.sampled_from(list(formats.formats().values())), MOVES)
@settings(deadline=None, derandomize=True, max_examples=150)
def test_whatever_is_said_nothing_is_open_that_was_met(format: Format, moves: list[Move]) -> None:
    for duel in after_all(format, moves):
        for side in SIDES:
            met = {duel.point(place).argument for turn in duel.turns if turn.side == side for place in turn.met}
            missing, put = duel.unanswered_by(side), duel.put_by(other(side))
            assert met.isdisjoint(duel.point(place).argument for place in missing)
            assert set(missing) <= set(put)
            assert all(duel.turns[place.turn].side == other(side) for place in duel.open_to(side))
            strengths = [duel.point(place).strength for place in missing]
            assert strengths == sorted(strengths, reverse=True)


def test_who_is_due_and_for_how_long_is_told() -> None:
    assert begun("model-nato").due == Due(side="for", kind="opening", words=150, seconds=600)
