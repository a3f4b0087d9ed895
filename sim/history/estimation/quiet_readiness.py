"""Whether agents who are present and free take a call at once when the queue is empty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate, wilson_interval
from sim.history.estimation.likelihood import fit_likelihood

MOST_FREE = 12
_FEWEST = 20
_NONE_UNSEEN = 1e-3
_LARGE = 700.0


@dataclass(frozen=True)
class QuietReadiness:
    """How many of the free agents are not ready while the queue is empty.

    Attributes
    ----------
    not_ready : DayEstimate
        Share of free agents who do not take a call at once.
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
    free: Ints, waited: Bools, rows: Ints, bootstrap: DayBootstrap
) -> QuietReadiness | None:
    """Return the share of free agents who are not ready, None with too few contacts.

    Parameters
    ----------
    free : ndarray of int, shape (contacts,)
        Agents present and free when the contact arrived; contacts that met others waiting do not
        belong here.
    waited : ndarray of bool, shape (contacts,)
        Whether the contact had to wait.
    rows : ndarray of int, shape (contacts,)
        Positions in the log of `bootstrap`.
    bootstrap : DayBootstrap

    Notes
    -----
    If each of k free agents is ready with probability 1 - p, independently, a contact waits with
    probability p^k; a share u is answered all the same by agents whom the gap rule does not see.
    Then P(wait) = (1 - u) p^k, a binomial regression with a log link, solved by likelihood for
    k of 1 and more.
    """
    from scipy.special import expit

    free = np.clip(free, 0, MOST_FREE)
    met = free >= 1
    if np.count_nonzero(met) < _FEWEST or not waited[met].any() or waited[met].all():
        return None
    table = bootstrap.table(2 * (free[met] - 1) + waited[met], 2 * MOST_FREE, rows[met])
    k, hit = np.repeat(np.arange(1, MOST_FREE + 1), 2), np.tile([False, True], MOST_FREE)

    def likelihood(p: Floats) -> Floats:
        # logarithms of p and of 1 - u from logits
        log_wait = -np.logaddexp(0, -p[0]) * k - np.logaddexp(0, p[1])
        log_wait = np.minimum(log_wait, -1e-12)
        return np.asarray(np.where(hit, log_wait, np.log(-np.expm1(log_wait))))

    n = int(np.count_nonzero(met))
    fitted = fit_likelihood(likelihood, np.array([0.0, -3.0]), table, bootstrap)
    if not fitted.converged or expit(fitted.parameters)[1] < _NONE_UNSEEN:
        fitted = fit_likelihood(
            lambda p: likelihood(np.array([p[0], -_LARGE])), np.zeros(1), table, bootstrap
        )
    shares, drawn = expit(fitted.parameters), expit(fitted.replicates)
    found = [
        bootstrap.estimate(float(share), drawn[:, i], "logit", n) for i, share in enumerate(shares)
    ]
    unseen = found[1] if len(found) > 1 else DayEstimate(0.0, 0.0, np.nan, n, bootstrap.days.size)
    return _with_table(found[0], unseen, free, waited)


def _with_table(
    not_ready: DayEstimate, unseen: DayEstimate, free: Ints, waited: Bools
) -> QuietReadiness:
    number = np.arange(MOST_FREE + 1)
    contacts = np.bincount(free, minlength=MOST_FREE + 1).astype(float)
    hits = np.bincount(free, waited, MOST_FREE + 1)
    ends = np.array([wilson_interval(h, n) for h, n in zip(hits, contacts, strict=True)])
    with np.errstate(invalid="ignore"):
        share = hits / contacts
    fitted = np.asarray((1 - unseen.value) * not_ready.value**number, dtype=float)
    return QuietReadiness(
        not_ready, unseen, number, contacts, share, ends[:, 0], ends[:, 1], fitted
    )
