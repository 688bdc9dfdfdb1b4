"""The command line: joins the parts and runs. Exit codes: 0 answered or honestly silent, 2 wrong use, 1 broken."""

import asyncio
import io
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot import settings as configuration
from bot.parser import FROM_INPUT, Arguments, Command, parser
from bot.question import visible
from bot.settings import Settings
from knowledge import loader
from knowledge.date import Date
from knowledge.delegation import RAPPORTEUR, Delegation
from knowledge.errors import (
    DemarcheError,
    OutOfOrder,
    QuestionError,
    RecordsError,
    SettingsError,
    UnknownDelegation,
    UnknownFormat,
)
from knowledge.record import Record

if TYPE_CHECKING:  # heavy: imported when a command needs it
    from rich.console import RenderableType

    from bot.conversation import Conversation
    from bot.debate import Speech
    from bot.delegate import Delegate
    from bot.formats import Format
    from bot.pictures import Kind
    from knowledge.embedding import Embedding
    from knowledge.library import Library
    from knowledge.position import Stance

    Say = Callable[[str, Delegation], Awaitable[Speech]]


WRONG_USE = UnknownDelegation | UnknownFormat | OutOfOrder | QuestionError | SettingsError


def main(words: Sequence[str] | None = None) -> int:
    arguments = parser(COMMANDS).parse_args(words)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        return int(arguments.command(arguments) or 0)
    except DemarcheError as error:
        if arguments.debug:
            raise
        print(visible(str(error)), file=sys.stderr)
        return 2 if isinstance(error, WRONG_USE) else 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read our output has left
        return 0
    except Exception as error:
        if arguments.debug:
            raise
        print(f"Something broke ({type(error).__name__}); run it again with --debug and report that.", file=sys.stderr)
        return 1


def ask(arguments: Arguments) -> None:
    _say_all(arguments, lambda delegate: delegate.answer)


def rebut(arguments: Arguments) -> None:
    _say_all(arguments, lambda delegate: delegate.rebut)


def _say_all(arguments: Arguments, way: "Callable[[Delegate], Say]") -> None:
    with _delegate(_known(arguments.state), arguments.as_of) as delegate:
        asyncio.run(_written(delegate, lambda written: _said(arguments, written.record, way(written))))


async def _said(arguments: Arguments, record: Record, say: "Say") -> None:
    from bot import documents, terminal

    for state, text in _lines(arguments):
        try:
            speech = await say(text, _seat(state, record))
        except DemarcheError as error:
            if arguments.text != FROM_INPUT:
                raise
            refused = documents.refusal(state, text, error, _stance(state, record))
            print(refused if arguments.json else visible(str(error)))
        else:
            _show(arguments, partial(documents.answer, speech), partial(terminal.speech, speech))


def debate(arguments: Arguments) -> None:
    from bot import formats, transcript

    record = loader.load()
    seats = _seat(arguments.pro, record), _seat(arguments.contra, record)
    format = formats.find(arguments.format).of_rounds(arguments.rounds)
    if arguments.out:
        transcript.check(arguments.out)  # before the debate is held
    if not format.ordered:
        raise SettingsError("A free conversation has no end; hold it with chat, or choose another format.")
    with _delegate(record, arguments.as_of) as delegate:
        asyncio.run(_written(delegate, lambda written: _hold(arguments, seats, format, written)))


async def _hold(arguments: Arguments, states: Sequence[Delegation], format: "Format", delegate: "Delegate") -> None:
    from bot import documents, terminal, transcript
    from bot.debater import Debater
    from bot.duel import SIDES, Seat

    debater = Debater(delegate)
    pro, contra = (Seat(side=side, state=state.code) for side, state in zip(SIDES, states, strict=True))
    console, duel = terminal.console(), await debater.convene(arguments.motion, format, (pro, contra), arguments.as_of)
    if not arguments.json:
        console.print(terminal.motion(duel, delegate.record))
    while duel.due:
        duel = duel.hold(await debater.speak(duel))
        if not arguments.json:
            console.print(terminal.turn(duel, len(duel.turns) - 1, delegate.record))
    if arguments.json:
        print(documents.debate(duel), flush=True)
    else:
        console.print(terminal.balance(duel, delegate.record))
    if arguments.out:
        transcript.write(arguments.out, duel, delegate.record)


def search(arguments: Arguments) -> None:
    from bot import documents, terminal
    from bot.question import asked

    with _library(loader.load()) as opened:
        library = opened.until(arguments.as_of) if arguments.as_of else opened
        for _, text in _lines(arguments):
            try:
                findings = library.search(asked(text))
            except QuestionError as error:
                if arguments.text != FROM_INPUT:
                    raise
                print(documents.no_hits(text, error) if arguments.json else visible(str(error)))
            else:
                document = partial(documents.hits, findings, library.record, arguments.k)
                _show(arguments, document, partial(terminal.found, findings, arguments.k))


def chat(arguments: Arguments) -> None:
    from bot import terminal
    from bot.conversation import HELP, Conversation

    with _delegate(_known(arguments.state), arguments.as_of) as delegate:
        console = terminal.console()
        seat = _seat(arguments.state or "FR", delegate.record)
        console.print(terminal.dossier(seat, delegate.record), HELP, sep="\n\n", highlight=False)
        read = terminal.reader(_settings().data / "history")
        asyncio.run(_written(delegate, lambda written: _converse(Conversation(written, seat, console), read)))


async def _converse(conversation: "Conversation", read: Callable[[str], str]) -> None:
    while True:
        try:
            line = await asyncio.to_thread(read, conversation.prompt)
        except (EOFError, KeyboardInterrupt):
            return
        if not await conversation.hear(line):
            return


def position(arguments: Arguments) -> None:
    from bot import documents, terminal

    record = loader.load().until(arguments.as_of)
    seat = record.delegations.find(arguments.state)
    _show(arguments, lambda: documents.position(seat, record), lambda: terminal.dossier(seat, record))


def positions(arguments: Arguments) -> None:
    from bot import documents, terminal, transcript

    record = loader.load().until(arguments.as_of)
    seats = list(record.delegations)
    if arguments.markdown:
        print(transcript.positions(record))
        return
    _show(arguments, lambda: documents.positions(seats, record), lambda: terminal.table(seats, record))


def _check_picture(path: Path) -> None:
    """Before it is drawn. Raises SettingsError where it would be no picture."""
    if path.suffix.lower() != ".png":
        raise SettingsError("A picture is written as PNG; give --out a name that ends in .png.")


def _save(path: Path, png: bytes) -> None:
    """Raises SettingsError where no picture can be written."""
    try:
        path.write_bytes(png)
    except OSError as error:
        raise SettingsError(f"The file {path} cannot be written; choose another with --out.") from error


def compare(arguments: Arguments) -> None:
    from bot import columns, comparison, documents

    record = loader.load().until(arguments.as_of)
    first, second = (record.delegations.find(name) for name in (arguments.first, arguments.second))
    compared = comparison.compare(record, first, second)
    _show(arguments, lambda: documents.comparison(compared), lambda: columns.comparison(compared))


def holds(arguments: Arguments) -> None:
    from bot import columns, comparison, documents
    from bot.question import asked

    claim = asked(arguments.text, "claim")
    with _library(loader.load()) as opened:
        library = opened.until(arguments.as_of) if arguments.as_of else opened
        held = comparison.who_holds(library.record, library.hear(claim))
    _show(arguments, lambda: documents.holding(held), lambda: columns.holding(held))


def map_(arguments: Arguments) -> None:
    from bot import columns

    _picture(arguments, "map", columns.along_the_axis)


def timeline(arguments: Arguments) -> None:
    from bot import columns

    _picture(arguments, "timeline", columns.timeline)


def _picture(arguments: Arguments, kind: "Kind", table: "Callable[[Record], RenderableType]") -> None:
    from bot import documents, pictures

    record = loader.load().until(arguments.as_of)
    if arguments.out:
        _check_picture(arguments.out)
        _save(arguments.out, pictures.draw(kind, record).png)
    _show(arguments, lambda: documents.picture(pictures.draw(kind, record)), lambda: table(record))


def sources(arguments: Arguments) -> None:
    from bot import documents, terminal

    record = loader.load()
    _show(arguments, lambda: documents.sources(record), lambda: terminal.sources(record))


def evaluate(arguments: Arguments) -> None:
    from bot import evaluation, terminal

    if arguments.languages:
        _evaluate_languages(arguments)
        return
    with _delegate(loader.load()) as delegate:
        if arguments.ladder:
            checked = asyncio.run(evaluation.measure_ladder(delegate))
            _show(arguments, checked.model_dump_json, lambda: terminal.checks(checked))
        else:
            report = asyncio.run(evaluation.measure_all(delegate))
            _show(arguments, report.model_dump_json, lambda: terminal.figures(report))


def _evaluate_languages(arguments: Arguments) -> None:
    from bot import terminal
    from bot.evaluation import DEVELOPMENT, languages

    settings = _settings()
    with _library(loader.load()) as library:
        told = languages.measure(library, _embedding(settings).name, languages.TRANSLATED, DEVELOPMENT)
    _show(arguments, told.model_dump_json, lambda: terminal.languages(told))


def doctor(arguments: Arguments) -> int:
    from bot import doctor as clinic
    from bot import terminal

    report = clinic.examine()
    _show(arguments, report.model_dump_json, lambda: terminal.diagnosis(report))
    return 0 if report.healthy else 1


def run(_: Arguments) -> None:
    import logging

    from bot import client

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = _settings()
    settings.required_token()  # before the library is opened: say at once what is missing
    with _delegate(loader.load(), wait=False) as delegate:
        client.run(settings, delegate)


def _lines(arguments: Arguments) -> Iterator[tuple[str, str]]:
    """(state, text): the argument, or each line of standard input, whose state overrides the one given."""
    given = getattr(arguments, "state", None) or RAPPORTEUR.code
    if arguments.text != FROM_INPUT:
        yield given, arguments.text
        return
    for line in sys.stdin:
        state, tab, text = line.rstrip("\r\n").partition("\t")
        yield (state.strip() or given, text) if tab else (given, state)


def _seat(state: str, record: Record) -> Delegation:
    return record.delegations.seat(state)


def _stance(state: str, record: Record) -> "Stance":
    try:
        return record.position_of(_seat(state, record)).stance
    except UnknownDelegation:
        return "none"


def _settings() -> Settings:
    return configuration.load()


def _known(state: str | None) -> Record:
    """The record, once it is sure that it knows the state: opening the library takes longer than that."""
    record = loader.load()
    _seat(state or RAPPORTEUR.code, record)
    return record


@contextmanager
def _library(record: Record, *, wait: bool = True) -> Iterator["Library"]:
    """Without ``wait`` it may still be indexing, and serves by words alone until that is done."""
    from rich.console import Console

    from bot.terminal import building, logged
    from knowledge.library import Library

    settings = _settings()
    with building(Console(stderr=True)) if wait else nullcontext(logged()) as progress:
        library = Library.open(
            record,
            settings.data,
            url=settings.chroma_url,
            embedding=_embedding(settings),
            progress=progress,
            wait=wait,
        )
    try:
        yield library
    finally:
        library.close()


def _embedding(settings: Settings) -> "Embedding":
    """Raises SettingsError where what people ask would teach somebody's model."""
    from knowledge.embedding import MULTILINGUAL, named

    name = settings.embedding
    if name and name != MULTILINGUAL and settings.model_training == "refused":
        from bot.llm.providers import refuse_learning

        refuse_learning(name, None, "DEMARCHE_EMBEDDING")
    return named(name)


@contextmanager
def _delegate(record: Record, as_of: Date | None = None, *, wait: bool = True) -> Iterator["Delegate"]:
    from bot.delegate import Delegate

    with _library(record, wait=wait) as library:
        yield Delegate(library).until(as_of)


async def _written(delegate: "Delegate", work: "Callable[[Delegate], Awaitable[None]]") -> None:
    """Work with a delegate whose words are put by the language model of the settings, if they name one."""
    settings = _settings()
    if settings.model is None:
        await work(delegate)
        return
    from bot.debater import utc
    from bot.language_model import named
    from bot.records import Records

    llm = await asyncio.to_thread(named, settings)
    async with AsyncExitStack() as held:
        held.push_async_callback(llm.chat.close)
        try:
            records = await Records.open(settings.database, delegate.record)
        except RecordsError as error:  # what is spent cannot be counted: the record speaks for itself
            print(f"{visible(str(error))} Until then no language model is asked.", file=sys.stderr)
            await work(delegate)
        else:
            held.push_async_callback(records.close)
            await work(delegate.written_by(await llm.writer(records, utc)))


def _show(arguments: Arguments, document: Callable[[], str], drawn: Callable[[], "RenderableType"]) -> None:
    if arguments.json:
        print(document(), flush=True)
    else:
        from bot import terminal

        terminal.console().print(drawn())


COMMANDS: dict[str, Command] = {
    "chat": chat,
    "ask": ask,
    "rebut": rebut,
    "debate": debate,
    "position": position,
    "positions": positions,
    "compare": compare,
    "holds": holds,
    "map": map_,
    "timeline": timeline,
    "search": search,
    "sources": sources,
    "eval": evaluate,
    "run": run,
    "doctor": doctor,
}


if __name__ == "__main__":
    sys.exit(main())
