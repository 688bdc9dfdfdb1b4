"""How things look in Discord: embeds, within its limits whatever is in them. Every text passes the gate."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from discord import Colour, Embed

from bot.budget import WHOSE, Balance
from bot.debate import Citation, Claim, Speech, cited_in, dossier_of, marks_of, sentence
from bot.gate import clipped, link, markdown, plain
from bot.llm.circuit import Health
from bot.wording import TRANSLATED, shown, since, standing, worded_by, words_cited
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

# Discord allows 4,096 characters in a description, 256 and 1,024 in a field, 25 fields, 6,000 and 10 embeds in a
# message, and counts some characters twice.
TEXT, MESSAGE = 3600, 5400
PAGE = 3600  # characters of a page and of what is cited on it: a few screens of a telephone
FIELDS, FIELD, EMBEDS = 25, 1024, 10

QUESTION, QUOTE, PARAGRAPH, NEIGHBOUR, LABEL = 300, 360, 900, 450, 100
LONGEST_LINK = 400

NO_MODEL = "None is set up: every answer is composed from the record."
UNLIMITED = "Nothing is counted here: no language model is set up, or nothing about it is limited."
AFTERWARDS = "Without it every answer is composed from the record, with the same citations."
COMPOSED = "Composed from the record, without a language model"

HELP = {
    "Ask": "`/ask question state` puts a question to a delegate; without a state, the rapporteur gives both sides. You "
    "can also mention the bot, reply to it or write to it directly: *@Démarche as Lithuania: would a war over Taiwan "
    "stay in Asia?* Claim something, and you are rebutted. The state chosen stays with the channel.",
    "Check": "`/cite 2` opens the passage behind [2]. **Passages** under an answer opens all of them, **The other "
    "side** says what speaks against it. For somebody’s message: Apps, then *Check this claim*.",
    "Debate": "`/debate start opponent` opens a debate with a delegate in a thread; speak there by replying, with the "
    "**Reply** button or with `/say`. `/debate status`, `summary`, `pause`, `resume`, `end` and `export` do what they "
    "say.",
    "Look up": "`/position state`: where a delegation stands, since when, and what it is silent on. `/compare` sets "
    "two beside each other, `/who holds claim` asks the whole table, `/map` draws it. `/sources`: what is in the "
    "library. `/status` and `/quota`: how the language model does, if there is one, and what is left of it. "
    "`/help`: this page.",
}


class Block(NamedTuple):
    """Lines that stand together on a page, and the fields under it that they need."""

    text: str
    fields: tuple[tuple[str, str], ...] = ()


def answer(speech: Speech) -> Embed:
    """What was asked, what is said, and the numbered citations it rests on."""
    card = _card(speech.seat, speech.position.stance if speech.answered else "none")
    asked = [f"> {clipped(markdown(_one_line(speech.question)), QUESTION)}"] if speech.question else []
    card.description = _filled([*asked, *_paragraphs(speech)], TEXT, "\n\n")
    card.set_footer(text=_footer(speech))
    return with_citations(card, speech.claims)


def with_citations(card: Embed, claims: Sequence[Claim]) -> Embed:
    """``card`` with a field for each citation, as long as there is room."""
    told = {claim.text for claim in claims}
    for name, value in (cited(citation, told) for citation in cited_in(claims)):
        if not _has_room(card, name, value):
            break
        card.add_field(name=name, value=value, inline=False)
    return card


def position(seat: Delegation, record: Record) -> list[Embed]:
    """A delegation's dossier, one embed a page."""
    held = record.position_of(seat)
    cited_in_it = {citation.n: citation for citation in dossier_of(held, record)}
    marks = marks_of(cited_in_it.values())

    def item(text: str, arguments: Iterable[str]) -> Block:
        numbers = [n for id in arguments for n in marks[id]]
        line = f"• {clipped(markdown(text.rstrip('.')), PARAGRAPH)} {_marks(numbers)}."
        return Block(line, tuple(cited(cited_in_it[n]) for n in numbers))

    stands = [] if seat.is_neutral else [Block(f"**{markdown(sentence(standing(held)))}**")]
    holds = [item(hold.claim, hold.arguments) for hold in held.holds]
    changed = [item(change.text, [fact.lower() for fact in change.facts]) for change in held.changed]
    silences = clipped(markdown("; ".join(record.topics[topic] for topic in held.silent_on)), PARAGRAPH)
    blocks = [
        *stands,
        Block(f"\n{clipped(markdown(held.summary), PARAGRAPH)}"),
        *headed("**What it holds**", holds),
        *headed("**Since the article of 30 May 2024**", changed),
        *([Block(f"\n**Silent on** {silences}.")] if silences else []),
    ]
    return paged(_card(seat, held.stance), blocks)


def sources(record: Record) -> list[Embed]:
    """What is in the library, one embed a page."""
    return paged(
        Embed(colour=COLOURS["none"], title="Sources"), [Block(_listed(source, record)) for source in record.sources]
    )


def passages(citations: Iterable[Citation]) -> list[Embed]:
    """Every cited passage whole, its quote marked."""
    return [_at(cited, [_marked(cited)], f"— {_reference(cited)}") for cited in citations]


def passage(cited: Citation, record: Record) -> Embed:
    """The passage between its neighbours, and all that is known of its source."""
    before, after = ([_dim(near.text)] if near else [] for near in record.neighbours(cited.passage))
    card = _at(cited, [*before, _marked(cited), *after], _source(cited.source))
    return card.set_footer(text=clipped(plain(cited.source.terms), QUOTE))


def guide() -> Embed:
    card = Embed(
        colour=COLOURS["none"],
        title="Démarche",
        description="A delegate for every NATO member, on one question: *does NATO have a role in the Indo-Pacific?* "
        "Every claim carries a citation that you can open.",
    )
    for name, value in HELP.items():
        card.add_field(name=name, value=value, inline=False)
    return card.set_footer(
        text="The bot reads only what mentions it, replies to it or is sent to it, and keeps of it only the turns of "
        "debates."
    )


def quota(balances: Iterable[Balance]) -> Embed:
    """What is left for each, under a heading; that nothing is spent where there is no model."""
    card = Embed(colour=COLOURS["none"], title="What is left of the language model")
    for balance in balances:
        if balance.says:
            card.add_field(name=f"For {WHOSE[balance.account.scope]}", value=balance.says, inline=False)
    if not card.fields:
        card.description = UNLIMITED
    return card.set_footer(text=AFTERWARDS)


def status(health: Health | None) -> Embed:
    """How the language model does, if there is one."""
    card = Embed(colour=COLOURS["none"], title="The language model")
    card.description = clipped(markdown(f"{health.model} {health.says}."), PARAGRAPH) if health else NO_MODEL
    return card.set_footer(text=AFTERWARDS)


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
    for part in shown(speech):
        text = clipped(markdown(part.text), PARAGRAPH)
        yield f"**{markdown(part.lead_in)}** {text}" if part.lead_in else text


def cited(citation: Citation, told: Collection[str] = ()) -> tuple[str, str]:
    """A field: the mark and the section over the words cited and where they stand."""
    where = f"— {_reference(citation)}"
    words = clipped(markdown(words_cited(citation, told)), _room(where))
    newer = since(citation, told) if _room(where, words) > LABEL else ""
    lines = (words, where, clipped(markdown(newer), _room(where, words)))
    return _heading(citation), "\n".join(line for line in lines if line)


def _room(*lines: str) -> int:
    """Characters left in a field beside ``lines``, for a quote at most, if each of them counts twice."""
    used = sum(len(line.encode("utf-16-le")) // 2 + 1 for line in lines)
    return max(min(QUOTE, (FIELD - used) // 2), 1)


def _heading(citation: Citation) -> str:
    return f"{_marks([citation.n])} {clipped(markdown(citation.passage.section), LABEL)}"


def _reference(cited: Citation) -> str:
    """Where it stands; of what we summarise, the title too, and of what kind it is."""
    if not cited.passage.is_summary:
        return _linked(cited.source, cited.source.reference)
    where = f"{cited.source.publisher}, {cited.source.date.words} ({cited.source.tier}; our summary)"
    return f"{_linked(cited.source, cited.source.title)}, {clipped(markdown(where), LABEL)}"


def _linked(source: Source, text: str) -> str:
    text = clipped(text, LABEL)
    return link(source, text) if len(source.url or "") <= LONGEST_LINK else markdown(text)


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f"\\[{n}\\]" for n in numbers)


def _marked(cited: Citation) -> str:
    """The passage with the words cited in bold."""
    before, quote, after = cited.passage.text.partition(cited.quote)
    words = "\n".join(f"**{line.strip()}**" if line.strip() else "" for line in _clip(quote).split("\n"))
    return _clip(before) + words + _clip(after)


def _clip(text: str) -> str:
    """``text`` escaped, at most a paragraph of it, the spaces around it kept."""
    start, end = text[: len(text) - len(text.lstrip())][:2], text[len(text.rstrip()) :][:2]
    return f"{start}{clipped(markdown(text.strip()), PARAGRAPH)}{end}" if text.strip() else start


def _dim(text: str) -> str:
    lines = clipped(markdown(text), NEIGHBOUR).splitlines()
    return "\n".join(f"> *{line.strip()}*" for line in lines if line.strip())


def _source(source: Source) -> str:
    """Title with the link, who and when."""
    again = f"; republished by {source.republished_by}" if source.republished_by else ""
    leads = f" (the link leads to {source.url_leads_to})" if source.url_leads_to else ""
    who = source.reference if source.author else f"{source.publisher}, {source.date.words}"
    about = clipped(markdown(f"{who}{again}{leads}"), QUOTE)
    return f"**{_linked(source, source.title)}**\n{about}"


def _listed(id: str, record: Record) -> str:
    passages = sum(passage.source == id for passage in record.passages.values())
    source = record.sources[id]
    if source.is_summarised:
        return f"{_source(source)} · {source.tier}, {_count(passages, 'fact')}\n"
    arguments = sum(record.passages[passages[0]].source == id for passages in record.grounds.values())
    counted = f"{_count(passages, 'passage')}, {_count(arguments, 'argument')}"
    return f"{_source(source)}\n{counted} · Licence: {clipped(markdown(source.licence), QUOTE)}\n"


def _at(cited: Citation, texts: Iterable[str], source: str) -> Embed:
    """A card for one citation, in the colour of its side."""
    colour = COLOURS["none" if cited.side == "context" else cited.side]
    lines = "\n\n".join(texts).split("\n")
    description = f"{_filled(lines, TEXT - len(source))}\n\n{source}"
    return Embed(colour=colour, title=_heading(cited), description=description)


def _card(seat: Delegation, stance: Stance) -> Embed:
    return Embed(colour=COLOURS[stance]).set_author(name=f"{seat.flag} {clipped(plain(seat.name), LABEL)}")


def _footer(speech: Speech) -> str:
    stands = [] if speech.seat.is_neutral else [sentence(standing(speech.position))]
    worded = worded_by(speech.drafter, speech.remark) or (COMPOSED if speech.drafter == "extractive" else "")
    terms = list(dict.fromkeys(citation.source.terms for citation in speech.citations))[:3]
    translated = TRANSLATED if speech.translations else ""
    return " · ".join([*stands, *(clipped(plain(each), QUOTE) for each in (worded, translated, *terms) if each)])


def headed(heading: str, blocks: Sequence[Block]) -> list[Block]:
    """``blocks`` under a heading that stays with the first of them; nothing where there are none."""
    if not blocks:
        return []
    first, *rest = blocks
    return [first._replace(text=f"\n{heading}\n{first.text}"), *rest]


def paged(card: Embed, blocks: Iterable[Block]) -> list[Embed]:
    """Copies of ``card`` that hold all of it between them, each field once, on the page that first needs it; where
    there are several, they say which is which.
    """
    pages = [card.copy()]
    shown: set[str] = set()
    for block in blocks:
        fields = {name: value for name, value in block.fields if name not in shown}
        needed = len(block.text) + sum(len(name) + len(value) for name, value in fields.items())
        if pages[-1].description and len(pages[-1]) + needed > PAGE:
            pages.append(card.copy())
        pages[-1].description = f"{pages[-1].description or ''}\n{block.text}"
        for name, value in fields.items():
            if not _has_room(pages[-1], name, value):
                pages.append(card.copy())
            pages[-1].add_field(name=name, value=value, inline=False)
        shown.update(fields)
    for page in pages:
        page.description = (page.description or "").strip() or None
    for n, page in enumerate(pages, start=1) if len(pages) > 1 else ():
        page.set_footer(text=f"Page {n} of {len(pages)}")
    return pages


def _has_room(card: Embed, name: str, value: str) -> bool:
    return len(card.fields) < FIELDS and len(card) + len(name) + len(value) <= MESSAGE


def _filled(blocks: Sequence[str], most: int, between: str = "\n") -> str:
    """As many of ``blocks`` as fit; what is left out is marked."""
    lengths = accumulate(len(block) + len(between) for block in blocks)
    kept = [block for block, length in zip(blocks, lengths, strict=True) if length < most]
    return between.join(kept if len(kept) == len(blocks) else [*kept, "…"])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
