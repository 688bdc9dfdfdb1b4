"""The buttons of a debate. Their custom ids say which debate and turn they belong to, so that they outlive a restart,
and so that a turn can be recognised as shown.
"""

import io
import re
from typing import Any, ClassVar, Protocol, Self, cast

import discord
from discord.ui import Button, Label, Modal, TextInput, View

from bot import boards, documents, transcript
from bot.cogs.buttons import Interaction, Passages, Pressed
from bot.cogs.imprint import Imprint, custom_ids
from bot.duel import Due
from bot.formats import NAMES
from bot.question import LONGEST
from bot.records import Debate
from knowledge.errors import OutOfOrder
from knowledge.record import Record

SPEAK = "speak"  # the custom id of the modal in which a turn is written
TEXT = "text"
LOOKED_THROUGH = 500  # messages of a room, for what may have been shown before a crash
PAUSED = "The debate is paused; `/debate resume` goes on."


class Presiding(Protocol):
    """What the buttons need of the chair."""

    async def debate_in(self, room: int | None) -> Debate: ...
    async def presided(self, interaction: Interaction) -> Debate: ...
    async def resume(self, room: int) -> None: ...
    async def pause(self, room: int) -> None: ...
    async def count(self, room: int) -> None: ...


class _OfDebate(Pressed, template="(?!)"):
    """A button that belongs to a debate."""

    WORD: ClassVar[str]
    LABEL: ClassVar[str]
    EMOJI: ClassVar[str]

    def __init__(self, debate: int, place: str = "") -> None:
        self.debate = debate
        super().__init__(Button(label=self.LABEL, emoji=self.EMOJI, custom_id=f"{self.WORD}:{debate}{place}"))

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(int(match["debate"]))

    @classmethod
    def of(cls, debate: Debate) -> str:
        """Its custom id."""
        return f"{cls.WORD}:{debate.id}"

    def check(self, debate: Debate) -> Debate:
        """Raises OutOfOrder when another debate is held there by now."""
        if debate.id != self.debate:
            raise OutOfOrder("closed", "that debate is over; what is held here now has buttons of its own.")
        return debate


class _OfTurn(_OfDebate, template="(?!)"):
    """A button under a turn."""

    def __init__(self, debate: int, turn: int) -> None:
        super().__init__(debate, f":{turn}")

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(int(match["debate"]), int(match["turn"]))

    @classmethod
    def at(cls, debate: Debate, n: int) -> str:
        """Its custom id."""
        return f"{cls.of(debate)}:{n}"


class Reply(_OfTurn, template=r"reply:(?P<debate>\d+):(?P<turn>\d+)"):
    """Opens the modal in which a turn is written, for who has the floor."""

    WORD, LABEL, EMOJI = "reply", "Reply", "✍️"

    async def pressed(self, interaction: Interaction, house: Any) -> None:
        debate = self.check(await _chair(house).debate_in(interaction.channel_id))
        due = debate.duel.floor(debate.duel.side_of(str(interaction.user.id)))
        await interaction.response.send_modal(Speaking(due))


class Stop(_OfTurn, template=r"stop:(?P<debate>\d+):(?P<turn>\d+)"):
    """Holds a debate between two delegates."""

    WORD, LABEL, EMOJI = "stop", "Stop", "⏸️"

    async def pressed(self, interaction: Interaction, house: Any) -> None:
        debate = self.check(await _chair(house).presided(interaction))
        await interaction.response.defer(thinking=True)
        await _chair(house).pause(debate.channel)
        await interaction.edit_original_response(content=PAUSED)


class Running(_OfTurn, template=r"record:(?P<debate>\d+):(?P<turn>\d+)"):
    """Shows the running record to whoever asks. Each turn has one, by which it is known to have been shown."""

    WORD, LABEL, EMOJI = "record", "Answered and open", "📋"

    async def pressed(self, interaction: Interaction, house: Any) -> None:
        debate = self.check(await _chair(house).debate_in(interaction.channel_id))
        await interaction.response.send_message(
            embed=boards.summary(debate.duel, house.delegate.record), ephemeral=True
        )


class Standing(_OfDebate, template=r"standing:(?P<debate>\d+)"):
    """Tells whoever asks whose turn it is; it stands under the board, which is known by it to have been shown."""

    WORD, LABEL, EMOJI = "standing", "Where it stands", "🧭"

    async def pressed(self, interaction: Interaction, house: Any) -> None:
        debate = self.check(await _chair(house).debate_in(interaction.channel_id))
        await interaction.response.send_message(embed=boards.status(debate.duel, house.delegate.record), ephemeral=True)


class Transcript(_OfDebate, template=r"transcript:(?P<debate>\d+)"):
    """Hands out the transcript; it stands under the report, which is known by it to have been shown."""

    WORD, LABEL, EMOJI = "transcript", "Transcript", "📄"

    async def pressed(self, interaction: Interaction, house: Any) -> None:
        debate = self.check(await _chair(house).debate_in(interaction.channel_id))
        await interaction.response.send_message(files=files(debate, house.delegate.record), ephemeral=True)


class Begin(_OfDebate, template=r"begin:(?P<debate>\d+)"):
    """Counts the votes before a debate and begins it."""

    WORD, LABEL, EMOJI = "begin", "Begin the debate", "▶️"

    async def pressed(self, interaction: Interaction, house: Any) -> None:
        debate = self.check(await _chair(house).presided(interaction))
        debate.duel.refuse_begun()
        await interaction.response.defer()
        await _chair(house).resume(debate.channel)


class Count(_OfDebate, template=r"count:(?P<debate>\d+)"):
    """Counts the votes after a debate and reports the shift."""

    WORD, LABEL, EMOJI = "count", "Count the votes", "🗳️"

    async def pressed(self, interaction: Interaction, house: Any) -> None:
        debate = self.check(await _chair(house).presided(interaction))
        await interaction.response.defer()
        await _chair(house).count(debate.channel)


class Speaking(Modal):
    """What is written in it is heard by the debate's listener, which also knows those opened before a restart."""

    def __init__(self, due: Due) -> None:
        super().__init__(title=f"Your {NAMES[due.kind]}", custom_id=SPEAK)
        field = TextInput[Any](custom_id=TEXT, style=discord.TextStyle.paragraph, max_length=LONGEST)
        self.add_item(Label(text=f"At most {due.words} words", component=field))

    async def on_submit(self, interaction: Interaction, /) -> None:
        """Left to the listener."""


OF_DEBATES = (Reply, Stop, Running, Standing, Transcript, Begin, Count)


def under_turn(debate: Debate, n: int) -> View:
    """What can be done with a turn: answer it or hold the debate, open its passages, see the running record."""
    view = View(timeout=None)
    goes_on = debate.duel.status != "ended"
    if goes_on and any(not seat.is_ours for seat in debate.duel.seats):
        view.add_item(Reply(debate.id, n))
    elif goes_on:
        view.add_item(Stop(debate.id, n))
    turn = debate.duel.turns[n]
    if turn.claims:
        view.add_item(Passages(Imprint.cited(debate.duel.seat(turn.side).state, turn.citations)))
    return view.add_item(Running(debate.id, n))


def under_board(debate: Debate) -> View:
    return View(timeout=None).add_item(Standing(debate.id))


def under_call(debate: Debate) -> View:
    return View(timeout=None).add_item(Reply(debate.id, len(debate.duel.turns)))


def under_end(debate: Debate) -> View:
    return View(timeout=None).add_item(Transcript(debate.id))


def under_vote(button: type[Begin] | type[Count], debate: Debate) -> View:
    return View(timeout=None).add_item(button(debate.id))


def files(debate: Debate, record: Record) -> list[discord.File]:
    """The transcript, for people and for programs."""
    texts = {"md": transcript.in_markdown(debate.duel, record), "json": documents.debate(debate.duel)}
    return [discord.File(io.BytesIO(text.encode()), f"debate-{debate.id}.{kind}") for kind, text in texts.items()]


async def shown_in(room: Any, client: discord.Client, debate: Debate, after: int) -> dict[str, int]:
    """The custom ids of our buttons in a room, and the titles of our cards, after a message -> the message that has it.
    A person's turn that came in a message is known by that.
    """
    said = {int(turn.event): n for n, turn in enumerate(debate.duel.turns) if turn.event}
    found: dict[str, int] = {}
    async for message in room.history(limit=LOOKED_THROUGH, after=discord.Object(after)):
        if message.id in said:
            found[Running.at(debate, said[message.id])] = message.id
        if message.author == client.user:
            titles = (card.title for card in message.embeds if card.title)
            found |= dict.fromkeys((*custom_ids(message), *titles), message.id)
    return found


def _chair(house: Any) -> Presiding:
    return cast(Presiding, house.chair)
