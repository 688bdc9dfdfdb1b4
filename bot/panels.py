"""How delegations look beside each other in Discord: two compared, and who holds what."""

from collections.abc import Iterable, Iterator, Sequence

from discord import Embed

from bot import cards
from bot.comparison import Comparison, Holding, Row, Stand, Verdict, Word
from bot.debate import Citation, sentence
from bot.gate import clipped, markdown, plain
from bot.wording import standing
from knowledge.delegation import Delegation

CLAIM, WORDS = 250, 3  # characters of a claim in the title; words of a delegation on one topic

VERDICTS: dict[Verdict, str] = {
    "differ": "≠ They differ",
    "agree": "= They agree",
    "beside": "· Both speak to it",
    "alone": "· Only one is on record",
}


def comparison(compared: Comparison) -> list[Embed]:
    """Where two delegations stand, then topic by topic, then what all of it rests on; one embed a page."""
    first, second = compared.first, compared.second
    card = Embed(colour=cards.COLOURS["none"], title=f"{_name(first)} and {_name(second)}")
    stands = [
        f"**{markdown(seat.name)}**: {markdown(standing(position))}"
        for seat, position in zip((first, second), compared.positions, strict=True)
    ]
    blocks = [*stands, *(_row(row, first, second) for row in compared.rows)]
    return cards.paged(card, blocks, map(cards.cited, compared.citations))


def holding(held: Holding) -> list[Embed]:
    """Who holds a claim, who opposes it and who is silent; one embed a page."""
    card = Embed(colour=cards.COLOURS["none"], title=clipped(markdown(sentence(held.claim)), CLAIM))
    read_as = [f"*On {markdown(held.topic)}; read as: {markdown(held.read_as)}*"] if held.read_as else []
    blocks = [*read_as, *_stands("Hold it", held.hold), *_stands("Oppose it", held.oppose), *_silent(held)]
    return cards.paged(card, blocks, map(cards.cited, held.citations))


def _row(row: Row, first: Delegation, second: Delegation) -> str:
    sides = ((first, row.first), (second, row.second))
    spoken = [f"{seat.flag} {_words(words[:WORDS])}" for seat, words in sides if words]
    return "\n".join([f"\n**{VERDICTS[row.verdict]} on {markdown(row.topic)}**", *spoken])


def _stands(title: str, stands: Sequence[Stand]) -> Iterator[str]:
    yield f"\n**{title}** ({len(stands)})"
    if not stands:
        yield "nobody on record"
    for stand in stands:
        yield f"{stand.seat.flag} **{markdown(stand.seat.name)}**: {_words(stand.words[:1])}"


def _silent(held: Holding) -> Iterator[str]:
    if held.silent:
        names = ", ".join(markdown(seat.name) for seat in held.silent)
        yield f"\n**Silent on {markdown(held.topic)}** ({len(held.silent)}): {clipped(names, cards.PARAGRAPH)}"


def _words(words: Iterable[Word]) -> str:
    return " ".join(f"{markdown(word.text.rstrip('.'))} {_marks(word.citations)}." for word in words)


def _marks(citations: Iterable[Citation]) -> str:
    return "".join(f"\\[{cited.n}\\]" for cited in citations)


def _name(seat: Delegation) -> str:
    return f"{seat.flag} {plain(seat.name)}"
