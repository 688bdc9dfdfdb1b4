"""What the providers' protocols have in common: a request and a reply become the bytes of a response."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.providers.replies import Breaks, Garbage, Json, Reply, Shapeless, Spoken, Status, Unstructured

PAGE = b"<!doctype html><html><body>Please sign in to this network.</body></html>"
MISSHAPEN = {"weather": "fine"}


@dataclass(frozen=True)
class Asked:
    """A request as it arrived; ``path`` is what follows the provider's own address."""

    provider: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A response, whose connection closes halfway where it ``is_broken``."""

    parts: Sequence[bytes]
    kind: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    is_stream: bool = False
    is_broken: bool = False

    @property
    def bytes(self) -> bytes:
        return b"".join(self.parts)


class Dialect(ABC):
    """How one provider writes; a model is spoken to at ``chat``."""

    provider: str
    chat: str
    stream_kind = "text/event-stream"
    required = ""  # a header

    def answer(self, reply: Reply, asked: Asked) -> Answer:
        """To a request for a message."""
        match reply:
            case Unstructured() if complaint := self.complaint(asked.body):
                return self.failed(Status(400, words=complaint))
            case Spoken() | Shapeless():
                return self._written(reply, asked.body)
            case Breaks(amid):
                return replace(self._written(amid, asked.body), is_broken=True)
            case _:
                return self.failing(reply)

    def failing(self, reply: Reply) -> Answer:
        """To any request. Raises TypeError for what only a model can say."""
        match reply:
            case Status():
                return self.failed(reply)
            case Garbage(kind):
                return Answer([PAGE], kind)
            case Shapeless():
                return Answer([dumped(MISSHAPEN)])
        raise TypeError(reply)

    def failed(self, status: Status) -> Answer:
        """The provider's own error."""
        headers = {} if status.retry_after is None else {"Retry-After": f"{status.retry_after:g}"}
        return Answer([dumped(self.error(status))], status=status.code, headers=headers)

    @abstractmethod
    def message(self, said: Spoken, body: Json) -> Json: ...

    @abstractmethod
    def events(self, said: Spoken, body: Json) -> Iterator[Json]:
        """The same, bit by bit."""

    @abstractmethod
    def streamed(self, events: Iterable[Json]) -> list[bytes]: ...

    @abstractmethod
    def error(self, status: Status) -> Json: ...

    @abstractmethod
    def complaint(self, body: Json) -> str | None:
        """How a model without structured output answers a request for it."""

    @abstractmethod
    def listed(self, path: str, names: Sequence[str]) -> Json | None:
        """What is at ``path`` besides the chat: the models on offer."""

    def rejected(self, asked: Asked) -> Status | None:
        """What is wrong with a request itself."""
        if self.required and self.required not in asked.headers:
            return Status(400, words=f"{self.required}: header is required")
        return None

    def is_streaming(self, body: Json) -> bool:
        return bool(body.get("stream"))

    def _written(self, reply: Spoken | Shapeless, body: Json) -> Answer:
        if self.is_streaming(body):
            events = self.events(reply, body) if isinstance(reply, Spoken) else [MISSHAPEN]
            return Answer(self.streamed(events), self.stream_kind, is_stream=True)
        return Answer([dumped(self.message(reply, body) if isinstance(reply, Spoken) else MISSHAPEN)])


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def pieces(text: str, length: int = 8) -> list[str]:
    """As it comes off the model, which joined is ``text`` again."""
    return [text[at : at + length] for at in range(0, len(text), length)]
