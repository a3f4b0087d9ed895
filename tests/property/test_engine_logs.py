"""What must be true of every log, on random models that mix every feature."""

from dataclasses import replace

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
    engine = ("reference", "kernel")[seed % 2]
    model = random_model(np.random.default_rng([seed, whole]), whole)
    assert violations(simulate_replication(model, 1, 1, engine)) == []
    plain = without_changes_of_waiting(model)
    log = simulate_replication(plain, 1, 1, engine)
    assert violations(log) == []
    assert log_violations(log) == []


def without_changes_of_waiting(model):
    """Leave out outbound calls and what changes patience and work, which the checks do not know."""
    queues = tuple(
        replace(queue, silent=None, announce=None, conditions=()) for queue in model.queues
    )
    if model.journeys is None:
        return replace(model, queues=queues)
    kinds = tuple(replace(kind, outbound=None) for kind in model.journeys.kinds)
    return replace(model, queues=queues, journeys=replace(model.journeys, kinds=kinds))


def test_random_models_are_the_same_for_the_same_generator():
    first, second = (random_model(np.random.default_rng(5), True) for _ in range(2))
    assert repr(first) == repr(second)
