import discord
import pytest

from knowledge.delegation import RAPPORTEUR
from tests.discord.conftest import QUESTION, STRAY, World, answered, card, labels, speaker, words


async def test_a_mention_is_answered_by_a_regular_message_that_pings_nobody(world: World) -> None:
    reply = await world.mention(QUESTION)
    assert reply.type is discord.MessageType.reply
    assert reply.interaction_metadata is None
    assert card(reply).fields
    assert labels(reply)[0] == "Passages"
    assert reply.mentions == []


async def test_without_a_chosen_state_a_mention_is_answered_by_the_rapporteur(world: World) -> None:
    assert speaker(await world.mention(QUESTION)) == f"{RAPPORTEUR.flag} {RAPPORTEUR.name}"


async def test_a_mention_is_answered_by_the_state_chosen_in_the_channel(world: World) -> None:
    await world.ask(QUESTION, "LT")
    assert speaker(await world.mention(QUESTION)) == "🇱🇹 Lithuania"


async def test_a_mention_can_choose_the_state_for_the_channel(world: World) -> None:
    assert speaker(await world.mention(f"as Lietuva: {QUESTION}")) == "🇱🇹 Lithuania"
    assert speaker(await world.mention(QUESTION)) == "🇱🇹 Lithuania"
    assert speaker(await world.ask(QUESTION, None)) == "🇱🇹 Lithuania"


async def test_a_state_misspelt_in_a_mention_is_answered_with_the_nearest_ones(world: World) -> None:
    assert "Lithuania (LT)" in (await world.mention(f"as Lithunia: {QUESTION}")).content


async def test_not_every_as_names_a_state(world: World) -> None:
    reply = await world.mention("as xqzvw jjkkq: should NATO open an office in Tokyo?")
    assert words(reply).splitlines()[1].startswith("> as xqzvw")


async def test_a_reply_keeps_the_state_of_the_answer_it_replies_to(world: World) -> None:
    france = await world.mention(f"as FR: {QUESTION}")
    await world.mention(f"as LT: {QUESTION}")
    again = await world.alice.send(world.channel, "Why?! Would an office in Tokyo help?", reply_to=france)
    assert again.content
    assert speaker(last(world)) == "🇫🇷 France"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Korea", "“Korea” may mean several: South Korea (KR)"),
        ("the Baltics", "Estonia (EE), Latvia (LV) or Lithuania (LT); choose one."),
        ("China", "China has no delegate at this table; what is on record of it is shown by: position CN."),
    ],
)
async def test_a_state_that_is_not_sure_or_has_no_delegate_is_not_guessed(world: World, name: str, told: str) -> None:
    await world.mention(f"as LT: {QUESTION}")
    asked = len(world.library.asked)
    reply = await world.mention(f"as {name}: {QUESTION}")
    assert told in reply.content.replace("\\", "")
    assert not reply.embeds
    assert len(world.library.asked) == asked
    assert speaker(await world.mention(QUESTION)) == "🇱🇹 Lithuania", "the state chosen is kept"


async def test_a_reply_keeps_the_state_after_a_restart(world: World) -> None:
    france = await world.mention(f"as FR: {QUESTION}")
    await world.mention(f"as LT: {QUESTION}")
    await world.restart()
    await world.alice.send(world.channel, QUESTION, reply_to=france)
    assert speaker(last(world)) == "🇫🇷 France"


async def test_after_a_restart_the_last_to_speak_goes_on(world: World) -> None:
    await world.ask(QUESTION, "LT")
    await world.restart()
    assert speaker(await world.mention(QUESTION)) == "🇱🇹 Lithuania"


async def test_a_thread_keeps_its_own_state(world: World) -> None:
    start = await world.alice.send(world.channel, "A debate")
    parent = world.env.bot.get_channel(world.channel.id)
    assert isinstance(parent, discord.TextChannel)
    opened = await parent.get_partial_message(start.id).create_thread(name="Tokyo")
    thread = next(each for each in world.channel.threads if each.id == opened.id)
    await world.mention(f"as LT: {QUESTION}")
    await world.alice.send(thread, f"{world.bot} as FR: {QUESTION}")
    await world.alice.send(thread, f"{world.bot} {QUESTION}")
    assert speaker(thread.history()[-1]) == "🇫🇷 France"
    assert speaker(await world.mention(QUESTION)) == "🇱🇹 Lithuania"


async def test_the_answer_to_a_mention_can_be_cited(world: World) -> None:
    await world.mention(f"as FR: {QUESTION}")
    assert "**" in words(answered(await world.alice.slash(world.channel, "cite", number=1)))


async def test_a_mention_without_words_is_told_how_to_ask(world: World) -> None:
    for empty in ("", "   ", "\n"):
        reply = await world.mention(empty)
        assert "/ask" in reply.content
        assert not reply.embeds


@pytest.mark.parametrize(("text", "expected"), [("🙂🙃", "no words"), ("\u202e\u200b", "no question")])
async def test_a_mention_that_cannot_be_answered_gets_one_sentence(world: World, text: str, expected: str) -> None:
    reply = await world.mention(text)
    assert expected in reply.content
    assert not reply.embeds


async def test_a_message_as_long_as_discord_allows_is_answered(world: World) -> None:
    reply = await world.mention(QUESTION + " Really?" * 240)
    assert len(words(reply)) < 4096
    assert "…" in words(reply)


async def test_a_question_off_the_record_is_answered_without_buttons(world: World) -> None:
    assert labels(await world.mention(STRAY)) == []


async def test_nobody_else_is_answered(world: World) -> None:
    bob = world.guild.add_member(world.env.create_user("bob"))
    other_bot = world.guild.add_member(world.env.create_user("mee6", bot=True))
    hello = await bob.send(world.channel, "Hello")
    await world.alice.send(world.channel, "@everyone " + QUESTION)
    await world.alice.send(world.channel, QUESTION, reply_to=hello)
    await other_bot.send(world.channel, f"{world.bot} {QUESTION}")
    assert len(world.channel.history()) == 4


async def test_a_direct_message_needs_no_mention(world: World) -> None:
    user = world.alice.user
    await user.send_dm(f"as LT: {QUESTION}")
    assert speaker(user.dm_channel.history()[-1]) == "🇱🇹 Lithuania"
    await user.send_dm(QUESTION)
    assert speaker(user.dm_channel.history()[-1]) == "🇱🇹 Lithuania"
    await user.send_dm(world.bot)
    assert "/ask" in user.dm_channel.history()[-1].content


async def test_a_message_delivered_twice_is_answered_once(world: World) -> None:
    said = await world.alice.send(world.channel, f"{world.bot} {QUESTION}")
    world.env.backend.announce_message_create(world.env.backend.get_message(world.channel.id, said.id))
    await world.env.settle()
    assert len(world.channel.history()) == 2
    assert len(world.library.asked) == 1


async def test_an_answer_cannot_be_sent_twice_even_by_two_processes(world: World) -> None:
    said = await world.alice.send(world.channel, f"{world.bot} {QUESTION}")
    (posted,) = [body for body in world.sent if body.get("nonce")]
    assert posted["nonce"] == str(said.id)
    assert posted["enforce_nonce"] is True


async def test_a_reply_to_a_command_shows_how_to_go_on(world: World) -> None:
    """Discord does not show a bot what is replied to its command answers."""
    answer = await world.ask(QUESTION, "FR")
    await world.alice.send(world.channel, "Why?", reply_to=answer)
    assert "Mention me" in last(world).content


async def test_a_mention_in_a_reply_to_a_command_keeps_its_state(world: World) -> None:
    answer = await world.ask(QUESTION, "FR")
    await world.ask(QUESTION, "LT")
    reply = await world.mention(QUESTION, reply_to=answer)
    assert speaker(reply) == "🇫🇷 France"


async def test_where_the_bot_may_not_embed_it_says_what_it_needs(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=400, code=50006)
    reply = await world.mention(QUESTION)
    assert "Embed Links" in reply.content
    assert world.env.errors == []


def last(world: World) -> discord.Message:
    message = world.channel.last_message
    assert message
    assert card(message) if message.embeds else message.content
    return message
