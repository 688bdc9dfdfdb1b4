"""What may be spent on a language model: by one person, in one server and in all on a day, and in money in a month."""

import datetime
from collections.abc import Iterator, Sequence
from decimal import ROUND_UP, Decimal
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

Scope = Literal["user", "server", "day", "month"]

MICRO = 1_000_000  # money is counted in millionths, and prices are for so many tokens

WHOSE: dict[Scope, str] = {
    "user": "you, today",
    "server": "this server, today",
    "day": "everybody, today",
    "month": "everybody, this month",
}
EVERYBODY = 0


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Asker(_Value):
    """Who causes an answer, by Discord's ids; nobody in particular in the terminal."""

    user: int = EVERYBODY
    server: int | None = None


OPERATOR = Asker()  # at the terminal


class Amount(_Value):
    """``cost`` in millionths of the operator's currency."""

    requests: int = 0
    tokens: int = 0
    cost: int = 0


class Account(_Value):
    """One thing that is limited: whose, and from when to when. ``most``: None where there is no limit."""

    scope: Scope
    holder: int
    period: str
    requests: int | None = None
    tokens: int | None = None
    cost: int | None = None


class Limits(_Value):
    """Requests and tokens a day, and money a month; None is no limit. ``prices``: of a million tokens read, and
    written.
    """

    user_requests: int | None = Field(default=60, ge=0)
    user_tokens: int | None = Field(default=200_000, ge=0)
    server_requests: int | None = Field(default=600, ge=0)
    server_tokens: int | None = Field(default=2_000_000, ge=0)
    day_requests: int | None = Field(default=3_000, ge=0)
    day_tokens: int | None = Field(default=10_000_000, ge=0)
    month_cost: int | None = Field(default=None, ge=0)
    prices: tuple[Decimal, Decimal] | None = None

    def cost(self, read: int, written: int) -> int:
        """Of so many tokens, rounded up to a millionth."""
        prices = self.prices or (Decimal(0), Decimal(0))
        return int((prices[0] * read + prices[1] * written).to_integral_value(ROUND_UP))

    def accounts(self, asker: Asker, now: datetime.datetime) -> Iterator[Account]:
        """Those that an answer to ``asker`` is charged to. Days and months are those of UTC."""
        today = now.astimezone(datetime.UTC)
        day, month = f"{today:%Y-%m-%d}", f"{today:%Y-%m}"
        if asker.user:
            yield self._daily("user", asker.user, day)
        if asker.server:
            yield self._daily("server", asker.server, day)
        yield self._daily("day", EVERYBODY, day)
        yield Account(scope="month", holder=EVERYBODY, period=month, cost=self.month_cost)

    def _daily(self, scope: Scope, holder: int, day: str) -> Account:
        requests: int | None = getattr(self, f"{scope}_requests")
        tokens: int | None = getattr(self, f"{scope}_tokens")
        return Account(scope=scope, holder=holder, period=day, requests=requests, tokens=tokens)


class Balance(_Value):
    """What an account has spent."""

    account: Account
    spent: Amount

    @property
    def says(self) -> str:
        """What is left, in words; nothing where it is not limited."""
        account, spent = self.account, self.spent
        left = []
        if account.requests is not None:
            left.append(f"{max(account.requests - spent.requests, 0):,} of {account.requests:,} requests")
        if account.tokens is not None:
            left.append(f"{max(account.tokens - spent.tokens, 0):,} of {account.tokens:,} tokens")
        if account.cost is not None:
            left.append(f"{max(account.cost - spent.cost, 0) / MICRO:.2f} of {account.cost / MICRO:.2f} in money")
        return ", ".join(left)


class Overspent(Exception):
    """An amount would exceed the limit of an account; nothing was charged then."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__(scope)


class Ledger(Protocol):
    """Keeps what was spent. Raises RecordsError where it cannot."""

    limits: Limits

    async def charge(self, accounts: Sequence[Account], amount: Amount) -> None:
        """To all of the accounts, or to none: raises Overspent."""

    async def refund(self, accounts: Sequence[Account], amount: Amount) -> None:
        """What a charge was too high by."""

    async def balances(self, asker: Asker, now: datetime.datetime) -> list[Balance]:
        """Of all that an answer to ``asker`` is charged to."""
        ...
