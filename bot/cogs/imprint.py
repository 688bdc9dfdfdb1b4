"""What an answer leaves in the custom ids of its buttons, so that it can be taken up again after a restart."""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import discord

from bot.debate import SILENT, Citation, Speech, citation_of, cite
from bot.drafters.composer import Composer
from bot.ladder import deliver, voice_of
from knowledge.delegation import Delegation
from knowledge.errors import QuestionError
from knowledge.passage import Passage
from knowledge.record import Record

KEY = 5  # characters of base64: 30 bits, enough to tell thousands apart
MOST = 16  # citations; with the longest code that stays under the 100 characters of a custom id
PATTERN = rf"(?P<state>[A-Z]+):(?P<keys>(?:[\w-]{{{KEY}}})*)"

_IN_BUTTON = re.compile(rf"[a-z]+:{PATTERN}")


@dataclass(frozen=True)
class Imprint:
    """The state that spoke and what it cited, in order: ``keys`` stand for arguments (or passages, where there is
    no argument).
    """

    state: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.state}:{''.join(self.keys)}"

    @classmethod
    def of(cls, speech: Speech) -> "Imprint":
        return cls.cited(speech.seat.code, speech.citations)

    @classmethod
    def cited(cls, state: str, citations: Iterable[Citation]) -> "Imprint":
        """The first of what a state cited, as many as there is room for."""
        return cls(state, tuple(key_of(_known_by(each)) for each in islice(citations, MOST)))

    @classmethod
    def matched(cls, match: re.Match[str]) -> "Imprint":
        """From a match of ``PATTERN``."""
        keys = match["keys"]
        return cls(match["state"], tuple(keys[at : at + KEY] for at in range(0, len(keys), KEY)))

    @classmethod
    def on(cls, message: discord.Message) -> "Imprint | None":
        """What the buttons of ``message`` hold, if it is an answer."""
        matches = (_IN_BUTTON.fullmatch(custom_id) for custom_id in custom_ids(message))
        return next((cls.matched(match) for match in matches if match), None)

    def seat(self, record: Record) -> Delegation:
        """Raises UnknownDelegation where the state has left the table."""
        return record.delegations.find(self.state)

    def arguments(self, record: Record) -> list[str]:
        """The ids of the arguments cited."""
        return [citation.argument for citation in self.citations(record) if citation.argument]

    def speech(self, record: Record) -> Speech:
        """What the answer said, in the record's words and with what came later. Raises QuestionError, as ``citations``
        does.
        """
        seat = self.seat(record)
        composer, position = Composer(record, seat), record.position_of(seat)
        voiced = [
            (record.arguments[id], voice_of(record.arguments[id], position, record)) for id in self.arguments(record)
        ]
        proposals = [
            proposal
            for argument, voice in sorted(voiced, key=lambda pair: pair[1] == "opposing")
            for proposal in (composer.spoken([argument]) if voice == "own" else composer.claims([argument], voice))
        ]
        draft = composer.drafted(proposals, renewed=True)
        if not seat.is_neutral and any(voice == "general" for _, voice in voiced):
            draft = draft.model_copy(update={"opening": f"{SILENT} {seat.adjective} statement on that."})
        return deliver(draft, seat, record, "", record.passages)

    def citations(self, record: Record) -> tuple[Citation, ...]:
        """The citations under their numbers. Raises QuestionError when one of them is no longer on record."""
        arguments = {key_of(id): id for id in record.arguments}
        passages = {key_of(id): passage for id, passage in record.passages.items()}
        if any(key not in arguments and key not in passages for key in self.keys):
            raise QuestionError("The record has changed since that answer was given; ask the question again.")
        return tuple(
            cite(record, [arguments[key]])[0].model_copy(update={"n": n})
            if key in arguments
            else _whole(passages[key], record, n)
            for n, key in enumerate(self.keys, start=1)
        )


def key_of(id: str) -> str:
    """The short form of an id, the same for ever."""
    digest = hashlib.blake2s(id.encode(), digest_size=4).digest()
    return base64.urlsafe_b64encode(digest)[:KEY].decode()


def _known_by(cited: Citation) -> str:
    """An argument tells the words that it rests on; what stands beside them, such as a second fact, tells itself."""
    return cited.argument if cited.is_first else cited.passage.id


def _whole(passage: Passage, record: Record, n: int) -> Citation:
    return citation_of(record, passage, passage.text, record.arguments.get(passage.id.lower()), n)


def custom_ids(message: discord.Message) -> Iterator[str]:
    """Of the buttons under a message."""
    rows: Sequence[object] = message.components
    for row in rows:
        for button in row.children if isinstance(row, discord.ActionRow) else ():
            if isinstance(button, discord.Button) and button.custom_id:
                yield button.custom_id
