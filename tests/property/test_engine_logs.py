"""What must be true of every log, on random models that mix every feature."""

from dataclasses import replace

import numpy as np
import pytest

from sim.engine import play
from sim.metrics.check import violations
from tests.log_checks import unsound
from tests.random_worlds import random_model

SEEDS = range(80)
BROKEN = ("lines_are_fair",)  # see tests/unit/test_engine_faults.py; empty when that is


def without_warm_transfers(model):
    """Leave out what tests/unit/test_engine_faults.py shows to be broken as yet."""
    queues = [
        replace(q, transfers=tuple(replace(t, warm=False) for t in q.transfers))
        for q in model.queues
    ]
    return replace(model, queues=tuple(queues))


@pytest.mark.parametrize("whole", [False, True], ids=["any time", "whole seconds"])
@pytest.mark.parametrize("seed", SEEDS)
def test_log_of_a_random_model_is_sound(seed, whole):
    model = without_warm_transfers(random_model(np.random.default_rng([seed, whole]), whole))
    log = play(model, 1, 1)
    assert violations(log) == []
    assert [found for found in unsound(log) if not found.startswith(BROKEN)] == []


def test_random_models_are_the_same_for_the_same_generator():
    first, second = (random_model(np.random.default_rng(5), True) for _ in range(2))
    assert repr(first) == repr(second)
