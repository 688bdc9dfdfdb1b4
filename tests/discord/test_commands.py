import pytest

from bot.cards import COLOURS
from knowledge.delegation import RAPPORTEUR
from knowledge.record import Record
from knowledge.date import Date
from tests.discord.conftest import QUESTION, STRAY, World, answered, card, labels, speaker, whispered, words


async def test_an_answer_carries_numbered_citations_with_their_source(world: World, record: Record) -> None:
    answer = await world.ask(QUESTION, "FR")
    source = next(iter(record.sources.values()))
    assert speaker(answer) == "🇫🇷 France"
    assert card(answer).colour == COLOURS[record.positions["FR"].stance]
    assert (card(answer).fields[0].name or "").startswith("\\[1\\] ")
    assert f"](<{source.url}>)" in words(answer)
    assert Date(source.date) in words(answer)
    assert not answer.ephemeral


async def test_an_answer_quotes_the_question(world: World) -> None:
    assert words(await world.ask(QUESTION)).splitlines()[1] == f"> {QUESTION}"


async def test_without_a_state_the_rapporteur_answers(world: World) -> None:
    answer = await world.ask(QUESTION, None)
    assert speaker(answer) == f"{RAPPORTEUR.flag} {RAPPORTEUR.name}"


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
    assert Date(held.as_of) in words(shown)
    assert record.topics[held.silent_on[0]] in words(shown)
    assert words(shown).count("• ") == len(held.holds)


async def test_every_delegation_has_a_position_card(world: World, record: Record) -> None:
    for seat in record.delegations:
        shown = answered(await world.alice.slash(world.channel, "position", state=seat.code))
        assert speaker(shown) == f"{seat.flag} {seat.name}"


async def test_cite_opens_the_whole_passage_between_its_neighbours(world: World, record: Record) -> None:
    await world.ask(QUESTION, "FR")
    shown = answered(await world.alice.slash(world.channel, "cite", number=1))
    source = next(iter(record.sources.values()))
    assert (card(shown).title or "").startswith("\\[1\\] ")
    assert "> " in words(shown)
    assert "**" in words(shown)
    for known in (source.title, source.author, source.publisher, Date(source.date), f"(<{source.url}>)"):
        assert known in words(shown)
    assert "Licence" in words(shown)


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
    for source in record.sources.values():
        assert f"[{source.title}](<{source.url}>)" in words(shown)
        assert source.author in words(shown)
    assert shown.ephemeral


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
