"""The buttons of a debate. Their custom ids say which debate and turn they belong to, so that they outlive a restart,
and so that a turn can be recognised as shown.
"""

import re
from typing import Any, ClassVar, Protocol, Self, cast

import discord
from discord.ui import Button, Label, Modal, TextInput, View

from bot import boards
from bot.cogs.buttons import Interaction, Passages, Pressed
from bot.cogs.imprint import MOST, Imprint, custom_ids, key_of
from bot.debate import Claim
from bot.question import LONGEST
from bot.records import Debate

SPEAK = "speak"  # the custom id of the modal in which a turn is written
TEXT = "text"


class Presiding(Protocol):
    """What the buttons need of the chair."""

    async def debate_in(self, room: int | None) -> Debate: ...
    async def presided(self, interaction: Interaction) -> Debate: ...
    async def resume(self, room: int) -> None: ...
    async def pause(self, room: int) -> None: ...
    async def count(self, room: int) -> None: ...


class _OfTurn(Pressed, template="(?!)"):
    """A button under a turn."""

    WORD: ClassVar[str]
    LABEL: ClassVar[str]
    EMOJI: ClassVar[str]

    def __init__(self, debate: int, turn: int) -> None:
        super().__init__(Button(label=self.LABEL, emoji=self.EMOJI, custom_id=f"{self.WORD}:{debate}:{turn}"))

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(int(match["debate"]), int(match["turn"]))


class Reply(_OfTurn, template=r"reply:(?P<debate>\d+):(?P<turn>\d+)"):
    """Opens the modal in which a turn is written, for who is seated."""

    WORD, LABEL, EMOJI = "reply", "Reply", "✍️"

    async def pressed(self, interaction: Interaction, house: Any) -> None:
        debate = await _chair(house).debate_in(interaction.channel_id)
        debate.duel.side_of(str(interaction.user.id))
        await interaction.response.send_modal(Speaking())


class Stop(_OfTurn, template=r"stop:(?P<debate>\d+):(?P<turn>\d+)"):
    """Holds a debate between two delegates."""

    WORD, LABEL, EMOJI = "stop", "Stop", "⏸️"

    async def pressed(self, interaction: Interaction, house: Any) -> None:
        debate = await _chair(house).presided(interaction)
        await _chair(house).pause(debate.channel)
        await interaction.response.send_message("The debate is paused; `/debate resume` goes on.")


class Running(_OfTurn, template=r"record:(?P<debate>\d+):(?P<turn>\d+)"):
    """Shows the running record to whoever asks."""

    WORD, LABEL, EMOJI = "record", "Answered and open", "📋"

    async def pressed(self, interaction: Interaction, house: Any) -> None:
        debate = await _chair(house).debate_in(interaction.channel_id)
        await interaction.response.send_message(
            embed=boards.summary(debate.duel, house.delegate.record), ephemeral=True
        )


class _OfVote(Pressed, template="(?!)"):
    """A button under a poll."""

    WORD: ClassVar[str]
    LABEL: ClassVar[str]
    EMOJI: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(Button(label=self.LABEL, emoji=self.EMOJI, custom_id=f"vote:{self.WORD}"))

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: discord.ui.Item[Any], ___: re.Match[str], /) -> Self:
        return cls()


class Begin(_OfVote, template=r"vote:begin"):
    """Counts the votes before a debate and begins it."""

    WORD, LABEL, EMOJI = "begin", "Begin the debate", "▶️"

    async def pressed(self, interaction: Interaction, house: Any) -> None:
        debate = await _chair(house).presided(interaction)
        debate.duel.refuse_begun()
        await interaction.response.defer()
        await _chair(house).resume(debate.channel)


class Count(_OfVote, template=r"vote:count"):
    """Counts the votes after a debate and reports the shift."""

    WORD, LABEL, EMOJI = "count", "Count the votes", "🗳️"

    async def pressed(self, interaction: Interaction, house: Any) -> None:
        debate = await _chair(house).presided(interaction)
        await interaction.response.defer()
        await _chair(house).count(debate.channel)


class Speaking(Modal, title="Your turn"):
    """What is written in it is heard by the debate's listener, which also knows those opened before a restart."""

    said: Label[Any] = Label(
        text="What you say",
        component=TextInput(custom_id=TEXT, style=discord.TextStyle.paragraph, max_length=LONGEST),
    )

    def __init__(self) -> None:
        super().__init__(custom_id=SPEAK)

    async def on_submit(self, interaction: Interaction, /) -> None:
        """Left to the listener."""


OF_DEBATES = (Reply, Stop, Running, Begin, Count)


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
        view.add_item(Passages(_imprint(debate.duel.seat(turn.side).state, turn.claims)))
    return view.add_item(Running(debate.id, n))


def under_vote(button: type[_OfVote]) -> View:
    return View(timeout=None).add_item(button())


async def shown_turns(room: Any, client: discord.Client, debate: int, most: int) -> dict[int, int]:
    """The turns of a debate among the last messages of a room -> the message each was shown in."""
    found: dict[int, int] = {}
    async for message in room.history(limit=most):
        for custom_id in custom_ids(message) if message.author == client.user else ():
            if match := re.fullmatch(rf"record:{debate}:(\d+)", custom_id):
                found.setdefault(int(match[1]), message.id)
    return found


def _imprint(state: str, claims: tuple[Claim, ...]) -> Imprint:
    cited = {citation.n: citation for claim in claims for citation in claim.citations}
    keys = [key_of(citation.argument or citation.passage.id) for citation in cited.values()]
    return Imprint(state, tuple(keys[:MOST]))


def _chair(house: Any) -> Presiding:
    return cast(Presiding, house.chair)
