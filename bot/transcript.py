"""What is written down as Markdown or JSON: a debate with every claim's citation, quote and source; the positions."""

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from bot import documents
from bot.debate import COUNTS_AS, Citation, sentence
from bot.duel import SIDES, Duel, Seat, Turn
from bot.formats import NAMES
from bot.gate import link, markdown
from bot.seating import mandate
from bot.wording import since, words_cited
from knowledge.errors import SettingsError
from knowledge.record import Record


def write(path: Path, duel: Duel, record: Record) -> None:
    """JSON where the name ends so, Markdown otherwise. Raises SettingsError when the file cannot be written."""
    text = documents.debate(duel) + "\n" if path.suffix == ".json" else in_markdown(duel, record)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"The file {path} cannot be written; choose another with --out.") from error


def check(path: Path) -> None:
    """Raises SettingsError when nothing can be written there."""
    try:
        path.open("a", encoding="utf-8").close()
    except OSError as error:
        raise SettingsError(f"The file {path} cannot be written; choose another with --out.") from error


def in_markdown(duel: Duel, record: Record) -> str:
    """The whole duel: its seats, its turns, what was left unanswered, the votes and the sources."""
    parts = [f"# {markdown(duel.motion)}", _seats(duel, record)]
    parts += [_turn(duel, n, turn, record) for n, turn in enumerate(duel.turns)]
    parts += [*_unanswered(duel, record), *_votes(duel), *_sources(duel)]
    return "\n\n".join(parts) + "\n"


def positions(record: Record) -> str:
    """A table of where every delegation stands and on how many facts that rests, by kind of source."""
    rows = [
        "| | delegation | stance | basis | as of | official | press | research |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for position in record.table:
        seat = record.delegations[position.state]
        tiers = Counter(record.source_of(record.passages[fact]).tier for fact in position.facts)
        counted = " | ".join(str(tiers[tier]) for tier in ("official", "press", "analysis"))
        basis = position.basis.replace("-", " ")
        stands = f"{COUNTS_AS[position.leaning]} | {basis} | {position.as_of.words}"
        rows.append(f"| {seat.flag} | {seat.choice} | {stands} | {counted} |")
    return "\n".join(rows)


def _seats(duel: Duel, record: Record) -> str:
    lines = [f"- {sentence(seat.side)}: {_seated(duel, seat, record)}" for seat in duel.seats]
    dated = f" As of {duel.as_of.words}: nothing newer is used." if duel.as_of else ""
    return "\n".join([f"{duel.format.name}. {duel.format.tells}{dated}", "", *lines])


def _seated(duel: Duel, seat: Seat, record: Record) -> str:
    instructed = mandate(record.until(duel.as_of), seat)
    return f"{_name(duel, seat.side, record)}{f', {instructed}' if instructed else ''}"


def _name(duel: Duel, side: str, record: Record) -> str:
    seat = next(seat for seat in duel.seats if seat.side == side)
    state = markdown(record.delegations[seat.state].name) if seat.state else f"the side {side}"
    return state if seat.is_ours else f"{state} (a person)"


def _turn(duel: Duel, n: int, turn: Turn, record: Record) -> str:
    to = f", to turn {turn.answers + 1}" if turn.answers is not None else ""
    head = f"## {n + 1}. {_name(duel, turn.side, record)}: {NAMES[turn.kind]}{to}"
    if turn.lapsed:
        return f"{head}\n\nThe time ran out."
    return "\n\n".join([head, markdown(turn.text), *_citations(turn)])


def _citations(turn: Turn) -> Iterator[str]:
    if turn.citations:
        told = {claim.text for claim in turn.claims}
        yield "\n".join(_citation(each, told) for each in turn.citations)


def _citation(cited: Citation, told: Collection[str]) -> str:
    kind = f", {cited.source.tier}, our summary" if cited.passage.is_summary else ""
    where = f"{markdown(cited.source.reference)}, {markdown(cited.passage.section)}, passage {cited.passage.id}{kind}"
    words, newer = markdown(words_cited(cited, told)), markdown(since(cited, told))
    return f"- \\[{cited.n}\\] {f'{words} — ' if words else ''}{where}{f'. {newer}' if newer else ''}"


def _unanswered(duel: Duel, record: Record) -> Iterator[str]:
    yield "## Left unanswered"
    for side in SIDES:
        points = [duel.point(place).text for place in duel.unanswered_by(side)]
        lines = [f"- {markdown(text)}" for text in points] or ["- nothing"]
        yield "\n".join([f"By {_name(duel, side, record)}:", "", *lines])


def _votes(duel: Duel) -> Iterator[str]:
    if duel.votes:
        rows = [f"- {markdown(vote)}: {count}" for vote, count in duel.votes.items()]
        yield "\n".join(["## Votes", "", *rows])


def _sources(duel: Duel) -> Iterator[str]:
    sources = dict.fromkeys(citation.source for turn in duel.turns for citation in turn.citations)
    if sources:
        lines = [
            f"- {link(source, source.title)}: {markdown(source.reference)}. {markdown(source.terms)}"
            for source in sources
        ]
        yield "\n".join(["## Sources", "", *lines])
