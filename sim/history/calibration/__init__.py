"""A scenario from a call log: estimates, closing of the loop, errors on days left out."""

from sim.history.calibration.calibrate_center import calibrate
from sim.history.calibration.calibration_result import Calibration

__all__ = ["Calibration", "calibrate"]
