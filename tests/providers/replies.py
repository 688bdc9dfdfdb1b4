"""What a provider does when it is asked next."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
End = Literal["stop", "length", "refusal", "filtered"]

REFUSAL = "I cannot help with that."
USAGE = (11, 7)  # tokens read and written


@dataclass(frozen=True)
class Reply:
    """Any of them."""


@dataclass(frozen=True)
class Spoken(Reply):
    """What arrives as a model's message."""

    usage: tuple[int, int] = field(default=USAGE, kw_only=True)

    @property
    def text(self) -> str:
        return ""

    @property
    def is_structured(self) -> bool:
        """Whether ``text`` is JSON, to be delivered in the way the client asked for."""
        return False

    @property
    def end(self) -> End:
        return "stop"


@dataclass(frozen=True)
class Says(Spoken):
    """A dict in whatever structured way the client asked for, a str as plain text whatever it asked for."""

    content: Mapping[str, Any] | str

    @property
    def text(self) -> str:
        return self.content if isinstance(self.content, str) else json.dumps(self.content)

    @property
    def is_structured(self) -> bool:
        return not isinstance(self.content, str)


@dataclass(frozen=True)
class Unstructured(Spoken):
    """Answers 400 whenever structure is asked for, and ``content`` as text otherwise."""

    content: str

    @property
    def text(self) -> str:
        return self.content


@dataclass(frozen=True)
class CutOff(Spoken):
    """The first half of a JSON document, since there were no more tokens to spend."""

    content: Mapping[str, Any] = field(default_factory=lambda: {"text": "The allies agreed in Vilnius", "score": 3})

    @property
    def text(self) -> str:
        whole = json.dumps(self.content)
        return whole[: len(whole) // 2]

    @property
    def is_structured(self) -> bool:
        return True

    @property
    def end(self) -> End:
        return "length"


@dataclass(frozen=True)
class Refuses(Spoken):
    """The model declines; ``filtered`` where the provider keeps the answer back instead (OpenAI alone does)."""

    filtered: bool = False

    @property
    def text(self) -> str:
        return REFUSAL

    @property
    def end(self) -> End:
        return "filtered" if self.filtered else "refusal"


@dataclass(frozen=True)
class Empty(Spoken):
    """A message in which nothing is said."""


@dataclass(frozen=True)
class Status(Reply):
    """The provider's own error; ``words`` where another message than the usual one is wanted."""

    code: int
    retry_after: float | None = None
    words: str | None = None


@dataclass(frozen=True)
class Slow(Reply):
    """Nothing at all for so long, and then ``then``."""

    seconds: float
    then: Reply = Says("Late.")


@dataclass(frozen=True)
class Drops(Reply):
    """The connection closes without an answer."""


@dataclass(frozen=True)
class Breaks(Reply):
    """The connection closes in the middle of ``amid``."""

    amid: Spoken = Says("Half of this sentence is never heard.")


@dataclass(frozen=True)
class Garbage(Reply):
    """200, with a page that is no JSON; ``kind`` is what it is said to be."""

    kind: str = "text/html"


@dataclass(frozen=True)
class Shapeless(Reply):
    """200, with JSON of which the client can make nothing."""
