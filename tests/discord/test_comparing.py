import asyncio
import re
import struct
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from simcord.results import ResponseMessage

from bot import pictures
from bot.pictures import Picture
from knowledge.record import Record
from tests.discord.conftest import World, answered, card, labels, whispered, words
from tests.discord.hall import Hall
from tests.discord.test_waiting import BOUND, DEFER, tick

CLAIM = "NATO should open an office in Tokyo."
OFFICE = "france-opposes-tokyo-liaison-office"
DRAWING = 0.8  # seconds, longer than the event loop may be held up


async def compared(world: World, first: str, second: str) -> ResponseMessage:
    return answered(await world.alice.slash(world.channel, "compare", first=first, second=second))


async def held(hall: Hall, claim: str) -> list[ResponseMessage]:
    result = await hall.alice.slash(hall.channel, "who holds", claim=claim)
    return [message for message in (result.response, *result.followups) if message]


async def leafed(world: World, shown: ResponseMessage) -> AsyncIterator[str]:
    """The text of every page, one after the other."""
    yield words(shown)
    while "More ›" in labels(shown):
        await world.alice.click(shown, label="More ›")
        yield words(shown)


def read(messages: list[ResponseMessage]) -> str:
    return "\n".join(map(words, messages)).replace("\\", "")


async def test_two_delegations_are_set_beside_each_other_with_differences_first(world: World, record: Record) -> None:
    shown = await compared(world, "France", "Estonia")
    assert card(shown).title == "🇫🇷 France and 🇪🇪 Estonia"
    assert f"**France**: opposed (stated), as of {record.positions['FR'].as_of.words}" in words(shown)
    told = "\n".join([page async for page in leafed(world, shown)])
    parts = ["**≠ They differ on a NATO role in the Indo-Pacific**", "**· Both speak to it on", "**· Only France is"]
    assert [told.index(part) for part in parts] == sorted(told.index(part) for part in parts)
    assert not shown.ephemeral


async def test_what_two_delegations_agree_on_is_said(world: World) -> None:
    told = "\n".join([page async for page in leafed(world, await compared(world, "Japan", "Estonia"))])
    assert "**= They agree on" in told
    assert "They differ" not in told


async def test_every_mark_of_a_comparison_has_a_citation_with_its_source(world: World, record: Record) -> None:
    shown = await compared(world, "FR", "LT")
    links = {f"](<{source.url}>)" for source in record.sources.values()}
    titles = {source.title[:60] for source in record.sources.values() if not source.url}
    assert "[1]" in words(shown).replace("\\", "")
    for field in card(shown).fields:
        assert re.match(r"\\\[\d+\\\] ", field.name or "")
        cited = (field.value or "").replace("\\", "")
        assert any(link in (field.value or "") for link in links) or any(title in cited for title in titles)


async def test_a_comparison_is_leafed_through_both_ways_even_after_a_restart(world: World) -> None:
    shown = await compared(world, "FR", "EE")
    first = words(shown)
    assert "Page 1 of " in first
    assert labels(shown) == ["More ›"]
    await world.restart()
    await world.alice.click(shown, label="More ›")
    assert "Page 2 of " in words(shown)
    assert labels(shown)[0] == "‹ Back"
    await world.alice.click(shown, label="‹ Back")
    assert words(shown) == first


async def test_the_last_page_of_a_comparison_leads_only_back(world: World) -> None:
    shown = await compared(world, "FR", "EE")
    pages = [page async for page in leafed(world, shown)]
    assert [f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, start=1)] == [True] * len(pages)
    assert labels(shown) == ["‹ Back"]


@pytest.mark.parametrize("option", ["first", "second"])
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("China", "CN"),
        ("cn", "CN"),
        ("chinese", "CN"),
        ("Beijing", "CN"),
        ("prc", "CN"),
        ("Vilnius", "LT"),
        ("holland", "NL"),
        ("japanese", "JP"),
        ("ap4", "AP4"),
    ],
)
async def test_every_delegation_is_offered_by_name_code_adjective_capital_and_alias(
    world: World, option: str, typed: str, code: str
) -> None:
    offered = await world.alice.autocomplete(world.channel, "compare", option, typed)
    assert offered[0]["value"] == code


async def test_every_delegation_on_record_can_be_chosen_by_its_own_name(world: World, record: Record) -> None:
    for seat in (seat for seat in record.delegations if not seat.is_neutral):
        offered = await world.alice.autocomplete(world.channel, "compare", "second", seat.name)
        assert seat.code in [choice["value"] for choice in offered]


@pytest.mark.parametrize("name", ["China", "CN", "Chinese", "Beijing", "People's Republic of China"])
async def test_china_is_compared_by_whatever_it_is_called(world: World, name: str) -> None:
    assert card(await compared(world, name, "FR")).title == "🇨🇳 China and 🇫🇷 France"


@pytest.mark.parametrize("names", [("Lithunia", "FR"), ("FR", "Lithunia")])
async def test_an_unknown_name_is_answered_with_the_nearest_ones(world: World, names: tuple[str, str]) -> None:
    said = whispered(await world.alice.slash(world.channel, "compare", first=names[0], second=names[1]))
    assert said == "No delegation is called “Lithunia”; nearest: Lithuania (LT), Hungary (HU), Latvia (LV)."


@pytest.mark.parametrize("names", [("Brussels", "FR"), ("FR", "Brussels")])
async def test_a_name_that_may_mean_several_gets_a_choice(world: World, names: tuple[str, str]) -> None:
    said = whispered(await world.alice.slash(world.channel, "compare", first=names[0], second=names[1]))
    assert said == "“Brussels” may mean several: Belgium (BE), NATO or European Union (EU); choose one."


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("Paris", "France agrees with itself; name another delegation to compare with."),
        ("Rapporteur", "The rapporteur takes no side; name two delegations to compare."),
    ],
)
async def test_who_cannot_be_compared_is_told_in_one_sentence(world: World, second: str, expected: str) -> None:
    said = whispered(await world.alice.slash(world.channel, "compare", first="France", second=second))
    assert said == expected


async def test_a_claim_in_free_words_is_held_opposed_and_passed_over(hall: Hall, record: Record) -> None:
    shown = await held(hall, CLAIM)
    told = read(shown)
    assert card(shown[0]).title == CLAIM
    assert re.search(r"\*\*Hold it\*\* \([1-9]", told)
    assert told.index("🇯🇵 **Japan**") < told.index("**Oppose it**") < told.index("🇫🇷 **France**")
    assert f"**Silent on {record.topics[record.arguments[OFFICE].topic]}**" in told
    assert "[1] " in told


async def test_what_a_claim_was_read_as_is_shown(hall: Hall, record: Record) -> None:
    (line,) = re.findall(r"^\*On (.+); read as: (.+)\*$", read(await held(hall, CLAIM)), re.M)
    topic, read_as = line
    assert topic == record.topics[record.arguments[OFFICE].topic]
    assert read_as in {argument.claim for argument in record.arguments.values()}


async def test_a_claim_chosen_from_the_list_is_read_exactly(hall: Hall, record: Record) -> None:
    (chosen,) = [
        choice
        for choice in await hall.alice.autocomplete(hall.channel, "who holds", "claim", "france liaison office tokyo")
        if choice["value"] == OFFICE
    ]
    shown = await held(hall, chosen["value"])
    claim = record.arguments[OFFICE].claim
    assert (card(shown[0]).title or "").rstrip(".") == claim.rstrip(".")
    told = read(shown)
    assert f"read as: {claim}*" in told
    assert told.index("**Hold it**") < told.index("🇫🇷 **France**") < told.index("**Oppose it**")


async def test_claims_complete_by_any_of_their_words_and_at_most_25_are_offered(world: World, record: Record) -> None:
    everything = await world.alice.autocomplete(world.channel, "who holds", "claim", "")
    assert len(everything) == 25
    offered = await world.alice.autocomplete(world.channel, "who holds", "claim", "TOKYO office")
    assert offered
    for choice in offered:
        assert {"tokyo", "office"} <= {*re.findall(r"\w+", record.arguments[choice["value"]].claim.casefold())}
        assert len(choice["name"]) <= 100
    assert await world.alice.autocomplete(world.channel, "who holds", "claim", "Jupiter") == []


@pytest.mark.parametrize(
    ("claim", "expected"),
    [("🙂🙃", "There are no words in that"), (" \u200b ", "There is no claim here"), ("a " * 1500, "2,000 characters")],
)
async def test_a_claim_that_cannot_be_read_is_refused_in_private(world: World, claim: str, expected: str) -> None:
    assert expected in whispered(await world.alice.slash(world.channel, "who holds", claim=claim))
    assert world.library.asked == []


@pytest.mark.parametrize(
    ("options", "file", "told"),
    [
        ({}, "positions.png", ("France", "Lithuania", "Japan", "China")),
        ({"picture": "map"}, "positions.png", ("France", "Lithuania", "Japan", "China")),
        ({"picture": "timeline"}, "timeline.png", ("NATO", "China")),
    ],
)
async def test_a_picture_comes_as_one_png_that_says_in_words_what_it_shows(
    world: World, options: dict[str, str], file: str, told: tuple[str, ...]
) -> None:
    shown = answered(await world.alice.slash(world.channel, "map", **options))
    (picture,) = shown.attachments
    assert (picture.filename, picture.description is not None) == (file, True)
    assert all(name in (picture.description or "") for name in told)
    assert len(picture.description or "") <= 1024
    data = await picture.read()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", data[16:20]) == (1200,)


@pytest.mark.parametrize("picture", ["map", "timeline"])
async def test_a_picture_of_an_earlier_day_shows_what_was_known_on_it(
    world: World, record: Record, picture: str
) -> None:
    now, then = [
        answered(await world.alice.slash(world.channel, "map", picture=picture, **day)).attachments[0].description
        for day in ({}, {"as_of": "2024-05-30"})
    ]
    assert now != then
    assert "30 May 2024" in (then or "")
    assert "2025" not in (then or "")


@pytest.mark.parametrize("day", ["yesterday", "2024-02-30", "30.5.2024"])
async def test_a_day_that_is_none_gets_one_sentence_that_says_how_to_write_it(world: World, day: str) -> None:
    said = whispered(await world.alice.slash(world.channel, "map", as_of=day))
    assert said == f"'{day}' is no date: write 2024-05-30, 2024-05 or 2024."


async def test_a_picture_is_acknowledged_before_it_is_drawn_and_holds_nothing_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def slowly(_: Record) -> Picture:
        seen.extend(request.json for request in world.env.http_requests)
        time.sleep(DRAWING)
        return Picture(png=b"\x89PNG\r\n\x1a\n", alt="Who stands where.", name="map.png")

    monkeypatch.setitem(pictures._DRAWS, "map", slowly)
    gaps: list[float] = []
    ticking = asyncio.create_task(tick(gaps))
    shown = answered(await world.alice.slash(world.channel, "map"))
    ticking.cancel()
    assert DEFER in [body["type"] for body in seen if isinstance(body, dict) and "type" in body]
    assert [picture.description for picture in shown.attachments] == ["Who stands where."]
    assert len(gaps) > 20
    assert max(gaps) < BOUND
