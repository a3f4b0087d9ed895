"""Tallies of the compiled engine are those of the log, equal to the bit."""

from dataclasses import dataclass, fields, replace

import numpy as np
import pytest

import sim
from sim.distributions import Deterministic, Exponential, Points, TimeDistribution
from sim.engine import simulate_replication
from sim.engine.kernel.single_queue import as_single_queue
from sim.experiment.kernel_tallies import KernelTallier
from sim.model import AtClose, Model, Queue, build
from sim.resources import scenarios_dir
from sim.tape import draw_tape
from verification.engine_differences import sums_difference
from verification.random_models import random_model

SINGLE_QUEUES = ("erlang_a", "one_agent_late", "power_of_one", "transient_day")


def summed_differs(model: Model, engine: str) -> str | None:
    return sums_difference(simulate_replication(model, 1, 1, engine))


@pytest.mark.parametrize("whole", [False, True], ids=["seconds", "whole minutes"])
def test_sums_of_random_models_are_those_of_the_log(whole: bool) -> None:
    for seed in range(80):
        model = random_model(np.random.default_rng([seed, whole]), whole)
        found = summed_differs(model, "kernel")
        assert found is None, f"random model {seed} {whole}: {found}"


def test_memory_used_before_does_not_change_a_replication() -> None:
    model = build(sim.load(scenarios_dir() / "retail_monday.toml"))
    summer = KernelTallier(model)
    first = summer.tally(draw_tape(model, 1, 1))
    summer.tally(draw_tape(model, 1, 2))
    again = summer.tally(draw_tape(model, 1, 1))
    assert np.array_equal(first.legs, again.legs)
    assert np.array_equal(first.issues, again.issues)
    assert np.array_equal(first.time, again.time)


# -- a single queue, contact by contact ------------------------------------------------------------


def _random_single_queue(rng: np.random.Generator) -> Model:
    """Return a short plain center: a busy hour or two, times of whole minutes or seconds."""
    model = build(sim.load(scenarios_dir() / "transient_day.toml"))
    whole = rng.random() < 0.5

    def any_distribution(mean: float) -> TimeDistribution:
        kind = rng.integers(4)
        if kind == 0:
            return Deterministic(60 * np.ceil(mean / 60) if whole else mean)
        if kind == 1:
            return Points(u=np.array([0, 0.5, 0.5, 1.0]), x=mean * np.array([0, 0, 2, 2]))
        return Exponential(mean, zero=float(rng.choice([0.0, 0.2])))

    [queue], [group] = model.queues, model.groups
    agents = int(rng.integers(1, 9))
    talk = float(rng.integers(1, 7)) * 60
    expected = np.where(queue.demand.expected > 0, agents * rng.uniform(3, 40) / (talk / 60), 0.0)
    recorded = None
    if whole:
        opens, closes = queue.hours[0]
        born = opens + 60 * rng.integers(0, int(closes - opens) // 60, int(expected.sum()))
        recorded = np.sort(born).astype(np.float64)
    headcount = np.where(group.headcount > 0, agents, 0)
    if rng.random() < 0.5:  # there before opening and after closing
        headcount[:] = agents
    queue = replace(
        queue,
        demand=replace(queue.demand, expected=expected, recorded=recorded),
        at_close=AtClose(int(rng.integers(3))),
        talk=any_distribution(talk),
        hold=any_distribution(float(rng.choice([0.0, 60.0]))) if rng.random() < 0.5 else queue.hold,
        wrap=any_distribution(60.0) if rng.random() < 0.5 else queue.wrap,
        patience=any_distribution(float(rng.choice([30.0, 120.0, 600.0]))),
    )
    skill = replace(group.skills[0], speed=np.array([float(rng.choice([1.0, 0.9]))]))
    group = replace(
        group, headcount=headcount, scheduled=headcount.astype(float), agents=agents,
        skills=(skill,),
    )  # fmt: skip
    warm = float(rng.choice([0.0, 9 * 3600.0 + 7]))
    return replace(model, queues=(queue,), groups=(group,), measure_from=warm)


@pytest.mark.parametrize("name", SINGLE_QUEUES)
def test_scenarios_of_a_single_queue_are_recognized(name: str) -> None:
    model = build(sim.load(scenarios_dir() / f"{name}.toml"))
    single = as_single_queue(model)
    assert single is not None
    assert single.simulate(draw_tape(model, 1, 1)) is not None


def test_a_single_queue_gives_the_sums_of_the_event_loop() -> None:
    for seed in range(60):
        model = _random_single_queue(np.random.default_rng(seed))
        single = as_single_queue(model)
        assert single is not None
        assert single.simulate(draw_tape(model, 1, 1)) is not None
        found = summed_differs(model, "kernel")
        assert found is None, f"random single queue {seed}: {found}"


@pytest.mark.parametrize(
    "change",
    [{"balk": 0.1}, {"limit": 5.0}, {"longest_wait": 60.0}, {"lines": 40.0}, {"resolved": 0.8}],
    ids=lambda change: next(iter(change)),
)
def test_a_queue_with_more_features_takes_the_event_loop(change: dict[str, float]) -> None:
    model = build(sim.load(scenarios_dir() / "transient_day.toml"))
    more = replace(model, queues=(replace(model.queues[0], **change),))
    assert as_single_queue(more) is None
    assert summed_differs(more, "kernel") is None


@dataclass(frozen=True, slots=True)
class ExtendedQueue(Queue):
    """A queue with a field that the simulation of a single queue does not know."""

    shun: float = 0.0


@pytest.mark.parametrize("shun", [0.0, 0.3])
def test_a_queue_with_an_unknown_field_takes_the_event_loop_where_it_is_set(shun: float) -> None:
    model = build(sim.load(scenarios_dir() / "transient_day.toml"))
    queue = {one.name: getattr(model.queues[0], one.name) for one in fields(model.queues[0])}
    extended = replace(model, queues=(ExtendedQueue(**queue, shun=shun),))
    assert (as_single_queue(extended) is None) == (shun > 0)


def test_a_headcount_that_changes_takes_the_event_loop() -> None:
    model = build(sim.load(scenarios_dir() / "transient_day.toml"))
    headcount = model.groups[0].headcount.copy()
    headcount[20] -= 1
    more = replace(model, groups=(replace(model.groups[0], headcount=headcount),))
    single = as_single_queue(more)
    assert single is not None
    assert single.simulate(draw_tape(more, 1, 1)) is None
    assert summed_differs(more, "kernel") is None
