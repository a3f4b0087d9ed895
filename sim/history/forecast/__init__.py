"""Forecasts of volumes and handle times, chosen by a rolling back-test on the history.

:func:`~sim.history.forecast.forecast_volumes.forecast` is the way in.
"""

from sim.history.forecast.back_test import CHOSEN, BackTest, MethodError
from sim.history.forecast.day_busyness import DayBusyness
from sim.history.forecast.forecast_volumes import forecast, forecast_queues
from sim.history.forecast.methods import METHODS
from sim.history.forecast.queue_forecast import ForecastBand, HorizonChoice, QueueForecast

__all__ = [
    "CHOSEN",
    "METHODS",
    "BackTest",
    "DayBusyness",
    "ForecastBand",
    "HorizonChoice",
    "MethodError",
    "QueueForecast",
    "forecast",
    "forecast_queues",
]
