"""Why a language model gave nothing that can be used. The reader is told in these words; nothing else is lost."""

from collections.abc import Iterator
from typing import Any, Literal

Reason = Literal[
    "slow",
    "unreachable",
    "rate-limited",
    "unauthorised",
    "missing",
    "failing",
    "refusing",
    "cut off",
    "unreadable",
    "foreign",
    "unsupported",
    "silent",
    "resting",
    "spent",
]

SAYS: dict[Reason, str] = {
    "slow": "it takes too long",
    "unreachable": "it cannot be reached",
    "rate-limited": "it is asked too often at the moment",
    "unauthorised": "it does not accept our key",
    "missing": "its provider does not know it",
    "failing": "it reports an error",
    "refusing": "it would not answer",
    "cut off": "its answer broke off",
    "unreadable": "its answer could not be read",
    "foreign": "it answered in another language",
    "unsupported": "the record does not bear out what it proposed",
    "silent": "it had nothing to add",
    "resting": "it has failed several times and is tried again soon",
    "spent": "what may be spent on it is used up",
}
UNSPENT: frozenset[Reason] = frozenset(  # took no tokens
    {"unreachable", "rate-limited", "unauthorised", "missing", "failing"}
)
PASSING: frozenset[Reason] = frozenset({"unreachable", "rate-limited", "failing"})  # worth a second try at once


_KINDS: dict[Reason, tuple[str, ...]] = {  # in the order in which they are looked for
    "slow": ("Timeout",),
    "refusing": ("Refusal", "ContentFilter"),
    "cut off": ("LengthFinish", "RemoteProtocol", "ReadError"),
    "unreachable": ("Connect",),
    "unreadable": ("ValueError", "TypeError", "LookupError", "AttributeError"),
}


class ModelFailure(Exception):
    """``reason`` is a word of ``SAYS``; ``detail`` says which limit is reached, where one is."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason, self.detail = reason, detail
        super().__init__(detail or SAYS[reason])

    @property
    def is_passing(self) -> bool:
        return self.reason in PASSING


def failure_of(error: Exception) -> ModelFailure:
    """What an error of any provider's client comes to. Never with its message: that may repeat what was sent."""
    return ModelFailure(_by_status(_status(error)) or _by_kind(error))


def is_unstructured(error: Exception) -> bool:
    """Whether the model may only have refused to be told the shape of its answer."""
    return isinstance(error, NotImplementedError) or _status(error) in (400, 404, 422, 501)


def _status(error: Any) -> int | None:
    found = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    return found if isinstance(found, int) and found > 0 else None


def _by_status(status: int | None) -> Reason | None:
    if status is None:
        return None
    if status == 429:
        return "rate-limited"
    if status in (401, 403):
        return "unauthorised"
    if status == 404:
        return "missing"
    return "failing" if status >= 400 else None


def _by_kind(error: Exception) -> Reason:
    """By its class, what that is made of, and what it came from: every provider's client has classes of its own."""
    kinds = " ".join(kind.__name__ for each in _causes(error) for kind in type(each).__mro__)
    for reason, words in _KINDS.items():
        if any(word in kinds for word in words):
            return reason
    return "unreachable" if isinstance(error, OSError) else "unreadable"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it was raised from: some clients call a lost connection no more than an error of theirs."""
    yield error
    if error.__cause__:
        yield from _causes(error.__cause__)
