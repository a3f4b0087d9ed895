"""Issues from records: first contact resolution, repeats, changes of channel and of agent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.distribution_text import mean_text
from sim.history.estimation.kaplan_meier import CurveReplicates, SurvivalCurve, curve_replicates
from sim.units import DAY

WINDOWS = (1.0, 7.0, 14.0, 30.0)
"""Days after a contact within which a repeat is looked for."""
LATE = (14.0, 28.0)
"""Days after a contact at which a further one of the customer hardly is a repeat."""


@dataclass(frozen=True)
class IssueRecords:
    """What records show of issues that have an id, or of customers who have one.

    Attributes
    ----------
    issues : int
    contacts_per_issue : DayEstimate
    repeat_within : dict of float to DayEstimate
        Share of contacts after which the next one of the same issue came within so many days.
    curve : SurvivalCurve
        Time (days) from a contact to the next one of its issue: the picture against the data.
    window : float
        Days within which 95 % of the repeats came that came at all within thirty; NaN without.
    repeat_window : DayEstimate
        The same in seconds, with its confidence interval.
    delay_mean : DayEstimate
        Mean time (s) to a repeat, of the repeats within thirty days; the end of the log is allowed
        for.
    fcr : dict of float to DayEstimate
        First contact resolution by window: share of first contacts without a repeat in it.
    resolved : DayEstimate
        Share of the contacts that the records call resolved; NaN where they say nothing.
    repeat_if_resolved, repeat_if_not : DayEstimate
        Share repeated within a week of contacts that the records call resolved, and not.
    channel_switches : DayEstimate
        Share of repeats by another channel or queue than the contact before.
    hand_offs : DayEstimate
        Share of repeats at another agent.
    delay_text : str
        Distribution of the time to a repeat within the window, for a scenario; empty without.
    """

    issues: int
    contacts_per_issue: DayEstimate
    repeat_within: dict[float, DayEstimate]
    curve: SurvivalCurve
    window: float
    repeat_window: DayEstimate
    delay_mean: DayEstimate
    fcr: dict[float, DayEstimate]
    resolved: DayEstimate
    repeat_if_resolved: DayEstimate
    repeat_if_not: DayEstimate
    channel_switches: DayEstimate
    hand_offs: DayEstimate
    delay_text: str


def issues_of_customers(customer: Ints, offered: Floats, window: float) -> Ints:
    """Return an issue for each contact where only customers are known.

    Contacts of a customer who calls again within the window belong to one issue, whatever they
    were about: a repeat is counted too often where customers have several issues at a time.

    Parameters
    ----------
    customer : ndarray of int, shape (contacts,)
        Below 0 unknown.
    offered : ndarray, shape (contacts,)
        Seconds since the start of the first day.
    window : float
        Days.

    Returns
    -------
    ndarray of int, shape (contacts,)
        -1 where the customer is unknown.
    """
    order = np.lexsort((offered, customer))
    who, when = customer[order], offered[order]
    begins = np.ones(who.size, dtype=bool)
    begins[1:] = (np.diff(who) != 0) | (np.diff(when) > window * DAY)
    issue = np.empty(who.size, dtype=np.int64)
    issue[order] = np.where(who >= 0, np.cumsum(begins) - 1, -1)
    return issue


def unrelated_repeats(
    customer: Ints, offered: Floats, answered: Bools, window: float, bootstrap: DayBootstrap
) -> DayEstimate:
    """Return the share of the repeats within a window that are calls on other matters.

    Repeats of an issue come soon. At the rate at which customers call from :data:`LATE` on, they
    call on other matters: as often within the window, too.

    Parameters
    ----------
    customer : ndarray of int, shape (contacts,)
        Below 0 unknown.
    offered : ndarray, shape (contacts,)
        Seconds since the start of the first day.
    answered : ndarray of bool, shape (contacts,)
        Contacts that may have a repeat: what follows the others are retrials.
    window : float
        Days.
    bootstrap : DayBootstrap

    Returns
    -------
    DayEstimate
        At most 1; NaN where the log is too short.
    """
    rows = np.flatnonzero(customer >= 0)
    order = rows[np.lexsort((offered[rows], customer[rows]))]
    same = np.append(customer[order[1:]] == customer[order[:-1]], False)
    until = np.full(order.size, float(offered.max(initial=0.0)))
    until[:-1][same[:-1]] = offered[order[1:]][same[:-1]]
    served = answered[order]
    delay = (np.maximum(until - offered[order], 0) / DAY)[served]
    if not np.any(delay > LATE[1]):
        return DayEstimate(np.nan)
    found = curve_replicates(delay, same[served], bootstrap, order[served])
    curve = np.vstack([found.curve.at(np.array([window, *LATE])),
                       np.stack([found.at(day) for day in (window, *LATE)], axis=1)])  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.log(curve[:, 1] / curve[:, 2]) / (LATE[1] - LATE[0])
        share = np.minimum(-np.expm1(-rate * window) / (1 - curve[:, 0]), 1.0)
    repeats = int(np.count_nonzero(same[served] & (delay <= window)))
    return bootstrap.estimate(float(share[0]), share[1:], "logit", repeats)


def issue_records(
    issue: Ints, offered: Floats, channel: Ints, agent: Ints, bootstrap: DayBootstrap,
    resolved: Floats | None = None, answered: Bools | None = None,
) -> IssueRecords | None:  # fmt: skip
    """Return what records say about issues; None without an issue that is known.

    Parameters
    ----------
    issue : ndarray of int, shape (contacts,)
        Below 0 unknown.
    offered : ndarray, shape (contacts,)
        Seconds since the start of the first day.
    channel, agent : ndarray of int, shape (contacts,)
        Channel or queue, and agent (below 0: none).
    bootstrap : DayBootstrap
    resolved : ndarray, shape (contacts,), optional
        1 resolved, 0 not, NaN unknown.
    answered : ndarray of bool, shape (contacts,), optional
        All unless passed. A contact that follows an abandoned one is a retrial: it counts as a
        contact of the issue, but the abandoned one could not resolve it, so first contacts are
        answered ones.

    Notes
    -----
    Repeats after the end of the log are not seen, so that times to the next contact are cut off
    there (Kaplan and Meier 1958). Issues that began before the log look like first contacts in
    its first weeks.
    """
    rows = np.flatnonzero(issue >= 0)
    if rows.size == 0:
        return None
    order = rows[np.lexsort((offered[rows], issue[rows]))]
    same = issue[order[1:]] == issue[order[:-1]]
    first = np.concatenate(([True], ~same))
    ahead = np.append(same, False)
    after = np.full(order.size, float(offered.max()))
    after[:-1][same] = offered[order[1:]][same]
    delay = np.maximum(after - offered[order], 0) / DAY
    served = np.ones(order.size, dtype=bool) if answered is None else answered[order]
    found = curve_replicates(delay[served], ahead[served], bootstrap, order[served])
    begun = served & _first_of_each(np.cumsum(first), served)
    starts = curve_replicates(delay[begun], ahead[begun], bootstrap, order[begun])
    window = _window(found.curve)
    pairs = np.flatnonzero(same & served[:-1])
    moved = channel[order[pairs]] != channel[order[pairs + 1]]
    known = (agent[order[pairs]] >= 0) & (agent[order[pairs + 1]] >= 0)
    handed = pairs[known]
    other = agent[order[handed]] != agent[order[handed + 1]]
    mean = _delay_mean(found, bootstrap, int(ahead[served].sum()))
    by_resolved = _resolved(resolved, order, delay, ahead, bootstrap)
    repeats = delay[served & ahead & (delay <= WINDOWS[-1])]
    return IssueRecords(
        int(first.sum()),
        bootstrap.ratio(bootstrap.sums(rows=order), bootstrap.sums(rows=order[first]), "log"),
        {
            w: bootstrap.estimate(
                1 - float(found.curve.at(np.array([w]))[0]), 1 - found.at(w), "logit",
                int(served.sum()),
            )
            for w in WINDOWS
        },
        found.curve, window, _window_estimate(found, window, bootstrap, int(ahead[served].sum())),
        mean,
        {
            w: bootstrap.estimate(
                float(starts.curve.at(np.array([w]))[0]), starts.at(w), "logit", int(begun.sum())
            )
            for w in WINDOWS
        },
        *by_resolved, _share(moved, order[pairs], bootstrap),
        _share(other, order[handed], bootstrap),
        _delay_text(repeats * DAY, mean.value),
    )  # fmt: skip


def _first_of_each(number: Ints, served: Bools) -> Bools:
    """Return which contacts are the first answered one of their issue."""
    places = np.flatnonzero(served)
    found = np.zeros(number.size, dtype=bool)
    found[places[np.unique(number[places], return_index=True)[1]]] = True
    return found


def _share(hits: Bools, rows: Ints, bootstrap: DayBootstrap) -> DayEstimate:
    if rows.size == 0:
        return DayEstimate(np.nan)
    return bootstrap.ratio(bootstrap.sums(hits, rows), bootstrap.sums(rows=rows), "logit")


def _resolved(
    resolved: Floats | None, order: Ints, delay: Floats, ahead: Bools,
    bootstrap: DayBootstrap,
) -> tuple[DayEstimate, DayEstimate, DayEstimate]:  # fmt: skip
    """Return the share resolved, and the shares repeated within a week of resolved and not."""
    nothing = DayEstimate(np.nan)
    if resolved is None or not np.isfinite(resolved[order]).any():
        return nothing, nothing, nothing
    said = resolved[order]
    known = np.flatnonzero(np.isfinite(said))
    shares = [_share(said[known] > 0, order[known], bootstrap)]
    for flag in (1.0, 0.0):
        place = np.flatnonzero(said == flag)
        if place.size == 0 or not ahead[place].any():
            shares.append(nothing)
            continue
        found = curve_replicates(delay[place], ahead[place], bootstrap, order[place])
        value = 1 - float(found.curve.at(np.array([7.0]))[0])
        shares.append(bootstrap.estimate(value, 1 - found.at(7.0), "logit", place.size))
    return shares[0], shares[1], shares[2]


def _window(curve: SurvivalCurve) -> float:
    within = curve.time <= WINDOWS[-1]
    if not within.any():
        return np.nan
    reached = 1 - float(curve.survival[within][-1])
    return float(curve.time[np.searchsorted(1 - curve.survival, 0.95 * reached)])


def _window_estimate(
    found: CurveReplicates, window: float, bootstrap: DayBootstrap, repeats: int
) -> DayEstimate:
    """Return the window with its confidence interval, from the curve of each replicate."""
    if not np.isfinite(window):
        return DayEstimate(np.nan)
    time, gone = found.curve.time, 1 - found.survival
    last = int(np.searchsorted(time, WINDOWS[-1], side="right")) - 1
    reached = gone >= 0.95 * gone[:, last : last + 1]
    return bootstrap.estimate(window * DAY, time[reached.argmax(axis=1)] * DAY, "log", repeats)


def _delay_mean(found: CurveReplicates, bootstrap: DayBootstrap, repeats: int) -> DayEstimate:
    """Return the mean time to a repeat within thirty days, by the areas under the curves."""
    within = found.curve.time <= WINDOWS[-1]
    if not within.any():
        return DayEstimate(np.nan)
    last = float(found.curve.time[within][-1])
    with np.errstate(invalid="ignore", divide="ignore"):
        left = float(found.curve.at(np.array([last]))[0])
        value = (found.curve.restricted_mean(last) - last * left) / (1 - left)
        drawn = found.at(last)
        replicates = (found.restricted_mean(last) - last * drawn) / (1 - drawn)
    return bootstrap.estimate(value * DAY, replicates * DAY, "log", repeats)


def _delay_text(seconds: Floats, mean: float) -> str:
    positive = seconds[seconds > 0]
    if positive.size < 2 or not np.isfinite(mean):
        return ""
    cv = float(positive.std() / positive.mean())
    return mean_text("lognormal", mean, ("cv", min(max(cv, 0.01), 10.0)))
