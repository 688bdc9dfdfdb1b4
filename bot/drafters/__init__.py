"""Who proposes the words of a speech."""

from dataclasses import dataclass

from knowledge.delegation import Delegation
from knowledge.findings import Findings


@dataclass(frozen=True)
class Brief:
    """What a drafter works from. ``findings``: for the question put to the seat by name; ``at_large``: for the same
    question with the seat left out, which tells what it is about; ``scope``: the delegations (codes) that the
    rapporteur is asked about, where they are several.
    """

    question: str
    seat: Delegation
    findings: Findings
    at_large: Findings
    scope: tuple[str, ...] = ()
