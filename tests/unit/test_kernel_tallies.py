"""Replications that are simulated together have the tallies of their logs, equal to the bit."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

import sim
from sim.engine import replication_simulator
from sim.engine.kernel import buffers
from sim.engine.kernel.layout import StateTables
from sim.experiment.kernel_tallies import KernelTallier
from sim.metrics import Tally, tally_log
from sim.model import Model, build
from sim.resources import scenarios_dir
from sim.tape.tape_drawer import TapeDrawer
from verification.random_models import random_model

NUMBERS = range(3, 7)


def shipped(name: str) -> Model:
    return build(sim.load(scenarios_dir() / f"{name}.toml"))


def assert_those_of_logs(model: Model, antithetic: bool = False) -> list[Tally]:
    tallier, drawer = KernelTallier(model), TapeDrawer(model, antithetic)
    simulate = replication_simulator(model, "kernel", antithetic)
    together = tallier.tally_together(drawer.draw_together(1, NUMBERS))
    for number, tally in zip(NUMBERS, together, strict=True):
        for other in (tally_log(simulate(1, number)), tallier.tally(drawer.draw(1, number))):
            for field in fields(Tally):
                np.testing.assert_array_equal(
                    getattr(tally, field.name), getattr(other, field.name), err_msg=field.name
                )
    return together


@pytest.mark.parametrize("antithetic", [False, True])
@pytest.mark.parametrize("name", ["retail_monday", "email_backlog", "transient_day"])
def test_tallies_of_a_shipped_scenario_are_those_of_its_logs(name: str, antithetic: bool) -> None:
    assert_those_of_logs(shipped(name), antithetic)


@pytest.mark.parametrize("seed", range(12))
def test_tallies_of_a_random_model_are_those_of_its_logs(seed: int) -> None:
    model = random_model(np.random.default_rng(seed))
    groups = tuple(replace(group, absent=0.3 * (seed % 2)) for group in model.groups)
    assert_those_of_logs(replace(model, groups=groups))


def test_a_replication_that_needs_larger_tables_starts_over_and_the_others_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    allocate, sizes = buffers._allocate, []

    def small(*arguments: Any) -> tuple[Any, StateTables]:
        memory, state = allocate(*arguments)
        sizes.append(arguments[-1])
        rows = 20 if arguments[-1] < 8 else len(state.events)
        return memory, state._replace(events=state.events[:rows])

    model = shipped("retail_monday")
    usual = assert_those_of_logs(model)
    monkeypatch.setattr(buffers, "_allocate", small)
    for one, other in zip(usual, assert_those_of_logs(model), strict=True):
        assert one.legs.tolist() == other.legs.tolist()
    assert max(sizes) == 8
