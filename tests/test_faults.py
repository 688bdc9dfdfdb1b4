import asyncio
import logging
import random
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Pool, event
from sqlalchemy.exc import OperationalError

from bot.duel import Point
from bot.records import Debate, Records, faults
from knowledge import loader
from knowledge.errors import RecordsError
from knowledge.record import Record
from tests.debates import THREAD, begun, claim, turn_of, url_of


@pytest.fixture
async def records(record: Record, tmp_path: Path) -> AsyncIterator[Records]:
    """Of little patience."""
    opened = await Records.open(url_of(tmp_path), record, patience=0.05)
    yield opened
    await opened.close()


@pytest.fixture
async def debate(records: Records) -> Debate:
    return await begun(records, format="free")


@contextmanager
def under(pragma: str) -> Iterator[None]:
    """Every connection used meanwhile is told ``pragma``."""

    def tell(connection: Any, *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(Pool, "checkout", tell)
    try:
        yield
    finally:
        event.remove(Pool, "checkout", tell)


async def test_a_locked_database_is_said_and_nothing_is_lost(
    record: Record, records: Records, debate: Debate, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "demarche.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    turn = turn_of(debate.duel)
    for failing in (
        records.hold(debate.id, turn, 0),
        records.is_new(1),
        begun(records, 2),
        records.set(1, "a", "b"),
        Records.open(url_of(tmp_path), record, patience=0.05),
    ):
        with pytest.raises(RecordsError, match="locked the database; try again"):
            await failing
    assert await records.open_debates() == [debate], "reading goes on"
    other.execute("ROLLBACK")
    other.close()
    assert await records.hold(debate.id, turn, 0)
    assert await records.is_new(1)


async def test_whoever_locks_the_database_for_a_moment_is_waited_for(record: Record, tmp_path: Path) -> None:
    records = await Records.open(url_of(tmp_path), record, patience=5)
    other = sqlite3.connect(tmp_path / "demarche.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(records.is_new(1))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    other.execute("COMMIT")
    other.close()
    assert await waiting
    await records.close()


async def test_a_full_disk_is_said_and_nothing_is_lost(record: Record, records: Records, debate: Debate) -> None:
    first = turn_of(debate.duel)
    await records.hold(debate.id, first, 0)
    long = turn_of(debate.duel.hold(first), text="word " * 300, claims=(claim(record, *record.arguments),) * 9)
    with under("max_page_count=1"):  # as many pages as it has now
        with pytest.raises(RecordsError, match="no space left"):
            await records.hold(debate.id, long, 1)
        assert [len(found.duel.turns) for found in await records.open_debates()] == [1]
    with under("max_page_count=1000000"):
        assert await records.hold(debate.id, long, 1)


async def test_a_database_that_turns_read_only_is_said_and_goes_on_being_read(records: Records, debate: Debate) -> None:
    with under("query_only=ON"):
        with pytest.raises(RecordsError, match="cannot be written; give this user permission"):
            await records.hold(debate.id, turn_of(debate.duel), 0)
        assert await records.open_debates() == [debate]
    with under("query_only=OFF"):
        assert await records.hold(debate.id, turn_of(debate.duel), 0)


class Said(Exception):
    """As a server's driver says it."""

    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate
        super().__init__("password s3cret, statement s3cret")


@pytest.mark.parametrize(
    ("sqlstate", "says"),
    [
        ("53100", faults.FULL),
        ("25006", faults.READ_ONLY),
        ("42501", faults.READ_ONLY),
        ("55P03", faults.LOCKED),
        ("28P01", faults.REFUSED),
        ("3D000", faults.REFUSED),
        ("08006", faults.UNREACHABLE),
        ("57P01", faults.UNREACHABLE),
        (None, faults.UNREACHABLE),
    ],
)
def test_what_a_server_says_becomes_a_sentence_of_ours(sqlstate: str | None, says: str) -> None:
    error = OperationalError("INSERT s3cret", {"text": "s3cret"}, Said(sqlstate), hide_parameters=True)
    with pytest.raises(RecordsError) as caught, faults.told():
        raise error
    assert str(caught.value) == says


def test_a_server_that_does_not_answer_is_said() -> None:
    for error in (ConnectionRefusedError("s3cret"), TimeoutError("s3cret")):
        with pytest.raises(RecordsError, match="does not answer"), faults.told():
            raise error


def test_what_is_not_foreseen_is_named_without_its_words() -> None:
    says = faults.sentence(OperationalError("INSERT s3cret", None, Said("22001")))
    assert says == "The database failed (22001); try again, and report that if it stays so."


async def test_a_turn_is_stored_whole_although_whoever_holds_it_is_cancelled(records: Records, debate: Debate) -> None:
    for n in range(8):
        (found,) = await records.open_debates()
        holding = asyncio.create_task(records.hold(debate.id, turn_of(found.duel), n))
        for _ in range(n + 1):
            await asyncio.sleep(0)
        holding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await holding
        assert not await records.hold(debate.id, turn_of(found.duel), n)


async def test_nothing_acknowledged_is_lost_when_the_process_is_killed(record: Record, tmp_path: Path) -> None:
    chance = random.Random(7)
    acknowledged: list[int] = []
    for _ in range(5):
        script = f"import asyncio; from tests.test_faults import talk; asyncio.run(talk({url_of(tmp_path)!r}))"
        talking = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
        assert talking.stdout
        first = await talking.stdout.readline()
        await asyncio.sleep(chance.uniform(0, 0.1))
        talking.send_signal(signal.SIGKILL)
        rest, _ = await talking.communicate()
        acknowledged += map(int, (first + rest).split())
        records = await Records.open(url_of(tmp_path), record)
        (found,) = await records.open_debates()
        await records.close()
        numbers = [int(turn.text.split()[1]) for turn in found.duel.turns]
        assert numbers == list(range(len(numbers))), "no gap, and nothing twice"
        assert set(acknowledged) <= set(numbers)
        assert all(turn.claims and turn.points for turn in found.duel.turns), "no turn is there in part"
    assert len(acknowledged) == len(set(acknowledged)) > 5


async def talk(url: str) -> None:
    """Hold turns and print the number of each that was acknowledged, for ever."""
    record = loader.load()
    records = await Records.open(url, record)
    debate = await records.debate_in(THREAD) or await begun(records, format="free")
    duel, said = debate.duel, (claim(record, *list(record.arguments)[:3]),) * 3
    while True:
        n, turn = len(duel.turns), turn_of(duel, claims=said, points=(Point(text="a"),))
        assert await records.hold(debate.id, turn, n)
        print(n, flush=True)
        duel = duel.hold(turn)


async def test_no_word_of_anybody_reaches_a_log(
    records: Records, debate: Debate, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    turn = turn_of(debate.duel, text="s3cret words", points=(Point(text="s3cret words"),))
    await records.hold(debate.id, turn, 0)
    await records.set(1, "key", "s3cret words")
    await records.debate_in(THREAD)
    assert "s3cret" not in caplog.text


async def test_no_word_of_anybody_reaches_an_error(records: Records, debate: Debate, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "demarche.db") as bare:
        bare.execute("DROP TABLE citations")
        bare.execute("ALTER TABLE turns DROP COLUMN met")
    bare.close()
    with pytest.raises(RecordsError) as caught:
        await records.hold(debate.id, turn_of(debate.duel, text="s3cret words"), 0)
    assert caught.value.__suppress_context__
    assert "s3cret" not in f"{caught.value} {caught.value.__context__}"
