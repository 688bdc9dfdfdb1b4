"""The same in a terminal: how speeches, passages and dossiers look there, and the conversation."""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bot.debate import COUNTS_AS, Citation, Speech, dossier_of, marks_of, sentence
from bot.duel import Duel
from bot.formats import NAMES
from bot.gate import plain
from bot.seating import mandate
from bot.wording import TRANSLATED, shown, since, standing, worded_by, words_cited
from knowledge.delegation import Delegation
from knowledge.findings import Findings
from knowledge.passage import Passage
from knowledge.record import Record
from knowledge.source import Source

if TYPE_CHECKING:
    from bot.doctor import Diagnosis
    from bot.evaluation import Ladder, Report
    from bot.evaluation.debating import Debating
    from bot.evaluation.delegations import Delegations
    from bot.evaluation.languages import Languages

_LOG = logging.getLogger(__name__)

COLOURS = {"for": "green", "against": "red", "mixed": "yellow", "none": "bright_black"}


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # as anywhere else, so that the command ends as it does there


def console() -> Console:
    return _Screen(highlight=False, soft_wrap=False)


def speech(spoken: Speech) -> RenderableType:
    colour = COLOURS[spoken.position.stance]
    lines = [Text.assemble((f"{spoken.seat.flag} {spoken.seat.name}", f"bold {colour}"), _dim(_note(spoken)))]
    for part in shown(spoken):
        lines.append(Text.assemble((f"{part.lead_in} ", "italic") if part.lead_in else "", plain(part.text)))
    terms = dict.fromkeys(cited.source.terms for cited in spoken.citations)
    told = {claim.text for claim in spoken.claims}
    translated = TRANSLATED if spoken.translations else ""
    small = filter(None, [plain(worded_by(spoken.drafter, spoken.remark)), translated, *terms])
    return Group(*lines, *(citation(each, told) for each in spoken.citations), *map(_dim, small))


def motion(duel: Duel, record: Record) -> RenderableType:
    """What is debated, and who takes which side on what grounds."""
    dated = f", as of {duel.as_of.words}: nothing newer is used" if duel.as_of else ""
    lines = [Text.assemble((plain(duel.motion), "bold"), _dim(f"  {duel.format.name}{dated}"))]
    for seat in duel.seats:
        state = record.delegations[seat.state]
        turned = "" if seat.pleads == seat.side else f"; pleads {seat.pleads} a broader NATO role"
        turned += ", as its position is" if turned and record.position_of(state).side else ""
        ordered = f"; {instructed}" if (instructed := mandate(record, seat)) else ""
        grounds = _dim(f"  {standing(record.position_of(state))}{ordered}{turned}")
        lines.append(Text.assemble(f"{seat.side}: {state.name}", grounds))
    return Group(*lines)


def turn(duel: Duel, n: int, record: Record) -> RenderableType:
    """One turn of a duel: who, what is said, and the citations."""
    said = duel.turns[n]
    state = record.delegations[duel.seat(said.side).state]
    colour = COLOURS[record.position_of(state).stance]
    to = f", to turn {said.answers + 1}" if said.answers is not None else ""
    head = Text.assemble((f"{n + 1}. {state.flag} {state.name}", f"bold {colour}"), _dim(f"  {NAMES[said.kind]}{to}"))
    told = {claim.text for claim in said.claims}
    cited = [citation(each, told) for each in said.citations]
    worded = filter(None, [plain(worded_by(said.drafter, said.remark))])
    return Group("", head, Text(plain(said.text)), *cited, *map(_dim, worded))


def unanswered(duel: Duel, record: Record) -> RenderableType:
    """The points that either side of a conversation has not answered."""
    lines: list[RenderableType] = []
    for seat in duel.seats:
        who = record.delegations[seat.state].name if seat.state else "you"
        points = [duel.point(place).text for place in duel.unanswered_by(seat.side)]
        lines += [
            Text(f"Not answered by {who}:", "bold"),
            *(Text(f"• {plain(text)}") for text in points or ["nothing"]),
        ]
    return Group(*lines)


def balance(duel: Duel, record: Record) -> RenderableType:
    """What each side has left unanswered, and under what terms the words were shown."""
    lines = []
    for seat in duel.seats:
        count = len(duel.unanswered_by(seat.side))
        points = "1 point" if count == 1 else f"{count or 'no'} points"
        lines.append(f"{sentence(record.delegations[seat.state].in_sentence)} leaves {points} unanswered.")
    terms = dict.fromkeys(each.source.terms for said in duel.turns for each in said.citations)
    return Group("", *map(_dim, lines), *map(_dim, terms))


def citation(cited: Citation, told: Collection[str] = ()) -> RenderableType:
    """One numbered line: the words cited and where they stand; not those that were ``told`` already."""
    kind = f"{cited.source.tier}; our summary" if cited.passage.is_summary else cited.passage.section
    words = plain(words_cited(cited, told))
    where = f"{' — ' if words else ''}{cited.source.reference} · {kind}"
    newer = since(cited, told)
    line = Text.assemble(
        (f"[{cited.n}] ", "bold"), words, _dim(where), (f" · {plain(newer)}", "italic") if newer else ""
    )
    return Padding(line, (0, 0, 0, 2), expand=False)


def passage(cited: Citation, record: Record) -> RenderableType:
    """The whole passage between its neighbours, the quote marked, and where to read it."""
    before, after = record.neighbours(cited.passage)
    text = Text(plain(cited.passage.text))
    at = cited.passage.text.find(cited.quote)
    text.stylize("bold reverse", at, at + len(cited.quote))
    neighbours = [_dim(plain(near.text)) if near else Text("") for near in (before, after)]
    return Group(
        Text(f"{cited.passage.section} · {cited.passage.id}", "bold"),
        neighbours[0],
        text,
        neighbours[1],
        source(cited.source),
    )


def source(of: Source) -> RenderableType:
    """Title, author, publisher, date, licence and link."""
    leads = f" ({of.url_leads_to})" if of.url_leads_to else ""
    again = f"; republished by {of.republished_by}" if of.republished_by else ""
    who = of.reference if of.author else f"{of.publisher}, {of.date.words}, {of.tier}"
    lines = [Text.assemble((of.title, "bold"), f" — {who}{again}")]
    lines += [_dim(f"Licence: {of.licence}.")] if of.licence else []
    lines += [Text.assemble((of.url, f"underline link {of.url}"), leads)] if of.url else []
    return Group(*lines)


def sources(record: Record) -> RenderableType:
    return Group(*(source(each) for each in record.sources.values()))


def dossier(seat: Delegation, record: Record) -> RenderableType:
    held = record.position_of(seat)
    cited = dossier_of(held, record)
    marks = marks_of(cited)
    lines: list[RenderableType] = [
        Text.assemble((f"{seat.flag} {seat.name}", f"bold {COLOURS[held.stance]}"), _dim(f"  {standing(held)}")),
        Text(held.summary),
    ]
    for hold in held.holds:
        lines.append(Text(f"• {hold.claim} {_marks(marks, hold.arguments)}"))
    if held.changed:
        lines.append(Text("Since the article of 30 May 2024:", "bold"))
    for change in held.changed:
        lines.append(Text(f"• {change.text} {_marks(marks, [fact.lower() for fact in change.facts])}"))
    if held.silent_on:
        lines.append(_dim(f"Silent on: {', '.join(record.topics[topic] for topic in held.silent_on)}."))
    return Group(*lines, *map(citation, cited))


def table(seats: Iterable[Delegation], record: Record) -> RenderableType:
    rows = Table("", "Delegation", "Stance", "Basis", "As of", "Holds", "Facts", box=None, header_style="bold")
    for seat in seats:
        held = record.position_of(seat)
        stance = Text(COUNTS_AS[held.leaning], COLOURS[held.stance])
        counted = str(len(held.holds)), str(len(held.facts))
        rows.add_row(seat.flag, seat.choice, stance, held.basis.replace("-", " "), held.as_of.words, *counted)
    return rows


def found(findings: Findings, most: int) -> RenderableType:
    return Group(*(_hit(place, hit.passage, hit.score) for place, hit in enumerate(findings.hits[:most], start=1)))


@contextmanager
def building(to: Console) -> Iterator[Callable[[int, int], None]]:
    """Progress of indexing, shown only if there is any."""
    columns = (TextColumn("Indexing the library"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bars = Progress(*columns, console=to, transient=True)

    def told(done: int, total: int) -> None:
        if not bars.tasks:
            bars.add_task("", total=total)
            bars.start()
        bars.update(bars.tasks[0].id, completed=done)

    try:
        yield told
    finally:
        if bars.tasks:
            bars.stop()


def logged() -> Callable[[int, int], None]:
    """Progress of indexing for the log, a line every tenth of the way."""
    began, told = time.monotonic(), 0

    def step(done: int, total: int) -> None:
        nonlocal told
        if done == 0 or done == total or done * 10 // total == told:
            return
        told = done * 10 // total
        left = (time.monotonic() - began) * (total - done) / done
        _LOG.info("Indexing the library: %s of %s texts, %.0f s left.", done, total, left)

    return step


@contextmanager
def at_work(to: Console) -> Iterator[Callable[[str], None]]:
    """The step an answer is at, shown while it takes its time."""
    if not to.is_terminal:
        yield lambda _: None
        return
    with to.status("") as status:
        yield status.update


def figures(report: "Report") -> RenderableType:
    """One row a set of questions, then what was counted over all answers."""
    rows = Table("Questions", "n", "hit@1", "hit@3", "MRR", "wrongly refused", "wrongly answered", box=None)
    for each in report.sets:
        rows.add_row(
            each.name, str(each.n), *map(_share, (each.hit_1, each.hit_3, each.mrr, each.refused, each.answered))
        )
    counted = Text(
        f"{report.answers} answers, {report.citations} citations: {report.resolved:.1%} resolved, "
        f"{report.verbatim:.1%} verbatim, {report.linked:.1%} linked to one of our sources."
    )
    told = _delegations(report.delegations) if report.delegations else ()
    return Group(rows, counted, *told, *(_debating(report.debating) if report.debating else ()))


def languages(report: "Languages") -> RenderableType:
    """How well questions are found, a row a language."""
    rows = Table(f"By {report.embedding}", "n", "hit@3", box=None)
    for language, share in report.hit_3.items():
        rows.add_row(language, str(report.n), _share(share))
    return rows


def checks(report: "Ladder") -> RenderableType:
    """What the ladder drops, one row a kind of draft, and the attacks."""
    rows = Table("Drafts", "n", "dropped", box=None)
    measured = report.checking
    kinds = {
        "spoilt": measured.spoilt,
        "spoilt rewording": measured.spoilt_rewordings,
        "sound": [measured.clean],
        "reworded": [*measured.rewordings, measured.recombined],
        "WiCE": measured.evidence,
    }
    for kind, detections in kinds.items():
        for each in detections:
            rows.add_row(f"{kind}: {each.name}", str(each.n), _share(each.dropped))
    attacks = report.attacks
    return Group(
        rows,
        "",
        Text(
            f"{attacks.n} attacks in {len(attacks.families)} families through a model that obeys them: "
            f"{attacks.reached} reached the reader (95 % bound {attacks.bound:.2%}), {attacks.worded} answers in the "
            "model's words."
        ),
    )


def _delegations(measured: "Delegations") -> Iterator[RenderableType]:
    """How faithfully the dossiers are told, what leaks, and what the rapporteur says of the whole table."""
    told, tours, leaks = measured.fidelity, measured.tours, measured.leaks
    rows = Table("From the dossiers", "n", "stance stated", "own first", "right", "silence said", "foreign", box=None)
    shares = map(_share, (told.stated, told.own_first, told.right, told.silence))
    rows.add_row(f"{told.delegations} delegations, {told.fewest}+ each", str(told.n), *shares, str(told.foreign))
    yield from ("", rows, "")
    yield Text(
        f"{leaks.leaks} leaks in {leaks.n} answers as of a date, with {leaks.citations} citations. Of {tours.n} "
        f"questions to the whole table {tours.named:.1%} name most of those they are about, {tours.cited:.1%} cite a "
        f"right fact, {tours.uncited} claims are without a citation."
    )


def _debating(measured: "Debating") -> Iterator[RenderableType]:
    """One row a set of opponents' claims, one a delegate under pressure, and the duels."""
    rows = Table("Opponents' claims", "n", "rebutted rightly", "by the first claim", "silent", box=None)
    for each in measured.rebuttals:
        rows.add_row(each.name, str(each.n), *map(_share, (each.right, each.right_first, each.silent)))
    pressed = Table("Under pressure", "turns", "flips", box=None)
    for fidelity in measured.fidelity:
        pressed.add_row(fidelity.state, str(fidelity.turns), str(fidelity.flips))
    duels = measured.duels
    yield from ("", rows, "", pressed, "")
    yield Text(
        f"{duels.duels} duels, {duels.turns} turns, {duels.claims} claims, {duels.uncited} of them without a citation; "
        f"{duels.repeated:.1%} of the arguments repeated; {duels.median_words:.0f} words a turn, {duels.most_words} at "
        f"most, {duels.over_length} turns too long. {measured.answered_off_topic:.1%} of what is off the record was "
        f"answered. {measured.citations} citations in debates, {measured.verbatim:.1%} verbatim."
    )


def diagnosis(report: "Diagnosis") -> RenderableType:
    marks = {"well": ("✓", "green"), "note": ("•", "yellow"), "ill": ("✗", "red")}
    return Group(*(Text.assemble(marks[each.state], f" {each.part}: {each.says}") for each in report.findings))


def reader(history: Path) -> Callable[[str], str]:
    """Asks for a line: with editing and a history kept in a file where somebody types, plainly otherwise."""
    import sys

    if not sys.stdin.isatty():
        return input
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory

    history.parent.mkdir(parents=True, exist_ok=True)
    session: PromptSession[str] = PromptSession(history=FileHistory(str(history)))
    return session.prompt


def _hit(place: int, where: Passage, score: float) -> Text:
    return Text.assemble(
        (f"{place}. ", "bold"), _one_line(where.text), _dim(f" — {where.section} · {where.id} · {score:.2f}")
    )


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _note(spoken: Speech) -> str:
    return "" if spoken.seat.is_neutral else f"  {standing(spoken.position)}"


def _marks(marks: Mapping[str, Sequence[int]], arguments: Iterable[str]) -> str:
    return "".join(f"[{n}]" for argument in arguments for n in marks[argument])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _dim(text: str) -> Text:
    return Text(text, "dim")
