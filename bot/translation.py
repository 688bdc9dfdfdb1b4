"""A speech in the reader's language: each line is translated, and translated back, and stays English where what comes
back is not what it was.

No word of anybody but ourselves is in these prompts, so that nobody can tell the model what to write.
"""

import json
import re
from collections.abc import Iterator, Sequence

import prompts
from bot.debate import Speech
from bot.language import language_of
from bot.llm.chat import Message
from bot.wording import parts
from knowledge.names import numbers
from knowledge.paraphrase import Known
from knowledge.record import Record

LONG = 40  # characters from which the language of a line can be told
LONGER, SHORTER = 2.5, 0.3  # how much longer and shorter a translated line may be, in characters

_QUOTED = re.compile("[“«]")

Lines = tuple[str, ...]


def lines_of(speech: Speech) -> Lines:
    """All that is said in it, each once: lead-ins and sentences, without those in which somebody is quoted."""
    said = (line for part in parts(speech) for line in (part.lead_in, *part.sentences) if line)
    return tuple(dict.fromkeys(line for line in said if not _QUOTED.search(line)))


def there(lines: Lines, language: str) -> tuple[Message, ...]:
    """What a model is told to translate them."""
    return (Message("human", prompts.render("translate", language=language, lines=_listed(lines))),)


def back(lines: Lines, language: str) -> tuple[Message, ...]:
    return (Message("human", prompts.render("back", language=language, lines=_listed(lines))),)


def sound(
    lines: Lines, translated: Sequence[str], returned: Sequence[str], language: str, record: Record
) -> Iterator[tuple[str, str]]:
    """The lines whose translation holds, each with it."""
    if not len(lines) == len(translated) == len(returned):
        return
    for line, put, again in zip(lines, translated, returned, strict=True):
        fits = put != line and SHORTER * len(line) <= len(put) <= LONGER * len(line) and "\n" not in put
        if fits and numbers(put) >= _digits(line) and _is_same(again, line, record) and _is_in(put, language):
            yield line, put


def _digits(line: str) -> frozenset[str]:
    return frozenset(number for number in numbers(line) if number.replace(".", "").isdigit() and number in line)


def _is_same(again: str, line: str, record: Record) -> bool:
    same = not record.names.unsupported(again, line, {}, record.openers)
    return same and not record.paraphrase.flaws(again, Known((line,), line))


def _is_in(text: str, language: str) -> bool:
    """Short lines are in any language, for all that can be told."""
    found = language_of(text)
    return found == language or (found == "" and len(text) < LONG)


def _listed(lines: Lines) -> str:
    return "\n".join(f"{n}. {json.dumps(line, ensure_ascii=False)}" for n, line in enumerate(lines, start=1))
