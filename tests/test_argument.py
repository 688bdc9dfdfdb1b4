from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.argument import LONGEST_CLAIM, Argument

FIELDS: dict[str, Any] = {
    "id": "so-it-is",
    "claim": "So it is.",
    "topic": "role",
    "side": "for",
    "held_by": ("FR",),
    "questions": ("Is it so?",),
}


def argument(**changes: Any) -> Argument:
    return Argument.model_validate(FIELDS | changes)


@pytest.mark.parametrize("ground", [{}, {"quote": "So it is.", "facts": ("FR-01",)}])
def test_an_argument_rests_on_a_quote_or_on_facts(ground: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="it rests on a quote or on facts: give one of the two"):
        argument(**ground)


def test_what_only_tells_a_fact_is_bare() -> None:
    assert argument(facts=("FR-01",)).is_bare
    assert not argument(quote="So it is.").is_bare
    assert not argument(facts=("FR-01",), says=("It is so.",)).is_bare
    assert not argument(facts=("FR-01",), counters=("It is not so.",)).is_bare


def test_a_claim_is_as_long_as_a_listener_takes_in() -> None:
    assert argument(quote="So", claim="word " * LONGEST_CLAIM)
    with pytest.raises(
        ValidationError, match=f"at most {LONGEST_CLAIM} words, this one has {LONGEST_CLAIM + 1}: shorten"
    ):
        argument(quote="So", claim="word " * (LONGEST_CLAIM + 1))
