"""How delegations look beside each other in a terminal: compared, by claim, along the axis; NATO's texts."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.comparison import Comparison, Holding, Stand, Verdict, Word
from bot.debate import COUNTS_AS, sentence
from bot.gate import plain
from bot.terminal import COLOURS, citation
from bot.wording import standing
from knowledge.position import STANCES, Leaning
from knowledge.record import Record

WORDS = 3  # of a delegation on one topic

VERDICTS: dict[Verdict, str] = {"differ": "≠ differ", "agree": "= agree", "beside": "both speak", "alone": "one speaks"}


def comparison(compared: Comparison) -> RenderableType:
    """Where two delegations stand, then topic by topic, then what all of it rests on."""
    seats = (compared.first, compared.second)
    heads = [
        Text.assemble((f"{seat.flag} {seat.name}", f"bold {COLOURS[held.stance]}"), (f"  {standing(held)}", "dim"))
        for seat, held in zip(seats, compared.positions, strict=True)
    ]
    rows = Table("", "On", *(seat.name for seat in seats), box=None, header_style="bold", padding=(0, 1, 1, 0))
    for row in compared.rows:
        rows.add_row(VERDICTS[row.verdict], row.topic, _words(row.first[:WORDS]), _words(row.second[:WORDS]))
    told = rows if compared.rows else Text("The record holds nothing of either as of that day.")
    return Group(*heads, told, *map(citation, compared.citations))


def holding(held: Holding) -> RenderableType:
    """Who holds a claim, who opposes it and who is silent."""
    lines: list[RenderableType] = [Text(plain(sentence(held.claim)), "bold")]
    titled = [("Hold it", held.hold), ("Oppose it", held.oppose)]
    if not held.is_read:
        lines.append(Text("It is not clear which side that claim is on; these speak to the matter.", "dim"))
        titled = [(f"For a broader role, on {held.topic}", held.hold), ("Against one", held.oppose)]
    if held.read_as:
        lines.append(Text(f"On {held.topic}; read as: {held.read_as}", "dim"))
    lines += [*_stands(*titled[0]), *_stands(*titled[1])]
    if held.silent:
        silent = ", ".join(seat.name for seat in held.silent)
        lines.append(Text.assemble((f"Silent on {held.topic} ({len(held.silent)}): ", "bold"), silent))
    if held.others:
        lines.append(Text(f"Nothing is on record on that of the other {held.others}."))
    return Group(*lines, *map(citation, held.citations))


def along_the_axis(record: Record) -> RenderableType:
    """Every delegation by its leaning, from opposed to supportive, with the basis and the date of each."""
    rows = Table("", "Delegation", "Basis", "As of", box=None, header_style="bold", expand=False)
    order: tuple[Leaning, ...] = ("opposed", "cautious", "divided", "supportive", "no-public-position")
    for leaning in order:
        for held in (position for position in record.table if position.leaning == leaning):
            seat, word = record.delegations[held.state], Text(COUNTS_AS[leaning], COLOURS[STANCES[leaning]])
            rows.add_row(word, f"{seat.flag} {seat.choice}", held.basis.replace("-", " "), held.as_of.words)
    return rows


def timeline(record: Record) -> RenderableType:
    """NATO's texts on China and the Indo-Pacific, oldest first, each with its fact."""
    if not record.timeline:
        return Text("The record holds no text of NATO on China or the Indo-Pacific from before that day.")
    rows = Table("When", "What", "Fact", "Source", box=None, header_style="bold")
    for milestone in record.timeline:
        passage = record.passages[milestone.fact]
        rows.add_row(record.date_of(milestone).words, milestone.label, passage.id, record.source_of(passage).reference)
    return rows


def _stands(title: str, stands: Sequence[Stand]) -> Iterator[RenderableType]:
    yield Text(f"{title} ({len(stands)}):", "bold")
    if not stands:
        yield Text("  nobody on record")
    for stand in stands:
        yield Text.assemble(f"  {stand.seat.flag} {stand.seat.name}: ", _words(stand.words[:1]))


def _words(words: Iterable[Word]) -> str:
    return " ".join(
        f"{plain(word.text.rstrip('.'))} {''.join(f'[{cited.n}]' for cited in word.citations)}." for word in words
    )
