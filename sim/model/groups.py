"""Groups of agents: skills, headcounts and shifts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints
from sim.distributions import TimeDistribution


@dataclass(frozen=True, slots=True)
class Skill:
    """What one group may do for one queue.

    Attributes
    ----------
    queue : int
    level : int
        For a contact that seeks an agent: groups of the lowest level are asked first.
    take : int
        For an agent who seeks a contact: queues of the lowest number are served first.
    after : float
        The group may take the queue's contacts only once they have waited so long (s).
    speed : ndarray, shape (at_once,)
        Work done per second on each contact when the agent has 1, 2, … active contacts.
    at_once : int
        Contacts of this queue that one agent may handle at once.
    reserve : int
        The group takes these contacts only while more than this many of its agents are idle.
    resolves : float
        Multiplies the queue's share of resolved contacts.
    """

    queue: int
    level: int
    take: int
    after: float
    speed: Floats
    at_once: int
    reserve: int
    resolves: float


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's planned presence on one day.

    Attributes
    ----------
    agent : int
        Number within the group.
    day : int
    start, end : float
        Instants (s since midnight of the first day).
    breaks : ndarray, shape (n, 2)
        Planned start (instant) and length (s) of each break, ascending. A break begins
        when the active contact is finished and keeps its length.
    """

    agent: int
    day: int
    start: float
    end: float
    breaks: Floats


@dataclass(frozen=True, slots=True)
class QuietBreaks:
    """Breaks that agents take while no contact waits for them.

    Attributes
    ----------
    share : float
        Probability that an agent who has finished a contact takes one at once.
    length : TimeDistribution
        How long one is (s).
    ready : TimeDistribution
        How long (s) an agent who takes none stays ready before the next, if still idle.
    """

    share: float
    length: TimeDistribution
    ready: TimeDistribution


@dataclass(frozen=True, slots=True)
class Group:
    """One group of agents.

    A group is staffed either by ``headcount`` (anonymous: when the number falls, idle agents
    leave at once, then those who hand their work back; the others asked to go, the highest
    number first, leave when their active contacts are done and take no other) or by
    ``shifts`` (persons).

    Attributes
    ----------
    name : str
    skills : tuple of Skill, by queue number
    scheduled : ndarray, shape (intervals,)
        Paid headcount in each interval.
    headcount : ndarray or None, shape (intervals,)
        Headcount net of planned shrinkage, for groups without shifts.
    shifts : tuple of Shift
        For groups with shifts (persons taken off by planned shrinkage are not listed).
    agents : int
        Size: the largest headcount, or the number of persons.
    absent : float
        Probability that an agent does not show up on a day.
    wage, overtime_wage : float
        Pay of an agent for an hour, planned or beyond; NaN where nothing is known of pay.
    tools : float
        Cost of tools for a paid hour; NaN where nothing is known of it.
    wrap_when_idle : bool
        Wrap-up is postponed until no contact waits.
    hands_back : bool
        At the end of a shift, and when the headcount falls, active deferred work goes back
        to its queue.
    mixes : frozenset of (str, str)
        Pairs of different channels, both ways round, that one agent may handle at the same time.
    interrupts : frozenset of (int, int)
        Pairs (deferred queue, live queue): the live contact interrupts the deferred work.
    absent_by_day : tuple of float
        Takes the place of ``absent`` where it differs by day; empty: the same on all days.
    agent_factors : ndarray or None, shape (n, 2)
        What multiplies the speed and the share resolved of each agent, in a cycle where
        there are more agents than rows; None: all are alike.
    gap : TimeDistribution or None
        How long (s) an agent is not ready after the last active contact; None: not at all.
    speed_spread : float
        CV of a random factor on the speed of each agent, lognormal with mean 1.
    persons : int
        The first agents, so many, whose speed is known and has no such factor.
    person_gaps : tuple of TimeDistribution or None
        Takes the place of ``gap`` for the first agents; empty: all have the same.
    quiet : QuietBreaks or None
        Breaks while no contact waits; None: there are none.
    """

    name: str
    skills: tuple[Skill, ...]
    scheduled: Floats
    headcount: Ints | None
    shifts: tuple[Shift, ...]
    agents: int
    absent: float = 0.0
    wage: float = np.nan
    overtime_wage: float = np.nan
    tools: float = np.nan
    wrap_when_idle: bool = False
    hands_back: bool = False
    mixes: frozenset[tuple[str, str]] = frozenset()
    interrupts: frozenset[tuple[int, int]] = frozenset()
    absent_by_day: tuple[float, ...] = ()
    agent_factors: Floats | None = None
    gap: TimeDistribution | None = None
    speed_spread: float = 0.0
    persons: int = 0
    quiet: QuietBreaks | None = None
    person_gaps: tuple[TimeDistribution | None, ...] = ()

    @property
    def has_pauses(self) -> bool:
        """Whether agents are not ready now and then, breaks of shifts apart."""
        gaps = (self.gap, *self.person_gaps)
        return self.quiet is not None or any(gap is not None for gap in gaps)

    def gap_of(self, agent: int) -> TimeDistribution | None:
        """Return the gap of one agent of the group after contacts, None for none."""
        return self.person_gaps[agent] if agent < len(self.person_gaps) else self.gap

    @property
    def mean_gap(self) -> float:
        """Mean gap (s) after a contact over the agents of the group."""
        if not self.person_gaps:
            return 0.0 if self.gap is None else self.gap.mean
        gaps = [self.gap_of(agent) for agent in range(self.agents)]
        return sum(gap.mean for gap in gaps if gap is not None) / max(len(gaps), 1)

    @property
    def someone_absent(self) -> bool:
        """Whether agents may be absent on some day."""
        return any(self.absent_by_day) if self.absent_by_day else self.absent > 0

    def factors_of(self, agent: int) -> tuple[float, float]:
        """Return by how much one agent of the group multiplies speed and share resolved."""
        if self.agent_factors is None:
            return 1.0, 1.0
        speed, resolves = self.agent_factors[agent % len(self.agent_factors)].tolist()
        return speed, resolves
