"""Checks what a self-hosted bot needs, and says what to mend."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from typing import Literal

from pydantic import BaseModel

from bot import settings as configuration
from bot.settings import Settings
from knowledge import loader
from knowledge.embedding import named
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
        "language model": _language_model,
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


def _model(settings: Settings) -> tuple[State, str]:
    embedding = named(settings.embedding)
    embedding.check()
    if settings.embedding is None:
        return "well", f"{embedding.name} is whole."
    embedding.prepare()  # raises what is the matter
    return "well", f"{embedding.name} gives vectors of {embedding.dimensions} dimensions."


def _index(settings: Settings) -> tuple[State, str]:
    if settings.chroma_url:
        return _server(settings.chroma_url, _version(settings))
    index = Index(settings.data / "index", _version(settings))
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


def _version(settings: Settings) -> str:
    return version_of(loader.load(), named(settings.embedding).name)


def _server(url: str, version: str) -> tuple[State, str]:
    from knowledge import collection

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


def _language_model(settings: Settings) -> tuple[State, str]:
    if settings.model is None:
        return "note", "none is set up; every answer is composed from the record (README: “A language model”)."
    from bot.language_model import configured

    configured(settings)  # raises what is missing
    return asyncio.run(_offered(settings, settings.model))


async def _offered(settings: Settings, model: str) -> tuple[State, str]:
    """Whether the provider answers and has the model, and how it did when the bot last asked it."""
    from bot.llm import listing
    from bot.llm.chat import key_of
    from bot.llm.failure import ModelFailure

    try:
        names = await listing.offered(model, settings.model_url, key_of(settings))
    except ModelFailure as failure:
        mend = {
            "unauthorised": "set DEMARCHE_MODEL_KEY in .env to one that it accepts",
            "unreachable": "start it, or set DEMARCHE_MODEL_URL to where it is",
        }.get(failure.reason, "try again later")
        state: State = "ill" if failure.reason == "unauthorised" else "note"
        return state, f"{model}: {failure}; {mend}. Meanwhile every answer is composed from the record."
    name = model.partition(":")[2]
    if names is None:
        return "note", f"{model} is not known here; it is tried with the first answer{await _health(settings)}."
    if name not in names:
        pull = f"ollama pull {name}" if model.startswith("ollama:") else "see its list of models"
        return "ill", f"{model} is not offered there; get it ({pull}), or name another in DEMARCHE_MODEL."
    return "well", f"{model} is there{await _health(settings)}."


async def _health(settings: Settings) -> str:
    from bot.language_model import health_in
    from bot.records import Records

    if settings.database_url is None and not settings.database_file.exists():
        return ""
    records = await Records.open(settings.database, loader.load())
    try:
        health = await health_in(records)
    finally:
        await records.close()
    return f"; when the bot asked it last, it {health.says}" if health and health.model == settings.model else ""


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
