from collections.abc import AsyncIterator

import pytest
from simcord.results import ResponseMessage

from bot.cards import COLOURS
from bot.cogs.imprint import Imprint
from bot.debate import Citation
from bot.delegate import BY_WORDS
from knowledge.delegation import RAPPORTEUR
from knowledge.record import Record
from tests.discord.conftest import QUESTION, STRAY, World, answered, card, labels, speaker, whispered, words


async def test_an_answer_carries_numbered_citations_with_their_source(world: World, record: Record) -> None:
    answer = await world.ask(QUESTION, "FR")
    assert speaker(answer) == "🇫🇷 France"
    assert card(answer).colour == COLOURS[record.positions["FR"].stance]
    assert (card(answer).fields[0].name or "").startswith("\\[1\\] ")
    cited = behind(answer, record)
    assert {each.passage.is_summary for each in cited} == {True, False}
    for each, field in zip(cited, card(answer).fields, strict=True):
        assert f"](<{each.source.url}>)" in (field.value or "") or each.source.url is None
        assert each.source.date.words in (field.value or "")
        assert ("our summary" in (field.value or "")) == each.passage.is_summary
    assert not answer.ephemeral


async def test_an_answer_quotes_the_question(world: World) -> None:
    assert words(await world.ask(QUESTION)).splitlines()[1] == f"> {QUESTION}"


async def test_without_a_state_the_rapporteur_answers(world: World) -> None:
    answer = await world.ask(QUESTION, None)
    assert speaker(answer) == f"{RAPPORTEUR.flag} {RAPPORTEUR.name}"


async def test_while_the_index_is_rebuilt_an_answer_says_that_more_may_be_on_record(world: World) -> None:
    world.library.is_complete = False
    assert BY_WORDS in words(await world.ask(QUESTION, "FR"))
    assert BY_WORDS in words(await world.ask(STRAY, "FR"))
    world.library.is_complete = True
    assert BY_WORDS not in words(await world.ask(QUESTION, "FR"))


async def test_the_state_chosen_stays_with_the_channel(world: World) -> None:
    other = world.guild.create_text_channel("elsewhere")
    await world.ask(QUESTION, "Lithuania")
    assert speaker(await world.ask(QUESTION, None)) == "🇱🇹 Lithuania"
    elsewhere = await world.alice.slash(other, "ask", question=QUESTION)
    assert speaker(answered(elsewhere)) != "🇱🇹 Lithuania"


async def test_a_question_off_the_record_gets_a_grey_card_without_buttons(world: World) -> None:
    answer = await world.ask(STRAY, "FR")
    assert card(answer).colour == COLOURS["none"]
    assert labels(answer) == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("a" * 2001, "2,000 characters"),
        ("why? " * 1200, "2,000 characters"),
        ("🙂🙃", "no words"),
        (" \u200b ", "no question"),
    ],
)
async def test_a_question_that_cannot_be_asked_is_refused_in_private(
    world: World, question: str, expected: str
) -> None:
    result = await world.alice.slash(world.channel, "ask", question=question, state="FR")
    assert expected in whispered(result)
    assert world.library.asked == []


@pytest.mark.parametrize("command", ["ask", "position"])
async def test_an_unknown_state_is_answered_with_the_nearest_ones(world: World, command: str) -> None:
    more = {"question": QUESTION} if command == "ask" else {}
    result = await world.alice.slash(world.channel, command, state="Lithunia", **more)
    assert "Lithuania (LT)" in whispered(result)


@pytest.mark.parametrize(("typed", "first"), [("Lith", "LT"), ("lt", "LT"), ("holland", "NL"), ("turk", "TR")])
async def test_states_complete_as_people_type_them(world: World, typed: str, first: str) -> None:
    for command in ("ask", "position"):
        offered = await world.alice.autocomplete(world.channel, command, "state", typed)
        assert offered[0]["value"] == first
    assert "🇳🇱 Netherlands (NL)" in [
        choice["name"] for choice in await world.alice.autocomplete(world.channel, "ask", "state", "nether")
    ]


async def test_no_more_than_25_states_are_offered(world: World, record: Record) -> None:
    assert len(list(record.delegations)) > 25
    assert len(await world.alice.autocomplete(world.channel, "ask", "state", "")) == 25
    assert await world.alice.autocomplete(world.channel, "ask", "state", "Atlantis") == []


async def test_a_position_shows_what_is_held_since_when_and_what_it_is_silent_on(world: World, record: Record) -> None:
    held = record.positions["FR"]
    shown = answered(await world.alice.slash(world.channel, "position", state="France"))
    assert speaker(shown) == "🇫🇷 France"
    assert f"**Opposed (stated), as of {held.as_of.words}**" in words(shown)
    pages = "\n".join([page async for page in leafed(world, shown)])
    assert record.topics[held.silent_on[0]] in pages
    assert pages.count("• ") == len(held.holds) + len(held.changed)
    assert "**Since the article of 30 May 2024**" in pages


@pytest.mark.parametrize("code", ["RAPPORTEUR", "LT", "HU", "US", "LU", "JP", "NATO", "AP4", "CN"])
async def test_every_delegation_has_a_position_card(world: World, record: Record, code: str) -> None:
    seat = record.delegations[code]
    shown = answered(await world.alice.slash(world.channel, "position", state=code))
    assert speaker(shown) == f"{seat.flag} {seat.name}"
    assert seat.is_neutral or f", as of {record.positions[code].as_of.words}**" in words(shown)


AMBIGUOUS = {
    "Korea": "South Korea (KR) or North Korea",
    "the Baltics": "Estonia (EE), Latvia (LV) or Lithuania (LT)",
    "Brussels": "Belgium (BE)",
}


@pytest.mark.parametrize("command", ["ask", "position"])
@pytest.mark.parametrize(("name", "choices"), AMBIGUOUS.items())
async def test_a_name_that_may_mean_several_gets_a_choice_in_private(
    world: World, command: str, name: str, choices: str
) -> None:
    more = {"question": QUESTION} if command == "ask" else {}
    said = whispered(await world.alice.slash(world.channel, command, state=name, **more))
    assert f"“{name}” may mean several: " in said
    assert choices in said
    assert world.library.asked == []


@pytest.mark.parametrize(("code", "name"), [("CN", "China"), ("AP4", "The Asia-Pacific Four")])
async def test_who_is_only_on_record_is_not_asked(world: World, code: str, name: str) -> None:
    said = whispered(await world.alice.slash(world.channel, "ask", question=QUESTION, state=code))
    assert said == f"{name} has no delegate at this table; what is on record of it is shown by: position {code}."
    assert world.library.asked == []


async def test_only_who_has_a_delegate_is_offered_to_be_asked(world: World) -> None:
    for typed, code in (("chin", "CN"), ("ap4", "AP4")):
        looked_up = await world.alice.autocomplete(world.channel, "position", "state", typed)
        assert code in [choice["value"] for choice in looked_up]
        offered = await world.alice.autocomplete(world.channel, "ask", "state", typed)
        assert code not in [choice["value"] for choice in offered]


async def test_cite_opens_the_whole_passage_between_its_neighbours(world: World, record: Record) -> None:
    (number, *_) = (each.n for each in behind(await world.ask(QUESTION, "FR"), record) if not each.passage.is_summary)
    shown = answered(await world.alice.slash(world.channel, "cite", number=number))
    source = record.sources["cfr-2024-05-30"]
    assert (card(shown).title or "").startswith(f"\\[{number}\\] ")
    assert "> " in words(shown)
    assert "**" in words(shown)
    for known in (source.title, source.author, source.publisher, source.date.words, f"(<{source.url}>)"):
        assert known in words(shown)
    assert source.licence in words(shown)


async def test_cite_opens_a_fact_as_our_summary_of_its_source(world: World, record: Record) -> None:
    (fact, *_) = (each for each in behind(await world.ask(QUESTION, "FR"), record) if each.passage.is_summary)
    shown = answered(await world.alice.slash(world.channel, "cite", number=fact.n))
    text = words(shown).replace("\\", "")
    assert f"**{fact.passage.text}**" in text
    assert "> " not in text
    assert f"{fact.source.publisher}, {fact.source.date.words}" in text
    assert card(shown).footer.text == fact.source.terms


async def test_cite_without_an_answer_says_what_to_do(world: World) -> None:
    result = await world.alice.slash(world.channel, "cite", number=1)
    assert "/ask" in whispered(result)
    assert world.channel.history() == []


async def test_cite_of_a_number_that_is_not_there_names_those_that_are(world: World) -> None:
    await world.ask(QUESTION, "FR")
    result = await world.alice.slash(world.channel, "cite", number=99)
    assert "citations 1 to" in whispered(result)


async def test_cite_finds_the_last_answer_again_after_a_restart(world: World) -> None:
    await world.ask(QUESTION, "FR")
    before = answered(await world.alice.slash(world.channel, "cite", number=1))
    await world.restart()
    after = answered(await world.alice.slash(world.channel, "cite", number=1))
    assert words(after) == words(before)


async def test_sources_lists_them_with_licence_and_link(world: World, record: Record) -> None:
    shown = answered(await world.alice.slash(world.channel, "sources"))
    assert shown.ephemeral
    first, *more = [page async for page in leafed(world, shown)]
    article = record.sources["cfr-2024-05-30"]
    for known in (f"[{article.title}](<{article.url}>)", article.author, f"Licence: {article.licence}"):
        assert known in first.replace("\\", "")
    listed = "\n".join([first, *more])
    for source in record.sources.values():
        assert f"](<{source.url}>)" in listed or source.url is None
    assert "](<None>)" not in listed


async def test_help_names_every_command(world: World) -> None:
    shown = answered(await world.alice.slash(world.channel, "help"))
    for command in ("/ask", "/position", "/cite", "/sources", "/help", "Check this claim"):
        assert command in words(shown)
    assert shown.ephemeral


async def test_a_claim_of_somebody_is_checked_from_both_sides(world: World, record: Record) -> None:
    bob = world.guild.add_member(world.env.create_user("bob"))
    claim = await bob.send(world.channel, "A war over Taiwan would stay in Asia.")
    shown = answered(await world.alice.context_menu(world.channel, "Check this claim", claim))
    assert speaker(shown) == f"{RAPPORTEUR.flag} {RAPPORTEUR.name}"
    assert "> A war over Taiwan would stay in Asia." in words(shown)
    assert "Passages" in labels(shown)


async def test_a_message_without_words_cannot_be_checked(world: World) -> None:
    picture = await world.alice.send(world.channel, attachments=[("map.png", b"...")])
    result = await world.alice.context_menu(world.channel, "Check this claim", picture)
    assert "no words in that message" in whispered(result)


async def test_everything_works_in_direct_messages(world: World) -> None:
    user = world.alice.user
    assert speaker(answered(await user.slash("ask", question=QUESTION, state="FR"))) == "🇫🇷 France"
    assert "**" in words(answered(await user.slash("cite", number=1)))
    assert speaker(answered(await user.slash("position", state="LT"))) == "🇱🇹 Lithuania"
    assert (await user.autocomplete("position", "state", "fra"))[0]["value"] == "FR"


async def test_a_command_delivered_twice_is_answered_once(world: World) -> None:
    await world.ask(QUESTION, "FR")
    searches = len(world.library.asked)
    delivered = [payload for _, name, payload in world.env.backend.transcript if name == "INTERACTION_CREATE"]
    world.env.backend.emit("INTERACTION_CREATE", delivered[-1])
    await world.env.settle()
    assert len(world.channel.history()) == 1
    assert len(world.library.asked) == searches


def behind(answer: ResponseMessage, record: Record) -> tuple[Citation, ...]:
    """What an answer cites."""
    imprint = Imprint.on(answer.message)
    assert imprint
    return imprint.citations(record)


async def leafed(world: World, shown: ResponseMessage) -> AsyncIterator[str]:
    """The text of every page, one after the other."""
    yield words(shown)
    while "More ›" in labels(shown):
        await world.alice.click(shown, label="More ›")
        yield words(shown)
