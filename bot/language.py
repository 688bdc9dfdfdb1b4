"""Which language somebody writes: the record is read and checked in English."""

import re
from functools import cache
from typing import Any

from knowledge.memory import trim

_LATIN = re.compile(r"[A-Za-z]")
_SURE = 0.7  # that a text is not in English, before we say so


def is_foreign(text: str) -> bool:
    """Whether it is in another language, as far as that can be told. Loads a model when it is first asked."""
    if not _LATIN.search(text):
        return True
    language, likelihood = _languages().classify(text)
    return bool(language != "en" and likelihood > _SURE)


@cache
def _languages() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # heavy, and needed only for what finds nothing

    languages = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    trim()
    return languages
