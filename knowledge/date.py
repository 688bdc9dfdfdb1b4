"""A date as the record knows it: a day, a month or a year."""

import calendar
import datetime
import re
from typing import Any

from pydantic_core import CoreSchema, core_schema

_FORM = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)


class Date:
    """``2024-05-30``, ``2024-05`` or ``2024``. Dates are in order by the last day that they may mean: what may be newer
    than a day counts as newer.
    """

    __slots__ = ("_month", "_text", "last")

    def __init__(self, text: str) -> None:
        """Raises ValueError unless it is a date in one of the three forms."""
        form = _FORM.fullmatch(text)
        if form is None or not _exists(form):
            raise ValueError(f"{text!r} is no date: write 2024-05-30, 2024-05 or 2024")
        year, month, day = (int(part or 0) for part in form.groups())
        self._text, self._month = text, month
        last_month = month or 12
        first = datetime.date(year, last_month, 1)
        self.last = datetime.date(year, last_month, day) if day else first.replace(day=_days(first))

    def isoformat(self) -> str:
        return self._text

    @property
    def words(self) -> str:
        """As people write it: ``30 May 2024``, ``May 2024``, ``2024``."""
        if len(self._text) == len("2024-05-30"):
            return f"{self.last.day} {self.last:%B %Y}"
        return f"{self.last:%B %Y}" if self._month else f"{self.last.year}"

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"Date({self._text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Date) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __lt__(self, other: "Date") -> bool:
        return self.last < other.last

    def __le__(self, other: "Date") -> bool:
        return self.last <= other.last

    def __gt__(self, other: "Date") -> bool:
        return self.last > other.last

    def __ge__(self, other: "Date") -> bool:
        return self.last >= other.last

    @classmethod
    def read(cls, value: object) -> "Date":
        """From what YAML makes of a date: a date, a year in digits or a text. Raises ValueError."""
        return value if isinstance(value, cls) else cls(str(value))

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> CoreSchema:
        text = core_schema.plain_serializer_function_ser_schema(str)
        return core_schema.no_info_plain_validator_function(cls.read, serialization=text)


def _exists(form: re.Match[str]) -> bool:
    year, month, day = (int(part or 1) for part in form.groups())
    return year > 0 and day <= calendar.monthrange(year, month)[1]


def _days(month: datetime.date) -> int:
    return calendar.monthrange(month.year, month.month)[1]
