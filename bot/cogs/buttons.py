"""The buttons under cards. All they know is in their custom id, so that they outlive the bot that sent them."""

import re
from collections.abc import Callable
from typing import Any, ClassVar, Protocol, Self, cast

import discord
from discord import Embed
from discord.ui import Button, DynamicItem, View

from bot import cards, panels
from bot.budget import Asker
from bot.cogs import imprint
from bot.cogs.imprint import Imprint
from bot.cogs.progress import awaited
from bot.cogs.refusal import refusing, whispering
from bot.cogs.rooms import Rooms
from bot.comparison import compare
from bot.debate import Speech
from bot.delegate import Delegate
from knowledge.errors import QuestionError
from knowledge.record import Record

Interaction = discord.Interaction[Any]


class House(Protocol):
    """What a button needs of the client it wakes up in."""

    delegate: Delegate
    rooms: Rooms


class Pressed(DynamicItem[Button[View]], template="(?!)"):
    """A button that is deaf to a press delivered twice, and whose errors are answered."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        return await _house(interaction).rooms.is_new(interaction.id)

    async def callback(self, interaction: Interaction) -> None:
        async with refusing(whispering(interaction)):
            await self.pressed(interaction, _house(interaction))

    async def pressed(self, interaction: Interaction, house: House) -> None:
        raise NotImplementedError


class _UnderAnswer(Pressed, template="(?!)"):
    WORD: ClassVar[str]
    LABEL: ClassVar[str]
    EMOJI: ClassVar[str]

    def __init__(self, of: Imprint) -> None:
        self.imprint = of
        super().__init__(Button(label=self.LABEL, emoji=self.EMOJI, custom_id=f"{self.WORD}:{of}"))

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(Imprint.matched(match))


class Passages(_UnderAnswer, template=rf"passages:{imprint.PATTERN}"):
    """Opens every cited passage, for whoever pressed it."""

    WORD, LABEL, EMOJI = "passages", "Passages", "📖"

    async def pressed(self, interaction: Interaction, house: House) -> None:
        cited = self.imprint.citations(house.delegate.record)
        first, *rest = cards.letters(cards.passages(cited))
        await interaction.response.send_message(embeds=first, ephemeral=True)
        for letter in rest:
            await interaction.followup.send(embeds=letter, ephemeral=True)


class OtherSide(_UnderAnswer, template=rf"other:{imprint.PATTERN}"):
    """Says what speaks against the answer, for whoever pressed it."""

    WORD, LABEL, EMOJI = "other", "The other side", "↔️"

    async def pressed(self, interaction: Interaction, house: House) -> None:
        record = house.delegate.record
        spoken, seat = self.imprint.arguments(record), self.imprint.seat(record)
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await house.delegate.other_side(spoken, seat, "") if spoken else None
        if speech is None or not speech.answered:
            raise QuestionError("The record holds nothing that speaks against that answer.")
        await interaction.edit_original_response(embed=cards.answer(speech), view=under(speech, turned=True))


class Plainly(_UnderAnswer, template=rf"plain:{imprint.PATTERN}"):
    """Puts the answer in plain words, for whoever pressed it."""

    WORD, LABEL, EMOJI = "plain", "In plain words", "🎓"

    async def pressed(self, interaction: Interaction, house: House) -> None:
        floor = self.imprint.speech(house.delegate.record)
        asker = Asker(user=interaction.user.id, server=interaction.guild_id)
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await awaited(
            lambda told: house.delegate.plainly(floor, asker, told),
            lambda step: interaction.edit_original_response(content=step),
        )
        await interaction.edit_original_response(
            content=None, embed=cards.answer(speech), view=under(speech, turned=True)
        )


class Turn(Pressed, template=r"page:(?P<card>[a-z]+):(?P<state>[A-Z0-9-]*):(?P<page>\d{1,3})"):
    """Turns to another page of a card that is too long for one."""

    def __init__(self, card: str, state: str, page: int, label: str) -> None:
        self.card, self.state, self.page = card, state, page
        super().__init__(Button(label=label, custom_id=f"page:{card}:{state}:{page}"))

    @classmethod
    async def from_custom_id(cls, _: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(match["card"], match["state"], int(match["page"]), cast(Button[View], item).label or "")

    async def pressed(self, interaction: Interaction, house: House) -> None:
        card, view = page_of(self.card, self.state, self.page, house.delegate.record)
        await interaction.response.edit_message(embed=card, view=view)


PERSISTENT = (Passages, OtherSide, Plainly, Turn)

PAGED: dict[str, Callable[[str, Record], list[Embed]]] = {
    "position": lambda state, record: cards.position(record.delegations.find(state), record),
    "sources": lambda _, record: cards.sources(record),
    "compare": lambda pair, record: panels.comparison(compare(record, *map(record.delegations.find, pair.split("-")))),
}


def page_of(card: str, state: str, page: int, record: Record) -> tuple[Embed, View]:
    """A page of a card (the last, if there are fewer by now) and the buttons that lead on from it."""
    if card not in PAGED:
        raise QuestionError("That card is no longer made; ask for it again with its command.")
    pages = PAGED[card](state, record)
    page = min(page, len(pages) - 1)
    view = View(timeout=None)
    for other, label in ((page - 1, "‹ Back"), (page + 1, "More ›")):
        if 0 <= other < len(pages):
            view.add_item(Turn(card, state, other, label))
    return pages[page], view


def under(speech: Speech, *, turned: bool = False, plain: bool = False) -> View:
    """The buttons under a speech: none where it is silent, no other side where it has been given. ``plain``: whether
    there is a model that can put it plainly.
    """
    view = View(timeout=None)
    if speech.answered:
        view.add_item(Passages(Imprint.of(speech)))
    if speech.answered and not turned and not {"for", "against"} <= {claim.voice for claim in speech.claims}:
        view.add_item(OtherSide(Imprint.of(speech)))
    if speech.answered and plain:
        view.add_item(Plainly(Imprint.of(speech)))
    return view


def _house(interaction: Interaction) -> House:
    return cast(House, interaction.client)
