"""What was spent on the language model, exact however many answers are given at once."""

import datetime
from collections.abc import Iterable, Sequence

from sqlalchemy import Delete, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.budget import Account, Amount, Asker, Balance, Limits, Overspent
from bot.records.sessions import Sessions
from bot.records.tables import SpendingRow

KEPT = datetime.timedelta(days=7)


class SpendingLedger:
    """Charges first and corrects afterwards, so that no limit is exceeded meanwhile. Raises RecordsError."""

    def __init__(self, sessions: Sessions, limits: Limits) -> None:
        self._sessions, self.limits = sessions, limits

    async def charge(self, accounts: Sequence[Account], amount: Amount) -> None:
        """To all of the accounts, or to none: raises Overspent."""
        for left in range(len(accounts), -1, -1):
            try:
                await self._sessions.write(lambda session: _charge(session, accounts, amount))
                break
            except IntegrityError:  # somebody opened one of them at the same moment: it is there now
                if not left:
                    raise

    async def refund(self, accounts: Sequence[Account], amount: Amount) -> None:
        """What a charge was too high by."""
        await self._sessions.write(lambda session: _refund(session, accounts, amount))

    async def balances(self, asker: Asker, now: datetime.datetime) -> list[Balance]:
        """Of all that an answer to ``asker`` is charged to."""
        accounts = list(self.limits.accounts(asker, now))
        async with self._sessions.read() as session:
            rows = [await session.get(SpendingRow, _key(account)) for account in accounts]
        spent = [Amount(requests=row.requests, tokens=row.tokens, cost=row.cost) if row else Amount() for row in rows]
        return [Balance(account=account, spent=each) for account, each in zip(accounts, spent, strict=True)]


def old_spending(now: datetime.datetime) -> Delete:
    """Lets go of what people and servers spent more than a week ago: it is kept by their ids."""
    whose = SpendingRow.scope.in_(("user", "server"))
    return delete(SpendingRow).where(whose, SpendingRow.period < f"{now - KEPT:%Y-%m-%d}")


async def _charge(session: AsyncSession, accounts: Iterable[Account], amount: Amount) -> None:
    for account in accounts:
        row = await session.get(SpendingRow, _key(account), with_for_update=True)
        if row is None:
            scope, holder, period = _key(account)
            row = SpendingRow(scope=scope, holder=holder, period=period, requests=0, tokens=0, cost=0)
            session.add(row)
        for kind, charged in amount.model_dump().items():
            most, total = getattr(account, kind), getattr(row, kind) + charged
            if most is not None and total > most:
                raise Overspent(account.scope)
            setattr(row, kind, total)


async def _refund(session: AsyncSession, accounts: Iterable[Account], amount: Amount) -> None:
    for account in accounts:
        row = await session.get(SpendingRow, _key(account), with_for_update=True)
        for kind, refunded in amount.model_dump().items() if row else ():
            setattr(row, kind, getattr(row, kind) - refunded)


def _key(account: Account) -> tuple[str, int, str]:
    return account.scope, account.holder, account.period
