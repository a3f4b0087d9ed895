"""Whether agents who are present and free take a call at once when the queue is empty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate, wilson_interval
from sim.history.estimation.likelihood import Likelihood, fit_likelihood

MOST_FREE = 12
MOST_CONTACTS = 10_000
"""Of more contacts that met free agents, so many are used, evenly over the log."""
_FEWEST = 20
_NONE_UNSEEN = 1e-3
_LARGE = 700.0
_LIKELY = 1.92  # half the 95 % quantile of chi-squared


@dataclass(frozen=True)
class QuietReadiness:
    """How many of the free agents are not ready while the queue is empty.

    Attributes
    ----------
    not_ready : DayEstimate
        Share of free agents who do not take a call at once though their gap is over.
    unseen : DayEstimate
        Share of contacts answered at once whoever is free: agents whose presence is not seen;
        0 without an upper end where the data show none.
    free : ndarray of int, shape (n,)
        Free agents that an arriving contact met, 0 to twelve and more.
    contacts : ndarray, shape (n,)
    waited, low, high : ndarray, shape (n,)
        Share of the contacts that had to wait, with a 95 % confidence interval.
    fitted : ndarray, shape (n,)
        The same as the two shares explain it.
    """

    not_ready: DayEstimate
    unseen: DayEstimate
    free: Ints
    contacts: Floats
    waited: Floats
    low: Floats
    high: Floats
    fitted: Floats


def quiet_readiness(
    free: Ints, waited: Bools, rows: Ints, bootstrap: DayBootstrap, in_gap: Floats
) -> QuietReadiness | None:
    """Return the share of free agents who are not ready, None with too few contacts.

    Parameters
    ----------
    free : ndarray of int, shape (contacts, ages)
        Agents free for the contact when it arrived, by the time since their last contact; contacts
        that met others waiting do not belong here.
    waited : ndarray of bool, shape (contacts,)
        Whether the contact had to wait.
    rows : ndarray of int, shape (contacts,)
        Positions in the log of `bootstrap`.
    bootstrap : DayBootstrap
    in_gap : ndarray, shape (ages,)
        Share of agents whose gap after a contact is not over, at each time since it.

    Notes
    -----
    If an agent is ready with probability (1 - g) (1 - p), independently, where g is the share in
    the gap, a contact waits with the product over the agents of g + (1 - g) p; a share u is
    answered all the same by agents who are not seen to be free. The binomial regression of whether
    a contact waits is solved by likelihood for p and u. Without the gap, agents in it would be
    taken for not ready, and a simulation that has both would have too few agents.
    """
    number = free.sum(axis=1)
    met = np.flatnonzero(number >= 1)
    if met.size < _FEWEST or not waited[met].any() or waited[met].all():
        return None
    met = met[:: max(-(-met.size // MOST_CONTACTS), 1)]
    cells, place = np.unique(np.column_stack([free[met], waited[met]]), axis=0, return_inverse=True)
    likelihood = _likelihood_of(cells[:, :-1], cells[:, -1].astype(bool), in_gap)
    table = bootstrap.table(place.ravel(), len(cells), rows[met])
    not_ready, unseen = _fitted(likelihood, table, bootstrap, met.size)
    expected = np.exp(_log_wait(free[met], in_gap, not_ready.value)) * (1 - unseen.value)
    return _with_table(not_ready, unseen, number, waited, number[met], expected)


def _log_wait(free: Ints, in_gap: Floats, not_ready: float) -> Floats:
    """Return the logarithm of the probability that no free agent is ready."""
    return np.asarray(free @ np.log(np.maximum(in_gap + (1 - in_gap) * not_ready, 1e-300)))


def _likelihood_of(free: Ints, hit: Bools, in_gap: Floats) -> Likelihood:
    """Return the likelihood of cells for the logits of p and u."""
    from scipy.special import expit

    def likelihood(p: Floats) -> Floats:
        log_wait = _log_wait(free, in_gap, float(expit(p[0]))) - np.logaddexp(0, p[1])
        log_wait = np.minimum(log_wait, -1e-12)
        return np.asarray(np.where(hit, log_wait, np.log(-np.expm1(log_wait))))

    return likelihood


def _fitted(
    likelihood: Likelihood, table: Floats, bootstrap: DayBootstrap, n: int
) -> tuple[DayEstimate, DayEstimate]:
    """Return p and u."""
    from scipy.special import expit

    fitted = fit_likelihood(likelihood, np.array([0.0, -3.0]), table, bootstrap)
    seen = expit(fitted.parameters)[1] < _NONE_UNSEEN
    if not fitted.converged or seen:
        fixed = -_LARGE if seen else float(fitted.parameters[1])
        fitted = fit_likelihood(
            lambda p: likelihood(np.array([p[0], fixed])), fitted.parameters[:1], table, bootstrap
        )
    shares, drawn = expit(fitted.parameters), expit(fitted.replicates)
    days = bootstrap.days.size
    unseen = DayEstimate(0.0 if seen else float(expit(fitted.parameters[-1])), 0.0, np.nan, n, days)
    if shares.size > 1:
        unseen = bootstrap.estimate(float(shares[1]), drawn[:, 1], "logit", n)
    if shares[0] < _NONE_UNSEEN or not np.isfinite(drawn).all():
        return _none_not_ready(likelihood, table, fitted.parameters, n, days), unseen
    return bootstrap.estimate(float(shares[0]), drawn[:, 0], "logit", n), unseen


def _none_not_ready(
    likelihood: Likelihood, table: Floats, best: Floats, n: int, days: int
) -> DayEstimate:
    """Return a share of zero, with the largest that is about as likely as the upper end."""
    from scipy.special import expit

    count, rest = table.sum(axis=0), best[1] if best.size > 1 else -_LARGE
    logits = np.linspace(-_LARGE / 100, 0.0, 141)
    values = np.array([count @ likelihood(np.array([p, rest])) for p in logits])
    likely = logits[values >= np.nanmax(values) - _LIKELY]
    high = float(expit(likely[-1])) if likely.size else np.nan
    return DayEstimate(0.0, 0.0, high, n, days)


def _with_table(
    not_ready: DayEstimate, unseen: DayEstimate, number: Ints, waited: Bools,
    sampled: Ints, expected: Floats,
) -> QuietReadiness:  # fmt: skip
    free = np.minimum(number, MOST_FREE)
    contacts = np.bincount(free, minlength=MOST_FREE + 1).astype(float)
    hits = np.bincount(free, waited, MOST_FREE + 1)
    ends = np.array([wilson_interval(h, n) for h, n in zip(hits, contacts, strict=True)])
    with np.errstate(invalid="ignore"):
        share = hits / contacts
        at = np.minimum(sampled, MOST_FREE)
        fitted = np.bincount(at, expected, MOST_FREE + 1) / np.bincount(at, minlength=MOST_FREE + 1)
    fitted[0] = 1 - unseen.value
    return QuietReadiness(
        not_ready, unseen, np.arange(MOST_FREE + 1), contacts, share, ends[:, 0], ends[:, 1],
        np.asarray(fitted, dtype=float),
    )  # fmt: skip


def break_length(
    wait: Floats, free: Ints, ended: Bools, rows: Ints, bootstrap: DayBootstrap
) -> DayEstimate:
    """Return the mean length (s) of breaks of agents who are not ready while no customer waits.

    While k agents are on a break, one of them comes back at k times the rate of a single one.

    Parameters
    ----------
    wait : ndarray, shape (contacts,)
        Waits of contacts that waited although agents were free, all of whose gaps were over.
    free : ndarray of int, shape (contacts,)
        Free agents.
    ended : ndarray of bool, shape (contacts,)
        Whether one of them ended the wait by answering.
    rows : ndarray of int, shape (contacts,)
        Positions in the log of `bootstrap`.
    bootstrap : DayBootstrap
    """
    if not ended.any():
        return DayEstimate(np.nan)
    return bootstrap.ratio(
        bootstrap.sums(wait * free, rows), bootstrap.sums(ended, rows), "log", int(ended.sum())
    )
