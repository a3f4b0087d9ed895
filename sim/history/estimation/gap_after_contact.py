"""Time from the end of a call until the agent takes the next one though customers wait."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.distribution_text import few_points, mean_text, points_text
from sim.history.estimation.kaplan_meier import CurveReplicates, SurvivalCurve, curve_replicates
from sim.history.estimation.likelihood import LikelihoodFit, fit_likelihood, grouped
from sim.history.estimation.method_error import GAP
from sim.history.estimation.patience_models import FAMILIES
from sim.history.estimation.pause_lengths import PauseLengths
from sim.history.estimation.pauses import LONGEST_GAP_AT_WORK
from sim.history.estimation.queue_states import Waiting

MOST_CUSTOMERS = 10
AT_ONCE = 0.5
"""Gaps below this (s) are none."""
FEWEST_AT_RISK = 30
_TAIL_POINTS = 9
_ROUNDING = 1.0  # waits and talks in whole seconds may make a call begin before the last ended
_SAME = 1e-6  # moments this near are the same: sums of floats


@dataclass(frozen=True)
class GapEstimate:
    """The time after a call in which the agent is not ready, and that no record counts as work.

    Attributes
    ----------
    mean : DayEstimate
        Seconds; where few gaps are left, the rest is that of the lognormal distribution.
    median : DayEstimate
    zero : DayEstimate
        Share of gaps below half a second.
    curve : SurvivalCurve
        The picture against the data.
    observed, cut_off : int
        Gaps seen to their end, and those cut off when the queue was empty.
    text : str
        Lognormal with a share of zeros, for a scenario.
    points : str
        The curve itself, for a scenario.
    later : ndarray or None
        Parameters of the lognormal distribution of gaps that are not zero.
    pauses : PauseLengths or None
        Lengths of gaps of more than 3 min, where they are pauses.
    """

    mean: DayEstimate
    median: DayEstimate
    zero: DayEstimate
    curve: SurvivalCurve
    observed: int
    cut_off: int
    text: str
    points: str
    later: Floats | None = None
    pauses: PauseLengths | None = None


@dataclass(frozen=True)
class WaitingGaps:
    """Gaps that began while customers waited.

    Attributes
    ----------
    rows : ndarray of int, shape (gaps,)
        Positions of the calls that ended.
    seconds : ndarray, shape (gaps,)
    observed : ndarray of bool, shape (gaps,)
        False where the gap was cut off: the queue was empty.
    customers : ndarray of int, shape (gaps,)
        Those who waited when the gap began.
    away, back : ndarray, shape (gaps,)
        Seconds from its begin until a customer last waited whom the agent did not take, and until
        the next contact of the agent: also after the queue was empty.
    """

    rows: Ints
    seconds: Floats
    observed: Bools
    customers: Ints
    away: Floats
    back: Floats

    def by_customers(self) -> WaitingGaps:
        """Return the gaps once for each customer who waited, at most :data:`MOST_CUSTOMERS` times.

        Where gaps are shorter the longer the queue is, one distribution for all cannot be right
        everywhere. It then is as those experience it who wait for its end.
        """
        times = np.minimum(self.customers, MOST_CUSTOMERS)
        return WaitingGaps(*(np.repeat(getattr(self, one.name), times) for one in fields(self)))


def waiting_gaps(
    offered: Floats, wait: Floats, agent: Ints, end: Floats, longest: float,
    queue: Ints | None = None, skills: Bools | None = None, until: Floats | None = None,
    last: Ints | None = None,
) -> WaitingGaps:  # fmt: skip
    """Return the gaps that began while customers waited.

    Parameters
    ----------
    offered : ndarray, shape (contacts,)
        Seconds since the start of the first day.
    wait : ndarray, shape (contacts,)
        Seconds.
    agent : ndarray of int, shape (contacts,)
        Below 0: not answered, or by an agent that is not known.
    end : ndarray, shape (contacts,)
        End of the work on the contact, wrap-up included; not read without an agent.
    longest : float
        Gaps beyond this (s) end a presence: the agent had left, and the gap does not count.
    queue : ndarray of int, shape (contacts,), optional
    skills : ndarray of bool, shape (agents, queues), optional
        Whom each agent can serve; everyone unless passed.
    until : ndarray, shape (contacts,), optional
        Until when the agent was on duty after the contact, NaN unknown: whoever leaves while
        customers wait may have been ready before, so that such gaps do not count.
    last : ndarray of int, optional
        Contacts that end a presence: what follows does not count. Gaps that the end of the queue
        cut off must not be left out only because the next contact is far: those of agents who
        pause are, and would be missing.
    """
    order = np.lexsort((offered + wait, agent))
    order = order[(agent[order] >= 0) & np.isfinite(end[order])]
    who, begins = agent[order], (offered + wait)[order]
    ends = end[order]
    following = np.flatnonzero(np.diff(who) == 0)
    gap = begins[following + 1] - ends[following]
    stays = (
        np.full(gap.size, np.inf) if until is None else until[order[following]] - ends[following]
    )
    stays = np.where(np.isnan(stays), np.inf, stays)
    counts = (gap >= -_ROUNDING) & (gap <= longest)
    if last is not None:
        counts &= ~np.isin(order[following], last)
    rows, gap, stays = order[following[counts]], np.maximum(gap[counts], 0.0), stays[counts]
    # Where times are rounded, the next contact may seem to have been taken before the last ended.
    next_begins = begins[following + 1][counts]
    moment = np.minimum(end[rows], next_begins) - _SAME
    left, unserved = np.full(rows.size, np.inf), np.zeros(rows.size)
    waiting = np.zeros(rows.size, dtype=np.int64)
    for mine, asked in _by_skills(agent[rows], queue, skills):
        line = Waiting.of(offered[asked], wait[asked])
        waiting[mine] = line.before(moment[mine])
        left[mine] = line.until_empty(moment[mine]) - _SAME
        unserved[mine] = line.last_waiting(next_begins[mine])
    left = np.maximum(left, 0.0)
    observed = gap <= left + _SAME
    seconds = np.minimum(gap, left)
    some = (waiting > 0) & (stays >= seconds - _ROUNDING)
    away = np.clip(unserved - end[rows], 0.0, gap)
    return WaitingGaps(
        rows[some], seconds[some], observed[some], waiting[some], away[some], gap[some]
    )


def _by_skills(
    agent: Ints, queue: Ints | None, skills: Bools | None
) -> list[tuple[Ints | slice, Bools | slice]]:
    """Return, for each set of skills, the rows of its agents and the contacts they can take."""
    if queue is None or skills is None:
        return [(slice(None), slice(None))]
    sets, place = np.unique(skills, axis=0, return_inverse=True)
    return [(np.flatnonzero(place.ravel()[agent] == k), row[queue]) for k, row in enumerate(sets)]


def gap_estimate(
    gaps: WaitingGaps, bootstrap: DayBootstrap, longest: float, pauses: PauseLengths | None = None
) -> GapEstimate | None:
    """Return the distribution of gaps, None without one that was seen to its end.

    Parameters
    ----------
    gaps : WaitingGaps
    bootstrap : DayBootstrap
        Days of the contacts that `gaps` refers to.
    longest : float
        As in :func:`waiting_gaps`.
    pauses : PauseLengths, optional
        Lengths of those of more than 3 min, which few are seen of beyond.

    Notes
    -----
    When another agent takes the last customer, how long this agent would have needed is not
    seen: such gaps are cut off there (Kaplan and Meier 1958; the lognormal by likelihood).
    Leaving them out would make the mean too short. The confidence interval of the mean is
    wider by the measured error of the method (:mod:`~sim.history.estimation.method_error`).
    """
    if not gaps.observed.any():
        return None
    found = curve_replicates(gaps.seconds, gaps.observed, bootstrap, gaps.rows)
    n = int(np.unique(gaps.rows).size)
    fitted = _lognormal(gaps, bootstrap)
    if pauses is None:
        mean, means = _mean(found, fitted, longest)
    else:
        mean, means = _mean_with_pauses(found, pauses, gaps, bootstrap)
    zero = 1 - float(found.curve.at(np.array([AT_ONCE]))[0])
    zeros = 1 - found.at(AT_ONCE)
    some = found.curve.time > AT_ONCE
    if pauses is not None:
        some &= found.curve.time <= LONGEST_GAP_AT_WORK
    time, below = few_points(
        np.concatenate(([0.0, 0.0], found.curve.time[some])),
        np.concatenate(([0.0, zero], 1 - found.curve.survival[some])),
    )
    if pauses is not None:
        later, left = pauses.points()
        time, below = np.append(time, later), np.append(below, 1 - (1 - below[-1]) * left)
    elif below[-1] < 1:
        later, left = _tail(fitted, float(time[-1]), longest)
        time, below = np.append(time, later), np.append(below, 1 - (1 - below[-1]) * left)
    return GapEstimate(
        GAP.widen(bootstrap.estimate(mean, means, "log", n)),
        bootstrap.estimate(found.curve.quantile(0.5), found.quantile(0.5), "plain", n),
        bootstrap.estimate(zero, zeros, "logit", n),
        found.curve, int(gaps.observed.sum()), int(n - gaps.observed.sum()),
        _text(fitted, zero, mean), points_text(time, below),
        None if fitted is None else fitted.parameters, pauses,
    )  # fmt: skip


def _mean(
    found: CurveReplicates, fitted: LikelihoodFit | None, longest: float
) -> tuple[float, Floats]:
    """Return the mean (s) and its replicates: the area under the curve, and the rest beyond.

    The curve is uncertain where few gaps are left, and may end above zero: from there on the rest
    is that of the lognormal distribution, cut off at the longest gap.
    """
    at_risk = found.curve.at_risk >= FEWEST_AT_RISK
    until = float(found.curve.time[at_risk][-1]) if at_risk.any() else longest
    rest, rests = 0.0, np.zeros(found.survival.shape[0])
    if fitted is not None:
        rest = _rest(fitted.parameters, until, longest)
        rests = np.array([_rest(drawn, until, longest) for drawn in fitted.replicates])
    left = float(found.curve.at(np.array([until]))[0])
    mean = found.curve.restricted_mean(until) + left * rest
    return mean, found.restricted_mean(until) + found.at(until) * rests


def _mean_with_pauses(
    found: CurveReplicates, pauses: PauseLengths, gaps: WaitingGaps, bootstrap: DayBootstrap
) -> tuple[float, Floats]:
    """Return the mean (s) and its replicates: the area up to 3 min, and what pauses last beyond."""
    at = LONGEST_GAP_AT_WORK
    rows = gaps.rows[gaps.seconds > at]
    beyond, count = bootstrap.sums(pauses.expected - at, rows), bootstrap.sums(None, rows)
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = (bootstrap.weights @ beyond) / (bootstrap.weights @ count)
    left = float(found.curve.at(np.array([at]))[0])
    mean = found.curve.restricted_mean(at) + left * (pauses.mean - at)
    return mean, found.restricted_mean(at) + found.at(at) * np.nan_to_num(drawn)


def _rest(parameters: Floats, until: float, longest: float) -> float:
    """Return the mean (s) of what a lognormal time beyond `until` still has to `longest`."""
    time = np.linspace(until, longest, 400)
    survival = np.exp(FAMILIES["lognormal"].survival(time, parameters))
    if not survival[0] > 0:
        return 0.0
    return float(np.sum(np.diff(time) * (survival[1:] + survival[:-1]) / 2) / survival[0])


def _tail(fitted: LikelihoodFit | None, since: float, longest: float) -> tuple[Floats, Floats]:
    """Return times (s) beyond the curve and the share that lasts longer, cut off where the mean is.

    The lognormal distribution as far as there is one: with a few gaps left, a straight line to the
    longest gap would make the mean much longer.
    """
    if fitted is None or since >= longest:
        return np.array([max(since, longest)]), np.zeros(1)
    time = np.geomspace(max(since, AT_ONCE), longest, _TAIL_POINTS)
    lasts = np.exp(FAMILIES["lognormal"].survival(time, fitted.parameters))
    left = lasts / lasts[0] if lasts[0] > 0 else np.zeros(time.size)
    return time[1:], np.append(left[1:-1], 0.0)


def _lognormal(gaps: WaitingGaps, bootstrap: DayBootstrap) -> LikelihoodFit | None:
    """Fit the gaps that are not zero; None without one that was seen to its end."""
    later = gaps.seconds > AT_ONCE
    if not (gaps.observed & later).any():
        return None
    times, place = grouped(gaps.seconds[later])
    table = bootstrap.table(2 * place + gaps.observed[later], 2 * times.size, gaps.rows[later])
    time, ended = np.repeat(times, 2), np.tile([False, True], times.size)
    family = FAMILIES["lognormal"]

    def likelihood(p: Floats) -> Floats:
        return np.where(ended, family.density(time, p), family.survival(time, p))

    start = family.start(float(np.mean(gaps.seconds[later])))
    return fit_likelihood(likelihood, start, table, bootstrap)


def _text(fitted: LikelihoodFit | None, zero: float, mean: float) -> str:
    """Return a lognormal with zeros: shape by likelihood, mean as measured."""
    if fitted is None or zero >= 1:
        return "deterministic 0s"
    _, cv = FAMILIES["lognormal"].mean_and_shape(fitted.parameters)
    return mean_text("lognormal", mean / (1 - zero), ("cv", float(cv)), zero)
