import datetime
from decimal import Decimal

import pytest

from bot.budget import EVERYBODY, OPERATOR, WHOSE, Account, Amount, Asker, Balance, Limits, Overspent

NOW = datetime.datetime(2026, 5, 31, 23, 59, 59, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)
PERSON, SERVER = 2**62, 2**61
ANNE = Asker(user=PERSON, server=SERVER)


def holders(asker: Asker) -> dict[str, int]:
    return {account.scope: account.holder for account in Limits().accounts(asker, NOW)}


def periods(now: datetime.datetime) -> dict[str, str]:
    return {account.scope: account.period for account in Limits().accounts(ANNE, now)}


def left(spent: Amount, **limits: int) -> str:
    return Balance(account=Account(scope="user", holder=PERSON, period="2026-05-31", **limits), spent=spent).says


def test_an_answer_is_charged_to_the_person_the_server_and_everybody() -> None:
    assert holders(ANNE) == {"user": PERSON, "server": SERVER, "day": EVERYBODY, "month": EVERYBODY}


def test_in_a_direct_message_there_is_no_server() -> None:
    assert holders(Asker(user=PERSON)) == {"user": PERSON, "day": EVERYBODY, "month": EVERYBODY}


def test_at_the_terminal_nobody_in_particular_asks() -> None:
    assert holders(OPERATOR) == {"day": EVERYBODY, "month": EVERYBODY}


def test_every_account_has_the_limits_of_its_kind() -> None:
    limits = Limits(
        user_requests=1, user_tokens=2, server_requests=3, server_tokens=4, day_requests=5, day_tokens=6, month_cost=7
    )
    accounts = limits.accounts(ANNE, NOW)
    assert {each.scope: (each.requests, each.tokens, each.cost) for each in accounts} == {
        "user": (1, 2, None),
        "server": (3, 4, None),
        "day": (5, 6, None),
        "month": (None, None, 7),
    }


def test_a_person_has_less_than_a_server_and_a_server_less_than_everybody() -> None:
    user, server, day, _ = Limits().accounts(ANNE, NOW)
    assert 0 < (user.requests or 0) < (server.requests or 0) < (day.requests or 0)
    assert 0 < (user.tokens or 0) < (server.tokens or 0) < (day.tokens or 0)


def test_money_has_no_limit_unless_one_is_set() -> None:
    assert Limits().month_cost is None


def test_days_and_months_begin_at_midnight() -> None:
    assert periods(NOW) == {**dict.fromkeys(("user", "server", "day"), "2026-05-31"), "month": "2026-05"}
    assert periods(NOW + SECOND) == {**dict.fromkeys(("user", "server", "day"), "2026-06-01"), "month": "2026-06"}


@pytest.mark.parametrize("hours", [-11, 14])
def test_midnight_is_that_of_utc_wherever_the_clock_stands(hours: int) -> None:
    there = datetime.timezone(datetime.timedelta(hours=hours))
    for moment in (NOW, NOW + SECOND):
        assert periods(moment.astimezone(there)) == periods(moment)


@pytest.mark.parametrize(
    ("read", "written", "cost"),
    [
        (0, 0, 0),
        (1_000_000, 0, 250_000),
        (0, 1_000_000, 2_000_000),
        (1_000, 100, 450),
        (1, 0, 1),  # a quarter of a millionth
        (4, 0, 1),
        (5, 0, 2),
        (3, 1, 3),
    ],
)
def test_a_cost_is_rounded_up_to_a_millionth(read: int, written: int, cost: int) -> None:
    assert Limits(prices=(Decimal("0.25"), Decimal("2.00"))).cost(read, written) == cost


def test_the_parts_of_a_cost_are_never_less_than_the_whole() -> None:
    limits = Limits(prices=(Decimal("0.1"), Decimal("0.3")))
    assert sum(limits.cost(1, 1) for _ in range(10)) >= limits.cost(10, 10) == 4


def test_what_has_no_price_costs_nothing() -> None:
    assert Limits().cost(10**9, 10**9) == 0


@pytest.mark.parametrize("limit", ["user_requests", "server_tokens", "day_requests", "month_cost"])
def test_no_limit_is_below_nothing(limit: str) -> None:
    with pytest.raises(ValueError, match=limit):
        Limits.model_validate({limit: -1})
    assert getattr(Limits.model_validate({limit: 0}), limit) == 0


def test_what_is_left_is_said_in_words() -> None:
    spent = Amount(requests=18, tokens=1_500, cost=1_250_000)
    assert left(spent, requests=60) == "42 of 60 requests"
    assert left(spent, requests=3_000, tokens=200_000) == "2,982 of 3,000 requests, 198,500 of 200,000 tokens"
    assert left(spent, cost=5_000_000) == "3.75 of 5.00 in money"


def test_nothing_is_said_of_what_has_no_limit() -> None:
    assert left(Amount(requests=10**6, tokens=10**9, cost=10**12)) == ""


def test_a_limit_of_nothing_is_a_limit() -> None:
    assert left(Amount(), requests=0, tokens=0, cost=0) == "0 of 0 requests, 0 of 0 tokens, 0.00 of 0.00 in money"


def test_nothing_is_left_where_more_was_spent_than_a_limit_that_was_lowered_since() -> None:
    spent = Amount(requests=70, tokens=70, cost=70)
    assert left(spent, requests=60, tokens=60, cost=60) == "0 of 60 requests, 0 of 60 tokens, 0.00 of 0.00 in money"


def test_whose_limit_is_reached_can_be_said_of_every_account() -> None:
    assert {account.scope for account in Limits().accounts(ANNE, NOW)} == WHOSE.keys()
    assert Overspent("server").scope == "server"
