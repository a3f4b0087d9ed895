"""The gap after contacts apart from pauses, where the data distinguish them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from sim.array_types import Floats
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.gap_after_contact import AT_ONCE, WaitingGaps
from sim.history.estimation.kaplan_meier import curve_replicates, survival_curve
from sim.history.estimation.likelihood import LikelihoodFit, fit_likelihood, grouped
from sim.history.estimation.method_error import GAP
from sim.history.estimation.patience_models import FAMILIES
from sim.history.estimation.pause_lengths import FEWEST, PauseLengths, pause_lengths
from sim.history.estimation.pauses import LONGEST_GAP_AT_WORK

_FEWEST = 100
_BETTER = 10.0
"""By how much AIC must be less with pauses: very strong evidence (Burnham and Anderson 2002)."""
LEAST_PAUSES = 0.01
"""Fewer pauses per gap than this are not distinguished from a long tail of gaps."""
_AT = np.array([LONGEST_GAP_AT_WORK])
_LOGNORMAL = FAMILIES["lognormal"]


@dataclass(frozen=True)
class GapsAndPauses:
    """What times between contacts are made of while customers wait.

    Attributes
    ----------
    gap : DayEstimate
        Mean (s) of gaps that are no pauses, zeros included: some of them may be longer than 3 min.
    pauses : DayEstimate
        Share of contacts that a gap of more than 3 min follows.
    length : DayEstimate
        Mean length of these (s).
    lengths : PauseLengths
    """

    gap: DayEstimate
    pauses: DayEstimate
    length: DayEstimate
    lengths: PauseLengths


def gaps_and_pauses(gaps: WaitingGaps, bootstrap: DayBootstrap) -> GapsAndPauses | None:
    """Return gaps apart from pauses; None where the data do not distinguish them.

    Parameters
    ----------
    gaps : WaitingGaps
    bootstrap : DayBootstrap
        Days of the contacts that `gaps` refers to.

    Notes
    -----
    A pause is what lasts longer than 3 min. Whether there are any says a mixture: a gap is
    lognormal, a pause lasts longer than 3 min in any case; both are cut off when the queue
    empties, and all times beyond 3 min count as that long. It is that of patience with a share who
    never leave (Boag 1949). Without pauses the lognormal distribution has to explain those beyond;
    they are distinguished where that is much less likely, and where at 3 min there are more pauses
    than gaps, and not too few. How many there are is then what the product-limit curve (Kaplan and
    Meier 1958) leaves at 3 min, whatever the distribution of gaps, and how long they last is what
    those show that were not cut off before 3 min, which does not depend on their length.
    """
    later = gaps.seconds > AT_ONCE
    seen = gaps.observed & (gaps.seconds <= LONGEST_GAP_AT_WORK)
    if np.count_nonzero(seen & later) < _FEWEST:
        return None
    plain = _fit(gaps, bootstrap, np.array([]))
    mixed = _fit(gaps, bootstrap, np.array([-3.0]))
    share = float(expit(mixed.parameters[2]))
    left = float(np.exp(_LOGNORMAL.survival(_AT, mixed.parameters))[0])
    likelier = mixed.converged and plain.aic - mixed.aic >= _BETTER
    if not likelier or share < max(LEAST_PAUSES, (1 - share) * left):
        return None
    long = gaps.seconds > LONGEST_GAP_AT_WORK
    if np.unique(gaps.rows[long]).size < FEWEST:
        return None
    found = curve_replicates(gaps.seconds, gaps.observed, bootstrap, gaps.rows)
    share, shares = float(found.curve.at(_AT)[0]), found.at(LONGEST_GAP_AT_WORK)
    n = int(np.unique(gaps.rows).size)
    zeros, counted = (
        bootstrap.sums(None, gaps.rows[some]) for some in (seen & ~later, seen | later)
    )
    zero = float(zeros.sum() / counted.sum())
    drawn_zero = (bootstrap.weights @ zeros) / (bootstrap.weights @ counted)
    gap, drawn = _mean(mixed.parameters, zero), _mean(mixed.replicates, drawn_zero)
    lengths = pause_lengths(gaps.away[long], gaps.back[long], _idle(gaps))
    length = bootstrap.ratio(
        bootstrap.sums(lengths.expected, gaps.rows[long]), bootstrap.sums(None, gaps.rows[long]),
        "log", int(np.unique(gaps.rows[long]).size),
    )  # fmt: skip
    return GapsAndPauses(
        GAP.widen(bootstrap.estimate(float(gap), drawn, "log", n)),
        bootstrap.estimate(share, shares, "logit", n), length, lengths,
    )  # fmt: skip


def pause_share(gaps: WaitingGaps) -> float:
    """Return the share of contacts that a gap of more than 3 min follows."""
    return float(survival_curve(gaps.seconds, gaps.observed).at(_AT)[0])


def _idle(gaps: WaitingGaps) -> float:
    """Return the mean time (s) until the next contact, by its median: some pause meanwhile."""
    cut_off = ~gaps.observed & (gaps.seconds <= LONGEST_GAP_AT_WORK)
    if not cut_off.any():
        return np.inf
    return float(np.median(gaps.back[cut_off] - gaps.seconds[cut_off]) / np.log(2))


def _mean(parameters: Floats, zero: float | Floats) -> Floats:
    """Return the mean gap (s): of those that are no pauses, some are zero."""
    mean, _ = _LOGNORMAL.mean_and_shape(parameters[..., :2])
    pauses = (1 - zero) * expit(parameters[..., 2])
    return np.asarray(mean * (1 - zero / (1 - pauses)))


def _fit(gaps: WaitingGaps, bootstrap: DayBootstrap, pauses: Floats) -> LikelihoodFit:
    """Fit the gaps that are not zero, with a share of pauses where `pauses` is its start."""
    later = gaps.seconds > AT_ONCE
    seconds = np.minimum(gaps.seconds[later], LONGEST_GAP_AT_WORK)
    ended = gaps.observed[later] & (gaps.seconds[later] <= LONGEST_GAP_AT_WORK)
    times, place = grouped(seconds)
    table = bootstrap.table(2 * place + ended, 2 * times.size, gaps.rows[later])
    # Groups without times are at 0.
    time = np.repeat(np.maximum(times, AT_ONCE), 2)
    seen = np.tile([False, True], times.size)

    def likelihood(p: Floats) -> Floats:
        density, survival = _LOGNORMAL.density(time, p[:2]), _LOGNORMAL.survival(time, p[:2])
        if p.size == 2:
            return np.asarray(np.where(seen, density, survival))
        no_pause, pause = -np.logaddexp(0, p[2]), -np.logaddexp(0, -p[2])
        mixed = np.logaddexp(no_pause + survival, pause)
        return np.asarray(np.where(seen, no_pause + density, mixed))

    start = _LOGNORMAL.start(float(np.mean(seconds)))
    return fit_likelihood(likelihood, np.append(start, pauses), table, bootstrap)
