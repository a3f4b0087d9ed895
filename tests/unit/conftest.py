"""Results that several unit tests read, simulated once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from sim.experiment import Result
from sim.scenario import Scenario


@pytest.fixture(scope="session")
def understaffed_peak(repo_root: Path) -> tuple[Scenario, Result]:
    """A peak with callbacks and four agents too few, with its result."""
    scenario = sim.load(repo_root / "scenarios" / "callback_peak.toml", ["group.sales.agents=-4"])
    return scenario, sim.simulate(scenario, runs=5)


@pytest.fixture(scope="module")
def quick_calibration() -> Iterator[None]:
    """Calibrations simulate fewer replications than in earnest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.history.calibration.calibrate_center.FIT_RUNS", 8)
        patch.setattr("sim.history.calibration.close_loop.STEPS", 1)
        patch.setattr("sim.history.calibration.close_loop.RUNS", 4)
        patch.setattr("sim.history.calibration.assumption_effects.RUNS", 4)
        yield


@pytest.fixture(scope="session")
def monday(repo_root: Path) -> tuple[Scenario, Result]:
    """The Monday of a retail bank, with its result."""
    scenario = sim.load(repo_root / "scenarios" / "retail_monday.toml")
    return scenario, sim.simulate(scenario, runs=3)
