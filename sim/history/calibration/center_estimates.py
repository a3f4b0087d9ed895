"""What a call log says about a center: estimates of queues, groups and days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.calibration.experience_estimates import (
    ExperienceEstimates,
)
from sim.history.calibration.queue_order import QueueOrder
from sim.history.calibration.state_estimates import (
    StateEstimates,
)
from sim.history.call_log import CallLog
from sim.history.estimation.agent_differences import AgentDifferences
from sim.history.estimation.arrival_rates import (
    ArrivalTable,
    UnusualDay,
)
from sim.history.estimation.concurrency import Concurrency
from sim.history.estimation.day_bootstrap import DayEstimate
from sim.history.estimation.day_variation import (
    DayVariation,
)
from sim.history.estimation.duration_models import DurationModel
from sim.history.estimation.gap_after_contact import GapEstimate
from sim.history.estimation.gap_sensitivity import GapSensitivity
from sim.history.estimation.gaps_and_pauses import GapsAndPauses
from sim.history.estimation.patience_curve import PatienceCurve
from sim.history.estimation.presences import AgentPresences
from sim.history.estimation.quiet_readiness import (
    QuietReadiness,
)
from sim.history.estimation.repeat_calls import RepeatCalls
from sim.history.estimation.talk_level import TalkLevel
from sim.history.estimation.volume_trend import VolumeTrend

INTERVAL_MINUTES = 30
MOST_QUIET = 0.95
LEAST_BREAK = 10.0
RETRIES_FROM = 0.05
"""Share of known customers below which retrials are not modelled."""
LEAST_SHARE = 0.005


@dataclass(frozen=True)
class QueueEstimates:
    """Estimates of one queue.

    Attributes
    ----------
    name : str
    first_calls : ndarray, shape (days, intervals)
        Contacts without the expected retrials, which a scenario adds itself.
    arrivals : ArrivalTable
        Of the first calls.
    patience : PatienceCurve or None
    talk : DurationModel or None
        Its variation is that of contacts of one agent, hour and day.
    talk_by_hour : ndarray, shape (24,)
        Mean talk by hour of the day as a ratio to what the speeds of groups let expect, drawn
        towards 1: who of a group works then is part of it.
    talk_by_hour_of_same_agents : ndarray, shape (24,)
        The same as a ratio to what the speeds of agents let expect.
    wrap : DurationModel or None
    repeats : RepeatCalls or None
    """

    name: str
    first_calls: Floats
    arrivals: ArrivalTable
    patience: PatienceCurve | None
    talk: DurationModel | None
    talk_by_hour: Floats
    talk_by_hour_of_same_agents: Floats
    wrap: DurationModel | None
    repeats: RepeatCalls | None

    @property
    def retry_share(self) -> float:
        """Share of the abandoned who call again, 0 where too few customers are known."""
        return retry_share(self.repeats)


@dataclass(frozen=True)
class GroupEstimates:
    """Estimates of one group of agents.

    Attributes
    ----------
    name : str
    agents : int64
        Codes of its agents.
    skills : bool, shape (queues,)
    present : ndarray, shape (days, intervals)
        Agents present, presences lengthened at both ends.
    """

    name: str
    agents: Ints
    skills: Bools
    present: Floats


@dataclass(frozen=True)
class InferredBreaks:
    """Breaks that agents take while no customer waits.

    Attributes
    ----------
    share : float
        As in a scenario: an agent who becomes free takes a break with it, and later at a rate that
        would make it the share of agents on a break if no contact ever came.
    length : float
        Mean (s).
    not_ready : float
        Share of free agents on a break.
    free : float
        Mean time (s) between two contacts after the gap.
    """

    share: float
    length: float
    not_ready: float
    free: float

    def lasting(self, length: float) -> InferredBreaks:
        """Return breaks of another mean length (s) that make the same share not ready."""
        return InferredBreaks.of(self.not_ready, self.free, length)

    @classmethod
    def estimated(cls, share: float, length: float, free: float) -> InferredBreaks:
        """Return breaks of an estimated share and length, with the share of free agents on them.

        The equation of :meth:`of`, solved for p.
        """
        later = share / (1 - share)
        not_ready = (share * length + later * free) / (free * (1 + later)) if free > 0 else share
        return cls(share, length, min(not_ready, MOST_QUIET), free)

    @classmethod
    def of(cls, not_ready: float, free: float, length: float) -> InferredBreaks:
        """Return the breaks that make a share of the free agents not ready.

        A break is not interrupted, so that it counts longer than the time until a contact comes:
        the share s solves s length + s / (1 - s) (1 - p) free = p free, where p is the share not
        ready; left is the time on breaks between two contacts.

        Parameters
        ----------
        not_ready : float
        free : float
            Mean time (s) between two contacts after the gap.
        length : float
        """
        breaks = not_ready * free
        total = length + free
        root = max(total**2 - 4 * length * breaks, 0.0) ** 0.5
        share = min((total - root) / (2 * length), MOST_QUIET)
        return cls(share, length, not_ready, free)


NO_BREAKS = InferredBreaks(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class CenterEstimates:
    """Estimates of a whole center.

    Attributes
    ----------
    log : CallLog
        With small queues together.
    usable : bool, shape (days,)
        Days that are used, without outages.
    unusual : tuple of UnusualDay
    queues : tuple of QueueEstimates
    groups : tuple of GroupEstimates
    volume : DayVariation
    shared : DayEstimate
    talk_days : DayVariation
        Of talk from day to day, which agents work included.
    talk_days_of_same_agents : DayEstimate
        Its coefficient of variation without that part.
    talk_with_volume : DayEstimate
    presences : AgentPresences
        Not lengthened.
    present : AgentPresences
        Lengthened at both ends.
    working : AgentPresences
        These without pauses during which customers waited; as recorded where states are.
    sensitivity : tuple of GapSensitivity
    gap : GapEstimate or None
    readiness : QuietReadiness or None
    quiet_breaks : InferredBreaks
    order : QueueOrder or None
        In which order waiting contacts of different queues are served.
    speeds : AgentDifferences
    concurrency : Concurrency
        Contacts that agents have at once.
    missing : tuple of str
        What could not be estimated, and why.
    experience : ExperienceEstimates or None
        Issues and satisfaction.
    states : StateEstimates or None
        What recorded states of agents say: it goes before what gaps between contacts say.
    pauses : GapsAndPauses or None
        Gaps apart from pauses; None where the log does not tell them apart.
    trend : VolumeTrend or None
        Of the contacts of the days; `volume` is what is left after it.
    queue_trends : tuple of VolumeTrend
        Of each queue; empty where there is only one.
    talk_level : TalkLevel or None
        A level of talk that changes from day to day; `talk_days` is what is left beside it.
    busy : float
        Share of the time of agents that is talk and wrap-up.
    unseen_pauses : float
        Share of contacts that a pause follows which `working` does not leave out; NaN unknown.
    """

    log: CallLog
    usable: Bools
    unusual: tuple[UnusualDay, ...]
    queues: tuple[QueueEstimates, ...]
    groups: tuple[GroupEstimates, ...]
    volume: DayVariation
    shared: DayEstimate
    talk_days: DayVariation
    talk_days_of_same_agents: DayEstimate
    talk_with_volume: DayEstimate
    presences: AgentPresences
    present: AgentPresences
    working: AgentPresences
    sensitivity: tuple[GapSensitivity, ...]
    gap: GapEstimate | None
    readiness: QuietReadiness | None
    quiet_breaks: InferredBreaks
    order: QueueOrder | None
    speeds: AgentDifferences
    concurrency: Concurrency
    missing: tuple[str, ...]
    experience: ExperienceEstimates | None = None
    states: StateEstimates | None = None
    pauses: GapsAndPauses | None = None
    trend: VolumeTrend | None = None
    queue_trends: tuple[VolumeTrend, ...] = ()
    talk_level: TalkLevel | None = None
    busy: float = 1.0
    unseen_pauses: float = np.nan

    @property
    def group_speeds(self) -> dict[str, float]:
        """Mean speed of each group by its name; 1 over agents who are compared."""
        found = [*self.speeds.group_speed.tolist(), *[1.0] * len(self.groups)]
        return dict(zip((one.name for one in self.groups), found, strict=False))

    def talk_levels(self, days: Ints) -> Floats:
        """Return the level of talk on some days of the log, or after it, as a ratio to its mean."""
        if self.talk_level is None:
            return np.ones(days.size)
        return self.talk_level.by_day[np.minimum(days, self.talk_level.last)]

    def talk_factor(self, queue: str) -> float:
        """Return what talk and wrap-up of a queue are multiplied by; speeds of groups divide both.

        Their means in the queue stay as they are.
        """
        at = [one.name for one in self.queues].index(queue)
        factors = self.speeds.talk_of_queues
        return float(factors[at]) if at < factors.size else 1.0


def retry_share(repeats: RepeatCalls | None) -> float:
    """Return the share of the abandoned who call again, 0 where too few customers are known."""
    if repeats is None or not repeats.abandoned.delay_text:
        return 0.0
    share = repeats.beyond_served.value
    known = repeats.abandoned.identified.value >= RETRIES_FROM
    return share if known and share > LEAST_SHARE else 0.0
