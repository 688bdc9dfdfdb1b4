import numpy as np
import pytest

from knowledge.likeness import AS_IT_IS, FAR, NEAR, fit


def test_the_bundled_model_is_taken_as_it_is() -> None:
    cosines = np.array([0.1, 0.9], np.float32)
    assert AS_IT_IS.of(cosines) is cosines


def test_cosines_that_bunch_are_spread_to_where_the_bundled_model_has_them() -> None:
    together, apart = np.array([0.9, 0.88, 0.92]), np.array([0.76, 0.78, 0.77])
    scale = fit(together, apart)
    assert scale.of(together).mean() == pytest.approx(NEAR)
    assert scale.of(apart).mean() == pytest.approx(FAR)


def test_the_order_of_what_is_near_stays() -> None:
    cosines = np.linspace(0.7, 0.95, 20)
    assert (np.diff(fit(np.array([0.9]), np.array([0.75])).of(cosines)) > 0).all()


def test_an_embedding_that_tells_nothing_apart_breaks_nothing() -> None:
    assert np.isfinite(fit(np.array([0.5]), np.array([0.5])).of(np.array([0.5]))).all()
