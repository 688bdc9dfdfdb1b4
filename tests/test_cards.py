import random
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from discord import Colour, Embed
from discord.ui import Button, DynamicItem, View

from bot import cards
from bot.cogs.buttons import under
from bot.cogs.imprint import KEY, MOST, Imprint, key_of
from bot.debate import Claim, Speech, Voice, cite
from knowledge.argument import Argument
from knowledge.delegation import RAPPORTEUR
from knowledge.passage import Passage
from knowledge.position import Change, Hold
from knowledge.record import Record
from knowledge.source import Source
from tests.limits import check_limits

ALPHABET = [
    *"aeiou tnrs",
    " ",
    " ",
    "\n",
    "*",
    "_",
    "`",
    "|",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "@",
    "#",
    "\\",
    "🇫🇷",
    "\u202e",
    "漢",
]
TOKYO = "france-opposes-tokyo-liaison-office"
VOICES: tuple[Voice, ...] = ("own", "argued", "general", "opposing", "for", "against")


@pytest.fixture
def speech(record: Record) -> Speech:
    """France, with one claim of its own and one of the other side, both from the article."""
    return spoken(record, "FR", [("own", TOKYO), ("opposing", "indo-pacific-events-shape-europes-future")])


def test_the_colour_is_that_of_the_stance_and_the_stance_is_in_words(record: Record) -> None:
    assert len(set(cards.COLOURS.values())) == 4
    for state, stands in {
        "FR": "Opposed (stated), as of 30 May 2025",
        "LT": "Supportive (from linked security), as of 2 June 2025",
        "ES": "Cautious (inferred), as of 12 August 2025",
        "US": "Divided (stated), as of December 2025",
        "LU": "Without a public position, as of 24 April 2025",
    }.items():
        card = cards.answer(spoken(record, state, [("own", TOKYO)]))
        assert card.colour == cards.COLOURS[record.positions[state].stance]
        assert (card.footer.text or "").startswith(f"{stands} · ")


def test_the_colours_differ_in_lightness_where_hues_are_confused() -> None:
    """Told apart by who sees no colour at all: each next one is lighter by an eighth."""
    lightness = sorted(map(luma, (cards.COLOURS[stance] for stance in ("for", "against", "mixed"))))
    assert all(lighter - darker > 0.015 for darker, lighter in pairwise(lightness))


def test_an_answer_shows_question_lead_ins_marks_and_citations(speech: Speech) -> None:
    card = cards.answer(speech)
    said = card.description or ""
    assert said.startswith(f"> {speech.question}\n")
    assert "**The other side says:**" in said
    for citation, field in zip(speech.citations, card.fields, strict=True):
        mark = f"\\[{citation.n}\\]"
        assert mark in said
        assert (field.name or "").startswith(mark)
        words, where, *newer = (field.value or "").splitlines()
        assert (words[0], words[-1]) == ("“", "”")
        assert where == f"— [{citation.source.reference}](<{citation.source.url}>)"
        assert newer == [f"Since then: {change.text}" for change in citation.since]


def test_a_fact_is_shown_as_our_summary_of_its_source_and_never_quoted(record: Record) -> None:
    (cited,) = cite(record, ["fr-02"])
    told = spoken(record, "FR", [("own", "fr-02")])
    untold = told.model_copy(update={"claims": (told.claims[0].model_copy(update={"text": "France said no."}),)})
    kind = f"{cited.source.publisher}, {cited.source.date.words} ({cited.source.tier}; our summary)"
    for speech, shown in ((told, ""), (untold, f"{cited.passage.text}\n")):
        (field,) = cards.answer(speech).fields
        assert (field.value or "").replace("\\", "").startswith(f"{shown}— [{cited.source.title}](<")
        assert (field.value or "").endswith(f"), {kind}")
        assert "“" not in (field.value or "")


def test_what_happened_since_is_told_beside_what_is_cited(record: Record) -> None:
    overtaken = next(id for id, changes in record.changes.items() if id in changes[0].overtakes)
    (change, *_) = record.changes[overtaken]
    card = cards.answer(spoken(record, "FR", [("own", overtaken)]))
    assert f"Since then: {change.text}"[:200] in (card.fields[0].value or "").replace("\\", "")


def test_a_dossier_shows_where_a_state_stands_what_it_holds_what_changed_and_its_silences(record: Record) -> None:
    pages = cards.position(record.delegations["LT"], record)
    told = "\n".join(page.description or "" for page in pages).replace("\\", "")
    held = record.positions["LT"]
    assert told.startswith("**Supportive (from linked security), as of 2 June 2025**")
    parts = ["**What it holds**", "**Since the article of 30 May 2024**", "**Silent on**"]
    assert [told.index(part) for part in parts] == sorted(told.index(part) for part in parts)
    assert all(hold.claim.rstrip(".") in told for hold in held.holds)
    assert all(change.text.rstrip(".") in told for change in held.changed)
    assert all(record.topics[topic] in told for topic in held.silent_on)
    numbered = [field.name or "" for page in pages for field in page.fields]
    assert [name.split(" ")[0] for name in numbered] == [f"\\[{n}\\]" for n in range(1, len(numbered) + 1)]
    assert set(re.findall(r"\[(\d+)\]", told)) == {str(n) for n in range(1, len(numbered) + 1)}


def test_a_silent_answer_is_grey_and_has_no_buttons(record: Record) -> None:
    silent = spoken(record, "FR", []).model_copy(update={"notices": ("Nothing in the library speaks to that.",)})
    assert cards.answer(silent).colour == cards.COLOURS["none"]
    assert "Nothing in the library" in (cards.answer(silent).description or "")
    assert under(silent).children == []


def test_where_both_sides_are_given_no_button_offers_the_other(record: Record) -> None:
    report = spoken(record, RAPPORTEUR.code, [("for", "indo-pacific-events-shape-europes-future"), ("against", TOKYO)])
    assert [button.label for button in buttons(report)] == ["Passages"]
    assert [button.label for button in buttons(report.model_copy(update={"claims": report.claims[:1]}))] == [
        "Passages",
        "The other side",
    ]


def test_a_passage_stands_between_its_neighbours_with_its_quote_in_bold(record: Record) -> None:
    for cited in cite(record, list(record.arguments)):
        card = cards.passage(cited, record)
        text = card.description or ""
        lines = [line for line in text.splitlines() if not line.startswith(">")]
        bold = re.findall(r"\*\*(.+?)\*\*", "\n".join(lines))
        assert " ".join(bold[:-1]).replace("\\", "").split() == cited.quote.split()
        assert any(line.startswith("> *") for line in text.splitlines()) == any(record.neighbours(cited.passage))
        assert any(record.neighbours(cited.passage)) or cited.passage.is_summary
        assert (card.footer.text or "") == cited.source.terms


def test_no_word_is_lost_of_a_passage(record: Record) -> None:
    """Taken out of its markup, the card is the passage and its reference."""
    for cited in cite(record, list(record.arguments)):
        shown = (cards.passages([cited])[0].description or "").rsplit("\n\n— ", 1)[0]
        assert re.sub(r"\*\*|\\", "", shown).split() == cited.passage.text.split()


@pytest.mark.parametrize("seed", range(30))
def test_no_card_goes_over_the_limits_of_discord(record: Record, seed: int) -> None:
    chance = random.Random(seed)
    wild = wilder(record, chance)
    speech = spoken(wild, "FR", [(chance.choice(VOICES), id) for id in wild.arguments], text(chance, 2000))
    drawn = [
        cards.answer(speech),
        *cards.position(speech.seat, wild),
        *cards.sources(wild),
        *cards.passages(speech.citations),
        *(cards.passage(cited, wild) for cited in speech.citations[:3]),
        cards.guide(),
    ]
    for card in drawn:
        check_limits(card)
    for letter in cards.letters(cards.passages(speech.citations)):
        assert len(letter) <= 10
        assert sum(map(len, letter)) <= 6000
    for button in buttons(speech):
        assert len(button.custom_id or "") <= 100


@pytest.mark.parametrize("seed", range(10))
def test_what_is_smuggled_into_any_text_stays_text(record: Record, seed: int) -> None:
    chance = random.Random(seed)
    wild = wilder(record, chance)
    speech = spoken(wild, "FR", [("own", id) for id in list(wild.arguments)[:3]], text(chance, 300))
    for card in (cards.answer(speech), *cards.position(speech.seat, wild), cards.passage(speech.citations[0], wild)):
        shown = "\n".join((card.description or "", *(f"{field.name}\n{field.value}" for field in card.fields)))
        assert "\u202e" not in shown
        assert re.search(r"(?<!\\)(?:\\\\)*[@`|_<](?!https?:)", re.sub(r"\(<https?://[^>]+>\)", "", shown)) is None


def test_many_cards_travel_in_as_few_messages_as_discord_allows() -> None:
    many = [Embed(description="x" * 500) for _ in range(23)]
    assert [len(letter) for letter in cards.letters(many)] == [10, 10, 3]
    assert [len(letter) for letter in cards.letters([Embed(description="x" * 3000)] * 3)] == [1, 1, 1]


def test_no_two_arguments_or_passages_share_a_key(record: Record) -> None:
    ids = [*record.arguments, *record.passages]
    assert len({key_of(id) for id in ids}) == len(ids)
    assert {len(key_of(id)) for id in ids} == {KEY}


def test_an_imprint_gives_back_every_citation_under_its_number(record: Record) -> None:
    resting = random.Random(4).sample([id for id, behind in record.grounds.items() if len(behind) == 1], MOST + 4)
    cited = spoken(record, "FR", [("own", id) for id in resting])
    imprint = Imprint.of(cited)
    assert imprint.citations(record) == cited.citations[:MOST]
    assert imprint.arguments(record) == resting[:MOST]


def test_an_imprint_gives_back_each_of_the_facts_that_one_argument_rests_on(record: Record) -> None:
    several = [id for id, behind in record.grounds.items() if len(behind) > 1][:4]
    cited = spoken(record, "FR", [("own", id) for id in several])
    found = Imprint.of(cited).citations(record)
    assert [(each.n, each.passage, each.quote) for each in found] == [
        (each.n, each.passage, each.quote) for each in cited.citations
    ]
    assert [each.argument for each in found if each.argument in several] == several


def test_an_imprint_keeps_a_citation_that_rests_on_no_argument(record: Record) -> None:
    speech = spoken(record, "FR", [("own", TOKYO), ("own", "indo-pacific-events-shape-europes-future")])
    bare = speech.claims[0].citations[0].model_copy(update={"argument": "", "is_first": False})
    first = speech.claims[0].model_copy(update={"citations": (bare,)})
    found = Imprint.of(speech.model_copy(update={"claims": (first, *speech.claims[1:])})).citations(record)
    assert [citation.n for citation in found] == [1, 2]
    assert found[0].passage == bare.passage


def test_numbers_of_things_read_well(record: Record) -> None:
    listed = "\n".join(card.description or "" for card in cards.sources(record))
    (article,) = (source for source in record.sources.values() if not source.is_summarised)
    passages = [passage for passage in record.passages.values() if not passage.is_summary]
    arguments = [argument for argument in record.arguments.values() if argument.quote]
    assert f"{len(passages)} passages, {len(arguments)} arguments · Licence: {article.licence}" in listed
    assert listed.count(" · official, 1 fact\n") > 9
    assert re.search(r" · (official|press|analysis), ([2-9]|\d\d) facts\n", listed)


def test_every_source_is_listed_once_over_the_pages(record: Record) -> None:
    pages = cards.sources(record)
    listed = "\n".join(card.description or "" for card in pages).replace("\\", "")
    assert len(pages) > 1
    assert [page.footer.text for page in pages] == [f"Page {n} of {len(pages)}" for n in range(1, len(pages) + 1)]
    assert listed.count("official, ") + listed.count("press, ") + listed.count("analysis, ") >= len(record.sources) - 1
    for source in record.sources.values():
        assert (source.title[:90] if len(source.title) > 90 else source.title) in listed


def spoken(
    record: Record, state: str, claims: list[tuple[Voice, str]], question: str = "Should NATO open an office?"
) -> Speech:
    """A speech of those arguments, each cited once."""
    cited = cite(record, [id for _, id in claims])
    seat = record.delegations[state]
    return Speech(
        seat=seat,
        question=question,
        position=record.position_of(seat),
        drafter="extractive",
        claims=tuple(
            Claim(
                text=record.arguments[id].claim,
                voice=voice,
                citations=tuple(citation for citation in cited if citation.argument == id),
            )
            for voice, id in claims
        ),
    )


def wilder(record: Record, chance: random.Random) -> Record:
    """Some of the record, of the article and of facts, with every text replaced by a long and hostile one."""
    quoted, facts = ([id for id, a in record.arguments.items() if bool(a.quote) is of] for of in (True, False))
    few = [*chance.sample(quoted, 20), *chance.sample(facts, 20)]
    grounds = {id: record.grounds[id] for id in few}
    behind = {passage for passages in grounds.values() for passage in passages}
    passages = {
        id: hostile_passage(passage, chance)
        for id, passage in record.passages.items()
        if id in behind or not passage.is_summary
    }
    arguments = {id: hostile_argument(record.arguments[id], passages[grounds[id][0]], chance) for id in few}
    changed = tuple(
        Change(text=text(chance, 600), facts=tuple(record.grounds[fact][:1]), overtakes=tuple(chance.sample(few, 9)))
        for fact in few[20:24]
    )
    known = {"facts": tuple(f for change in changed for f in change.facts), "changed": changed}
    holds = tuple(Hold(claim=text(chance, 500), topic="role", arguments=(id,)) for id in few)
    return replace(
        record,
        sources={passage.source: hostile_source(record.source_of(passage), chance) for passage in passages.values()},
        passages=passages,
        arguments=arguments,
        grounds=grounds,
        positions={
            "FR": record.positions["FR"].model_copy(update={"summary": text(chance, 3000), "holds": holds, **known})
        },
    )


def hostile_argument(argument: Argument, ground: Passage, chance: random.Random) -> Argument:
    words = {"quote": middle(ground.text)} if argument.quote else {}
    return argument.model_copy(update={"claim": text(chance, 400), **words})


def hostile_source(source: Source, chance: random.Random) -> Source:
    fields = ("title", "author", "publisher", "republished_by", "licence", "url_leads_to")
    return source.model_copy(update={field: text(chance, 400) for field in fields})


def hostile_passage(passage: Passage, chance: random.Random) -> Passage:
    return passage.model_copy(update={"text": f"a{text(chance, 3000)}z", "section": text(chance, 400)})


def text(chance: random.Random, longest: int) -> str:
    return "".join(chance.choices(ALPHABET, k=chance.randint(1, longest)))


def middle(words: str) -> str:
    """A stretch out of the middle, as a quote is."""
    third = len(words) // 3
    return words[third : 2 * third + 1].strip() or words[:1]


def buttons(speech: Speech) -> list[Button[View]]:
    return [item.item for item in under(speech).children if isinstance(item, DynamicItem)]


def luma(colour: Colour) -> float:
    """Relative luminance, after WCAG."""
    linear = [(part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4) for part in colour.to_rgb()]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
