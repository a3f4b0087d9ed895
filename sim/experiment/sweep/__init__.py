"""Sweeps: a designed set of scenarios, lived side by side, of which nothing is ever lost."""

from sim.experiment.sweep.pool import WorkerError
from sim.experiment.sweep.result import SweepResult
from sim.experiment.sweep.run import SweepError, sweep
from sim.experiment.sweep.study import Study, load_study

__all__ = ["Study", "SweepError", "SweepResult", "WorkerError", "load_study", "sweep"]
