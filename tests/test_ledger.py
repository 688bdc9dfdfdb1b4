import asyncio
import calendar
import datetime
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from bot.budget import OPERATOR, Account, Amount, Asker, Ledger, Limits, Overspent
from bot.records import Records
from knowledge.record import Record
from tests.debates import url_of

_TODAY = datetime.datetime.now(datetime.UTC)
_LAST = calendar.monthrange(_TODAY.year, _TODAY.month)[1]
NOW = _TODAY.replace(day=_LAST, hour=12, minute=0, second=0, microsecond=0)  # the last of a month
PERSON, SERVER = 2**62, 2**61
ANNE, BEN = Asker(user=PERSON, server=SERVER), Asker(user=PERSON + 1, server=SERVER)
ONE = Amount(requests=1, tokens=700, cost=130)

UNLIMITED = Limits.model_validate(
    dict.fromkeys(f"{scope}_{kind}" for scope in ("user", "server", "day") for kind in ("requests", "tokens"))
)


def limited(**limits: int) -> Limits:
    """In nothing but this."""
    return UNLIMITED.model_copy(update=limits)


@pytest.fixture
async def records(record: Record, tmp_path: Path) -> AsyncIterator[Records]:
    opened = await Records.open(url_of(tmp_path), record)
    yield opened
    await opened.close()


@pytest.fixture
async def another(record: Record, records: Records, tmp_path: Path) -> AsyncIterator[Records]:
    """A second process, as it were, on the same file."""
    opened = await Records.open(url_of(tmp_path), record, patience=30)
    yield opened
    await opened.close()


def accounts(ledger: Ledger, asker: Asker = ANNE, now: datetime.datetime = NOW) -> list[Account]:
    return list(ledger.limits.accounts(asker, now))


async def charge(ledger: Ledger, amount: Amount = ONE, asker: Asker = ANNE, now: datetime.datetime = NOW) -> None:
    await ledger.charge(accounts(ledger, asker, now), amount)


async def outcomes(
    *ledgers: Ledger, each: int, amount: Amount = ONE, askers: Sequence[Asker] = (ANNE,)
) -> Counter[str]:
    """Of so many charges to each ledger, all at once: how many were made, and whose limit kept out the others."""
    charges = (charge(ledger, amount, askers[n % len(askers)]) for n in range(each) for ledger in ledgers)
    ended = await asyncio.gather(*charges, return_exceptions=True)
    assert all(end is None or isinstance(end, Overspent) for end in ended), Counter(map(repr, ended))
    return Counter(end.scope if isinstance(end, Overspent) else "charged" for end in ended)


async def spent(ledger: Ledger, asker: Asker = ANNE, now: datetime.datetime = NOW) -> dict[str, Amount]:
    return {balance.account.scope: balance.spent for balance in await ledger.balances(asker, now)}


def times(amount: Amount, number: int) -> Amount:
    return Amount(requests=amount.requests * number, tokens=amount.tokens * number, cost=amount.cost * number)


@pytest.mark.parametrize(
    ("limits", "number", "fit", "reached"),
    [
        (limited(day_requests=300), 1_000, 300, "day"),
        (limited(day_tokens=60 * ONE.tokens + 699), 200, 60, "day"),
        (limited(month_cost=60 * ONE.cost), 200, 60, "month"),
    ],
    ids=["requests", "tokens", "money"],
)
async def test_of_many_charges_at_once_exactly_those_are_made_that_fit(
    records: Records, limits: Limits, number: int, fit: int, reached: str
) -> None:
    ledger = records.ledger(limits)
    assert await outcomes(ledger, each=number, askers=(OPERATOR,)) == Counter({"charged": fit, reached: number - fit})
    assert set((await spent(ledger, OPERATOR)).values()) == {times(ONE, fit)}


async def test_where_nothing_may_be_spent_nothing_is(records: Records) -> None:
    ledger = records.ledger(limited(server_requests=0))
    assert await outcomes(ledger, each=20) == Counter(server=20)
    assert set((await spent(ledger)).values()) == {Amount()}


async def test_without_a_limit_every_charge_is_made_and_counted(records: Records) -> None:
    ledger = records.ledger(UNLIMITED)
    assert await outcomes(ledger, each=50) == Counter(charged=50)
    assert (await spent(ledger))["month"] == times(ONE, 50)


async def test_two_on_the_same_file_do_not_exceed_a_limit_together(records: Records, another: Records) -> None:
    ledgers = [each.ledger(limited(day_requests=40)) for each in (records, another)]
    assert await outcomes(*ledgers, each=60) == Counter(charged=40, day=80)
    for ledger in ledgers:
        assert (await spent(ledger))["day"] == times(ONE, 40)


async def test_two_who_share_a_server_share_its_limit_and_have_their_own(records: Records) -> None:
    ledger = records.ledger(limited(user_requests=15, server_requests=25))
    ended = await outcomes(ledger, each=60, askers=(ANNE, BEN))
    assert ended["charged"] == 25
    anne, ben = await spent(ledger, ANNE), await spent(ledger, BEN)
    assert anne["user"].requests + ben["user"].requests == anne["server"].requests == 25
    assert max(anne["user"].requests, ben["user"].requests) <= 15


async def test_whoever_has_spent_all_does_not_keep_others_out(records: Records) -> None:
    ledger = records.ledger(limited(user_requests=1))
    await charge(ledger)
    with pytest.raises(Overspent):
        await charge(ledger)
    await charge(ledger, asker=BEN)
    assert (await spent(ledger, BEN))["server"].requests == 2


@pytest.mark.parametrize("scope", ["user_requests", "server_tokens", "day_requests", "month_cost"])
async def test_a_charge_is_made_to_all_accounts_or_to_none(records: Records, scope: str) -> None:
    ledger = records.ledger(limited(**{scope: 0}))
    with pytest.raises(Overspent) as over:
        await charge(ledger)
    assert over.value.scope == scope.partition("_")[0]
    assert set((await spent(ledger)).values()) == {Amount()}


async def test_a_charge_that_does_not_fit_leaves_what_was_charged_before(records: Records) -> None:
    ledger = records.ledger(limited(month_cost=200))
    await charge(ledger)
    with pytest.raises(Overspent):
        await charge(ledger)
    assert set((await spent(ledger)).values()) == {ONE}
    await charge(ledger, Amount(cost=70))
    assert (await spent(ledger))["month"].cost == 200


async def test_what_is_refunded_can_be_spent_again(records: Records) -> None:
    ledger = records.ledger(limited(user_tokens=1_000))
    await charge(ledger)
    with pytest.raises(Overspent):
        await charge(ledger)
    await ledger.refund(accounts(ledger), Amount(tokens=400, cost=100))
    assert set((await spent(ledger)).values()) == {Amount(requests=1, tokens=300, cost=30)}
    await charge(ledger)
    assert (await spent(ledger))["user"] == Amount(requests=2, tokens=1_000, cost=160)


async def test_charges_and_refunds_at_once_come_to_their_sum(records: Records) -> None:
    ledger = records.ledger(UNLIMITED)
    await outcomes(ledger, each=30)
    refunds = (ledger.refund(accounts(ledger), Amount(tokens=600, cost=7)) for _ in range(30))
    charges = (charge(ledger) for _ in range(30))
    await asyncio.gather(*refunds, *charges)
    assert (await spent(ledger))["day"] == Amount(requests=60, tokens=60 * 700 - 30 * 600, cost=60 * 130 - 30 * 7)


async def test_a_charge_is_made_although_whoever_waits_for_it_goes_away(records: Records) -> None:
    ledger = records.ledger(UNLIMITED)
    waiting = asyncio.create_task(charge(ledger))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await charge(ledger, asker=BEN)  # one at a time writes
    assert (await spent(ledger))["user"] == ONE


async def test_what_was_spent_is_known_after_a_restart(record: Record, tmp_path: Path) -> None:
    limits = limited(user_requests=2)
    for _ in range(2):
        records = await Records.open(url_of(tmp_path), record)
        await charge(records.ledger(limits))
        await records.close()
    records = await Records.open(url_of(tmp_path), record)
    with pytest.raises(Overspent):
        await charge(records.ledger(limits))
    assert set((await spent(records.ledger(limits))).values()) == {times(ONE, 2)}
    await records.close()


async def test_a_limit_that_is_lowered_holds_at_once(records: Records) -> None:
    await charge(records.ledger(limited(user_requests=5)))
    with pytest.raises(Overspent):
        await charge(records.ledger(limited(user_requests=1)))


async def test_the_next_day_begins_anew_and_the_month_goes_on(records: Records) -> None:
    ledger = records.ledger(limited(user_requests=1))
    yesterday = NOW - datetime.timedelta(days=1)
    await charge(ledger, now=yesterday)
    with pytest.raises(Overspent):
        await charge(ledger, now=yesterday)
    await charge(ledger)
    both = times(ONE, 2)
    assert await spent(ledger) == {"user": ONE, "server": ONE, "day": ONE, "month": both}
    assert await spent(ledger, now=yesterday) == {"user": ONE, "server": ONE, "day": ONE, "month": both}


async def test_the_next_month_begins_anew(records: Records) -> None:
    ledger = records.ledger(limited(month_cost=ONE.cost))
    await charge(ledger)
    with pytest.raises(Overspent):
        await charge(ledger)
    june = NOW + datetime.timedelta(days=1)
    assert set((await spent(ledger, now=june)).values()) == {Amount()}
    await charge(ledger, now=june)
    assert (await spent(ledger, now=june))["month"] == ONE


async def test_a_person_and_a_server_of_the_same_number_have_an_account_each(records: Records) -> None:
    ledger = records.ledger(UNLIMITED)
    await charge(ledger, asker=Asker(user=7))
    await charge(ledger, asker=Asker(user=8, server=7))
    seven = await spent(ledger, Asker(user=7, server=7))
    assert (seven["user"], seven["server"]) == (ONE, ONE)


async def test_balances_say_what_is_left_of_every_account(records: Records) -> None:
    limits = Limits(prices=(Decimal(1), Decimal(1)), month_cost=1_000_000)
    ledger = records.ledger(limits)
    await charge(ledger, Amount(requests=1, tokens=1_000, cost=250_000))
    assert [(balance.account.scope, balance.says) for balance in await ledger.balances(ANNE, NOW)] == [
        ("user", "59 of 60 requests, 199,000 of 200,000 tokens"),
        ("server", "599 of 600 requests, 1,999,000 of 2,000,000 tokens"),
        ("day", "2,999 of 3,000 requests, 9,999,000 of 10,000,000 tokens"),
        ("month", "0.75 of 1.00 in money"),
    ]
    assert [balance.account.scope for balance in await ledger.balances(OPERATOR, NOW)] == ["day", "month"]
