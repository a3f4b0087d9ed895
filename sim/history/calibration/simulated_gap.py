"""The gap after contacts as a scenario has it: of a usual week, or of recorded days."""

from __future__ import annotations

import math

from sim.history.calibration.adjustment import Adjustment
from sim.history.calibration.center_estimates import CenterEstimates
from sim.history.estimation.pauses import LONGEST_GAP_AT_WORK, share_left_out
from sim.scenario.distribution import Distribution


def simulated_gap(estimates: CenterEstimates, adjustment: Adjustment) -> Distribution:
    """Return the gap of a usual week, whose agents are present in their pauses.

    Parameters
    ----------
    estimates : CenterEstimates
        With a gap.
    adjustment : Adjustment
        Where pauses are told apart, `gap` is the factor of what is shorter, and `pauses` that of
        how many there are; otherwise all gaps have the factor `gap`.
    """
    if estimates.gap is None:
        raise ValueError("there is no gap")
    gap = Distribution.model_validate(estimates.gap.points)
    if estimates.pauses is None:
        return gap.scaled(adjustment.gap)
    longest = LONGEST_GAP_AT_WORK
    if adjustment.gap != 1:
        points = tuple(
            (min(time * adjustment.gap, longest) if time < longest else time, share)
            for time, share in gap.points
        )
        gap = gap | {"points": points}
    if adjustment.pauses == 1:
        return gap
    return gap.with_longer(longest, min(adjustment.pauses * gap.share_beyond(longest), 1.0))


def gap_of_past_days(estimates: CenterEstimates, adjustment: Adjustment) -> Distribution:
    """Return the gap of recorded days, whose agents are absent in the pauses that are seen."""
    gap = simulated_gap(estimates, adjustment)
    if estimates.states is not None:  # agents are absent as recorded
        return gap
    seen = share_left_out(estimates.present, estimates.working)
    unseen = adjustment.pauses * (seen + estimates.unseen_pauses) - seen
    return with_unseen_pauses(gap, unseen)


def with_unseen_pauses(gap: Distribution, share: float) -> Distribution:
    """Return the gap of agents who are absent in some of their pauses.

    How often agents pause differs from month to month much more than the gap, and is part of who
    worked when: it is that of the days themselves.

    Parameters
    ----------
    gap : Distribution
        Pauses included.
    share : float
        Of contacts that a pause follows in which the agent is not absent. NaN: as in `gap`.
    """
    if math.isnan(share):
        return gap
    return gap.with_longer(LONGEST_GAP_AT_WORK, max(share, 0.0))
