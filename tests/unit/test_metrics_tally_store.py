"""Many tallies side by side: packed small, and nothing lost."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.metrics import Tally, stack, tally_log
from sim.metrics import tally_store as module
from sim.metrics.tally_fields import WAIT_EDGES, IssueSum, JourneySum, LegSum, TimeSum, names
from sim.scenario import load

QUEUES, GROUPS, INTERVALS = 2, 1, 3


def some(seed: int) -> Tally:
    """A tally of many zeros, whole numbers, parts of seconds, and numbers below zero."""
    rng = np.random.default_rng(seed)

    def sums(count: int, members: int) -> np.ndarray:
        shape = (count, members, INTERVALS)
        values = rng.integers(0, rng.choice([3, 300, 70_000, 2**33]), shape).astype(float)
        values[rng.uniform(size=shape) < 0.1] += rng.uniform()
        values[rng.uniform(size=shape) < 0.02] *= -1
        return np.where(rng.uniform(size=shape) < 0.7, 0.0, values)

    def classes() -> np.ndarray:
        return rng.poisson(0.01, (QUEUES, WAIT_EDGES.size)).astype(np.int32)

    return Tally(
        legs=sums(len(LegSum), QUEUES), issues=sums(len(IssueSum), QUEUES),
        time=sums(len(TimeSum), GROUPS), longest=rng.uniform(0, 9, QUEUES),
        waits=classes(), completions=classes(), journeys=rng.uniform(0, 9, (len(JourneySum), 5, 1)),
        unstable=bool(rng.integers(2)),
    )  # fmt: skip


@settings(max_examples=25)
@given(seeds=st.lists(st.integers(0, 2**32), min_size=1, max_size=7), limit=st.integers(1, 200_000))
def test_nothing_is_lost(seeds: list[int], limit: int) -> None:
    given_ = [some(seed) for seed in seeds]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK_BYTES", limit)
        packed = stack(iter(given_))
    assert packed.runs == len(seeds)
    assert (packed.legs == np.stack([t.legs for t in given_])).all()
    for base, kind in module.KINDS.items():
        for k, name in enumerate(names(kind)):
            meant = np.stack([getattr(t, base)[k] for t in given_])
            assert (packed.of(base, name) == meant).all()
    assert (packed.longest == np.stack([t.longest for t in given_])).all()
    assert (packed.unstable == [t.unstable for t in given_]).all()
    for amount in ("waits", "completions"):
        whole = np.stack([getattr(t, amount) for t in given_])
        assert (packed.classes(amount, [1]) == whole[:, 1]).all()
        assert (packed.classes(amount, [0, 1]) == whole.sum(axis=1)).all()


def test_tallies_can_be_joined() -> None:
    one, two, three = (some(seed) for seed in range(3))
    joined = stack([one]) + stack([two, three])
    assert (joined.legs == stack([one, two, three]).legs).all()
    assert joined.runs == 3


def test_ten_thousand_days_fit(repo_root: Path) -> None:
    """A replication of a flat day takes less than 10 kB, so that 10,000 take less than 100 MB."""
    from sim.engine import simulate_replication
    from sim.model.build_model import build_model

    model = build_model(load(repo_root / "scenarios" / "transient_day.toml"))
    days = [tally_log(simulate_replication(model, 1, replication)) for replication in (1, 2, 3)]
    packed = stack([days[k % 3] for k in range(300)])
    parts = [part for block in packed.blocks for part in block.parts.values()]
    assert sum(part.places.nbytes + part.values.nbytes for part in parts) / 300 < 10_000
    assert days[0].nbytes > 30_000
