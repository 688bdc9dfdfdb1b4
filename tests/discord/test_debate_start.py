"""Starting a debate: every option, every kind of room, and what is refused."""

import json

import discord
import pytest
from simcord.builders import ChannelHandle

from bot import boards
from knowledge.date import Date
from knowledge.record import Record
from tests.discord.conftest import answered, card, labels, whispered, words
from tests.discord.hall import MOTION, Hall, last, numbers

DAY = Date("2024-05-30")
OUT = "NATO should stay out of the Indo-Pacific."


def board(thread: ChannelHandle) -> str:
    return words(thread.history()[0])


async def test_a_debate_is_held_in_a_thread_of_its_own_that_its_flags_tell_from_others(hall: Hall) -> None:
    thread = await hall.start()
    assert thread.name == f"🇱🇹 – 🇫🇷 {MOTION}"
    assert discord.MessageType.thread_created in [message.type for message in hall.channel.history()]


async def test_the_board_tells_the_motion_the_seats_the_format_and_how_to_speak(hall: Hall) -> None:
    shown = board(await hall.start())
    assert MOTION in shown
    assert f"**For**: 🇱🇹 Lithuania, <@{hall.alice.id}>" in shown
    assert "**Against**: 🇫🇷 France, its delegate" in shown
    assert "Classroom duel: " in shown
    assert "`/say`" in shown


async def test_the_board_has_a_button_that_tells_where_the_debate_stands(hall: Hall) -> None:
    thread = await hall.start()
    told = answered(await hall.bob.click(thread.history()[0], label="Where it stands"))
    assert told.ephemeral
    assert f"no turns held. Next: <@{hall.alice.id}> for Lithuania" in words(told)


async def test_a_person_who_opens_is_told_so_and_given_a_button(hall: Hall) -> None:
    call = last(await hall.start())
    assert call.content.startswith(f"Next: <@{hall.alice.id}> for Lithuania, opening statement, at most 60 words, <t:")
    assert labels(call) == ["Reply"]


async def test_a_delegate_that_is_for_the_motion_opens_at_once(hall: Hall) -> None:
    thread = await hall.start(opponent="LT", state="FR")
    assert numbers(thread) == [1]
    assert card(last(thread)).author.name == "🇱🇹 Lithuania · opening statement"
    assert last(thread).content.startswith(f"Next: <@{hall.alice.id}> for France, opening statement")


async def test_one_may_speak_for_no_state(hall: Hall) -> None:
    thread = await hall.start(state=None)
    assert thread.name == f"🇫🇷 {MOTION}"
    assert f"**For**: <@{hall.alice.id}>" in board(thread)
    assert last(thread).content.startswith(f"Next: <@{hall.alice.id}> for the motion, opening statement")


async def test_a_side_may_be_chosen(hall: Hall) -> None:
    thread = await hall.start(opponent="LT", state=None, side="against")
    assert f"**Against**: <@{hall.alice.id}>" in board(thread)


async def test_a_person_may_speak_against_the_position_of_the_state(hall: Hall) -> None:
    assert f"**Against**: 🇱🇹 Lithuania, <@{hall.alice.id}>" in board(await hall.start(opponent="US", side="against"))


async def test_a_motion_of_ones_own_is_debated(hall: Hall) -> None:
    motion = "NATO should open an office in Tokyo."
    thread = await hall.start(motion=motion)
    assert thread.name == f"🇱🇹 – 🇫🇷 {motion}"
    assert card(thread.history()[0]).title == motion


async def test_a_motion_that_turns_the_sides_around_is_said_to(hall: Hall) -> None:
    thread = await hall.between_delegates(opponent="LT", state="FR", side="for", motion=OUT)
    assert "*France, for this motion, speaks against a broader NATO role" in board(thread)
    assert card(last(thread)).author.name == "🇫🇷 France · opening statement"


async def test_the_format_decides_the_turns(hall: Hall) -> None:
    model = await hall.start(format="model-nato")
    assert "Model-NATO exchange: " in board(model)
    assert "at most 150 words" in last(model).content
    free = await hall.start(format="free", opponent="HU")
    assert "Free conversation: " in board(free)
    assert last(free).content == boards.FREE


async def test_a_rival_speaks_for_the_opponent(hall: Hall) -> None:
    shown = board(await hall.start(rival=hall.bob))
    assert f"**Against**: 🇫🇷 France, <@{hall.bob.id}>" in shown


async def test_a_rival_may_debate_against_the_delegate_of_ones_own_state(hall: Hall) -> None:
    shown = board(await hall.start(speaker="delegate", rival=hall.bob))
    assert "**For**: 🇱🇹 Lithuania, its delegate" in shown
    assert f"**Against**: 🇫🇷 France, <@{hall.bob.id}>" in shown


async def test_states_are_offered_as_people_type(hall: Hall) -> None:
    for option in ("opponent", "state"):
        typed = await hall.alice.autocomplete(hall.channel, "debate start", option, "lith")
        assert typed == [{"name": "🇱🇹 Lithuania (LT)", "value": "LT"}]
        offered = [
            choice["value"] for choice in await hall.alice.autocomplete(hall.channel, "debate start", option, "")
        ]
        assert len(offered) == 25
        assert {"LU", "SK", "AL", "RAPPORTEUR"}.isdisjoint(offered), "those that have a case come first"


async def test_a_delegation_without_a_position_is_offered_last_and_who_has_no_delegate_never(hall: Hall) -> None:
    async def offered(typed: str) -> list[str]:
        choices = await hall.alice.autocomplete(hall.channel, "debate start", "opponent", typed)
        return [choice["value"] for choice in choices]

    assert await offered("luxem") == ["LU"]
    assert (await offered("al"))[-1] == "AL"
    assert "CN" not in await offered("chin")
    assert "AP4" not in await offered("ap4")


@pytest.mark.parametrize("state", ["Lietuva", "lithuania", "lt"])
async def test_a_state_may_be_called_by_any_of_its_names(hall: Hall, state: str) -> None:
    assert (await hall.start(state=state)).name == f"🇱🇹 – 🇫🇷 {MOTION}"


async def test_in_a_thread_the_debate_is_held_there(hall: Hall) -> None:
    parent = hall.env.bot.get_channel(hall.channel.id)
    assert isinstance(parent, discord.TextChannel)
    await parent.create_thread(name="Seminar", type=discord.ChannelType.public_thread)
    (thread,) = hall.channel.threads
    options = {"opponent": "FR", "state": "LT", "vote": False}
    result = await hall.alice.slash(thread, "debate start", **options)
    assert answered(result).content == "The debate is open."
    assert len(hall.channel.threads) == 1
    assert last(thread).content.startswith(f"Next: <@{hall.alice.id}>")
    again = await hall.bob.slash(thread, "debate start", **options)
    assert "one is open here already" in whispered(again)


async def test_in_a_direct_message_the_debate_is_held_there_without_a_vote(hall: Hall) -> None:
    user = hall.alice.user
    await user.slash("debate start", opponent="FR", state="LT")
    room = user.dm_channel
    assert last(room).content.startswith(f"Next: <@{user.id}> for Lithuania")
    assert not any(message.poll for message in room.history())
    await user.send_dm("NATO has a role in Asia because the security of both regions is linked.")
    assert numbers(room) == [2]


async def test_in_a_voice_channel_there_is_no_room_for_a_debate(hall: Hall) -> None:
    hall.channel = hall.guild.create_voice_channel("voice")
    assert "a debate needs a text channel, a thread or a direct message" in whispered(await hall.begin())


async def test_several_debates_are_held_at_once(hall: Hall) -> None:
    first, second = await hall.start(), await hall.start(opponent="HU")
    await hall.say(second, "NATO has a role in Asia because the security of both regions is linked.")
    assert numbers(first) == []
    assert numbers(second) == [2]
    assert card(last(second)).author.name == "🇭🇺 Hungary · opening statement"


async def test_the_same_debate_is_not_begun_twice(hall: Hall) -> None:
    thread = await hall.between_delegates()
    said = whispered(await hall.begin(speaker="delegate"))
    assert said.endswith(f"that debate is open already, in the thread “{thread.name}”.")
    assert len(hall.channel.threads) == 1


REFUSED = [
    ({"state": "Atlantis"}, "No delegation is called “Atlantis”"),
    ({"opponent": "Lithunia"}, "nearest: Lithuania (LT)"),
    ({"opponent": "IT"}, "Italy is supportive, and does not speak against its position"),
    ({"opponent": "EE", "speaker": "delegate"}, "Lithuania and Estonia are both supportive"),
    ({"opponent": "CN"}, "China has no delegate at this table; what is on record of it is shown by: position CN."),
    ({"opponent": "AP4"}, "The Asia-Pacific Four has no delegate at this table"),
    ({"opponent": "Korea"}, "“Korea” may mean several: South Korea (KR)"),
    ({"state": "the Baltics"}, "Estonia (EE), Latvia (LV) or Lithuania (LT); choose one."),
    ({"as_of": "yesterday"}, "'yesterday' is no date: write 2024-05-30, 2024-05 or 2024."),
    ({"as_of": "30 May 2024"}, "'30 May 2024' is no date: write 2024-05-30, 2024-05 or 2024."),
    ({"as_of": "@everyone"}, "is no date: write 2024-05-30, 2024-05 or 2024."),
    ({"as_of": "2024-13"}, "no date"),
    ({"as_of": "2024-02-31"}, "no date"),
    ({"opponent": "NO", "as_of": "2025-12-31"}, "Norway is supportive"),
    ({"motion": "NATO should open an office in Tokyo.", "as_of": "1990"}, "Nothing in the library speaks to that"),
    ({"state": None, "side": "against"}, "France is opposed, and does not speak against its position"),
    ({"opponent": "rapporteur"}, "the rapporteur takes no side; seat a delegation"),
    ({"state": "rapporteur"}, "the rapporteur takes no side; seat a delegation"),
    ({"state": None, "speaker": "delegate"}, "a delegate speaks for a state; give yours"),
    ({"opponent": "LT", "speaker": "delegate"}, "Lithuania"),
    ({"format": "free", "speaker": "delegate"}, "two delegates need a format that ends"),
    ({"motion": "Which moon of Jupiter is the largest?"}, "Nothing in the library speaks to that motion"),
    ({"motion": "🙂🙃"}, "There are no words in that"),
    ({"motion": "NATO " * 900}, "may have 2,000 characters"),
]


async def test_a_debate_as_of_a_day_says_so_and_uses_nothing_newer(hall: Hall, record: Record) -> None:
    thread = await hall.between_delegates(as_of="2024-05-30", pace=5)
    assert "*As of 30 May 2024: nothing newer is used.*" in board(thread)
    for _ in range(5):
        await hall.env.advance_time(6)
    assert numbers(thread) == [1, 2, 3, 4, 5, 6]
    told = answered(await hall.alice.slash(thread, "debate status"))
    assert "*As of 30 May 2024: nothing newer is used.*" in words(told)
    exported = answered(await hall.alice.slash(thread, "debate export"))
    markdown, document = [(await each.read()).decode() for each in exported.attachments]
    assert " As of 30 May 2024: nothing newer is used." in markdown
    debate = json.loads(document)
    assert debate["as_of"] == "2024-05-30"
    cited = [each for turn in debate["turns"] for claim in turn["claims"] for each in claim["citations"]]
    assert {each["passage"] for each in cited} <= record.until(DAY).passages.keys()
    assert not any(each["since"] for each in cited)
    assert "2025" not in "".join(words(message) for message in thread.history())


async def test_the_side_that_nobody_chose_follows_from_where_the_opponent_stood_on_that_day(hall: Hall) -> None:
    """The United States were supportive in 2024, and are divided now."""
    shown = board(await hall.start(opponent="US", state=None, as_of="2024-05-30"))
    assert "**For**: 🇺🇸 United States, its delegate" in shown


@pytest.mark.parametrize("as_of", [" 2024-05-30 ", "2024-05", "2024"])
async def test_a_day_may_be_a_month_or_a_year(hall: Hall, as_of: str) -> None:
    assert f"*As of {Date(as_of.strip()).words}: nothing newer is used.*" in board(await hall.start(as_of=as_of))


async def test_a_delegate_without_a_position_is_said_to_be_instructed_by_the_chair(hall: Hall) -> None:
    thread = await hall.between_delegates(state="LU")
    assert "**For**: 🇱🇺 Luxembourg, its delegate, instructed by the chair to argue for a broader NATO role\n" in board(
        thread
    )
    assert "**Against**: 🇫🇷 France, its delegate\n" in board(thread)
    assert "In general, and not as Luxembourg’s words:" in words(last(thread))
    status = words(answered(await hall.alice.slash(thread, "debate status")))
    assert "Luxembourg, its delegate, instructed by the chair to argue for a broader NATO role" in status


async def test_on_a_day_before_its_position_a_delegate_is_instructed(hall: Hall) -> None:
    shown = board(await hall.start(opponent="NO", as_of="2024-05-30"))
    assert "🇳🇴 Norway, its delegate, instructed by the chair to argue against a broader NATO role" in shown


@pytest.mark.parametrize(("options", "says"), REFUSED, ids=lambda value: str(value)[:40])
async def test_what_cannot_be_debated_is_refused_in_one_sentence(
    hall: Hall, options: dict[str, str], says: str
) -> None:
    said = whispered(await hall.begin(**options)).replace("\\", "")
    assert says in said
    assert "\n" not in said
    assert hall.channel.threads == []
    assert await hall.start()


async def test_nobody_debates_against_themselves_or_a_bot(hall: Hall) -> None:
    other = hall.guild.add_member(hall.env.create_user("mee6", bot=True))
    assert "nobody speaks for both sides" in whispered(await hall.begin(rival=hall.alice))
    assert "only a person of this server" in whispered(await hall.begin(rival=other))
    result = await hall.alice.user.slash("debate start", opponent="FR", rival=hall.bob.user)
    assert "only a person of this server" in whispered(result)
    assert hall.channel.threads == []
