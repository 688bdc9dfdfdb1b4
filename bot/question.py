"""What people ask, made fit to be read, or refused in one sentence."""

import re
import unicodedata

from knowledge.errors import QuestionError

LONGEST = 2000  # characters: what one Discord message holds

EXAMPLES = {
    "question": "Should NATO open an office in Tokyo?",
    "claim": "A war over Taiwan would stay in Asia.",
    "motion": "Does NATO have a role in the Indo-Pacific?",
}

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and marks that show as nothing: joiners, fillers, variation selectors.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_LETTERS = re.compile(r"[^\W\d_]{2}")


def asked(text: str, kind: str = "question") -> str:
    """``text`` without hidden characters and with plain spaces. ``kind``: what people are told it should have been.

    Raises QuestionError.
    """
    question = " ".join(visible(text).split())
    if not question:
        raise QuestionError(f"There is no {kind} here; write one, such as “{EXAMPLES[kind]}”")
    if len(question) > LONGEST:
        has = f"A {kind} may have {LONGEST:,} characters and this one has {len(question):,}"
        raise QuestionError(f"{has}; shorten it and send it again.")
    if not _LETTERS.search(question):
        raise QuestionError(f"There are no words in that; write a {kind} in English.")
    return question


def visible(text: str) -> str:
    """``text`` without characters that hide, control or turn the direction of others; line breaks stay."""
    return "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if character in "\n\t" or (unicodedata.category(character) not in _UNSEEN and not _BLANK.match(character))
    )
