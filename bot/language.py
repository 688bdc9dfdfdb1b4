"""Which language somebody writes: the record is read and checked in English."""

import re
from functools import cache
from typing import Any

from knowledge.memory import trim

# Those that an answer may be translated into, by ISO 639-1.
NAMES = {
    "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish", "et": "Estonian",
    "fi": "Finnish", "fr": "French", "hr": "Croatian", "hu": "Hungarian", "is": "Icelandic", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "sk": "Slovak", "sl": "Slovene",
    "sq": "Albanian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
}  # fmt: skip

_LATIN = re.compile(r"[A-Za-z]")
_SURE = 0.7  # that a text is not in English, before we say so


def is_foreign(text: str) -> bool:
    """Whether it is in another language, as far as that can be told. Loads a model when it is first asked."""
    return not _LATIN.search(text) or _language(text) != "en"


def language_of(text: str) -> str:
    """The name of the language that a text is in; nothing where it is English, or none of ours, or not clear."""
    return NAMES.get(_language(text), "")


def _language(text: str) -> str:
    """As ISO 639-1 has it; English where nothing else is sure."""
    language, likelihood = _languages().classify(text)
    return str(language) if likelihood > _SURE else "en"


@cache
def _languages() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # heavy, and needed only for what finds nothing

    languages = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    trim()
    return languages
