"""What a search found, as a test wants it."""

from knowledge.findings import Findings, Match
from knowledge.record import Record


def found(record: Record, question: str, *nearest: str) -> Findings:
    """A search that puts ``nearest`` first, a little apart, and everything else far behind."""
    scores = dict.fromkeys(record.arguments, 0.1) | {id: 1.0 - 0.01 * place for place, id in enumerate(nearest)}
    matches = [Match(record.arguments[id], score) for id, score in scores.items()]
    return Findings(question, (), tuple(sorted(matches, key=lambda match: -match.score)), 1.0)
