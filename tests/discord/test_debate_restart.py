"""The bot is gone and back, in every phase of a debate: nothing acknowledged is lost, nothing is said twice."""

import json
import sqlite3

import pytest
from simcord.builders import ChannelHandle

from bot.cogs.debating import ON_RECORD
from knowledge.date import Date
from knowledge.record import Record
from tests.discord.conftest import answered, card, labels, whispered
from tests.discord.hall import AGAINST, CLOSING, MOTION, OPENING, REBUTTAL, Hall, last, numbers, polls


@pytest.mark.parametrize(("vote", "shown"), [(True, ["board", "vote"]), (False, ["board", "call"])])
@pytest.mark.parametrize("kept", [0, 1, 2])
async def test_a_debate_that_was_not_announced_whole_is_announced_whole(
    hall: Hall, vote: bool, shown: list[str], kept: int
) -> None:
    thread = await hall.start(vote=vote)
    for message in thread.history()[kept:]:
        hall.env.backend.delete_message(thread.id, message.id)
    tell(hall, "UPDATE debates SET polls = '{\"before\": 0}' WHERE polls <> '{}'")
    for _ in range(2):
        await hall.restart()
        kinds = {"Where it stands": "board", "Begin the debate": "vote", "Reply": "call"}
        assert [kinds[labels(message)[0]] for message in thread.history()] == shown
    if vote:
        await hall.alice.click(last(thread), label="Begin the debate")
    await hall.say(thread, OPENING)
    assert numbers(thread) == [2]


async def test_a_vote_goes_on(hall: Hall) -> None:
    thread = await hall.start(vote=True, opponent="LT", state="FR")
    vote = last(thread)
    await hall.alice.vote(vote, answer=1)
    await hall.restart()
    await hall.env.advance_time(60)
    assert numbers(thread) == []
    await hall.bob.vote(vote, answer=2)
    await hall.alice.click(vote, label="Begin the debate")
    assert numbers(thread) == [1]
    await hall.alice.slash(thread, "debate end")
    await hall.restart()
    await hall.alice.vote(last(thread), answer=1)
    await hall.alice.click(last(thread), label="Count the votes")
    assert "for +50, against -50" in (card(last(thread)).description or "")


async def test_a_person_who_is_due_speaks_and_has_the_whole_time_again(hall: Hall) -> None:
    thread = await hall.start()
    said = len(thread.history())
    await hall.env.advance_time(250)
    await hall.restart()
    await hall.env.advance_time(250)
    assert len(thread.history()) == said, "nothing is said, and no time ran out"
    await hall.say(thread, OPENING)
    assert numbers(thread) == [2]


async def test_a_debate_as_of_a_day_goes_on_as_of_that_day(hall: Hall, record: Record) -> None:
    thread = await hall.start(as_of="2024-05-30")
    await hall.say(thread, OPENING)
    await hall.restart()
    await hall.debate(thread, REBUTTAL, CLOSING)
    assert numbers(thread) == [2, 4, 6]
    exported = answered(await hall.alice.slash(thread, "debate export"))
    debate = json.loads((await exported.attachments[1].read()).decode())
    assert debate["as_of"] == "2024-05-30"
    cited = [each for turn in debate["turns"] for claim in turn["claims"] for each in claim["citations"]]
    assert cited
    assert {each["passage"] for each in cited} <= record.until(Date("2024-05-30")).passages.keys()


async def test_a_person_who_lets_the_time_run_out_after_it_is_passed_over(hall: Hall) -> None:
    thread = await hall.start()
    await hall.restart()
    await hall.env.advance_time(311)
    assert numbers(thread) == [2]


async def test_two_delegates_go_on_from_the_pause_between_their_turns(hall: Hall) -> None:
    thread = await hall.between_delegates(pace=30)
    for _ in range(5):
        await hall.env.advance_time(10)
        await hall.restart()
    for _ in range(4):
        await hall.env.advance_time(31)
    assert numbers(thread) == [1, 2, 3, 4, 5, 6]
    assert titles(thread).count("The debate is over") == 1


async def test_a_paused_debate_stays_paused(hall: Hall) -> None:
    thread = await hall.between_delegates()
    await hall.alice.slash(thread, "debate pause")
    await hall.restart()
    await hall.env.advance_time(100)
    assert numbers(thread) == [1]
    await hall.alice.slash(thread, "debate resume")
    assert numbers(thread) == [1, 2]


async def test_a_turn_that_was_stored_and_not_shown_is_shown_once(hall: Hall) -> None:
    thread = await hall.start()
    hall.break_once("POST", f"/channels/{thread.id}/messages")
    hall.break_once("POST", f"/channels/{thread.id}/messages")
    await hall.say(thread, OPENING)
    assert numbers(thread) == []
    for _ in range(2):
        await hall.restart()
        assert numbers(thread) == [2]
    await hall.say(thread, REBUTTAL)
    assert numbers(thread) == [2, 4]


async def test_a_persons_turn_that_was_stored_and_not_shown_is_shown_and_answered_once(hall: Hall) -> None:
    thread = await hall.start()
    hall.break_once("POST", f"/channels/{thread.id}/messages")
    await hall.alice.slash(thread, "say", text=OPENING)
    for _ in range(2):
        await hall.restart()
        assert numbers(thread) == [1, 2]


async def test_a_turn_that_was_shown_and_not_noted_is_not_shown_again(hall: Hall) -> None:
    thread = await hall.start()
    await hall.debate(thread, OPENING, REBUTTAL)
    said = len(thread.history())
    tell(hall, "UPDATE turns SET message = NULL")
    for _ in range(2):
        await hall.restart()
        assert len(thread.history()) == said, "neither ours nor what Alice said herself"
    await hall.say(thread, CLOSING)
    assert numbers(thread) == [2, 4, 6]


async def test_the_end_is_told_once(hall: Hall) -> None:
    thread = await hall.start(vote=True, format="free")
    await hall.alice.click(last(thread), label="Begin the debate")
    hall.break_once("POST", f"/channels/{thread.id}/messages")
    await hall.alice.slash(thread, "debate end")
    assert titles(thread) == [MOTION]
    for _ in range(2):
        await hall.restart()
        assert titles(thread) == [MOTION, "The debate is over"]
        assert len(polls(thread)) == 2
        tell(hall, "UPDATE debates SET reported = 0, polls = json_remove(polls, '$.after')")


async def test_what_was_said_while_the_bot_was_away_is_heard_in_order(hall: Hall) -> None:
    thread = await hall.start(rival=hall.bob)
    unheard(hall, thread, hall.bob.id, AGAINST)
    unheard(hall, thread, hall.alice.id, OPENING)
    unheard(hall, thread, hall.bob.id, AGAINST)
    await hall.restart()
    assert "it is the other side’s turn" in thread.history()[-1].content
    said = len(thread.history())
    await hall.restart()
    assert len(thread.history()) == said, "and refused once"
    await hall.say(thread, REBUTTAL)
    assert len(thread.history()) == said + 1, "a rebuttal is due by now"


async def test_a_refusal_is_not_repeated(hall: Hall) -> None:
    thread = await hall.start()
    await hall.say(thread, "word " * 70)
    await hall.say(thread, OPENING, hall.bob)
    said = len(thread.history())
    for _ in range(2):
        await hall.restart()
        assert len(thread.history()) == said


async def test_what_was_said_before_a_debate_is_no_turn(hall: Hall) -> None:
    user = hall.alice.user
    await user.send_dm(AGAINST)
    unheard(hall, user.dm_channel, user.id, AGAINST)
    await hall.env.advance_time(10)
    await user.slash("debate start", opponent="FR", state="LT")
    await hall.env.advance_time(10)
    await hall.restart()
    assert numbers(user.dm_channel) == []
    await hall.env.advance_time(10)
    unheard(hall, user.dm_channel, user.id, OPENING)
    await hall.restart()
    assert numbers(user.dm_channel) == [2]


async def test_a_modal_that_was_opened_before_is_heard(hall: Hall) -> None:
    thread = await hall.start()
    shown = await hall.alice.click(last(thread), label="Reply")
    await hall.restart()
    assert whispered(await hall.alice.submit_modal(shown, {"text": OPENING})) == ON_RECORD
    assert numbers(thread) == [1, 2]


@pytest.mark.parametrize("label", ["Reply", "Passages", "Answered and open"])
async def test_buttons_that_were_shown_before_still_work(hall: Hall, label: str) -> None:
    thread = await hall.start()
    await hall.say(thread, OPENING)
    await hall.restart()
    result = await hall.alice.click(last(thread), label=label)
    assert result.modal or (result.response and result.response.embeds)


async def test_several_debates_go_on(hall: Hall) -> None:
    first, second, third = await hall.between_delegates(), await hall.start(), await hall.start(opponent="HU")
    await hall.lose(third)
    await hall.restart()
    await hall.say(second, OPENING)
    await hall.env.advance_time(30)
    assert len(numbers(first)) == 3
    assert numbers(second) == [2]


def titles(thread: ChannelHandle) -> list[str]:
    return [embed.title for message in thread.history() for embed in message.embeds if embed.title]


def tell(hall: Hall, statement: str) -> None:
    """As if the bot had been killed before it could note something."""
    with sqlite3.connect(hall.database.partition("///")[2]) as database:
        database.execute(statement)
    database.close()


def unheard(hall: Hall, room: ChannelHandle, author: int, text: str) -> None:
    """Somebody speaks to the bot while it is away."""
    hall.env.backend.create_message(room.id, author, f"{hall.bot} {text}", broadcast=False)
