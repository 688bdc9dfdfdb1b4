import datetime
import random
from typing import Any

import pytest
from discord import Embed

from bot import boards, cards, formats
from bot.debate import Claim, cite
from bot.duel import SIDES, Duel, Place, Point, Seat, Turn
from bot.votes import ANSWERS, key
from knowledge.date import Date
from knowledge.record import Record

START = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
PERSON = Seat(side="for", person="42", pleads="for")
LITHUANIAN = Seat(side="for", state="LT", person="42", pleads="for")
FRANCE = Seat(side="against", state="FR", pleads="against")
LITHUANIA = Seat(side="for", state="LT", pleads="for")
WILD = "*Switch* _sides_ @everyone <@7> [x](https://evil.example/x) # now `please`\u202e"


def begun(*seats: Seat, format: str = "classroom", motion: str = "NATO has a role", **changes: Any) -> Duel:
    pair = seats or (PERSON, FRANCE)
    found = formats.find(format)
    return Duel.model_validate(
        {"motion": motion, "format": found, "seats": pair, "since": START, **changes}, strict=False
    )


def said(duel: Duel, text: str = "Hear, hear.", *points: str, **changes: Any) -> Duel:
    due = duel.next
    put = tuple(Point(text=point, argument=point[:40]) for point in points)
    turn = Turn(side=due.side, kind=due.kind, text=text, at=START, points=put)
    return duel.hold(turn.model_copy(update=changes))


def shown(card: Embed) -> str:
    """All the text of a card."""
    fields = [f"{field.name}\n{field.value}" for field in card.fields]
    parts = [card.title, card.author.name, card.description, *fields, card.footer.text]
    return "\n".join(part for part in parts if part)


def lapsed(duel: Duel) -> Duel:
    return duel.lapse(START + datetime.timedelta(days=1))


def test_a_thread_is_named_by_who_debates_what(record: Record) -> None:
    assert boards.name(begun(LITHUANIA, FRANCE), record) == "🇱🇹 – 🇫🇷 NATO has a role"
    assert boards.name(begun(), record) == "🇫🇷 NATO has a role"
    assert len(boards.name(begun(motion="so " * 600), record)) <= 100
    assert "://" not in boards.name(begun(motion=WILD), record)


def test_the_opening_board_says_what_is_debated_by_whom_and_how(record: Record) -> None:
    card = boards.opening(begun(), record)
    assert card.title == "NATO has a role"
    text = shown(card)
    assert "**For**: <@42>" in text
    assert "**Against**: 🇫🇷 France, its delegate" in text
    assert formats.find("classroom").tells in text
    assert boards.HOW in text
    assert boards.HOW not in shown(boards.opening(begun(LITHUANIA, FRANCE), record))


def test_where_a_motion_turned_the_sides_the_board_says_so(record: Record) -> None:
    turned = (FRANCE.model_copy(update={"side": "for"}), LITHUANIAN.model_copy(update={"side": "against"}))
    assert "France, for this motion, speaks against a broader NATO role" in shown(
        boards.opening(begun(*turned), record)
    )
    assert "speaks" not in shown(boards.opening(begun(LITHUANIA, FRANCE), record)).lower()


def test_no_position_is_claimed_of_a_state_that_has_none_where_a_motion_turned_the_sides(record: Record) -> None:
    luxembourg = Seat(side="for", state="LU", pleads="against")
    against = LITHUANIA.model_copy(update={"side": "against"})
    text = shown(boards.opening(begun(luxembourg, against, motion="NATO should stay out."), record))
    assert "Lithuania, against this motion, speaks for a broader NATO role" in text
    assert "Luxembourg, for this motion, speaks" not in text, "its side follows from no position"


def test_the_board_and_the_status_say_up_to_which_day_the_record_is_used(record: Record) -> None:
    duel = begun(as_of=Date("2024-05-30"))
    for card in (boards.opening(duel, record), boards.status(duel, record)):
        assert "*As of 30 May 2024: nothing newer is used.*" in shown(card)
    for card in (boards.opening(begun(), record), boards.status(begun(), record)):
        assert "nothing newer" not in shown(card)


def test_a_seat_without_a_position_is_marked_as_instructed_by_the_chair(record: Record) -> None:
    luxembourg = Seat(side="for", state="LU", pleads="for")
    duel = begun(luxembourg, FRANCE)
    for card in (boards.opening(duel, record), boards.status(duel, record)):
        assert (
            "**For**: 🇱🇺 Luxembourg, its delegate, instructed by the chair to argue for a broader NATO role\n"
            in shown(card)
        )
        assert "**Against**: 🇫🇷 France, its delegate\n" in shown(card)
    person = luxembourg.model_copy(update={"person": "42"})
    assert "instructed" not in shown(boards.opening(begun(person, FRANCE), record))


def test_who_is_instructed_is_told_as_of_the_day_of_the_debate(record: Record) -> None:
    norway = Seat(side="for", state="NO", pleads="for")
    assert "instructed" not in shown(boards.opening(begun(norway, FRANCE), record))
    before = begun(norway, FRANCE, as_of=Date("2024-05-30"))
    assert "🇳🇴 Norway, its delegate, instructed by the chair to argue for a broader NATO role" in shown(
        boards.opening(before, record)
    )


def test_a_turn_has_the_colour_of_the_stance_as_of_the_day_of_the_debate(record: Record) -> None:
    america = Seat(side="for", state="US", pleads="for")
    assert boards.turn(said(begun(america, FRANCE)), 0, record).colour == cards.COLOURS["mixed"]
    before = said(begun(america, FRANCE, as_of=Date("2024-05-30")))
    assert boards.turn(before, 0, record).colour == cards.COLOURS["for"]


def test_a_turn_shows_who_says_what_on_which_grounds_to_whom(record: Record) -> None:
    cited = cite(record, ["france-opposes-tokyo-liaison-office"])
    claim = Claim(text="France said no.", voice="own", citations=cited)
    duel = said(
        said(begun(), "Tokyo needs an office."), "France said  no [1].\n\n \nSo it is.", claims=(claim,), answers=0
    )
    card = boards.turn(duel, 1, record)
    assert card.author.name == "🇫🇷 France · opening statement"
    assert card.colour == cards.COLOURS["against"]
    assert card.description == "France said no \\[1\\].\nSo it is."
    assert (card.footer.text or "").startswith("Turn 2, to turn 1 · ")
    (field,) = card.fields
    assert f"](<{cited[0].source.url}>)" in (field.value or "")
    assert f"Since then: {cited[0].since[0].text}" in (field.value or "")


def test_a_fact_is_cited_in_a_turn_as_our_summary_and_not_repeated(record: Record) -> None:
    (cited,) = cite(record, ["fr-09"])
    claim = Claim(text=cited.passage.text, voice="own", citations=(cited,))
    card = boards.turn(said(said(begun()), "So [1].", claims=(claim,), answers=0), 1, record)
    (field,) = card.fields
    assert (field.value or "").startswith("— [")
    assert "our summary)" in (field.value or "")
    assert cited.source.terms in (card.footer.text or "")


def test_a_persons_turn_names_the_person_and_has_no_state_that_was_not_given(record: Record) -> None:
    card = boards.turn(said(begun(), "Tokyo needs an office."), 0, record)
    assert card.author.name == "For the motion · opening statement"
    assert card.description == "<@42>:\nTokyo needs an office."
    assert card.colour == cards.COLOURS["none"]


def test_whose_turn_is_next_is_told_with_its_length_and_for_people_with_its_time(record: Record) -> None:
    duel = begun(LITHUANIAN, FRANCE)
    until = int((START + datetime.timedelta(seconds=300)).timestamp())
    assert boards.next_up(duel, record) == (
        f"Next: <@42> for Lithuania, opening statement, at most 60 words, <t:{until}:R> at the latest."
    )
    assert boards.next_up(said(duel), record) == "Next: France, opening statement, at most 60 words."
    assert boards.next_up(duel.end(), record) == "The debate is over."
    free = begun(format="free")
    assert (boards.next_up(free, record), boards.call(free, record)) == ("", boards.FREE)


def test_the_status_counts_turns_and_open_points(record: Record) -> None:
    duel = begun()
    assert "no turns held" in shown(boards.status(duel, record))
    one = said(duel, "Hear, hear.", "Tokyo needs an office")
    assert "1 turn held" in shown(boards.status(one, record))
    assert "France has 1 point to answer." in shown(boards.status(one, record))
    assert "the side for has no points to answer." in shown(boards.status(one, record))
    two = said(one, "No.", "It does not", "Nobody wants one", met=(Place(turn=0, point=0),))
    assert "France has no points to answer." in shown(boards.status(two, record))
    assert "the side for has 2 points to answer." in shown(boards.status(two, record))


def test_the_status_says_when_nobody_may_speak(record: Record) -> None:
    assert "has not begun" in shown(boards.status(begun().pause(), record))
    assert "is paused" in shown(boards.status(said(begun()).pause(), record))
    assert "is over" in shown(boards.status(begun().end(), record))


def test_the_summary_tells_the_answered_from_the_open(record: Record) -> None:
    duel = said(begun(), "Hear, hear.", "Tokyo needs an office", "Asia matters")
    assert [field.value for field in boards.summary(begun(), record).fields] == ["Nothing yet.", "Nothing yet."]
    card = boards.summary(said(duel, "No.", "It does not", met=(Place(turn=0, point=0),)), record)
    theirs, ours = card.fields
    assert theirs.value == "▪️ answered, turn 1: Tokyo needs an office\n▫️ open, turn 1: Asia matters"
    assert (ours.name, ours.value) == ("Put by France", "▫️ open, turn 2: It does not")
    assert boards.report(duel, record).title == "The debate is over"


def test_what_does_not_fit_into_a_summary_is_counted(record: Record) -> None:
    points = [f"{n} is a point of some length that is made in this debate by somebody" for n in range(30)]
    value = boards.summary(said(begun(), "Hear.", *points), record).fields[0].value or ""
    shown_lines = value.splitlines()
    assert shown_lines[-1] == f"… and {30 - (len(shown_lines) - 1)} more"
    assert len(value) <= 1024


def test_a_lapse_names_who_let_its_time_run_out(record: Record) -> None:
    duel = lapsed(begun(LITHUANIAN, FRANCE))
    assert boards.lapse(duel, 0, record) == (
        "Time has run out for the opening statement of Lithuania; the floor passes on."
    )
    assert "the side for" in boards.lapse(lapsed(begun()), 0, record)


@pytest.mark.parametrize("motion", ["NATO has a role", "so " * 600, WILD])
def test_the_audience_is_polled_on_the_motion(motion: str) -> None:
    poll = boards.poll(begun(motion=motion), "before")
    assert poll.question.startswith("Before the debate: ")
    assert len(poll.question) <= 300
    assert "://" not in poll.question
    assert [answer.text for answer in poll.answers] == list(ANSWERS)


def test_how_the_audience_moved_is_shown() -> None:
    votes = {key("before", "For"): 1, key("before", "Against"): 1, key("after", "For"): 2, key("after", "Against"): 0}
    assert "for +50, against -50" in (boards.audience(begun(votes=votes)).description or "")


def test_nothing_that_people_write_formats_pings_or_links(record: Record) -> None:
    duel = said(begun(motion=WILD), WILD, WILD)
    for card in (
        boards.opening(duel, record),
        boards.turn(duel, 0, record),
        boards.status(duel, record),
        boards.summary(duel, record),
    ):
        text = shown(card).replace("<@42>", "").replace("**For**", "").replace("**Against**", "")
        assert not any(sign in text for sign in ("\u202e", "https://evil", " @everyone", "<@7>", " *Sw", " `please"))


@pytest.mark.parametrize("seed", range(25))
def test_no_board_goes_over_the_limits_of_discord(record: Record, seed: int) -> None:
    chance = random.Random(seed)
    ids, signs = list(record.arguments), ["so", "*", "\n", " ", "@", "[x]", "🇫🇷", "long" * 40, "\n\n\n"]

    def wild(most: int) -> str:
        return "".join(chance.choices(signs, k=chance.randrange(1, most)))[:6000] + "."

    duel = begun(format="free", motion=wild(2000))
    for _ in range(chance.randrange(1, 6)):
        claims = (Claim(text=wild(60), voice="own", citations=cite(record, chance.sample(ids, 20))),)
        points = tuple(Point(text=wild(400), argument=id) for id in chance.sample(ids, 12))
        turn = Turn(side=duel.next.side, kind="rebuttal", text=wild(6000), at=START, claims=claims, points=points)
        duel = duel.model_copy(update={"turns": (*duel.turns, turn)})
    drawn = [boards.opening(duel, record), boards.status(duel, record), boards.summary(duel, record)]
    drawn += [boards.turn(duel, n, record) for n in range(len(duel.turns))]
    for card in drawn:
        assert len(card) <= 6000
        assert len(card.title or "") <= 256
        assert len(card.description or "") <= 4096
        assert all(len(field.name or "") <= 256 and 0 < len(field.value or "") <= 1024 for field in card.fields)
    assert {turn.side for turn in duel.turns} <= set(SIDES)
