"""The gateway: what happens, told over a WebSocket to whoever has identified."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from tests.wire.sight import PRIVILEGED, is_sent
from tests.wire.state import Json, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACKNOWLEDGED = 0, 1, 2, 6, 7, 9, 10, 11
AUTHENTICATION_FAILED, DISALLOWED_INTENTS, DROPPED = 4004, 4014, 4000

BEATS_EVERY = 41_250  # milliseconds


class Session:
    """All that one client has been told since it identified; it may take it up again where it was cut off."""

    def __init__(self, intents: int) -> None:
        self.id, self.intents = secrets.token_hex(16), intents
        self.events: list[Json] = []
        self.news = asyncio.Event()

    def tell(self, name: str, data: Json) -> None:
        self.events.append({"op": DISPATCH, "t": name, "s": len(self.events) + 1, "d": data})
        self.news.set()


class Gateway:
    def __init__(self, token: str, url: Callable[[], str]) -> None:
        self._token, self._url = token, url
        self.world: World  # set by whoever joins the two
        self.connected = asyncio.Event()
        self.identified = 0  # how often a client has begun anew
        self.resumed = 0
        self._sessions: dict[str, Session] = {}
        self._sockets: dict[web.WebSocketResponse, asyncio.Task[None] | None] = {}

    def announce(self, name: str, data: Json) -> None:
        for session in self._sessions.values():
            if is_sent(name, data, session.intents):
                session.tell(name, data)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(timeout=1)
        await socket.prepare(request)
        self._sockets[socket] = None
        try:
            await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": BEATS_EVERY}, "s": None, "t": None})
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._hear(socket, message)
        except ConnectionError:
            pass  # a client that was killed hangs up without a word
        finally:
            self._hang_up(socket)
        return socket

    def _hang_up(self, socket: web.WebSocketResponse) -> None:
        if teller := self._sockets.pop(socket, None):
            teller.cancel()
        if not any(self._sockets.values()):
            self.connected.clear()

    async def _hear(self, socket: web.WebSocketResponse, message: WSMessage) -> None:
        said = message.json()
        if said["op"] == HEARTBEAT:
            await socket.send_json({"op": ACKNOWLEDGED, "d": None, "s": None, "t": None})
        elif said["op"] == IDENTIFY:
            await self._identify(socket, said["d"])
        elif said["op"] == RESUME:
            await self._resume(socket, said["d"])

    async def _identify(self, socket: web.WebSocketResponse, asked: Json) -> None:
        if asked["token"].removeprefix("Bot ") != self._token:
            await socket.close(code=AUTHENTICATION_FAILED, message=b"Authentication failed.")
        elif asked["intents"] & PRIVILEGED:
            await socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
        else:
            session = Session(asked["intents"])
            self._sessions[session.id] = session
            session.tell("READY", self._ready(session))
            if is_sent("GUILD_CREATE", {}, session.intents):
                session.tell("GUILD_CREATE", self.world.guild_as_json())
            self.identified += 1
            self._follow(socket, session, 0)

    def _ready(self, session: Session) -> Json:
        return {
            "v": 10, "user": self.world.bot.as_json() | {"verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": self.world.guild, "unavailable": True}], "session_id": session.id, "shard": [0, 1],
            "resume_gateway_url": self._url(), "application": {"id": self.world.application, "flags": 0},
        }  # fmt: skip

    async def _resume(self, socket: web.WebSocketResponse, asked: Json) -> None:
        session = self._sessions.get(asked["session_id"])
        if session is None or not 0 < (asked["seq"] or 0) <= len(session.events):
            await socket.send_json({"op": INVALID, "d": False, "s": None, "t": None})
            return
        session.tell("RESUMED", {})
        self.resumed += 1
        self._follow(socket, session, asked["seq"])

    def _follow(self, socket: web.WebSocketResponse, session: Session, after: int) -> None:
        self._sockets[socket] = asyncio.create_task(self._tell(socket, session, after))

    async def _tell(self, socket: web.WebSocketResponse, session: Session, told: int) -> None:
        """Send what happened since, then whatever happens."""
        with suppress(ConnectionError):
            while True:
                session.news.clear()
                for event in session.events[told:]:
                    await socket.send_json(event)
                    told += 1
                self.connected.set()
                await session.news.wait()

    async def ask_to_reconnect(self) -> None:
        """As Discord does now and then: the client comes back and resumes."""
        for socket in list(self._sockets):
            await socket.send_json({"op": RECONNECT, "d": None, "s": None, "t": None})

    async def drop(self, *, forget: bool = False) -> None:
        """Cut the line. The client resumes, unless its session is to be forgotten."""
        if forget:
            self._sessions.clear()
        for socket in list(self._sockets):
            await socket.close(code=DROPPED, message=b"Unknown error.")

    async def close(self) -> None:
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)
