"""What Discord takes."""

from discord import Embed


def check_limits(card: Embed) -> None:
    """Discord's, in characters that count twice where it may count them twice."""
    fields = [(field.name or "", field.value or "") for field in card.fields]
    assert len(card) <= 6000
    assert len(fields) <= 25
    for most, texts in {
        256: (card.title, card.author.name, *(name for name, _ in fields)),
        1024: [value for _, value in fields],
        2048: (card.footer.text,),
        4096: (card.description,),
    }.items():
        assert all(len((text or "").encode("utf-16-le")) <= 2 * most for text in texts)
    assert all(name and value for name, value in fields)
    assert card.description or fields
