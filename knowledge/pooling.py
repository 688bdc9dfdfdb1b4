"""Scores of texts, pooled by what the texts belong to."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

BEST = 5  # scores that count; the best of them counts as much as all of them together


class Groups:
    """Places of texts by owner; those without an owner are left out."""

    def __init__(self, owners: Iterable[str]) -> None:
        places = defaultdict(list)
        for place, owner in enumerate(owners):
            if owner:
                places[owner].append(place)
        self._places: Mapping[str, Sequence[int]] = dict(places)
        self._table = _table(self._places)

    def of(self, owners: Container[str]) -> "Groups":
        """Without the others."""
        kept = Groups(())
        kept._places = {owner: places for owner, places in self._places.items() if owner in owners}
        kept._table = _table(kept._places)
        return kept

    def __bool__(self) -> bool:
        return bool(self._places)

    def pooled(self, scores: "Array") -> dict[str, float]:
        """Owner -> its texts' scores in one: a good match is enough, several count for more."""
        import numpy as np

        if not self._places:
            return {}
        padded = np.append(np.asarray(scores, np.float64), -np.inf)[self._table]
        best = -np.sort(-padded, axis=1)[:, :BEST]
        counted = np.isfinite(best)
        mean = np.where(counted, best, 0.0).sum(axis=1) / counted.sum(axis=1)
        pooled = 0.5 * best[:, 0] + 0.5 * mean
        return dict(zip(self._places, pooled.tolist(), strict=True))


def pooled(scores: "Array") -> float:
    """As if all had one owner."""
    return Groups("all" for _ in scores).pooled(scores)["all"]


def dense(scores: Mapping[int, float], size: int) -> "Array":
    """Scores by place, shape (size,); 0 where there is none."""
    import numpy as np

    found = np.zeros(size)
    found[list(scores)] = list(scores.values())
    return found


def _table(places: Mapping[str, Sequence[int]]) -> "Array":
    """The places of each owner in a row, shape (owners, most places), filled up with -1."""
    import numpy as np

    widest = max(map(len, places.values()), default=0)
    rows = [[*row, *[-1] * (widest - len(row))] for row in places.values()]
    return np.array(rows, np.int64).reshape(len(places), widest)
