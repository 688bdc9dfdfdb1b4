"""Days as people write them in a command."""

from bot.debate import sentence
from knowledge.date import Date
from knowledge.errors import QuestionError


def date_of(text: str | None) -> Date | None:
    """Raises QuestionError."""
    try:
        return Date(text.strip()) if text and text.strip() else None
    except ValueError as error:
        raise QuestionError(f"{sentence(str(error))}.") from None
