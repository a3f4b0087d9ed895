"""How good a forecast was on its own history, in a sentence for each of two horizons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.history.forecast.back_test import CHOSEN, SCORED_FROM
from sim.history.forecast.methods import MEDIAN, NAIVE
from sim.history.forecast.origins import HORIZONS
from sim.units import counted

if TYPE_CHECKING:
    from sim.history.forecast.back_test import MethodError
    from sim.history.forecast.queue_forecast import HorizonChoice, QueueForecast

AHEAD = {"1 day": "One day ahead", "4 weeks": "Four weeks ahead (days 8 to 28)"}
"""Horizons of which there is a sentence, in words."""
BASELINES = {
    MEDIAN: "the median of up to six same weekdays",
    NAIVE: "the same weekday a week before",
}
"""The naive forecast is the first of these that was tried."""
EQUAL = 5e-4
"""Errors that differ by less are shown alike."""
ROUGH = math.sqrt(2 / math.pi / 3)
"""WAPE of Poisson noise from which on it is too rough to be shown: of a mean below 3."""


def verdict_sentences(one: QueueForecast, days: int) -> list[str]:
    """Return how far off the forecast of a queue was in the back-test, a day and weeks ahead.

    Beside its error are that of the naive forecast and the error that Poisson noise alone gives.
    What was not tested is said.

    Parameters
    ----------
    one : QueueForecast
    days : int
        Days of the history.
    """
    return [
        _sentence(one, choice, days) for choice in one.choices if choice.horizon in AHEAD
    ]  # fmt: skip


def _sentence(one: QueueForecast, choice: HorizonChoice, days: int) -> str:
    title = choice.horizon
    error = one.back_test.error(CHOSEN, title)
    if error is None:
        history = f"history of {counted(days, 'day')}"
        last = next(horizon.last for horizon in HORIZONS if horizon.title == title)
        why = f"late in the {history} there were no days with contacts to compare it with"
        if days < SCORED_FROM + last:
            why = f"the {history} is too short for that"
        return f"{AHEAD[title]}, the forecast was not tested: {why}."
    tested = counted(one.back_test.days[title], "day")
    parts = [
        f"{AHEAD[title]}, {_method(choice)} was off by {_share(error.wape)} of the contacts per "
        f"interval (WAPE; {tested} tested).",
        *_compared(one, choice, error),
        f"{_bias(error)}, and {_coverage(one, choice)}.",
    ]
    return " ".join(parts)


def _method(choice: HorizonChoice) -> str:
    """Return what forecasts a horizon, of several methods the one with the largest weight."""
    largest = max(choice.weights, key=lambda name: choice.weights[name])
    if len(choice.weights) == 1:
        return f"the method {largest}"
    if not choice.is_tested:
        return f"the mean of {len(choice.weights)} methods"
    share = 100 * choice.weights[largest]
    return f"the mix of {len(choice.weights)} methods (now {share:.0f} % {largest})"


def _compared(one: QueueForecast, choice: HorizonChoice, error: MethodError) -> list[str]:
    """Return the error of the naive forecast, and the one that randomness alone gives."""
    tried = ((name, one.back_test.error(name, choice.horizon)) for name in BASELINES)
    name, naive = next(((n, found) for n, found in tried if found is not None), ("", None))
    parts = []
    if naive is not None and set(choice.weights) == {name}:
        parts.append(f"This is the naive forecast itself, {BASELINES[name]}.")
    elif naive is not None:
        parts.append(f"The naive forecast, {BASELINES[name]}, was off by {_share(naive.wape)}.")
    if one.back_test.poisson_wape <= ROUGH:
        noise = _share(one.back_test.poisson_wape)
        parts.append(f"Random variation alone (Poisson noise) gives {noise}.")
    return parts


def _bias(error: MethodError) -> str:
    if abs(error.bias) < EQUAL:
        return "On the whole, forecasts were neither too high nor too low"
    word = "high" if error.bias > 0 else "low"
    return f"On the whole, forecasts were {_share(abs(error.bias))} too {word}"


def _coverage(one: QueueForecast, choice: HorizonChoice) -> str:
    share, level = choice.coverage["intervals"], f"{100 * one.level:.0f} % prediction interval"
    if not math.isfinite(share):
        return f"too few days were tested to count how many actual counts lie inside their {level}"
    return f"{_share(share)} of the actual counts lay inside their {level}"


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"
