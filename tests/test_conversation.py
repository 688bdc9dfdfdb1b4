import io

import pytest
from rich.console import Console

from bot.conversation import HELP, Conversation
from bot.delegate import Delegate
from knowledge.record import Record

TOKYO = "Should NATO open an office in Tokyo?"
OFFICE = "france-opposes-tokyo-liaison-office"


class Talk:
    """A conversation with France, and what is shown after each line."""

    def __init__(self, delegate: Delegate) -> None:
        self._screen = io.StringIO()
        console = Console(file=self._screen, width=4000, highlight=False)
        self.conversation = Conversation(delegate, delegate.record.delegations["FR"], console)

    async def say(self, line: str) -> str:
        assert await self.conversation.hear(line)
        shown = self._screen.getvalue()
        self._screen.seek(0)
        self._screen.truncate()
        return shown


@pytest.fixture
def talk(delegate: Delegate) -> Talk:
    return Talk(delegate)


async def test_a_question_is_answered_with_numbered_citations(talk: Talk, record: Record) -> None:
    shown = await talk.say(TOKYO)
    (hold,) = [hold for hold in record.positions["FR"].holds if OFFICE in hold.arguments]
    assert hold.claim.rstrip(".") in shown
    assert " [1] In Singapore in May 2025 " in shown
    assert " [2] “France, for its part" in shown
    assert "David Sacks, Council on Foreign Relations, 30 May 2024" in shown


async def test_a_citation_opens_its_passage_between_its_neighbours(talk: Talk, record: Record) -> None:
    await talk.say(TOKYO)
    shown = await talk.say("/cite 2")
    passage = record.passage_of(record.arguments[OFFICE])
    for near in (*record.neighbours(passage), passage):
        assert near
        assert near.text in shown
    assert (record.source_of(passage).url or "no address") in shown


async def test_a_fact_opens_as_our_summary_with_its_source(talk: Talk, record: Record) -> None:
    await talk.say(TOKYO)
    shown = await talk.say("/cite 1")
    source = record.source_of(record.passages["FR-07"])
    assert f"{source.title} — {source.publisher}, {source.date.words}, {source.tier}" in shown
    assert record.passages["FR-07"].text in shown
    assert "Licence" not in shown


@pytest.mark.parametrize("number", ["", "0", "99", "-1", "one", "1.0", "²", "1" * 5000])
async def test_a_citation_that_was_not_given_cannot_be_opened(talk: Talk, number: str) -> None:
    await talk.say(TOKYO)
    assert "There is no such citation" in await talk.say(f"/cite {number}")


async def test_nothing_can_be_cited_or_opposed_before_an_answer(talk: Talk) -> None:
    assert "There is no such citation" in await talk.say("/cite 1")
    assert "ask a question first" in await talk.say("/other")
    await talk.say("How many moons has Jupiter?")
    assert "ask a question first" in await talk.say("/other")


async def test_the_other_side_answers_and_can_be_cited(talk: Talk) -> None:
    await talk.say(TOKYO)
    assert "The other side says:" in await talk.say("/other")
    assert "no such citation" not in await talk.say("/cite 1")


@pytest.mark.parametrize("name", ["LT", "lithuania", "  Vilnius "])
async def test_the_seat_can_be_changed_by_any_of_its_names(talk: Talk, record: Record, name: str) -> None:
    await talk.say(TOKYO)
    assert record.positions["LT"].summary in await talk.say(f"/as {name}")
    assert talk.conversation.prompt == "You to Lithuania> "
    assert "no such citation" in await talk.say("/cite 1")
    assert "Lithuanian statement" in await talk.say(TOKYO)


async def test_an_unknown_seat_is_met_with_the_nearest_and_the_seat_is_kept(talk: Talk) -> None:
    assert "Lithuania (LT)" in await talk.say("/as Lithunia")
    assert "No delegation is called" in await talk.say("/as")
    assert talk.conversation.prompt == "You to France> "


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("Korea", "South Korea (KR)"),
        ("the Baltics", "Estonia (EE), Latvia (LV) or Lithuania (LT)"),
        ("Brussels", "NATO"),
        ("China", "China has no delegate at this table; what is on record of it is shown by: position CN."),
        ("AP4", "The Asia-Pacific Four has no delegate"),
    ],
)
async def test_a_seat_that_is_not_sure_or_not_taken_is_met_with_a_choice_and_the_seat_is_kept(
    talk: Talk, name: str, choices: str
) -> None:
    assert choices in await talk.say(f"/as {name}")
    assert talk.conversation.prompt == "You to France> "


async def test_position_sources_and_help_are_shown(talk: Talk, record: Record) -> None:
    assert record.positions["FR"].summary in await talk.say("/position")
    shown = await talk.say("/sources")
    assert all(source.title in shown for source in record.sources.values())
    assert HELP in await talk.say("/help")


@pytest.mark.parametrize("line", ["/frobnicate", "/", "/CITE 1", "/ as LT"])
async def test_an_unknown_command_points_to_help(talk: Talk, line: str) -> None:
    shown = await talk.say(line)
    assert "type /help" in shown
    assert len(shown.splitlines()) == 1


async def test_an_unknown_command_cannot_play_with_the_terminal(talk: Talk) -> None:
    assert "\x1b" not in await talk.say("/\x1b[31mred")
    assert "\x1b" not in await talk.say("/as \x1b[31mred")


async def test_markup_in_a_line_is_shown_as_typed(talk: Talk) -> None:
    assert "/[bold]x" in await talk.say("/[bold]x")


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("🦆🦆🦆", "no words"),
        ("x" * 10_000, "10,000"),
        ("@everyone", "Nothing in the library"),
        ("\u200b", "no claim"),
    ],
)
async def test_bad_input_gets_one_sentence_and_the_conversation_goes_on(talk: Talk, line: str, reply: str) -> None:
    assert reply in await talk.say(line)
    assert "[1]" in await talk.say(TOKYO)


async def test_an_empty_line_is_no_question(talk: Talk) -> None:
    assert await talk.say("   ") == ""


@pytest.mark.parametrize("line", ["/quit", " /exit ", "/q"])
async def test_quitting_ends_the_conversation(talk: Talk, line: str) -> None:
    assert not await talk.conversation.hear(line)
