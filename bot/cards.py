"""How things look in Discord: embeds, within its limits whatever is in them. Every text passes the gate."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from discord import Colour, Embed

from bot.debate import Citation, Speech, cite, sentence
from bot.gate import clipped, link, markdown, plain
from bot.wording import parts, standing
from knowledge.delegation import Delegation
from knowledge.position import Stance
from knowledge.record import Record
from knowledge.source import Source

# Okabe and Ito's palette, told apart in every kind of colour blindness. The stance is always said in words too.
COLOURS: dict[Stance, Colour] = {
    "for": Colour(0x009E73),
    "against": Colour(0xD55E00),
    "mixed": Colour(0xE69F00),
    "none": Colour(0x8A9099),
}

# Discord allows 4,096 characters in a description and 6,000 in the embeds of a message, and counts some twice.
PAGE = 3600
MESSAGE = 5400
EMBEDS = 10

SPOKEN = 2000  # of a page, for what is said; the rest is for what is cited
QUESTION, QUOTE, PARAGRAPH, NEIGHBOUR, LABEL = 300, 360, 1000, 500, 120

HELP = (
    "Démarche gives every NATO member a delegate, who argues on one question: *does NATO have a role in the "
    "Indo-Pacific?* Every claim carries a citation that you can open.",
    "**Ask**\n`/ask question state` puts a question to a delegate; without a state, the rapporteur gives both sides. "
    "In a server or a direct message you can also mention the bot or reply to it: "
    "*@Démarche as Lithuania: would a war over Taiwan stay in Asia?* The state chosen stays with the channel.",
    "**Check**\n`/cite 2` opens the passage behind \\[2\\]. **Passages** under an answer opens all of them, "
    "**The other side** says what speaks against it. For somebody’s message: Apps → *Check this claim*.",
    "**Look up**\n`/position state` where a delegation stands, and what it is silent on · `/sources` what is in the "
    "library · `/help` this page.",
    "-# The bot reads only messages that mention it, reply to it or are sent to it directly, and keeps none of them.",
)


def answer(speech: Speech) -> Embed:
    """What was asked, what is said, and the numbered lines it rests on."""
    card = _card(speech.seat, speech.position.stance if speech.answered else "none")
    asked = [f"> {clipped(markdown(_one_line(speech.question)), QUESTION)}\n"] if speech.question else []
    said = _filled([*asked, *_paragraphs(speech)], SPOKEN)
    cited = _filled([_cited(citation) for citation in speech.citations], PAGE - len(said) - 2)
    card.description = f"{said}\n\n{cited}" if cited else said
    return card.set_footer(text=_footer(speech))


def position(seat: Delegation, record: Record) -> list[Embed]:
    """A delegation's dossier, one embed a page."""
    held = record.position_of(seat)
    cited = cite(record, list(dict.fromkeys(argument for hold in held.holds for argument in hold.arguments)))
    marks = {citation.argument: citation.n for citation in cited}
    blocks = [] if seat.is_neutral else [f"**{markdown(sentence(standing(held)))}**"]
    blocks.append(clipped(markdown(held.summary), PARAGRAPH) + "\n")
    blocks += [
        f"• {clipped(markdown(hold.claim.rstrip('.')), PARAGRAPH)} {_marks(marks[id] for id in hold.arguments)}."
        for hold in held.holds
    ]
    if held.silent_on:
        silences = markdown("; ".join(record.topics[topic] for topic in held.silent_on))
        blocks.append(f"\n**Silent on** {clipped(silences, PARAGRAPH)}.")
    blocks += [f"\n{line}" if not n else line for n, line in enumerate(map(_cited, cited))]
    return _paged(_card(seat, held.stance), blocks)


def sources(record: Record) -> list[Embed]:
    """What is in the library, one embed a page."""
    counted = [
        f"{_source(source)}\n"
        f"-# {_count(sum(passage.source == id for passage in record.passages.values()), 'passage')}, "
        f"{_count(sum(ground.startswith(f'{id}/') for ground in record.grounds.values()), 'argument')}\n"
        for id, source in record.sources.items()
    ]
    return _paged(Embed(colour=COLOURS["none"], title="Sources"), counted)


def passages(citations: Iterable[Citation]) -> list[Embed]:
    """Every cited passage whole, its quote marked."""
    return [_at(cited, [_marked(cited)], _reference(cited.source)) for cited in citations]


def passage(cited: Citation, record: Record) -> Embed:
    """The passage between its neighbours, and all that is known of its source."""
    before, after = ([_dim(near.text)] if near else [] for near in record.neighbours(cited.passage))
    return _at(cited, [*before, _marked(cited), *after], f"\n{_source(cited.source)}")


def guide() -> Embed:
    return Embed(colour=COLOURS["none"], title="Démarche", description="\n\n".join(HELP))


def letters(cards: Iterable[Embed]) -> Iterator[list[Embed]]:
    """``cards`` in as few messages as Discord allows."""
    letter: list[Embed] = []
    for card in cards:
        if letter and (len(letter) == EMBEDS or sum(map(len, letter)) + len(card) > MESSAGE):
            yield letter
            letter = []
        letter.append(card)
    yield letter


def _paragraphs(speech: Speech) -> Iterator[str]:
    for part in parts(speech):
        text = clipped(markdown(part.text), PARAGRAPH)
        yield f"**{markdown(part.lead_in)}** {text}" if part.lead_in else text


def _cited(citation: Citation) -> str:
    """Two lines: the quote, and where it stands."""
    quote = clipped(markdown(_one_line(citation.quote)), QUOTE)
    section = clipped(markdown(citation.passage.section), LABEL)
    return f"**{_marks([citation.n])}** “{quote}”\n-# {_reference(citation.source)} · {section}"


def _reference(source: Source) -> str:
    return link(source, clipped(source.reference, LABEL))


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f"\\[{n}\\]" for n in numbers)


def _marked(cited: Citation) -> str:
    """The passage as a block quote, the words cited in bold."""
    before, quote, after = cited.passage.text.partition(cited.quote)
    words = "\n".join(f"**{line.strip()}**" if line.strip() else "" for line in _clip(quote).split("\n"))
    return "\n".join(f"> {line}" for line in (_clip(before) + words + _clip(after)).split("\n"))


def _clip(text: str) -> str:
    """``text`` escaped, at most a paragraph of it, the spaces around it kept."""
    start, end = text[: len(text) - len(text.lstrip())][:2], text[len(text.rstrip()) :][:2]
    return f"{start}{clipped(markdown(text.strip()), PARAGRAPH)}{end}" if text.strip() else start


def _dim(text: str) -> str:
    return "\n".join(f"-# {line}" for line in clipped(markdown(text), NEIGHBOUR).splitlines() if line.strip())


def _source(source: Source) -> str:
    """Title with the link, who and when, licence."""
    again = f"; republished by {source.republished_by}" if source.republished_by else ""
    leads = f" (the link leads to {source.url_leads_to})" if source.url_leads_to else ""
    about = clipped(markdown(f"{source.reference}{again}{leads}"), QUOTE)
    return (
        f"**{link(source, clipped(source.title, LABEL))}**\n{about}\n"
        f"-# Licence: {clipped(markdown(source.licence), QUOTE)}"
    )


def _at(cited: Citation, texts: Iterable[str], source: str) -> Embed:
    """A card for one citation, in the colour of its side."""
    colour = COLOURS["none" if cited.side == "context" else cited.side]
    lines = "\n".join(texts).split("\n")
    description = f"{_filled(lines, PAGE - len(source))}\n{source}"
    title = f"\\[{cited.n}\\] {clipped(markdown(cited.passage.section), LABEL)}"
    return Embed(colour=colour, title=title, description=description)


def _card(seat: Delegation, stance: Stance) -> Embed:
    return Embed(colour=COLOURS[stance]).set_author(name=f"{seat.flag} {clipped(plain(seat.name), LABEL)}")


def _footer(speech: Speech) -> str:
    stands = [] if speech.seat.is_neutral else [sentence(standing(speech.position))]
    drafted = {"none": [], "extractive": ["Composed from the record, without a language model"]}
    worded = drafted.get(speech.drafter, [f"Worded by {clipped(plain(speech.drafter), LABEL)}, checked on the record"])
    return " · ".join([*stands, *worded, *(["Licences: /sources"] if speech.answered else [])])


def _paged(card: Embed, blocks: Sequence[str]) -> list[Embed]:
    """Copies of ``card`` that hold ``blocks`` between them; where there are several, they say which is which."""
    pages = [""]
    for block in blocks:
        if pages[-1] and len(pages[-1]) + len(block) > PAGE:
            pages.append("")
        pages[-1] += f"{clipped(block, PAGE)}\n"
    cards = [card.copy() for _ in pages]
    for n, (copy, page) in enumerate(zip(cards, pages, strict=True), start=1):
        copy.description = page.strip()
        if len(pages) > 1:
            copy.set_footer(text=f"Page {n} of {len(pages)}")
    return cards


def _filled(blocks: Sequence[str], most: int) -> str:
    """As many of ``blocks`` as fit, a line each; what is left out is marked."""
    lengths = accumulate(len(block) + 1 for block in blocks)
    kept = [block for block, length in zip(blocks, lengths, strict=True) if length < most]
    return "\n".join(kept if len(kept) == len(blocks) else [*kept, "…"])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
