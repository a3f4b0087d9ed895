"""An open contact-center simulator and staffing planner.

Load a scenario, simulate it, compare it with another, staff it::

    import sim
    center = sim.load("scenarios/retail_monday.toml")
    result = sim.simulate(center, runs=100)

Every name is imported on first use, so that ``import sim`` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sim.erlang as erlang
    from sim.experiment import ReplicationError, Result, best, compare, simulate
    from sim.experiment.sweep import SweepError, WorkerError, sweep
    from sim.fileio import OutputError
    from sim.history.calibration import calibrate
    from sim.history.forecast_history import forecast
    from sim.planning import invest, plan_roster, plan_shifts, staff, staff_by_simulation, validate
    from sim.scenario import Scenario, ScenarioError, load
    from sim.units import BadInputError

    __version__: str

__all__ = [
    "BadInputError",
    "OutputError",
    "ReplicationError",
    "Result",
    "Scenario",
    "ScenarioError",
    "SweepError",
    "WorkerError",
    "__version__",
    "best",
    "calibrate",
    "compare",
    "erlang",
    "forecast",
    "invest",
    "load",
    "plan_roster",
    "plan_shifts",
    "simulate",
    "staff",
    "staff_by_simulation",
    "sweep",
    "validate",
]

_HOME = {
    "BadInputError": "sim.units",
    "OutputError": "sim.fileio",
    "ReplicationError": "sim.experiment",
    "Result": "sim.experiment",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.scenario",
    "SweepError": "sim.experiment.sweep",
    "WorkerError": "sim.experiment.sweep",
    "best": "sim.experiment",
    "calibrate": "sim.history.calibration",
    "compare": "sim.experiment",
    "forecast": "sim.history.forecast_history",
    "invest": "sim.planning",
    "load": "sim.scenario",
    "plan_roster": "sim.planning",
    "plan_shifts": "sim.planning",
    "simulate": "sim.experiment",
    "staff": "sim.planning",
    "staff_by_simulation": "sim.planning",
    "sweep": "sim.experiment.sweep",
    "validate": "sim.planning",
}


def __getattr__(name: str) -> object:
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    elif name == "erlang":
        value = import_module("sim.erlang")
    elif name == "__version__":
        value = _version()
    else:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ccplan")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0+unknown"
