"""Whether the record speaks to a question at all.

No single score tells: questions on the record and off it overlap on each. Four signs are weighed instead, by a
logistic regression fitted on ``calibration.yaml`` whenever the index is built: the nearest passage, the nearest
question known to lead elsewhere, the share of the question's words that the library knows, and the direction of the
question's vector. Each calibration question is judged as if it had been left out of what it is compared with.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

RIDGE = 1.0  # shrinks the direction: 384 numbers from some hundred questions
PRIOR = 0.33  # shrinks the weights of the four signs
STEEPNESS, HALFWAY = 30.0, 0.95  # of the judgement by words alone; one in nine of the calibration's passes wrongly
ENOUGH = 0.5  # probability from which the record is taken to speak to a question


@dataclass(frozen=True)
class Relevance:
    """A fitted judgement: probability that the record speaks to a question."""

    direction: list[float]
    centre: list[float]
    scale: list[float]
    weights: list[float]

    def probability(self, vector: "Array", signs: Sequence[float]) -> float:
        """``signs``: nearest passage, nearest question that leads elsewhere, share of words known."""
        import numpy as np

        leaning = float(np.append(vector, 1.0) @ np.array(self.direction))
        standard = (np.array([*signs, leaning]) - np.array(self.centre)) / np.array(self.scale)
        return float(_logistic(np.append(standard, 1.0) @ np.array(self.weights)))

    def dumps(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> "Relevance":
        return cls(**json.loads(text))


def by_words(known: float) -> float:
    """The probability as far as words alone tell: by the share of the question's that the library knows."""
    import math

    return 1.0 / (1.0 + math.exp(-STEEPNESS * (known - HALFWAY)))


def fit(answered: "Array", elsewhere: "Array", questions: "Array", signs: "Array") -> Relevance:
    """Fit on vectors of calibration questions (rows) and their first three signs, in the order answered, elsewhere.

    ``questions`` are the annotations' own: they lean the right way too, but are too near the passages to be judged.
    """
    import numpy as np

    count = len(answered) + len(elsewhere)
    vectors = np.vstack([answered, elsewhere, questions])
    target = np.concatenate([np.ones(len(answered)), -np.ones(len(elsewhere)), np.ones(len(questions))])
    direction, left_out = _ridge(vectors, target)
    features = np.column_stack([signs, left_out[:count]])
    centre, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    standard = np.column_stack([(features - centre) / scale, np.ones(count)])
    weights = _regress(standard, target[:count] > 0)
    return Relevance(direction.tolist(), centre.tolist(), scale.tolist(), weights.tolist())


def _ridge(vectors: "Array", target: "Array") -> "tuple[Array, Array]":
    """Balanced ridge regression: its coefficients, and each row's prediction with that row left out."""
    import numpy as np

    rows = np.column_stack([vectors, np.ones(len(vectors))]).astype(np.float64)
    share = np.where(target > 0, (target > 0).mean(), (target < 0).mean())
    weight = 0.5 / share
    inverse = np.linalg.inv((rows * weight[:, None]).T @ rows + RIDGE * np.eye(rows.shape[1]))
    coefficients = inverse @ (rows * weight[:, None]).T @ target
    leverage = weight * np.einsum("ij,jk,ik->i", rows, inverse, rows)
    fitted = rows @ coefficients
    return coefficients, target - (target - fitted) / (1.0 - leverage)


def _regress(standard: "Array", positive: "Array") -> "Array":
    """Balanced logistic regression by Newton's method."""
    import numpy as np

    balance = np.where(positive, 0.5 / positive.mean(), 0.5 / (1.0 - positive.mean()))
    weights = np.zeros(standard.shape[1])
    prior = PRIOR * np.eye(standard.shape[1])
    prior[-1, -1] = 0.0
    for _ in range(30):
        guess = _logistic(standard @ weights)
        slope = standard.T @ (balance * (positive - guess)) - prior @ weights
        curve = (standard * (balance * guess * (1.0 - guess))[:, None]).T @ standard + prior
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def _logistic(value: Any) -> Any:
    import numpy as np

    return 1.0 / (1.0 + np.exp(-value))
