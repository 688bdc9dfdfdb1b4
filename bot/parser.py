"""The words of the command line."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.address import MOTION
from bot.formats import DEFAULT
from knowledge.date import Date

Arguments = argparse.Namespace
Command = Callable[[Arguments], int | None]

FROM_INPUT = "-"  # in place of a text: read one a line
ROUNDS = 2  # of rebuttals, unless another number is given


def parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """For the commands by name; the one chosen is the ``command`` of what it parses."""
    top = argparse.ArgumentParser(prog="demarche", description="Delegates of NATO's members, with citations.")
    top.add_argument("--debug", action="store_true", help="show where it broke")
    words = _Words(top.add_subparsers(required=True, metavar="COMMAND"), commands)
    words.add("chat", "talk with a delegate", json=False, dated=True).add_argument(
        "--as", dest="state", metavar="STATE"
    )
    _add_speaking(words)
    _add_debate(words.add("debate", "a whole duel between two delegates", dated=True))
    words.add("position", "a delegation's dossier", dated=True).add_argument("state", metavar="STATE")
    words.add("positions", "where every delegation stands", dated=True).add_argument(
        "--markdown", action="store_true", help="print the table of the README"
    )
    comparing = words.add("compare", "where two delegations agree and differ", dated=True)
    comparing.add_argument("first", metavar="STATE")
    comparing.add_argument("second", metavar="STATE")
    words.add("holds", "who holds a claim, who opposes it, who is silent", dated=True).add_argument(
        "text", metavar="CLAIM", help="the claim, such as: NATO should open an office in Tokyo"
    )
    _add_picture(words.add("map", "every delegation from opposed to supportive", dated=True))
    _add_picture(words.add("timeline", "NATO's texts on China and the Indo-Pacific", dated=True))
    searching = words.add("search", "the passages found, best first", dated=True)
    searching.add_argument("text", metavar="QUERY", help="what to look for, or - to read one a line")
    searching.add_argument("-k", type=_count, default=5, help="how many (5)")
    words.add("sources", "what is in the library")
    measured = words.add("eval", "the quality figures, computed now").add_mutually_exclusive_group()
    measured.add_argument("--ladder", action="store_true", help="how well drafts are checked, and attacks withstood")
    measured.add_argument("--languages", action="store_true", help="how well questions in other languages are found")
    words.add("run", "the Discord bot", json=False)
    words.add("doctor", "checks token, model, index and data; says what to mend")
    return top


class _Words:
    """Takes one command after the other."""

    def __init__(
        self, under: "argparse._SubParsersAction[argparse.ArgumentParser]", does: Mapping[str, Command]
    ) -> None:
        self._under, self._does = under, does

    def add(self, name: str, tells: str, *, json: bool = True, dated: bool = False) -> argparse.ArgumentParser:
        """``json``: whether it prints something that programs read; ``dated``: whether it can speak as of a date."""
        sub = self._under.add_parser(name, help=tells, description=tells)
        sub.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        sub.set_defaults(command=self._does[name])
        if json:
            sub.add_argument("--json", action="store_true", help="print one JSON document")
        if dated:
            sub.add_argument("--as-of", dest="as_of", type=_date, metavar="DATE", help="use nothing newer (2024-05-30)")
        return sub


def _add_speaking(words: _Words) -> None:
    asking = words.add("ask", "one cited answer", dated=True)
    asking.add_argument("text", metavar="QUESTION", help="the question, or - to read one a line")
    asking.add_argument(
        "--as", dest="state", metavar="STATE", help="without it, the rapporteur answers with both sides"
    )
    rebutting = words.add("rebut", "one cited rebuttal of an opponent's claim", dated=True)
    rebutting.add_argument("text", metavar="CLAIM", help="the claim, or - to read one a line")
    rebutting.add_argument("--as", dest="state", metavar="STATE", help="who rebuts; without it, the claim is weighed")


def _add_debate(debating: argparse.ArgumentParser) -> None:
    debating.add_argument("motion", metavar="MOTION", nargs="?", default=MOTION, help=f"({MOTION})")
    debating.add_argument("--for", dest="pro", metavar="STATE", required=True, help="who speaks for it")
    debating.add_argument("--against", dest="contra", metavar="STATE", required=True, help="who speaks against it")
    debating.add_argument("--rounds", type=_count, help=f"of rebuttals ({ROUNDS})", default=ROUNDS)
    debating.add_argument("--format", default=DEFAULT, metavar="FORMAT", help=f"classroom or model-nato ({DEFAULT})")
    debating.add_argument("--out", type=Path, metavar="FILE", help="write the transcript: .md or .json")


def _add_picture(drawing: argparse.ArgumentParser) -> None:
    drawing.add_argument("--out", type=Path, metavar="FILE.png", help="draw it into a file")


def _date(word: str) -> Date:
    """A day, a month or a year: argparse turns the error into a line that says what is wrong."""
    try:
        return Date(word)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _count(word: str) -> int:
    """A number from 1 up: argparse turns the error into a line that says what is wrong."""
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is not a number from 1 up")
    return int(word)
