"""The audience's votes before and after a debate."""

from simcord.builders import ChannelHandle

from bot.votes import ANSWERS
from tests.discord.conftest import answered, card, labels, whispered, words
from tests.discord.hall import CLOSING, MOTION, OPENING, REBUTTAL, Hall, last, numbers, polls


async def test_before_a_debate_the_audience_votes_in_a_native_poll(hall: Hall) -> None:
    vote = last(await hall.start(vote=True))
    assert vote.poll
    assert vote.poll.question == f"Before the debate: {MOTION}"
    assert [answer.text for answer in vote.poll.answers] == list(ANSWERS)
    assert labels(vote) == ["Begin the debate"]


async def test_nobody_speaks_while_the_vote_is_open(hall: Hall) -> None:
    thread = await hall.start(vote=True, opponent="LT", state="FR")
    await hall.env.advance_time(60)
    assert numbers(thread) == []
    said = whispered(await hall.alice.slash(thread, "say", text=OPENING))
    assert "the vote before the debate is still open; press Begin under it" in said
    status = words(answered(await hall.alice.slash(thread, "debate status")))
    assert "no turns held. The debate has not begun; `/debate resume` begins it." in status


async def test_whoever_presides_begins_and_the_person_who_is_due_is_told(hall: Hall) -> None:
    thread = await hall.start(vote=True)
    vote = last(thread)
    assert "only those seated" in whispered(await hall.bob.click(vote, label="Begin the debate"))
    await hall.alice.click(vote, label="Begin the debate")
    assert last(thread).content.startswith(f"Next: <@{hall.alice.id}> for Lithuania, opening statement")
    for _ in range(2):
        assert "has begun already" in whispered(await hall.alice.click(vote, label="Begin the debate"))
    assert len(thread.history()) == 3


async def test_a_debate_can_also_be_begun_by_command(hall: Hall) -> None:
    thread = await hall.start(vote=True, opponent="LT", state="FR")
    await hall.alice.vote(last(thread), answer=2)
    await hall.alice.slash(thread, "debate resume")
    assert numbers(thread) == [1]


async def test_after_a_debate_the_audience_votes_again_and_the_shift_is_reported_once(hall: Hall) -> None:
    thread = await held(hall)
    after = last(thread)
    assert after.poll
    assert after.poll.question == f"After the debate: {MOTION}"
    await hall.alice.vote(after, answer=1)
    await hall.bob.vote(after, answer=1)
    assert "only those seated" in whispered(await hall.bob.click(after, label="Count the votes"))
    await hall.alice.click(after, label="Count the votes")
    assert card(last(thread)).title == "The audience"
    assert card(last(thread)).description == (
        "Before: 1 for, 1 against, 0 undecided. After: 2 for, 0 against, 0 undecided. "
        "Shift in percentage points: for +50, against -50, undecided +0."
    )
    said = len(thread.history())
    (refused,) = (await hall.alice.click(after, label="Count the votes")).followups
    assert "counted already" in refused.content
    assert "counted already" in whispered(await hall.alice.slash(thread, "debate end"))
    assert len(thread.history()) == said


async def test_the_last_vote_can_also_be_counted_by_command_and_is_in_the_transcript(hall: Hall) -> None:
    thread = await held(hall)
    await hall.alice.vote(last(thread), answer=3)
    await hall.alice.slash(thread, "debate end")
    assert "undecided +100" in words(thread.history()[-2]) + words(last(thread))
    exported = answered(await hall.alice.slash(thread, "debate export"))
    assert '"after:undecided": 1' in (await exported.attachments[1].read()).decode()


async def test_where_too_few_voted_no_shift_is_told(hall: Hall) -> None:
    thread = await held(hall)
    await hall.alice.click(last(thread), label="Count the votes")
    assert (card(last(thread)).description or "").endswith("Too few voted to tell a shift.")


async def test_a_vote_that_has_run_out_by_itself_counts_as_well(hall: Hall) -> None:
    thread = await hall.start(vote=True, format="free")
    await hall.alice.vote(last(thread), answer=1)
    await hall.env.advance_time(25 * 3600)
    await hall.alice.slash(thread, "debate resume")
    await hall.alice.slash(thread, "debate end")
    await hall.alice.vote(poll := polls(thread)[-1], answer=2)
    await hall.env.advance_time(25 * 3600)
    await hall.alice.click(poll, label="Count the votes")
    assert "for -100, against +100" in words(last(thread))


async def test_a_vote_that_was_deleted_holds_up_no_debate(hall: Hall) -> None:
    thread = await hall.start(vote=True)
    hall.env.backend.delete_message(thread.id, last(thread).id)
    await hall.alice.slash(thread, "debate resume")
    await hall.debate(thread, OPENING, REBUTTAL, CLOSING)
    assert numbers(thread) == [2, 4, 6]
    assert polls(thread) == [], "who did not vote before does not vote after"


async def test_a_debate_that_never_began_asks_for_no_second_vote(hall: Hall) -> None:
    thread = await hall.start(vote=True)
    vote = last(thread)
    await hall.alice.slash(thread, "debate end")
    assert len(polls(thread)) == 1
    assert "this debate is over" in whispered(await hall.alice.click(vote, label="Begin the debate"))


async def held(hall: Hall) -> ChannelHandle:
    """A debate before which one voted for and one against, and which is over."""
    thread = await hall.start(vote=True)
    vote = last(thread)
    await hall.alice.vote(vote, answer=1)
    await hall.bob.vote(vote, answer=2)
    await hall.alice.click(vote, label="Begin the debate")
    await hall.debate(thread, OPENING, REBUTTAL, CLOSING)
    assert labels(last(thread)) == ["Count the votes"]
    return thread
