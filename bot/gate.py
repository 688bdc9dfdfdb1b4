"""The gate: every text passes here before anybody sees it.

Nothing shown hides or turns other characters, formats or pings on a stranger's behalf, or links anywhere but to one of
our own sources. (Pings are also forbidden to the client as a whole: escaping alone can be got round.)
"""

import re

from bot.question import visible
from knowledge.source import Source

_ADDRESS = re.compile(r"(?<!\S)\S*://\S*|\b(?:www\.|discord\.gg/|discord(?:app)?\.com/invite/)\S*", re.I)
_MARKUP = re.compile(r"([\\*_~`|>#\[\]<@]|(?<!\w)[-:]|(?<=^\d)\.|(?<=^\d\d)\.)", re.M)

NO_LINK = "(link removed)"


def plain(text: str) -> str:
    """``text`` for a terminal: no hidden or control characters, no foreign addresses."""
    return _ADDRESS.sub(NO_LINK, visible(text))


def markdown(text: str) -> str:
    """``text`` for Discord: as ``plain``, and with every character escaped that could format or mention."""
    return _MARKUP.sub(r"\\\1", plain(text))


def link(source: Source, text: str = "") -> str:
    """A link to one of our sources, and the only way to show one in Discord; its text alone where no page is known."""
    shown = markdown(text or source.publisher)
    return f"[{shown}](<{source.url}>)" if source.url else shown


def clipped(text: str, most: int) -> str:
    """``text`` cut at a word to at most ``most`` characters, the cut marked."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip("\\ ") + "…"
