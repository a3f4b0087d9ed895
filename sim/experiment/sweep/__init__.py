"""Sweeps: a designed set of scenarios, simulated in parallel and resumed after any interruption."""

from sim.experiment.sweep.result import SweepResult
from sim.experiment.sweep.run_sweep import SweepError, sweep
from sim.experiment.sweep.study import Study, load_study
from sim.experiment.sweep.worker_pool import WorkerError

__all__ = ["Study", "SweepError", "SweepResult", "WorkerError", "load_study", "sweep"]
