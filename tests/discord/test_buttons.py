from dataclasses import replace

from simcord.results import ResponseMessage

from bot.cogs.imprint import Imprint
from knowledge.record import Record
from tests.discord.conftest import QUESTION, World, answered, card, labels, speaker, whispered, words


async def test_passages_opens_every_cited_passage_for_whoever_pressed(world: World) -> None:
    answer = await world.ask(QUESTION, "FR")
    opened = await pressed(world, answer, "Passages")
    assert opened.ephemeral
    assert len(opened.embeds) == len(card(answer).fields)
    assert all("**" in (embed.description or "") for embed in opened.embeds)


async def test_the_other_side_is_given_with_its_own_citations(world: World) -> None:
    answer = await world.ask(QUESTION, "FR")
    opened = await pressed(world, answer, "The other side")
    assert opened.ephemeral
    assert speaker(opened) == "🇫🇷 France"
    assert (card(opened).fields[0].name or "").startswith("\\[1\\] ")
    assert labels(opened) == ["Passages"]


async def test_buttons_work_after_a_restart(world: World) -> None:
    answer = await world.ask(QUESTION, "FR")
    before = [words(await pressed(world, answer, label)) for label in ("Passages", "The other side")]
    await world.restart()
    assert [words(await pressed(world, answer, label)) for label in ("Passages", "The other side")] == before


async def test_buttons_work_in_direct_messages(world: World) -> None:
    user = world.alice.user
    answer = answered(await user.slash("ask", question=QUESTION, state="FR"))
    assert answered(await user.click(answer, label="Passages")).embeds


async def test_numbers_in_cite_stay_those_of_the_answer_after_its_other_side_was_read(world: World) -> None:
    answer = await world.ask(QUESTION, "FR")
    before = words(answered(await world.alice.slash(world.channel, "cite", number=1)))
    await pressed(world, answer, "The other side")
    assert words(answered(await world.alice.slash(world.channel, "cite", number=1))) == before


async def test_what_has_left_the_record_is_said_in_one_sentence(world: World, record: Record) -> None:
    answer = await world.ask(QUESTION, "FR")
    kept = {
        id: argument for id, argument in record.arguments.items() if id not in record.positions["FR"].holds[1].arguments
    }
    world.library.record = replace(record, arguments=kept)
    await world.restart()
    for label in ("Passages", "The other side"):
        assert "The record has changed" in whispered(await world.alice.click(answer, label=label))


async def test_an_answer_that_nothing_rebuts_says_so(world: World, record: Record) -> None:
    answer = await world.ask(QUESTION, "FR")
    alone = {id: argument.model_copy(update={"rebuts": ()}) for id, argument in record.arguments.items()}
    world.library.record = replace(record, arguments=alone)
    await world.restart()
    assert "nothing that speaks against" in whispered(await world.alice.click(answer, label="The other side"))


async def test_a_press_delivered_twice_is_answered_once(world: World) -> None:
    answer = await world.ask(QUESTION, "FR")
    result = await world.alice.click(answer, label="Passages")
    delivered = [payload for _, name, payload in world.env.backend.transcript if name == "INTERACTION_CREATE"]
    world.env.backend.emit("INTERACTION_CREATE", delivered[-1])
    await world.env.settle()
    assert answered(result).ephemeral


async def test_a_long_position_is_paged_and_turned_in_place(world: World, record: Record) -> None:
    held = record.positions["FR"]
    long = held.model_copy(update={"holds": held.holds * 60})
    world.library.record = replace(record, positions=record.positions | {"FR": long})
    await world.restart()
    shown = answered(await world.alice.slash(world.channel, "position", state="FR"))
    assert labels(shown) == ["More ›"]
    assert (card(shown).footer.text or "").startswith("Page 1 of ")
    await world.restart()
    await world.alice.click(shown, label="More ›")
    assert (card(shown).footer.text or "").startswith("Page 2 of ")
    await world.alice.click(shown, label="‹ Back")
    assert (card(shown).footer.text or "").startswith("Page 1 of ")
    assert len(world.channel.history()) == 1


async def test_what_an_answer_cited_is_read_from_its_buttons(world: World, record: Record) -> None:
    answer = await world.ask(QUESTION, "FR")
    imprint = Imprint.on(answer.message)
    assert imprint
    assert imprint.seat(record).code == "FR"
    assert [citation.n for citation in imprint.citations(record)] == list(range(1, len(card(answer).fields) + 1))


async def pressed(world: World, answer: ResponseMessage, label: str) -> ResponseMessage:
    return answered(await world.alice.click(answer, label=label))
