"""Talking with a delegate in the terminal."""

from collections.abc import Callable

from rich.console import Console

from bot import terminal
from bot.debate import Speech
from bot.delegate import Delegate
from bot.exchange import Exchange
from bot.question import visible
from knowledge.delegation import Delegation
from knowledge.errors import DemarcheError, QuestionError

HELP = (
    "Ask anything about NATO, China and the Indo-Pacific, or claim something and be answered. Commands: /as LT "
    "(another delegation), /cite 2 (the passage behind [2]), /other (the other side), /open (what nobody has answered "
    "yet), /plain (the same in plain words), /position, /sources, /help, /quit"
)


class Conversation:
    """Keeps the thread of the argument and the last speech, so that citations can be opened."""

    def __init__(self, delegate: Delegate, seat: Delegation, console: Console) -> None:
        self._delegate, self._console = delegate, console
        self._exchange = Exchange(delegate, seat)
        self._last: Speech | None = None
        self._commands: dict[str, Callable[[str], None]] = {
            "as": self._as,
            "cite": self._cite,
            "open": lambda _: console.print(terminal.unanswered(self._exchange.thread, delegate.record)),
            "position": lambda _: console.print(terminal.dossier(self._exchange.seat, delegate.record)),
            "sources": lambda _: console.print(terminal.sources(delegate.record)),
            "help": lambda _: console.print(HELP, highlight=False),
        }

    @property
    def prompt(self) -> str:
        return f"You to {self._exchange.seat.name}> "

    async def hear(self, line: str) -> bool:
        """Answer one line; False when it ends the conversation."""
        word, _, rest = line.strip().partition(" ")
        try:
            if word in ("/quit", "/exit", "/q"):
                return False
            if word == "/other":
                await self._other_side()
            elif word == "/plain":
                await self._plainly()
            elif word.startswith("/"):
                self._command(word[1:], rest.strip())
            elif word:
                with terminal.at_work(self._console) as told:
                    speech = await self._exchange.say(line, told)
                self._show(speech)
        except DemarcheError as error:
            self._console.print(visible(str(error)), style="red", markup=False, highlight=False)
        return True

    def _command(self, name: str, rest: str) -> None:
        if name not in self._commands:
            raise QuestionError(f"There is no command /{name[:20]}; type /help for those there are.")
        self._commands[name](rest)

    def _as(self, name: str) -> None:
        """Another delegate sits down, and nothing has been said yet."""
        seat = self._delegate.record.delegations.seat(name)
        self._exchange, self._last = Exchange(self._delegate, seat), None
        self._console.print(terminal.dossier(seat, self._delegate.record))

    def _cite(self, number: str) -> None:
        known = self._last.citations if self._last else ()
        cited = next((citation for citation in known if str(citation.n) == number), None)
        if cited is None:
            raise QuestionError(
                "There is no such citation in the last answer; give one of its numbers, such as /cite 1."
            )
        self._console.print(terminal.passage(cited, self._delegate.record))

    async def _other_side(self) -> None:
        if self._last is None or not self._last.answered:
            raise QuestionError("There is no answer to oppose yet; ask a question first.")
        spoken = [citation.argument for citation in self._last.citations if citation.argument]
        self._show(await self._delegate.other_side(spoken, self._exchange.seat, self._last.question))

    async def _plainly(self) -> None:
        if self._last is None or not self._last.answered:
            raise QuestionError("There is no answer to put plainly yet; ask a question first.")
        with terminal.at_work(self._console) as told:
            speech = await self._exchange.plainly(self._last, told)
        self._show(speech)

    def _show(self, spoken: Speech) -> None:
        self._last = spoken
        self._console.print("", terminal.speech(spoken), "", sep="\n")
