"""A language model puts answers into better words, and into nothing but words; without one nothing of it shows."""

import json
from decimal import Decimal
from typing import Any, cast, get_args

import discord
import pytest
from simcord.results import ResponseMessage

from bot import cards
from bot.budget import Limits
from bot.cards import COMPOSED, NO_MODEL, UNLIMITED
from bot.client import Client
from bot.delegate import NO_MODEL as NOBODY_SPEAKS_PLAINLY
from bot.gate import markdown
from bot.language_model import LanguageModel
from bot.llm.circuit import FAILURES
from bot.llm.failure import SAYS, Reason
from bot.steps import CHECKING, DRAFTING, READING
from knowledge.record import Record
from tests.discord.conftest import QUESTION, STRAY, Shown, World, answered, card, labels, read, speaker, whispered
from tests.discord.hall import OPENING, REBUTTAL, Hall, last, numbers
from tests.discord.models import LONG, Failing, Fake, Lying, Rewording, as_data, faithful, spoken_by

PLAINLY = "In plain words"
WORDED = "Worded by fake:model, each claim checked on the record"
WITHOUT = "Given without the language model: "
LIE = "France supports the opening of a NATO liaison office in Tokyo."
REASONS: tuple[Reason, ...] = get_args(Reason)


@pytest.fixture(scope="module")
def other_words(record: Record) -> dict[str, str]:
    return faithful(record)


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def model(other_words: dict[str, str]) -> Fake:
    return Rewording(words=other_words)


@pytest.fixture
def llm(model: Fake, limits: Limits) -> LanguageModel | None:
    return spoken_by(model, limits)


without = pytest.mark.parametrize("llm", [None], ids=["without"])
lying = pytest.mark.parametrize("model", [Lying(lie=LIE)], ids=["lying"])
once_each = pytest.mark.parametrize("limits", [Limits(user_requests=1)], ids=["once each"])


async def test_an_answer_is_in_the_models_words_and_its_footer_says_so(
    world: World, other_words: dict[str, str]
) -> None:
    answer = await world.ask(QUESTION, "FR")
    assert is_reworded(answer, other_words)
    assert footer(answer).startswith("Opposed (stated), as of 30 May 2025 · ")
    assert WORDED in footer(answer)
    assert COMPOSED not in footer(answer)


async def test_the_same_citations_stand_under_the_models_words(world: World, record: Record) -> None:
    answer = await world.ask(QUESTION, "LT")
    plain = await client_of(world).delegate.written_by(None).answer(QUESTION, record.delegations["LT"])
    assert cited(card(answer)) == cited(cards.answer(plain))
    assert card(answer).description != cards.answer(plain).description


async def test_the_buttons_under_the_models_words_open_what_the_record_has(world: World, record: Record) -> None:
    answer = await world.ask(QUESTION, "FR")
    assert labels(answer) == ["Passages", "The other side", PLAINLY]
    opened = answered(await world.alice.click(answer, label="Passages"))
    assert [embed.title for embed in opened.embeds] == [field.name for field in card(answer).fields]
    other = answered(await world.alice.click(answer, label="The other side"))
    assert COMPOSED in footer(other)
    assert card(other).fields


async def test_a_claim_that_is_checked_is_weighed_in_the_records_words(world: World, model: Fake) -> None:
    claim = await world.alice.send(world.channel, "NATO should open an office in Tokyo.")
    checked = answered(await world.alice.context_menu(world.channel, "Check this claim", claim))
    assert COMPOSED in footer(checked)
    assert model.prompts == []


async def test_the_steps_of_a_slow_model_are_shown_and_then_the_whole_speech(world: World, model: Fake) -> None:
    model.pause = 10
    world.slow_down(10)
    result = await world.alice.slash(world.channel, "ask", question=QUESTION, state="FR")
    seen = [await after(world, result, seconds) for seconds in (1, 10, 10, 5, 5, 10)]
    assert list(dict.fromkeys(seen)) == [READING, DRAFTING, ""]
    assert WORDED in footer(answered(result))
    assert [body["content"] for body in world.sent if body.get("content")] == [READING, DRAFTING]


async def test_a_slow_model_under_a_mention_is_waited_for_in_one_message(world: World, model: Fake) -> None:
    model.pause = 30
    world.env.settle_timeout = 0.5
    await world.alice.send(world.channel, f"{world.bot} as FR: {QUESTION}")
    await world.env.advance_time(5)
    assert [message.content for message in world.channel.history()][1:] == [DRAFTING]
    await world.env.advance_time(30)
    (_, reply) = world.channel.history()
    assert reply.content == ""
    assert WORDED in footer(reply)


async def test_reading_drafting_and_checking_are_told_in_that_order(world: World, record: Record) -> None:
    steps: list[str] = []
    await client_of(world).delegate.answer(QUESTION, record.delegations["FR"], steps.append)
    assert list(dict.fromkeys(steps)) == [READING, DRAFTING, CHECKING]


@pytest.mark.parametrize("model", [Failing(reason=reason) for reason in REASONS], ids=REASONS)
async def test_a_model_that_fails_leaves_what_is_said_without_it_and_why(world: World, model: Failing) -> None:
    answer = await put(world, 5)
    assert f"{WITHOUT}{SAYS[model.reason]}." in footer(answer)
    assert WORDED not in footer(answer)
    plain = await client_of(world).delegate.written_by(None).answer(QUESTION, france(world))
    assert card(answer).description == cards.answer(plain).description
    assert cited(card(answer)) == cited(cards.answer(plain))
    assert model.prompts


async def test_a_model_that_is_too_late_is_not_waited_for(world: World, model: Fake) -> None:
    model.pause = LONG + 30
    answer = await put(world, LONG + 5)
    assert f"{WITHOUT}{SAYS['slow']}." in footer(answer)
    assert card(answer).fields


@lying
async def test_what_the_record_does_not_bear_out_is_not_said(world: World, model: Fake) -> None:
    answer = await world.ask(QUESTION, "FR")
    assert f"{WITHOUT}{SAYS['unsupported']}." in footer(answer)
    assert LIE not in json.dumps(world.sent)
    assert len(model.prompts) == 2, "it had its chance to mend"
    assert LIE in model.prompts[1]


@pytest.mark.parametrize("model", [Failing(reason="slow")])
async def test_a_model_that_goes_on_failing_is_left_alone(world: World, model: Fake) -> None:
    for _ in range(FAILURES):
        assert SAYS["slow"] in footer(await world.ask(QUESTION, "FR"))
    assert SAYS["resting"] in footer(await world.ask(QUESTION, "FR"))
    assert len(model.prompts) == FAILURES


async def test_what_is_off_the_record_stays_off_it(world: World, model: Fake) -> None:
    answer = await world.ask(STRAY, "FR")
    assert labels(answer) == []
    assert "Worded" not in footer(answer)
    assert len(model.prompts) == 1, "it was asked what is meant, and nothing else"


async def test_the_model_is_told_the_answer_that_is_replied_to(world: World, model: Fake) -> None:
    first = await world.mention(f"as FR: {QUESTION}")
    said = as_data((card(first).description or "")[:200])
    assert said not in model.prompts[-1]
    await world.alice.send(world.channel, "Would that help Japan at all, do you think?", reply_to=first)
    assert said in model.prompts[-1]
    assert as_data("Would that help Japan at all, do you think?") in model.prompts[-1]
    assert WORDED in footer(latest(world))
    assert speaker(latest(world)) == "🇫🇷 France"


async def test_the_model_is_told_the_answer_that_a_mention_replies_to(world: World, model: Fake) -> None:
    answer = await world.ask(QUESTION, "FR")
    await world.mention("Would that help Japan at all, do you think?", reply_to=answer)
    assert as_data((card(answer).description or "")[:200]) in model.prompts[-1]


async def test_a_claim_put_to_the_bot_is_rebutted_in_the_models_words(world: World, model: Fake) -> None:
    reply = await world.mention("as FR: NATO must open an office in Tokyo.")
    assert "An opponent says to the delegate of France" in model.prompts[-1]
    assert WORDED in footer(reply)


async def test_nobody_s_name_or_number_is_told_to_the_model(world: World, model: Fake) -> None:
    bob = world.guild.add_member(world.env.create_user("bob-the-builder"))
    member = world.env.backend.get_guild(world.guild.id).members[world.alice.id]
    member.nick = "Her Excellency"
    role = world.guild.create_role("Plenipotentiaries")
    named = f"{bob.mention} <@!{bob.id}> {role.mention} {world.channel.mention}"
    first = await world.mention(f"as FR: {named} {QUESTION}")
    await world.alice.send(world.channel, f"{named} Why would an office in Tokyo not help?", reply_to=first)
    await world.ask(f"{named} {QUESTION}", "FR")
    answer = await world.mention(f"{named} NATO must open an office in Tokyo.")
    await world.alice.click(answer, label=PLAINLY)
    assert len(model.prompts) >= 5
    assert_unnamed(model, *(str(each.id) for each in (world.alice, bob, role, world.channel, world.guild)))
    assert_unnamed(model, "alice", "bob-the-builder", "Excellency", "Plenipotentiaries", "Model NATO", "debate\n")


async def test_nobody_s_name_or_number_is_told_to_the_model_in_a_debate(hall: Hall, model: Fake) -> None:
    thread = await hall.start()
    await hall.say(thread, f"{hall.bob.mention} {OPENING}")
    await hall.alice.slash(thread, "say", text=f"{hall.bob.mention} {REBUTTAL}")
    assert len(model.prompts) == 2
    assert_unnamed(model, *(str(each.id) for each in (hall.alice, hall.bob, hall.channel, hall.guild, thread)))
    assert_unnamed(model, "alice", "bob", "Model NATO")


async def test_a_turn_is_in_the_models_words_and_its_card_says_so(
    hall: Hall, model: Fake, other_words: dict[str, str]
) -> None:
    thread = await hall.start()
    await hall.say(thread, OPENING)
    assert numbers(thread) == [2]
    assert is_reworded(last(thread), other_words)
    assert WORDED in footer(last(thread))
    await hall.say(thread, REBUTTAL)
    assert WORDED in footer(last(thread))
    assert as_data(OPENING) in model.prompts[-1], "what was said before is told"
    assert len((card(last(thread)).description or "").split()) <= 90


async def test_who_worded_a_turn_is_kept_and_told_after_a_restart_without_the_model(
    hall: Hall, other_words: dict[str, str]
) -> None:
    thread = await hall.start()
    for _ in range(2):  # neither the turn nor the excuse for it can be shown
        hall.break_once("POST", f"/channels/{thread.id}/messages")
    await hall.say(thread, OPENING)
    assert numbers(thread) == []
    hall.llm = None
    await hall.restart()
    assert numbers(thread) == [2]
    assert is_reworded(last(thread), other_words)
    assert WORDED in footer(last(thread))


@pytest.mark.parametrize("model", [Failing(reason="unauthorised")])
async def test_why_a_turn_is_not_worded_is_kept_and_told_after_a_restart(hall: Hall) -> None:
    thread = await hall.start()
    for _ in range(2):
        hall.break_once("POST", f"/channels/{thread.id}/messages")
    await hall.say(thread, OPENING)
    hall.llm = None
    await hall.restart()
    assert f"{WITHOUT}{SAYS['unauthorised']}" in footer(last(thread))


@once_each
async def test_a_debate_is_paid_for_by_who_began_it(hall: Hall) -> None:
    thread = await hall.between_delegates(pace=30)
    assert WORDED in footer(last(thread))
    await hall.env.advance_time(31)
    assert numbers(thread) == [1, 2]
    assert f"{WITHOUT}nothing is left for you, today." in footer(last(thread))
    assert [(await quota(hall, who))[0].split()[0] for who in (hall.alice, hall.bob)] == ["0", "1"]


@pytest.mark.parametrize(
    "limits", [Limits(month_cost=100_000_000, prices=(Decimal(1000), Decimal(2000)))], ids=["with prices"]
)
async def test_quota_whispers_what_is_left_for_the_person_the_server_and_everybody(world: World) -> None:
    await world.ask(QUESTION, "FR")
    told = answered(await world.alice.slash(world.channel, "quota"))
    assert told.ephemeral
    assert [(field.name, field.value) for field in card(told).fields] == [
        ("For you, today", "59 of 60 requests, 199,880 of 200,000 tokens"),
        ("For this server, today", "599 of 600 requests, 1,999,880 of 2,000,000 tokens"),
        ("For everybody, today", "2,999 of 3,000 requests, 9,999,880 of 10,000,000 tokens"),
        ("For everybody, this month", "99.86 of 100.00 in money"),
    ]


async def test_quota_is_each_person_s_own_and_has_no_server_in_a_direct_message(world: World) -> None:
    bob = world.guild.add_member(world.env.create_user("bob"))
    await world.ask(QUESTION, "FR")
    told = card(answered(await bob.slash(world.channel, "quota")))
    assert [(field.value or "").split(" ")[0] for field in told.fields] == ["60", "599", "2,999"]
    told = card(answered(await bob.user.slash("quota")))
    assert [field.name for field in told.fields] == ["For you, today", "For everybody, today"]


@once_each
async def test_over_budget_an_answer_is_composed_and_says_so_and_others_are_not_touched(world: World) -> None:
    bob = world.guild.add_member(world.env.create_user("bob"))
    assert WORDED in footer(await world.ask(QUESTION, "FR"))
    over = await world.ask(QUESTION, "FR")
    assert f"{WITHOUT}nothing is left for you, today." in footer(over)
    assert card(over).fields
    assert WORDED in footer(answered(await bob.slash(world.channel, "ask", question=QUESTION, state="FR")))
    assert "answers" in await status(world), "that is no fault of the model's"


@once_each
async def test_what_was_spent_is_remembered_after_a_restart(world: World) -> None:
    await world.ask(QUESTION, "FR")
    await world.restart()
    assert f"{WITHOUT}nothing is left for you, today." in footer(await world.mention(f"as FR: {QUESTION}"))


async def test_status_says_that_the_model_answers(world: World) -> None:
    assert await status(world) == "fake:model has not been asked yet."
    await world.ask(QUESTION, "FR")
    assert await status(world) == "fake:model answers."


@pytest.mark.parametrize("model", [Failing(reason="slow")])
async def test_status_says_what_is_the_matter_with_the_model(world: World) -> None:
    await world.ask(QUESTION, "FR")
    assert (await status(world)).startswith(f"fake:model failed: {SAYS['slow']} (")
    for _ in range(FAILURES):
        await world.ask(QUESTION, "FR")
    assert "it is left alone for 60 seconds" in await status(world)


async def test_in_plain_words_answers_only_whoever_pressed(world: World, model: Fake) -> None:
    answer = await world.ask(QUESTION, "FR")
    before = read(card(answer))
    plain = answered(await world.alice.click(answer, label=PLAINLY))
    assert plain.ephemeral
    assert "fifteen-year-olds" in model.prompts[-1]
    assert WORDED in footer(plain)
    assert {*cited(card(plain))} == {*cited(card(answer))}
    assert labels(plain) == ["Passages"]
    assert answered(await world.alice.click(plain, label="Passages")).embeds
    assert (len(world.channel.history()), read(card(answer))) == (1, before)


async def test_in_plain_words_outlives_a_restart(world: World, other_words: dict[str, str]) -> None:
    answer = await world.ask(QUESTION, "FR")
    before = read(card(answered(await world.alice.click(answer, label=PLAINLY))))
    await world.restart()
    after = answered(await world.alice.click(answer, label=PLAINLY))
    assert read(card(after)) == before
    assert is_reworded(after, other_words)


@lying
async def test_what_is_said_plainly_is_checked_as_well(world: World, model: Fake) -> None:
    answer = await world.ask(QUESTION, "FR")
    asked = len(model.prompts)
    plain = answered(await world.alice.click(answer, label=PLAINLY))
    assert len(model.prompts) > asked
    assert f"{WITHOUT}{SAYS['unsupported']}." in footer(plain)
    assert LIE not in json.dumps(world.sent)
    assert card(plain).fields


@once_each
async def test_plain_words_are_paid_for_by_whoever_pressed(world: World) -> None:
    bob = world.guild.add_member(world.env.create_user("bob"))
    answer = await world.ask(QUESTION, "FR")
    assert "nothing is left for you" in footer(answered(await world.alice.click(answer, label=PLAINLY)))
    assert WORDED in footer(answered(await bob.click(answer, label=PLAINLY)))


async def test_in_plain_words_is_refused_in_one_sentence_once_the_model_is_gone(world: World) -> None:
    answer = await world.ask(QUESTION, "FR")
    world.llm = None
    await world.restart()
    assert whispered(await world.alice.click(answer, label=PLAINLY)) == markdown(NOBODY_SPEAKS_PLAINLY)
    assert labels(await world.ask(QUESTION, "FR")) == ["Passages", "The other side"]


async def test_nothing_of_a_model_is_under_what_is_silent(world: World) -> None:
    assert PLAINLY not in labels(await world.mention(STRAY))


@without
async def test_without_a_model_nothing_of_it_shows(world: World, model: Fake) -> None:
    for shown in (await world.ask(QUESTION, "FR"), await world.mention(f"as FR: {QUESTION}")):
        assert labels(shown) == ["Passages", "The other side"]
        assert COMPOSED in footer(shown)
        assert "Worded" not in footer(shown)
        assert WITHOUT not in footer(shown)
    assert await status(world) == NO_MODEL
    assert card(answered(await world.alice.slash(world.channel, "quota"))).description == UNLIMITED
    assert model.prompts == []


@without
async def test_without_a_model_a_turn_says_nothing_of_one(hall: Hall) -> None:
    thread = await hall.start()
    await hall.say(thread, OPENING)
    assert footer(last(thread)).startswith("Turn 2 · David Sacks")


async def test_the_model_is_let_go_of_when_the_client_is_closed(world: World, model: Fake) -> None:
    assert not model.is_closed
    await world.env.bot.close()
    assert model.is_closed


def client_of(world: World) -> Client:
    return cast(Client, world.env.bot)


def france(world: World) -> Any:
    return world.library.record.delegations["FR"]


def footer(message: Shown) -> str:
    return card(message).footer.text or ""


def latest(world: World) -> discord.Message:
    message = world.channel.last_message
    assert message
    return message


def cited(shown: discord.Embed) -> list[tuple[str | None, str | None]]:
    return [(field.name, field.value) for field in shown.fields]


def is_reworded(message: Shown, other_words: dict[str, str]) -> bool:
    """Whether other words stand there than the record's."""
    said = card(message).description or ""
    return any(markdown(text.rstrip(".")) in said for text in other_words.values())


def assert_unnamed(model: Fake, *names: str) -> None:
    assert model.prompts
    for name in names:
        assert name.casefold() not in "\n".join(model.prompts).casefold()


async def after(world: World, result: Any, seconds: float) -> str:
    """What stands there so many seconds later."""
    await world.env.advance_time(seconds)
    return answered(result).content


async def put(world: World, seconds: float) -> ResponseMessage:
    """The answer of France that stands there so many seconds later."""
    world.env.settle_timeout = 2.0
    result = await world.alice.slash(world.channel, "ask", question=QUESTION, state="FR")
    world.env.settle_timeout = 5.0  # real time, for a busy machine
    await world.env.advance_time(seconds)
    return answered(result)


async def quota(hall: Hall, who: Any) -> list[str]:
    told = card(answered(await who.slash(hall.channel, "quota")))
    return [field.value or "" for field in told.fields]


async def status(world: World) -> str:
    told = answered(await world.alice.slash(world.channel, "status"))
    assert told.ephemeral
    return (card(told).description or "").replace("\\", "")
