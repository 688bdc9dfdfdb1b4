"""Holding a debate: the ways to speak, the commands, the buttons, and whole duels."""

import json
from typing import Any

import discord
import pytest
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult

from bot import boards
from bot.cogs.debate_buttons import PAUSED
from bot.cogs.debating import ON_RECORD
from knowledge.passage import folded
from knowledge.record import Record
from tests.discord.conftest import answered, card, labels, read, whispered, words
from tests.discord.hall import AGAINST, CLOSING, MOTION, OPENING, REBUTTAL, Hall, last, numbers


async def test_a_mention_is_a_turn_and_is_answered_by_a_regular_message_with_its_buttons(hall: Hall) -> None:
    thread = await hall.start()
    await hall.say(thread, OPENING)
    reply = last(thread)
    assert reply.type is discord.MessageType.default
    assert reply.interaction_metadata is None
    assert card(reply).author.name == "🇫🇷 France · opening statement"
    assert card(reply).fields
    assert labels(reply) == ["Reply", "Passages", "Answered and open"]
    assert reply.content.startswith(f"Next: <@{hall.alice.id}> for Lithuania, rebuttal, at most 60 words, <t:")


async def test_a_reply_is_a_turn(hall: Hall) -> None:
    thread = await hall.start(opponent="LT", state="FR")
    await hall.alice.send(thread, AGAINST, reply_to=last(thread))
    assert numbers(thread) == [1, 3]
    assert (card(last(thread)).footer.text or "").startswith("Turn 3, to turn")


async def test_the_reply_button_opens_a_modal_that_tells_the_limit(hall: Hall) -> None:
    thread = await hall.start()
    shown = await hall.alice.click(last(thread), label="Reply")
    assert shown.modal
    assert shown.modal["title"] == "Your opening statement"
    assert shown.modal["components"][0]["label"] == "At most 60 words"
    assert whispered(await hall.alice.submit_modal(shown, {"text": OPENING})) == ON_RECORD
    await hall.alice.submit_modal(await hall.alice.click(last(thread), label="Reply"), {"text": REBUTTAL})
    assert numbers(thread) == [1, 2, 3, 4], "what was written in a modal is shown in the thread"


async def test_what_is_said_by_command_is_shown_and_answered(hall: Hall) -> None:
    thread = await hall.start()
    assert whispered(await hall.alice.slash(thread, "say", text=OPENING)) == ON_RECORD
    ours, theirs = thread.history()[-2:]
    assert card(ours).author.name == "🇱🇹 Lithuania · opening statement"
    assert card(ours).description == f"<@{hall.alice.id}>:\n{OPENING}"
    assert card(theirs).author.name == "🇫🇷 France · opening statement"


async def test_what_is_said_without_a_mention_is_no_turn(hall: Hall) -> None:
    thread = await hall.start()
    await hall.alice.send(thread, OPENING)
    assert numbers(thread) == []


async def test_two_people_debate_and_only_the_chair_is_ours(hall: Hall) -> None:
    thread = await hall.start(rival=hall.bob)
    turns = ((hall.alice, OPENING), (hall.bob, AGAINST), (hall.alice, REBUTTAL), (hall.bob, AGAINST))
    for who, text in turns:
        assert whispered(await who.slash(thread, "say", text=text)) == ON_RECORD
    assert numbers(thread) == [1, 2, 3, 4]
    assert all(not card(message).fields for message in thread.history()[-4:])
    assert last(thread).content.startswith(f"Next: <@{hall.alice.id}> for Lithuania, closing statement")


async def test_two_delegates_speak_at_a_pace_until_they_are_stopped(hall: Hall) -> None:
    thread = await hall.between_delegates(pace=30)
    assert numbers(thread) == [1]
    assert labels(last(thread)) == ["Stop", "Passages", "Answered and open"]
    await hall.env.advance_time(29)
    assert numbers(thread) == [1]
    await hall.env.advance_time(2)
    assert numbers(thread) == [1, 2]
    assert "only those seated" in whispered(await hall.bob.click(last(thread), label="Stop"))
    assert answered(await hall.alice.click(last(thread), label="Stop")).content == PAUSED
    await hall.env.advance_time(100)
    assert numbers(thread) == [1, 2]
    assert "nothing to pause" in whispered(await hall.alice.click(thread.history()[2], label="Stop"))
    await hall.alice.slash(thread, "debate resume")
    assert numbers(thread) == [1, 2, 3]
    assert "is not paused" in whispered(await hall.alice.slash(thread, "debate resume"))
    assert numbers(thread) == [1, 2, 3]


async def test_a_slow_pace_lets_no_delegate_run_out_of_time(hall: Hall) -> None:
    thread = await hall.between_delegates(pace=600)
    for _ in range(2):
        await hall.env.advance_time(601)
    assert numbers(thread) == [1, 2, 3]


async def test_two_delegates_hold_a_whole_exchange(hall: Hall) -> None:
    thread = await hall.between_delegates(format="model-nato", pace=5)
    for _ in range(11):
        await hall.env.advance_time(6)
    assert numbers(thread) == list(range(1, 13))
    assert card(last(thread)).title == "The debate is over"
    assert labels(last(thread)) == ["Transcript"]
    assert_within_limits(thread)


async def test_a_classroom_duel_is_held_to_its_end_and_reported(hall: Hall) -> None:
    thread = await hall.start()
    await hall.debate(thread, OPENING, REBUTTAL, CLOSING)
    assert numbers(thread) == [2, 4, 6]
    kinds = [(card(m).author.name or "").partition(" · ")[2] for m in thread.history() if m.embeds]
    assert [kind for kind in kinds if kind] == ["opening statement", "rebuttal", "closing statement"]
    report = card(last(thread))
    assert report.title == "The debate is over"
    assert [field.name for field in report.fields] == ["Put by Lithuania", "Put by France"]
    assert "turn 1: NATO has a role in the Indo-Pacific" in read(report)
    assert_within_limits(thread)
    assert "this debate is over" in whispered(await hall.alice.slash(thread, "say", text=OPENING))


async def test_a_person_holds_a_whole_exchange_with_questions(hall: Hall) -> None:
    thread = await hall.start(format="model-nato")
    turns = (
        OPENING,
        "Why does France oppose an office in Tokyo?",
        "Partners can help each other against cyber attacks.",
        REBUTTAL,
        "China challenges the interests, the security and the values of the Alliance.",
        CLOSING,
    )
    await hall.debate(thread, *turns)
    assert numbers(thread) == [2, 4, 5, 8, 10, 12]
    assert card(last(thread)).title == "The debate is over"
    assert_within_limits(thread)


async def test_a_free_conversation_goes_on_until_it_is_ended(hall: Hall) -> None:
    thread = await hall.start(format="free")
    for n, text in enumerate((OPENING, REBUTTAL, CLOSING), start=1):
        await hall.say(thread, text)
        assert numbers(thread) == [2 * each for each in range(1, n + 1)]
    await hall.env.advance_time(3600)
    assert numbers(thread) == [2, 4, 6]
    assert answered(await hall.alice.slash(thread, "debate end")).content == "The debate is over."
    assert card(thread.history()[-1]).title == "The debate is over"


async def test_the_status_tells_where_a_debate_stands(hall: Hall) -> None:
    thread = await hall.start()
    await hall.say(thread, OPENING)
    shown = await hall.bob.slash(thread, "debate status")
    assert answered(shown).ephemeral
    told = words(answered(shown))
    assert f"2 turns held. Next: <@{hall.alice.id}> for Lithuania, rebuttal, at most 60 words, <t:" in told
    assert "Lithuania has" in told
    await hall.alice.slash(thread, "debate pause")
    assert "The debate is paused; `/debate resume` goes on." in words(answered(await status(hall, thread)))
    await hall.alice.slash(thread, "debate end")
    assert "2 turns held. The debate is over." in words(answered(await status(hall, thread)))


async def status(hall: Hall, thread: ChannelHandle) -> InteractionResult:
    return await hall.alice.slash(thread, "debate status")


async def test_the_summary_and_its_button_tell_what_is_answered_and_what_is_open(hall: Hall) -> None:
    thread = await hall.start()
    await hall.debate(thread, OPENING, REBUTTAL)
    summary = answered(await hall.bob.slash(thread, "debate summary"))
    assert not summary.ephemeral
    pressed = answered(await hall.bob.click(thread.history()[-2], label="Answered and open"))
    assert pressed.ephemeral
    assert words(pressed) == words(summary)
    assert "▪️ answered, turn" in words(summary)
    assert "▫️ open, turn" in words(summary)


async def test_the_passages_behind_a_turn_are_opened_for_whoever_presses(hall: Hall) -> None:
    thread = await hall.start()
    await hall.say(thread, OPENING)
    opened = answered(await hall.bob.click(last(thread), label="Passages"))
    assert opened.ephemeral
    assert len(opened.embeds) == len(card(last(thread)).fields)


async def test_a_paused_debate_hears_nobody_and_goes_on_with_the_whole_time(hall: Hall) -> None:
    thread = await hall.start()
    assert answered(await hall.alice.slash(thread, "debate pause")).content == PAUSED
    assert "the debate is paused; go on with /debate resume" in words(await refusal(hall, thread, OPENING))
    await hall.env.advance_time(3600)
    assert answered(await hall.alice.slash(thread, "debate resume")).content == "The debate goes on."
    assert last(thread).content.startswith("Next: ")
    assert str(int(hall.clock().timestamp()) + 300) in last(thread).content
    await hall.say(thread, OPENING)
    assert numbers(thread) == [2]


async def refusal(hall: Hall, thread: ChannelHandle, text: str) -> discord.Message:
    said = await hall.say(thread, text)
    (reply,) = (m for m in thread.history() if m.reference and m.reference.message_id == said.id)
    return reply


async def test_only_the_chair_may_pause_resume_and_end(hall: Hall) -> None:
    thread = await hall.start()
    for command in ("debate pause", "debate resume", "debate end"):
        assert "only those seated, who started the debate, and moderators" in whispered(
            await hall.bob.slash(thread, command)
        )
    moderator = hall.guild.add_member(
        hall.env.create_user("carol"),
        roles=[hall.guild.create_role("Chair", permissions=discord.Permissions(manage_threads=True))],
    )
    assert answered(await moderator.slash(thread, "debate end")).content == "The debate is over."
    assert "over already" in whispered(await moderator.slash(thread, "debate end"))


async def test_where_no_debate_is_held_every_command_says_so(hall: Hall) -> None:
    for command in ("pause", "resume", "end", "status", "summary", "export"):
        said = whispered(await hall.alice.slash(hall.channel, f"debate {command}"))
        assert "there is no debate here; start one with /debate start" in said
    assert "there is no debate here" in whispered(await hall.alice.slash(hall.channel, "say", text=OPENING))


async def test_a_thread_can_hold_one_debate_after_another(hall: Hall) -> None:
    thread = await hall.start(opponent="LT", state="FR")
    old = last(thread)
    await hall.alice.slash(thread, "debate end")
    await hall.alice.slash(thread, "debate start", opponent="LT", state="HU", vote=False)
    for label in ("Reply", "Answered and open"):
        assert "that debate is over" in whispered(await hall.alice.click(old, label=label))
    await hall.say(thread, AGAINST)
    assert numbers(thread) == [1, 1, 3]


async def test_after_its_end_questions_are_answered_again(hall: Hall) -> None:
    thread = await hall.start()
    await hall.alice.slash(thread, "debate end")
    reply = await refusal(hall, thread, "Should NATO open an office in Tokyo?")
    assert labels(reply)[0] == "Passages"


@pytest.mark.parametrize("way", ["command", "button"])
async def test_the_transcript_holds_every_claim_with_quotes_that_stand_in_the_source(
    hall: Hall, record: Record, way: str
) -> None:
    thread = await hall.start()
    await hall.debate(thread, OPENING, REBUTTAL, CLOSING)
    result = (
        await hall.bob.slash(thread, "debate export")
        if way == "command"
        else await hall.bob.click(last(thread), label="Transcript")
    )
    assert answered(result).ephemeral
    markdown, document = [(await each.read()).decode() for each in answered(result).attachments]
    debate: dict[str, Any] = json.loads(document)
    assert debate["motion"] == MOTION
    assert debate["status"] == "ended"
    assert [turn["text"] for turn in debate["turns"][::2]] == [OPENING, REBUTTAL, CLOSING]
    claims = [claim for turn in debate["turns"][1::2] for claim in turn["claims"]]
    assert len(claims) >= 3
    for claim in claims:
        assert claim["citations"]
        for cited in claim["citations"]:
            assert folded(cited["quote"]) in folded(record.passages[cited["passage"]].text)
            assert cited["source"]["url"] in {source.url for source in record.sources.values()}
            assert cited["passage"] in markdown
    for turn in debate["turns"]:
        assert turn["text"].split()[0] in markdown


def assert_within_limits(thread: ChannelHandle) -> None:
    for message in thread.history():
        assert len(message.content) <= 2000
        assert sum(map(len, message.embeds)) <= 6000
        for embed in message.embeds:
            assert len(embed.title or "") <= 256
            assert len(embed.description or "") <= 4096
            assert len(embed.author.name or "") <= 256
            assert all(len(field.value or "") <= 1024 and len(field.name or "") <= 256 for field in embed.fields)


async def test_either_side_of_a_free_conversation_between_people_may_speak(hall: Hall) -> None:
    thread = await hall.start(format="free", rival=hall.bob)
    assert last(thread).content == boards.FREE
    await hall.bob.slash(thread, "say", text=AGAINST)
    await hall.bob.slash(thread, "say", text=AGAINST)
    await hall.alice.slash(thread, "say", text=OPENING)
    assert numbers(thread) == [1, 2, 3]
