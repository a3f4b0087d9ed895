"""What must be true of every log, on random models that mix every feature."""

import numpy as np
import pytest

from sim.engine import simulate_replication
from sim.metrics.invariants import violations
from tests.support.log_checks import log_violations
from verification.random_models import random_model

SEEDS = range(80)


@pytest.mark.parametrize("whole", [False, True], ids=["any time", "whole seconds"])
@pytest.mark.parametrize("seed", SEEDS)
def test_log_of_a_random_model_is_sound(seed, whole):
    model = random_model(np.random.default_rng([seed, whole]), whole)
    log = simulate_replication(model, 1, 1, ("reference", "kernel")[seed % 2])
    assert violations(log) == []
    assert log_violations(log) == []


def test_random_models_are_the_same_for_the_same_generator():
    first, second = (random_model(np.random.default_rng(5), True) for _ in range(2))
    assert repr(first) == repr(second)
