"""Checks what a self-hosted bot needs, and says what to mend."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from typing import Literal

from pydantic import BaseModel

from bot import settings as configuration
from bot.settings import Settings
from knowledge import loader
from knowledge.embedding import Embedding
from knowledge.entry import version_of
from knowledge.errors import DemarcheError, LibraryLocked
from knowledge.index import Index

State = Literal["well", "note", "ill"]

REACH = 5.0  # seconds to wait for Discord


class Finding(BaseModel):
    part: str
    state: State
    says: str


class Diagnosis(BaseModel):
    findings: list[Finding]

    @property
    def healthy(self) -> bool:
        return all(finding.state != "ill" for finding in self.findings)


def examine() -> Diagnosis:
    """Look at every part; a part that is ill does not keep the others from being looked at."""
    try:
        settings = configuration.load()
    except DemarcheError as error:
        return Diagnosis(findings=[Finding(part="settings", state="ill", says=str(error))])
    parts: dict[str, Callable[[Settings], tuple[State, str]]] = {
        "python": _python,
        "record": _record,
        "model": _model,
        "index": _index,
        "database": _database,
        "token": _token,
    }
    return Diagnosis(findings=list(_looked_at(parts, settings)))


def _looked_at(parts: dict[str, Callable[[Settings], tuple[State, str]]], settings: Settings) -> Iterator[Finding]:
    for part, look in parts.items():
        try:
            state, says = look(settings)
        except DemarcheError as error:
            state, says = "ill", str(error)
        yield Finding(part=part, state=state, says=says)


def _python(_: Settings) -> tuple[State, str]:
    return "well", ".".join(map(str, sys.version_info[:3]))


def _record(_: Settings) -> tuple[State, str]:
    record = loader.load()
    return "well", (
        f"{len(record.sources)} sources, {len(record.passages)} passages, {len(record.arguments)} arguments, "
        f"{len(record.positions)} positions."
    )


def _model(_: Settings) -> tuple[State, str]:
    Embedding().check()
    return "well", f"{Embedding.name} is whole."


def _index(settings: Settings) -> tuple[State, str]:
    if settings.chroma_url:
        return _server(settings.chroma_url)
    index = Index(settings.data / "index", version_of(loader.load(), Embedding.name))
    try:
        index.acquire(patience=0)
    except LibraryLocked as error:
        return "note", f"{error} (All is well if that is the bot.)"
    try:
        if index.is_whole:
            return "well", f"whole, in {index.path}."
        damaged = index.path.exists()
        return "note", f"{'damaged' if damaged else 'not built yet'}; the next command builds it, which takes seconds."
    finally:
        index.release()


def _server(url: str) -> tuple[State, str]:
    from knowledge import collection

    version = version_of(loader.load(), Embedding.name)
    built = collection.on_server(url, version)
    return "well", f"the Chroma server at {url} answers; {'whole' if built else 'to be built by the next command'}."


def _database(settings: Settings) -> tuple[State, str]:
    if settings.database_url is None and not settings.database_file.exists():
        return "note", "not there yet; the Discord bot makes it when it first runs."
    return asyncio.run(_opened(settings))


async def _opened(settings: Settings) -> tuple[State, str]:
    from bot.records import Records

    records = await Records.open(settings.database, loader.load())
    try:
        held = len(await records.open_debates())
    finally:
        await records.close()
    return "well", f"it opens and can be written; {held} {'debate is' if held == 1 else 'debates are'} open."


def _token(settings: Settings) -> tuple[State, str]:
    if settings.token is None:
        return "note", "not set; the terminal works without it, the Discord bot needs DISCORD_TOKEN in .env."
    return asyncio.run(_log_in(settings.required_token()))


async def _log_in(token: str) -> tuple[State, str]:
    import aiohttp
    import discord

    client = discord.Client(intents=discord.Intents.none())
    try:
        await asyncio.wait_for(client.login(token), REACH)
    except discord.LoginFailure:
        return (
            "ill",
            "Discord refuses the token; reset it in the Developer Portal (Bot, Reset Token) and put it into .env.",
        )
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError):
        return "note", "set; Discord could not be reached to try it."
    finally:
        await client.close()
    return "well", f"accepted for {client.user}."
