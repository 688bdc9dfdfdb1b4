"""The one place where an error becomes a reply."""

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import discord

from bot.gate import markdown
from knowledge.errors import DemarcheError

SORRY = "Something went wrong here and has been noted; please ask again in a moment."
NOT_ALLOWED = (
    "The bot may not do that here; let it “View Channel”, “Send Messages”, “Embed Links” and “Read Message History”, "
    "and for debates “Create Public Threads”, “Send Messages in Threads” and “Create Polls”."
)
ANSWERED = 40060  # what Discord says when an interaction that was delivered twice is answered twice
EMPTY = 50006  # what Discord says when it has removed the embeds of a bot that may not send any

Say = Callable[[str], Awaitable[object]]

log = logging.getLogger(__name__)


@asynccontextmanager
async def refusing(say: Say) -> AsyncIterator[None]:
    """Whatever is raised inside is said, and what nobody expected is logged."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the place where everything ends; it is logged below
        await refuse(error, say)


async def refuse(error: Exception, say: Say) -> None:
    error = getattr(error, "original", error)
    if isinstance(error, discord.HTTPException) and error.code == ANSWERED:
        return
    try:
        await say(sentence_of(error))
    except discord.HTTPException as failed:
        log.warning("A refusal could not be delivered: %s", _named(failed))


def whispering(interaction: discord.Interaction[Any]) -> Say:
    """Says things so that only who caused the interaction sees them."""
    return partial(_whisper, interaction)


async def _whisper(interaction: discord.Interaction[Any], text: str) -> None:
    if not interaction.response.is_done():
        await interaction.response.send_message(text, ephemeral=True)
        return
    thinking = interaction.response.type is discord.InteractionResponseType.deferred_channel_message
    if thinking:  # a follow-up would complete what was deferred, for everybody to see: complete it first
        await interaction.edit_original_response(content="…")
    await interaction.followup.send(text, ephemeral=True)
    if thinking:
        await interaction.delete_original_response()


def sentence_of(error: Exception, sorry: str = SORRY) -> str:
    """What people are told; what nobody expected is noted."""
    if isinstance(error, DemarcheError):
        return markdown(str(error))
    note(error)
    if isinstance(error, discord.Forbidden) or (isinstance(error, discord.HTTPException) and error.code == EMPTY):
        return NOT_ALLOWED
    return sorry


def note(error: BaseException) -> None:
    """Log what broke and where. Never its message: that may repeat what somebody wrote."""
    log.error("%s", "".join(_traced(error)))


def _traced(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield f"{_named(error)}\n"
        yield from traceback.format_tb(error.__traceback__)
        error = error.__cause__ or error.__context__


def _named(error: BaseException) -> str:
    code = f" {error.status}/{error.code}" if isinstance(error, discord.HTTPException) else ""
    return f"{type(error).__module__}.{type(error).__qualname__}{code}"
