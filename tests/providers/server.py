"""Providers of language models on loopback, for their own unmodified clients."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Any
from uuid import uuid4

from aiohttp import web

from tests.providers.anthropic import Anthropic
from tests.providers.dialect import Answer, Asked, Dialect, dumped
from tests.providers.ollama import Ollama
from tests.providers.openai import Mistral, OpenAI
from tests.providers.replies import Drops, Reply, Says, Slow, Spoken, Status

NAMES = ("llama3.2", "gpt-5-mini", "claude-haiku", "mistral-small")
GREETING = Says("Good morning.")

_DIALECTS = {"/openai/v1": OpenAI(), "/anthropic": Anthropic(), "/ollama": Ollama(), "/mistral/v1": Mistral()}
_NOT_FOUND = Status(404, words="404 page not found")


class Providers:
    """Answers as its script says; where nothing is scripted, with a greeting, and with the list of models."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[Asked] = []
        self.offered: list[str] = list(NAMES)
        self._chosen: Callable[[Asked], Reply] = lambda _: GREETING
        self._listing: Reply = GREETING
        self.clients = AsyncExitStack()  # that talk with it, to be closed when nobody needs them any more
        self._stopping = asyncio.Event()
        self._name = uuid4().hex[:8]  # OpenAI's and Anthropic's clients are shared by address, and ports come again

    async def start(self) -> None:
        """Where it ran before, if it did."""
        self._stopping.clear()
        application = web.Application(client_max_size=30 * 2**20)
        for prefix, dialect in _DIALECTS.items():
            application.router.add_route("*", f"/{self._name}{prefix}/{{path:.*}}", partial(self._serve, dialect))
        self._runner = web.AppRunner(application, shutdown_timeout=1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        self._stopping.set()
        await self._runner.cleanup()

    @property
    def openai_url(self) -> str:
        return self._url("/openai/v1")

    @property
    def anthropic_url(self) -> str:
        return self._url("/anthropic")

    @property
    def ollama_url(self) -> str:
        return self._url("/ollama")

    @property
    def mistral_url(self) -> str:
        return self._url("/mistral/v1")

    def replies(self, *replies: Reply) -> None:
        """What models say from now on, one after the other; the last for ever."""
        queue = deque(replies)
        self._chosen = lambda _: queue.popleft() if len(queue) > 1 else queue[0]

    def answers(self, chosen: Callable[[Asked], Reply]) -> None:
        """What models say from now on, to each what is ``chosen`` for it."""
        self._chosen = chosen

    def lists(self, reply: Reply) -> None:
        """How listing the models fails from now on; whatever is said lists them."""
        self._listing = reply

    def _url(self, prefix: str) -> str:
        return f"http://127.0.0.1:{self.port}/{self._name}{prefix}"

    async def _serve(self, dialect: Dialect, request: web.Request) -> web.StreamResponse:
        asked = await _read(dialect, request)
        self.asked.append(asked)
        answer = await self._answered(dialect, asked)
        if answer is None:
            return _closed(request, web.Response())
        return await _sent(request, answer)

    async def _answered(self, dialect: Dialect, asked: Asked) -> Answer | None:
        """None where the connection is to be closed instead."""
        if wrong := dialect.rejected(asked):
            return dialect.failed(wrong)
        if asked.method == "POST" and asked.path == dialect.chat:
            reply = await self._waited(self._chosen(asked))
            return None if isinstance(reply, Drops) else dialect.answer(reply, asked)
        found = dialect.listed(asked.path, self.offered)
        if found is None:
            return dialect.failed(_NOT_FOUND)
        reply = await self._waited(self._listing)
        if isinstance(reply, Drops):
            return None
        return Answer([dumped(found)]) if isinstance(reply, Spoken) else dialect.failing(reply)

    async def _waited(self, reply: Reply) -> Reply:
        """What is left to be done once it has been slow enough."""
        while isinstance(reply, Slow):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), reply.seconds)
                return Drops()
            reply = reply.then
        return reply


async def _read(dialect: Dialect, request: web.Request) -> Asked:
    path = "/" + request.match_info["path"]
    body: Any = await request.json() if request.can_read_body else {}
    return Asked(dialect.provider, request.method, path, request.headers.copy(), body)


async def _sent(request: web.Request, answer: Answer) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers={**answer.headers, "Content-Type": answer.kind})
    if not answer.is_stream:
        response.content_length = len(answer.bytes)
    await response.prepare(request)
    if answer.is_broken:
        await response.write(answer.bytes[: len(answer.bytes) // 2])
        return _closed(request, response)
    for part in answer.parts:
        await response.write(part)
    await response.write_eof()
    return response


def _closed(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    if request.transport:
        request.transport.close()
    return response
