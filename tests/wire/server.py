"""Discord on loopback: its HTTP interface and its gateway, for an unmodified client in a process of its own."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Self, TypeVar
from urllib.parse import quote

from aiohttp import web

from tests.wire.callbacks import Callbacks
from tests.wire.calls import Call, Request, Route, Sent, read
from tests.wire.drivers import Drivers
from tests.wire.gateway import Gateway
from tests.wire.interactions import Interactions
from tests.wire.messages import Messages
from tests.wire.openapi import Description
from tests.wire.polls import Polls
from tests.wire.routes import Channels, House
from tests.wire.state import EMPTY, INVALID, Json, Refusal, World
from tests.wire.threads import Threads

TOKEN = "some-token"
API = "/api/v10"
POLLED_EVERY = 0.02  # seconds

_UNAUTHORIZED = Refusal(401, 0, "401: Unauthorized")
_NOT_FOUND = Refusal(404, 0, "404: Not Found")
_NO_JSON = Refusal(400, 50109, "The request body contains invalid JSON.")
_OPEN = ("/interactions/", "/webhooks/")  # for these the interaction's token is enough

_Value = TypeVar("_Value")
_Key = tuple[str, str]


class _Delay:
    def __init__(self, lost: bool) -> None:
        self._lost = lost
        self.asked: list[str] = []
        self.over = asyncio.Event()

    async def loses(self, request: web.Request) -> bool:
        """Wait until it is over; whether the request never arrives."""
        self.asked.append(request.path)
        await self.over.wait()
        return self._lost and request.transport is None


class Discord(Drivers):
    """``async with Discord() as discord: ...``; lives on while its clients come and go."""

    def __init__(self, token: str = TOKEN, *, nonce_seconds: float = 120, answer_within: float = 3) -> None:
        self._gateway = Gateway(token, lambda: self.gateway_url)
        self._gateway.world = world = World(self._gateway.announce)
        said = Messages(world, nonce_seconds)
        interactions = Interactions(world, said, answer_within)
        super().__init__(world, said, Threads(world, said), Polls(world, said), interactions)
        self.port = 0
        self.requests: list[Request] = []
        self.unknown: list[str] = []
        self.problems: list[str] = []
        self.files: dict[str, bytes] = {}
        self.token = token
        self._description = Description()
        self._refusals: dict[_Key, list[Refusal]] = {}
        self._held: dict[_Key, asyncio.Event] = {}
        self._delayed: dict[_Key, _Delay] = {}

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self._application(), shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._gateway.close()
        await self._runner.cleanup()

    @property
    def http_url(self) -> str:
        return f"http://127.0.0.1:{self.port}{API}"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/"

    @property
    def is_checking(self) -> bool:
        """Whether Discord's description is at hand to hold requests and replies against."""
        return self._description.available

    @property
    def connected(self) -> asyncio.Event:
        """Set while a client is there that has got READY (or RESUMED)."""
        return self._gateway.connected

    @property
    def logins(self) -> int:
        """How often a client has identified anew."""
        return self._gateway.identified

    @property
    def resumptions(self) -> int:
        return self._gateway.resumed

    async def drop(self, *, forget: bool = False) -> None:
        """Cut the client's line: it resumes, or begins anew where its session is to be forgotten."""
        await self._gateway.drop(forget=forget)

    async def ask_to_reconnect(self) -> None:
        """As Discord does now and then: the client comes back and resumes."""
        await self._gateway.ask_to_reconnect()

    async def until(self, reached: Callable[[], _Value], seconds: float = 10) -> _Value:
        """What ``reached`` returns, once that is true. Raises AssertionError when it takes longer."""
        deadline = time.monotonic() + seconds
        while not (value := reached()):
            if time.monotonic() > deadline:
                last = "; ".join(map(str, self.requests[-8:])) or "none"
                raise AssertionError(f"not reached within {seconds} s; the last requests were: {last}")
            await asyncio.sleep(POLLED_EVERY)
        return value

    def refuse(self, method: str, path: str, refusal: Refusal) -> None:
        """Answer the next request on a route (as ``CHANNEL`` and the like write it) with ``refusal``."""
        self._refusals.setdefault((method, path), []).append(refusal)

    @asynccontextmanager
    async def holding(self, method: str, path: str) -> AsyncIterator[None]:
        """Do what is asked on a route, but keep back the reply until the end: whoever dies in between never knows."""
        released = self._held[method, path] = asyncio.Event()
        try:
            yield
        finally:
            del self._held[method, path]
            released.set()

    @asynccontextmanager
    async def delaying(self, method: str, path: str, *, lost: bool = False) -> AsyncIterator[list[str]]:
        """Do nothing of what is asked on a route until the end; the paths that were asked. What is ``lost`` is not done
        then either, where whoever asked has died.
        """
        delay = self._delayed[method, path] = _Delay(lost)
        try:
            yield delay.asked
        finally:
            del self._delayed[method, path]
            delay.over.set()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=30 * 2**20)
        application.router.add_get("/", self._gateway.serve)
        application.router.add_get("/files/{id}/{name}", self._file)
        house = House(self.world, lambda: self.gateway_url)
        channels = Channels(self.world, self._said, self._threads, self._polls)
        for route in (*house.routes(), *channels.routes(), *Callbacks(self._said, self._interactions).routes()):
            application.router.add_route(route.method, API + route.path, partial(self._serve, route))
        application.router.add_route("*", "/{path:.*}", self._lost)
        return application

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["id"]])

    async def _lost(self, request: web.Request) -> web.Response:
        self.unknown.append(f"{request.method} {request.path.removeprefix(API)}")
        return self._replied(request, None, _NOT_FOUND.status, _NOT_FOUND.as_json())

    async def _serve(self, route: Route, request: web.Request) -> web.Response:
        try:
            call = await read(request)
        except ValueError:
            return self._replied(request, None, _NO_JSON.status, _NO_JSON.as_json())
        if (delay := self._delayed.get((route.method, route.path))) and await delay.loses(request):
            return web.Response()
        status, reply = self._answered(route, request, call)
        self._note(route, "reply", self._description.of_reply(route.method, route.path, status, reply))
        response = self._replied(request, call.body, status, reply)
        if held := self._held.get((route.method, route.path)):
            await held.wait()
        return response

    def _answered(self, route: Route, request: web.Request, call: Call) -> tuple[int, Any]:
        """The status and what is said."""
        try:
            self._admit(route, request)
            reply = self._done(route, call)
        except Refusal as refusal:
            return refusal.status, refusal.as_json()
        return (204 if reply is None else route.status), reply

    def _done(self, route: Route, call: Call) -> Any:
        """What a route answers. Raises Refusal, of which the bot's own mistakes are noted."""
        try:
            if complaint := self._description.of_request(route.method, route.path, call.body):
                raise Refusal(400, INVALID, complaint)
            return route.answer(replace(call, files=tuple(map(self._kept, call.sent))))
        except Refusal as refusal:
            if refusal.code in (INVALID, EMPTY):
                self._note(route, "request", refusal.message)
            raise
        except Exception as error:
            self._note(route, "the double itself broke", repr(error))
            raise

    def _admit(self, route: Route, request: web.Request) -> None:
        if self._refusals.get((route.method, route.path)):
            raise self._refusals[route.method, route.path].pop(0)
        if not route.path.startswith(_OPEN) and request.headers.get("Authorization") != f"Bot {self.token}":
            raise _UNAUTHORIZED

    def _note(self, route: Route, what: str, complaint: str | None) -> None:
        if complaint:
            self.problems.append(f"{route.method} {route.path}, {what}: {complaint}")

    def _kept(self, sent: Sent) -> Json:
        """A file that came along, as an attachment."""
        id = self.world.ids.next()
        self.files[id] = sent.data
        url = f"http://127.0.0.1:{self.port}/files/{id}/{quote(sent.name)}"
        return {"id": id, "filename": sent.name, "size": len(sent.data), "url": url, "proxy_url": url}

    def _replied(self, request: web.Request, body: Any, status: int, reply: Any) -> web.Response:
        path = request.path.removeprefix(API)
        self.requests.append(Request(request.method, path, body, status, reply, time.monotonic()))
        if reply is None:
            return web.Response(status=status)
        headers = {"Content-Type": "application/json", **({"Via": "loopback"} if status == 429 else {})}
        return web.Response(body=json.dumps(reply).encode(), status=status, headers=headers)
