"""How good a forecast was on its own history, in a sentence for each of two horizons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.history.forecast.back_test import CHOSEN
from sim.history.forecast.methods import MEDIAN, NAIVE
from sim.units import counted

if TYPE_CHECKING:
    from sim.history.forecast.back_test import MethodError
    from sim.history.forecast.queue_forecast import HorizonChoice, QueueForecast

AHEAD = {"1 day": "One day ahead", "4 weeks": "Four weeks ahead (days 8 to 28)"}
"""Horizons of which there is a sentence, in words."""
BASELINES = {
    MEDIAN: "the median of six same weekdays",
    NAIVE: "the same weekday a week before",
}
"""The naive forecast is the first of these that was tried."""
EQUAL = 5e-4
"""Errors that differ by less are shown alike."""


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
        return (
            f"{AHEAD[title]}, the forecast was not tested: the history of {counted(days, 'day')} "
            "is too short for that."
        )
    tested = one.back_test.days[title]
    over = f" of {counted(tested, 'day')}" if title == one.choices[0].horizon else ""
    parts = [
        f"{AHEAD[title]}, {_method(choice)} missed the contacts of intervals by "
        f"{_share(error.wape)} in the back-test{over} (WAPE).",
        *_compared(one, choice, error),
        f"{_bias(error)}, and {_coverage(one, choice, days)}.",
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
        gap = error.wape - naive.wape
        word = "as much" if abs(gap) < EQUAL else "more" if gap < 0 else "less"
        missed = f"missed by {word}, {_share(naive.wape)}"
        parts.append(f"The naive forecast, {BASELINES[name]}, {missed}.")
    if math.isfinite(one.back_test.poisson_wape):
        noise = _share(one.back_test.poisson_wape)
        parts.append(f"Random variation alone (Poisson noise) gives {noise}.")
    return parts


def _bias(error: MethodError) -> str:
    if abs(error.bias) < EQUAL:
        return "On the whole, forecasts were neither too high nor too low"
    word = "high" if error.bias > 0 else "low"
    return f"On the whole, forecasts were {_share(abs(error.bias))} too {word}"


def _coverage(one: QueueForecast, choice: HorizonChoice, days: int) -> str:
    share, level = choice.coverage["intervals"], f"{100 * one.level:.0f} % prediction interval"
    if not math.isfinite(share):
        return (
            f"the history of {counted(days, 'day')} is too short to count how many actual counts "
            f"lie inside their {level}"
        )
    return f"{_share(share)} of the actual counts lay inside their {level}"


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"
