import asyncio
import datetime
import random
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import formats
from bot.duel import Duel, Place, Point
from bot.records import KEPT, Debate, Records
from knowledge.date import Date
from knowledge.errors import OutOfOrder
from knowledge.record import Record
from tests.debates import AT, GUILD, OURS, THEIRS, THREAD, begun, claim, turn_of, url_of

SECOND = datetime.timedelta(seconds=1)
OVERTAKEN = "france-opposes-tokyo-liaison-office"  # by what France said a year later
ZONE = datetime.timezone(datetime.timedelta(hours=3))


@pytest.fixture
async def records(record: Record, tmp_path: Path) -> AsyncIterator[Records]:
    opened = await Records.open(url_of(tmp_path), record)
    yield opened
    await opened.close()


@pytest.fixture
async def another(record: Record, records: Records, tmp_path: Path) -> AsyncIterator[Records]:
    """A second process, as it were, on the same file."""
    opened = await Records.open(url_of(tmp_path), record)
    yield opened
    await opened.close()


@pytest.fixture
async def debate(records: Records) -> Debate:
    return await begun(records)


async def test_a_whole_duel_comes_back_as_it_was(record: Record, records: Records, another: Records) -> None:
    debate = await begun(records)
    duel, arguments = debate.duel, list(record.arguments)
    for n in range(6):
        turn = turn_of(
            duel,
            claims=(claim(record, arguments[n]), claim(record, *arguments[n : n + 3])) if n % 2 == 0 else (),
            points=(Point(text="a", argument=arguments[n], strength=0.1 + 0.2), Point(text="b", known=False)),
            met=(Place(turn=n - 1, point=1),) if n else (),
            answers=n - 1 if n else None,
            event=str(2**62 + n) if n % 2 else "",
        )
        assert await records.hold(debate.id, turn, n)
        duel = duel.hold(turn)
        assert (await records.debate_in(THREAD) or debate).duel == duel
    votes, polls = {"42": 7}, {"before": 2**60, "after": 2**61}
    await records.alter(debate.id, votes=votes, polls=polls)
    await records.shown(debate.id, 4, 2**59)
    whole = {"duel": duel.model_copy(update={"votes": votes}), "polls": polls, "messages": (*[None] * 4, 2**59, None)}
    assert await another.debate_in(THREAD) == debate.model_copy(update=whole)


async def test_times_are_in_utc_whatever_zone_they_were_given_in(records: Records) -> None:
    there = AT.astimezone(ZONE)
    debate = await begun(records)
    await records.hold(debate.id, turn_of(debate.duel, at=there), 0)
    found = await records.debate_in(THREAD)
    assert found
    assert found.duel.since == found.duel.turns[0].at == AT
    assert found.duel.since.tzinfo == found.duel.turns[0].at.tzinfo == debate.duel.since.tzinfo == datetime.UTC


async def test_a_debate_keeps_its_own_format(records: Records) -> None:
    longer = formats.find("classroom").of_rounds(7)
    duel = Duel(motion="m", format=longer, seats=(THEIRS, OURS), since=AT)
    begun = await records.begin(guild=None, channel=7, starter=8, duel=duel, pace=0, polls={"before": 9})
    assert begun == await records.debate_in(7)
    assert (begun.duel, begun.guild, begun.polls) == (duel, None, {"before": 9})


@pytest.mark.parametrize("as_of", [None, "2024-05-30", "2024-05", "2024"])
async def test_a_debate_keeps_the_day_up_to_which_it_uses_the_record(
    record: Record, records: Records, another: Records, as_of: str | None
) -> None:
    day = Date(as_of) if as_of else None
    then = record.until(day)
    debate = await begun(records, as_of=day)
    assert debate.duel.as_of == day
    known = random.Random(4).sample(list(then.arguments), 4)
    turn = turn_of(debate.duel, claims=(claim(then, *known[:3]), claim(then, known[3], OVERTAKEN)))
    assert await records.hold(debate.id, turn, 0)
    found = await another.debate_in(THREAD)
    assert found
    assert found.duel == debate.duel.hold(turn)
    since = found.duel.turns[0].claims[1].citations[-1].since
    assert bool(since) == (day is None), "what came later is not known on that day"


async def test_nothing_newer_than_its_day_comes_back_into_a_debate(record: Record, records: Records) -> None:
    day = Date("2024-05-30")
    newer = next(id for id in record.arguments if id not in record.until(day).arguments)
    debate = await begun(records, as_of=day)
    turn = turn_of(debate.duel, claims=(claim(record, OVERTAKEN, newer), claim(record, newer)))
    await records.hold(debate.id, turn, 0)
    (found,) = await records.open_debates()
    assert [cited.argument for each in found.duel.turns[0].claims for cited in each.citations] == [OVERTAKEN]


async def test_there_may_be_no_debate(records: Records) -> None:
    assert (await records.debate_in(1), await records.open_debates(), await records.unshown()) == (None, [], [])


async def test_what_the_record_no_longer_bears_out_does_not_come_back(record: Record, tmp_path: Path) -> None:
    by_passage = {passages[0]: argument for argument, passages in record.grounds.items() if len(passages) == 1}
    (gone, a), (altered, b), (_, c) = random.Random(4).sample(list(by_passage.items()), 3)
    records = await Records.open(url_of(tmp_path), record)
    debate = await begun(records)
    await records.hold(debate.id, turn_of(debate.duel, claims=(claim(record, a, c), claim(record, a, b))), 0)
    await records.close()
    passages = {id: passage for id, passage in record.passages.items() if id != gone}
    passages[altered] = passages[altered].model_copy(update={"text": "Other words."})
    records = await Records.open(url_of(tmp_path), replace(record, passages=passages))
    (claims,) = [turn.claims for found in await records.open_debates() for turn in found.duel.turns]
    await records.close()
    assert [[(cited.n, cited.argument) for cited in claim.citations] for claim in claims] == [[(2, c)]]


async def test_a_turn_held_twice_is_stored_once(records: Records, another: Records, debate: Debate) -> None:
    turns = [turn_of(debate.duel, text=text, event=str(n)) for n, text in enumerate("ab", start=1)]
    held = await asyncio.gather(
        *(one.hold(debate.id, turn, 0) for one, turn in zip((records, another), turns, strict=True))
    )
    assert sorted(held) == [False, True]
    assert not await records.hold(debate.id, turn_of(debate.duel, event="3"), 0)
    found = await records.debate_in(THREAD)
    assert [turn.text for turn in found.duel.turns] == ["a" if held[0] else "b"]  # type: ignore[union-attr]
    assert await records.is_new(3), "nothing is stored of a turn that was there"


async def test_an_event_is_answered_once(records: Records, another: Records, debate: Debate) -> None:
    assert sorted(await asyncio.gather(records.is_new(5), another.is_new(5))) == [False, True]
    turn = turn_of(debate.duel, event="6")
    assert await records.hold(debate.id, turn, 0)
    assert not await another.is_new(6)
    again = turn_of(debate.duel.hold(turn), event="6")
    assert not await records.hold(debate.id, again, 1)
    assert not await records.hold(debate.id, again.model_copy(update={"event": "5"}), 1)
    assert len((await records.open_debates())[0].duel.turns) == 1


async def test_a_turn_is_known_by_its_event_long_after_the_event_is_swept(
    records: Records, debate: Debate, tmp_path: Path
) -> None:
    turn = turn_of(debate.duel, event="6")
    await records.hold(debate.id, turn, 0)
    with sqlite3.connect(tmp_path / "demarche.db") as bare:
        bare.execute("DELETE FROM events")
    bare.close()
    assert not await records.hold(debate.id, turn_of(debate.duel.hold(turn), event="6"), 1)


async def test_old_events_are_swept_at_opening_and_now_and_then(
    record: Record, records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.records.SWEEP", 2)
    now = datetime.datetime.now(datetime.UTC)
    with sqlite3.connect(tmp_path / "demarche.db", isolation_level=None) as bare:
        for id, at in ((1, now - KEPT - SECOND), (2, now - KEPT + 60 * SECOND)):
            bare.execute("INSERT INTO events VALUES (?, ?)", (id, at.strftime("%Y-%m-%d %H:%M:%S.%f")))
        assert [await records.is_new(id) for id in (1, 3, 1)] == [False, True, True]
        bare.execute("UPDATE events SET at = '2020-01-01 00:00:00.000000' WHERE id = 3")
        await (await Records.open(url_of(tmp_path), record)).close()
        assert bare.execute("SELECT id FROM events ORDER BY id").fetchall() == [(1,), (2,)]
    bare.close()


async def test_a_thread_has_one_debate_also_when_two_begin_at_once(records: Records, another: Records) -> None:
    begins = (begun(each) for each in (records, another, records, another))
    debates = await asyncio.gather(*begins, return_exceptions=True)
    refused = [each for each in debates if isinstance(each, OutOfOrder)]
    assert [each.rule for each in refused] == ["one debate a thread"] * 3
    assert await records.open_debates() == [each for each in debates if isinstance(each, Debate)]


async def test_the_last_turn_ends_the_debate(records: Records, debate: Debate) -> None:
    duel = debate.duel
    while duel.due:
        assert [found.duel.status for found in await records.open_debates()] == ["running"]
        turn = turn_of(duel, at=AT + len(duel.turns) * SECOND)
        await records.hold(debate.id, turn, len(duel.turns))
        duel = duel.hold(turn)
    found = await records.debate_in(THREAD)
    assert found
    assert found.duel == duel
    assert await records.open_debates() == []
    assert not await records.hold(debate.id, turn, 5), "told again, it is there"
    with pytest.raises(OutOfOrder) as refused:
        await records.hold(debate.id, turn.model_copy(update={"event": "9"}), 6)
    assert refused.value.rule == "closed"


async def test_a_turn_waits_for_those_before_it(records: Records, debate: Debate) -> None:
    with pytest.raises(OutOfOrder) as refused:
        await records.hold(debate.id, turn_of(debate.duel), 1)
    assert refused.value.rule == "turn order"


async def test_a_lapsed_turn_is_a_turn(records: Records, debate: Debate) -> None:
    duel = debate.duel.lapse(AT + 1000 * SECOND)
    assert await records.hold(debate.id, duel.turns[0], 0)
    assert [found.duel for found in await records.open_debates()] == [duel]
    assert await records.unshown() == []


async def test_our_turns_are_known_until_they_are_shown(records: Records, debate: Debate) -> None:
    other, duel = await begun(records, 2, "free"), debate.duel
    for n in range(3):
        await records.hold(debate.id, turn := turn_of(duel), n)
        duel = duel.hold(turn)
    await records.hold(other.id, turn_of(other.duel, event="1"), 0)
    missing = await records.unshown()
    assert [(found.id, n) for found, n in missing] == [(debate.id, 0), (debate.id, 2), (other.id, 0)]
    assert missing[0][0].duel == duel
    await records.shown(debate.id, 0, 77)
    await records.alter(debate.id, status="ended")
    assert [(found.id, n) for found, n in await records.unshown()] == [(debate.id, 2), (other.id, 0)]
    await records.forget(THREAD)
    assert [(found.id, n) for found, n in await records.unshown()] == [(other.id, 0)]


async def test_a_deleted_thread_ends_its_debate_and_keeps_the_turns(records: Records, debate: Debate) -> None:
    await records.hold(debate.id, turn_of(debate.duel), 0)
    await records.forget(THREAD)
    await records.forget(12345)
    found = await records.debate_in(THREAD)
    assert found
    assert (found.duel.status, len(found.duel.turns)) == ("ended", 1)
    assert await records.open_debates() == []


async def test_a_guild_that_is_left_pauses_its_debates_only(records: Records, debate: Debate) -> None:
    over = await begun(records, 2)
    await records.alter(over.id, status="ended")
    direct = await records.begin(guild=None, channel=3, starter=4, duel=debate.duel, pace=1)
    await records.leave(GUILD)
    assert [(found.id, found.duel.status) for found in await records.open_debates()] == [
        (debate.id, "paused"),
        (direct.id, "running"),
    ]


async def test_only_what_is_given_is_altered(records: Records, debate: Debate) -> None:
    await records.alter(debate.id)
    await records.alter(debate.id, status="paused", votes={"1": 2})
    await records.alter(debate.id, since=AT + SECOND, status="running")
    changed = {"since": AT + SECOND, "votes": {"1": 2}}
    assert await records.open_debates() == [debate.model_copy(update={"duel": debate.duel.model_copy(update=changed)})]


async def test_settings_are_kept_by_channel_or_guild(records: Records, another: Records) -> None:
    assert await records.setting(1, "pace") is None
    await asyncio.gather(records.set(1, "pace", "slow"), another.set(1, "pace", "slow"), records.set(2, "pace", "fast"))
    await records.set(1, "pace", "brisk")
    assert (await another.setting(1, "pace"), await another.setting(2, "pace")) == ("brisk", "fast")
    await records.set(1, "pace", None)
    await records.set(1, "pace", None)
    assert (await another.setting(1, "pace"), await another.setting(2, "pace")) == (None, "fast")


async def test_letters_that_no_database_takes_do_no_harm(records: Records, debate: Debate) -> None:
    points = (Point(text="\0\ud800"),)
    assert await records.hold(debate.id, turn_of(debate.duel, text="a\0b\ud800c 🇫🇷 ’ é", points=points), 0)
    (found,) = await records.open_debates()
    assert found.duel.turns[0].text == "a\N{REPLACEMENT CHARACTER}b?c 🇫🇷 ’ é"
