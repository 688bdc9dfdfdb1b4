"""How delegations look beside each other in Discord: two compared, and who holds what."""

from collections.abc import Iterator, Mapping, Sequence

from discord import Embed

from bot import cards
from bot.cards import Block
from bot.comparison import Comparison, Holding, Row, Stand, Verdict, Word
from bot.debate import Citation, sentence
from bot.gate import clipped, markdown, plain
from bot.wording import standing
from knowledge.delegation import Delegation

CLAIM = 250  # characters of a claim in the title
WORDS, WORD = 3, 400  # words of a delegation on one topic, and characters of each

VERDICTS: dict[Verdict, str] = {  # of rows on which both speak
    "differ": "≠ They differ",
    "agree": "= They agree",
    "beside": "· Both speak to it",
}


def comparison(compared: Comparison) -> list[Embed]:
    """Where two delegations stand, then topic by topic, each with what it rests on; one embed a page."""
    seats = (compared.first, compared.second)
    card = Embed(colour=cards.COLOURS["none"], title=" and ".join(map(_name, seats)))
    stands = [
        Block(f"**{markdown(seat.name)}**: {markdown(standing(position))}")
        for seat, position in zip(seats, compared.positions, strict=True)
    ]
    return cards.paged(card, [*stands, *_rows(compared)])


def holding(held: Holding) -> list[Embed]:
    """Who holds a claim, who opposes it and who is silent; one embed a page."""
    card = Embed(colour=cards.COLOURS["none"], title=clipped(markdown(sentence(held.claim)), CLAIM))
    read_as = f"*On {markdown(held.topic)}; read as: {clipped(markdown(held.read_as), WORD)}*"
    marks, titles = _Marks(), ("Hold it", "Oppose it")
    if not held.is_read:
        read_as = "*It is not clear which side that claim is on; these speak to the matter.*"
        titles = (f"For a broader role, on {held.topic}", "Against one")
    others = [Block(f"\nNothing is on record on that of the other {held.others}.")] if held.others else []
    blocks = [
        *([Block(read_as)] if held.read_as or not held.is_read else []),
        *_stands(titles[0], held.hold, marks),
        *_stands(titles[1], held.oppose, marks),
        *_silent(held),
        *others,
    ]
    return cards.paged(card, blocks)


class _Marks:
    """Numbers the citations of what is shown, in its order: what is left out leaves no gap."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}

    def line(self, lead_in: str, words: Sequence[Word], most: int) -> Block:
        """The first of ``words`` after a lead-in, with their citations."""
        told = {word.text for word in words[:most]}
        cited = [[self._numbered(citation) for citation in word.citations] for word in words[:most]]
        said = [_marked(word, behind) for word, behind in zip(words, cited, strict=False)]
        fields = tuple(cards.cited(citation, told) for behind in cited for citation in behind)
        return Block(" ".join([lead_in, *said]), fields)

    def _numbered(self, citation: Citation) -> Citation:
        return citation.model_copy(update={"n": self._numbers.setdefault(citation.n, len(self._numbers) + 1)})


def _rows(compared: Comparison) -> Iterator[Block]:
    """Row by row, with nothing repeated on what only one speaks to."""
    marks = _Marks()
    said: set[tuple[str, str]] = set()
    for row in compared.rows:
        sides = ((compared.first, row.first), (compared.second, row.second))
        spoken = {seat.code: [word for word in words if _is_new(row, seat, word, said)] for seat, words in sides}
        lines = [marks.line(seat.flag, spoken[seat.code], WORDS) for seat, _ in sides if spoken[seat.code]]
        if lines:
            text = "\n".join([f"\n**{_heading(row, compared, spoken)}**", *(line.text for line in lines)])
            yield Block(text, tuple(field for line in lines for field in line.fields))
        said |= {(code, word.text) for code, words in spoken.items() for word in words}


def _is_new(row: Row, seat: Delegation, word: Word, said: set[tuple[str, str]]) -> bool:
    return row.verdict != "alone" or (seat.code, word.text) not in said


def _heading(row: Row, compared: Comparison, spoken: Mapping[str, Sequence[Word]]) -> str:
    """On a topic of which something was told already, there is only more to tell."""
    topic = markdown(row.topic)
    if row.verdict != "alone":
        return f"{VERDICTS[row.verdict]} on {topic}"
    seat = compared.first if row.first else compared.second
    name = markdown(seat.in_sentence)
    is_more = len(spoken[seat.code]) < len(row.first or row.second)
    return f"· More from {name} on {topic}" if is_more else f"· Only {name} is on record on {topic}"


def _stands(title: str, stands: Sequence[Stand], marks: _Marks) -> list[Block]:
    lines = [marks.line(f"{stand.seat.flag} **{markdown(stand.seat.name)}**:", stand.words, 1) for stand in stands]
    return cards.headed(f"**{title}** ({len(stands)})", lines or [Block("nobody on record")])


def _silent(held: Holding) -> Iterator[Block]:
    if held.silent:
        names = ", ".join(markdown(seat.name) for seat in held.silent)
        names = clipped(names, cards.PARAGRAPH)
        yield Block(f"\n**Silent on {markdown(held.topic)}** ({len(held.silent)}): {names}")


def _marked(word: Word, citations: Sequence[Citation]) -> str:
    marks = "".join(f"\\[{cited.n}\\]" for cited in citations)
    return f"{clipped(markdown(word.text.rstrip('.')), WORD)} {marks}."


def _name(seat: Delegation) -> str:
    return f"{seat.flag} {plain(seat.name)}"
