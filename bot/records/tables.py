"""The tables. Portable types only; a change here needs a migration (``bot/migrations``)."""

import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Double,
    ForeignKey,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Utc(TypeDecorator[datetime.datetime]):
    """A moment, in UTC and aware of it on every database: some forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, _: Dialect) -> datetime.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value and value.astimezone(datetime.UTC)

    def process_result_value(self, value: datetime.datetime | None, _: Dialect) -> datetime.datetime | None:
        if value is None:
            return None
        return value.astimezone(datetime.UTC) if value.tzinfo else value.replace(tzinfo=datetime.UTC)


class Words(TypeDecorator[str]):
    """Text without what some databases refuse: NUL and halves of surrogate pairs."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _: Dialect) -> str | None:
        return value and value.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")


Number = Annotated[int, mapped_column(primary_key=True)]  # our own
Snowflake = Annotated[int, mapped_column(BigInteger)]  # Discord's
Sum = Annotated[int, mapped_column(BigInteger)]
Word = Annotated[str, mapped_column(String(20))]  # of a closed vocabulary


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Words,
        datetime.datetime: Utc,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class DebateRow(Table):
    """``open_in``: its channel as long as it is open, so that the database itself keeps two out of one channel;
    ``event``: what started it; ``gone``: the thread was deleted, so that nothing can be shown there any more;
    ``reported``: its end was told.
    """

    __tablename__ = "debates"

    id: Mapped[Number]
    guild: Mapped[Snowflake | None]
    channel: Mapped[Snowflake] = mapped_column(index=True)
    open_in: Mapped[Snowflake | None] = mapped_column(unique=True)
    starter: Mapped[Snowflake]
    event: Mapped[Snowflake]
    motion: Mapped[str]
    format: Mapped[dict[str, Any]]  # whole, so that a debate goes on although the file changes
    since: Mapped[datetime.datetime]
    as_of: Mapped[Word | None]
    status: Mapped[Word]
    votes: Mapped[dict[str, Any]]
    pace: Mapped[float] = mapped_column(Double)
    polls: Mapped[dict[str, Any]]
    gone: Mapped[bool] = mapped_column(default=False)
    reported: Mapped[bool] = mapped_column(default=False)
    seats: Mapped[list["SeatRow"]] = relationship(order_by="SeatRow.n", lazy="raise")
    turns: Mapped[list["TurnRow"]] = relationship(order_by="TurnRow.n", lazy="raise")


class SeatRow(Table):
    __tablename__ = "seats"

    debate: Mapped[int] = mapped_column(ForeignKey("debates.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[Word]
    state: Mapped[str]
    person: Mapped[str]
    pleads: Mapped[Word | None]


class TurnRow(Table):
    """``event`` is unique for good, the handled events only for some days."""

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("debate", "n"),)

    id: Mapped[Number]
    debate: Mapped[int] = mapped_column(ForeignKey("debates.id"))
    n: Mapped[int]
    side: Mapped[Word]
    kind: Mapped[Word]
    text: Mapped[str]
    at: Mapped[datetime.datetime]
    points: Mapped[list[Any]]  # read with their turn only
    answers: Mapped[int | None]
    met: Mapped[list[Any]]
    lapsed: Mapped[bool]
    event: Mapped[Snowflake | None] = mapped_column(unique=True)
    message: Mapped[Snowflake | None]
    drafter: Mapped[str]
    remark: Mapped[str]
    claims: Mapped[list["ClaimRow"]] = relationship(order_by="ClaimRow.n", lazy="raise")


class ClaimRow(Table):
    __tablename__ = "claims"
    __table_args__ = (UniqueConstraint("turn", "n"),)

    id: Mapped[Number]
    turn: Mapped[int] = mapped_column(ForeignKey("turns.id"))
    n: Mapped[int]
    text: Mapped[str]
    voice: Mapped[Word]
    to: Mapped[str]
    checked: Mapped[Word]
    citations: Mapped[list["CitationRow"]] = relationship(order_by="CitationRow.place", lazy="raise")


class CitationRow(Table):
    """``n`` is the mark that is seen, ``place`` where it stands among the claim's."""

    __tablename__ = "citations"

    claim: Mapped[int] = mapped_column(ForeignKey("claims.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int]
    passage: Mapped[str]
    quote: Mapped[str]
    argument: Mapped[str]
    source: Mapped[str]


class EventRow(Table):
    """What Discord told us and we have handled."""

    __tablename__ = "events"

    id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime.datetime] = mapped_column(index=True)


class SettingRow(Table):
    """What people set for a channel or a guild."""

    __tablename__ = "settings"

    scope: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str]


class SpendingRow(Table):
    """What the language model took of an account. ``period``: the day or the month; ``cost``: in millionths."""

    __tablename__ = "spending"

    scope: Mapped[Word] = mapped_column(primary_key=True)
    holder: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    period: Mapped[Word] = mapped_column(primary_key=True)
    requests: Mapped[int]
    tokens: Mapped[Sum]
    cost: Mapped[Sum]
