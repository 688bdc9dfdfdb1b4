"""A request as a route sees it, and how it is read from HTTP."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import BodyPartReader, web

from tests.wire.state import Json


@dataclass(frozen=True)
class Sent:
    """A file that came with a request."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Call:
    """``path`` holds what the braces of the route stand for."""

    path: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    sent: tuple[Sent, ...] = ()
    files: tuple[Json, ...] = ()  # ``sent``, as attachments

    def number(self, name: str) -> int | None:
        return int(self.query[name]) if name in self.query else None

    def is_on(self, name: str) -> bool:
        return self.query.get(name, "").lower() in ("1", "true")


Answer = Callable[[Call], Any]


class Route(NamedTuple):
    """``path`` as Discord's description has it. An answer of None is sent as 204."""

    method: str
    path: str
    answer: Answer
    status: int = 200


@dataclass(frozen=True)
class Request:
    """One that was made, and what came of it."""

    method: str
    path: str
    body: Any
    status: int
    reply: Any
    at: float  # seconds, as time.monotonic() counts them

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


async def read(request: web.Request) -> Call:
    """Raises ValueError where the body is no JSON."""
    if request.content_type.startswith("multipart/"):
        return await _read_parts(request)
    text = await request.text()
    return Call(request.match_info, request.query, json.loads(text) if text else None)


async def _read_parts(request: web.Request) -> Call:
    body, files = None, list[Sent]()
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "payload_json":
            body = json.loads(await part.text())
        else:
            files.append(Sent(part.filename or "", await part.read()))
    return Call(request.match_info, request.query, body, tuple(files))
