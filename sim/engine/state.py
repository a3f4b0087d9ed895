"""The floor: its lines and crews, what is in whose hands, and how fast it goes.

Nothing is decided here: :mod:`sim.engine.routing_policy` chooses, :mod:`sim.engine.dispatch` acts.
All of it happens at once, within one instant.
"""

from __future__ import annotations

from collections.abc import Callable

from simpy import Event

from sim.engine import rules
from sim.engine.entities import Agent, Crew, Customer, Leg, Line, Phase
from sim.engine.ranked_events import Clock
from sim.engine.recorder import Recorder
from sim.engine.rules import Rank
from sim.log import State
from sim.model import Law, Skill
from sim.tape import Purpose, Tape


class Floor:
    """What is there, and what becomes of it without any decision."""

    def __init__(self, tape: Tape) -> None:
        model = tape.model
        self.tape, self.model = tape, model
        self.clock = Clock()
        self.recorder = Recorder()
        self.lines = [Line(number, queue) for number, queue in enumerate(model.queues)]
        self.crews: list[Crew] = []
        first = 0
        for number, group in enumerate(model.groups):
            self.crews.append(Crew(number, group, first))
            first += group.agents
        self.ways = [self._ways_of(queue) for queue in range(len(self.lines))]
        self.speeds = {id(s): s.speed.tolist() for g in model.groups for s in g.skills}
        self.delays = [sorted({s.after for _, s in ways if s.after}) for ways in self.ways]
        self.transfer_shares = [[t.share for t in q.transfers] for q in model.queues]
        self.staying: dict[int, Agent] = {}  # idle after their time, for those still in line
        self.lines_in_use = 0
        self.came_again = 0
        self.recontact_cap = rules.recontact_cap(tape.born.size)
        columns = (tape.talk.tolist(), tape.hold.tolist(), tape.wrap.tolist())
        self.first_work = list(zip(*columns, strict=True))
        self.first_patience: list[float] = tape.patience.tolist()

    def _ways_of(self, queue: int) -> list[tuple[Crew, Skill]]:
        """Return who serves a queue, the preferred groups first."""
        ways = [(crew, crew.skills[queue]) for crew in self.crews if queue in crew.skills]
        return sorted(ways, key=lambda way: (way[1].level, way[0].number))

    # -- in hand ---------------------------------------------------------------------------------

    def into_hand(self, agent: Agent, leg: Leg) -> None:
        """Add a contact to those in an agent's hands."""
        now = self.clock.now
        if not agent.hand:
            agent.busy_since = now
        agent.hand.append(leg)
        agent.since = leg.started = now
        leg.timer = None
        self.pace(agent)
        self.file(agent)

    def out_of_hand(self, agent: Agent, leg: Leg) -> None:
        """Take a contact out of an agent's hands."""
        now = self.clock.now
        agent.hand.remove(leg)
        agent.since = now
        if not agent.hand:
            agent.busy += now - agent.busy_since
        else:
            self.pace(agent)

    def pace(self, agent: Agent) -> None:
        """Set the speed of all in hand by their number, and the instants they will be done."""
        now, load = self.clock.now, len(agent.hand)
        for leg in agent.hand:
            if leg.phase is Phase.HELD:
                continue
            speed = 1.0
            if leg.phase is not Phase.DIAL:
                speed = rules.service_speed(self.speeds[id(leg.skill)], load)
            if leg.timer is None:
                leg.since, leg.speed = now, speed
                leg.timer = self.clock.at(now + leg.left / speed, Rank.COMPLETION, leg.order)
            elif speed != leg.speed:
                leg.left = max(0.0, leg.left - (now - leg.since) * leg.speed)
                leg.since, leg.speed = now, speed
                instant = now + leg.left / speed
                leg.timer = leg.timer.put_off(instant, Rank.COMPLETION | leg.order)

    def start_phase(self, leg: Leg, phase: Phase, work: float) -> None:
        """Let a contact in hand go on to another phase with its own work (s at full speed)."""
        assert leg.agent is not None
        leg.phase, leg.left, leg.started, leg.timer = phase, work, self.clock.now, None
        if phase is not Phase.HELD:
            self.pace(leg.agent)
        self.file(leg.agent)

    # -- lists and notes -------------------------------------------------------------------------

    def file(self, agent: Agent) -> None:
        """Keep the lists of the crew and the notes of what the agent does up to date."""
        crew, wants_away = agent.crew, agent.leaving or agent.break_due
        stays = wants_away and self.needed(agent)
        may_take = agent.on_duty and (stays or not wants_away)
        idle = may_take and not agent.hand
        if idle is not agent.idle:
            crew.add_idle(agent) if idle else crew.drop_idle(agent)
        if crew.shares:
            if may_take and agent.hand:
                crew.taking[agent.number] = agent
            else:
                crew.taking.pop(agent.number, None)
        if idle and stays:
            self.staying[agent.number] = agent
        elif self.staying:
            self.staying.pop(agent.number, None)
        self.recorder.state(agent, state_of(agent), self.clock.now)

    def needed(self, agent: Agent) -> bool:
        """Return whether an agent whose time is over stays for those the closing left in line."""
        if not agent.leaving:
            return False
        now = self.clock.now
        return any(self.lines[s.queue].serves_out(now) for s in agent.crew.group.skills)

    def into_overtime(self, agent: Agent) -> None:
        """Note that what an agent does from now on is beyond its schedule."""
        self.recorder.close_state(agent, self.clock.now)
        agent.overtime = True

    def out_of_overtime(self, agent: Agent) -> None:
        """Note that an agent is within its schedule again."""
        if agent.on_duty:
            self.recorder.close_state(agent, self.clock.now)
        agent.overtime = False

    # -- waiting and being held ------------------------------------------------------------------

    def when(self, instant: float, rank: Rank, leg: Leg, then: Callable[[Leg], object]) -> None:
        """Do something at an instant (s) if the contact still waits."""
        timer = self.clock.at(instant, rank, leg.order)
        assert timer.callbacks is not None
        timer.callbacks.append(lambda _: _if_waiting(leg, then))

    def let_go(self, leg: Leg) -> None:
        """Release the agent who stayed on the line until this contact was taken or gone."""
        if leg.held is None:
            return
        released = leg.held.released
        assert released is not None
        timer = self.clock.at(self.clock.now, Rank.COMPLETION, leg.held.order)
        assert timer.callbacks is not None
        timer.callbacks.append(lambda _: _trigger(released))
        leg.held = None

    def drop_holds(self, agent: Agent) -> None:
        """Let go of customers who are being passed on and not met yet: the agent's time is up."""
        for leg in agent.hand:
            if leg.second is not None:
                self.let_go(leg.second)

    # -- chance ----------------------------------------------------------------------------------

    def unit(self, customer: Customer, purpose: Purpose) -> float:
        """Return the number that decides a choice before a contact reaches a queue."""
        return self.tape.unit(customer.issue, customer.contact, 0, purpose)

    def draw(self, law: Law, customer: Customer, purpose: Purpose) -> float:
        """Return a time (s) needed before a contact reaches a queue."""
        return self.tape.draw(law, customer.issue, customer.contact, 0, purpose)

    def leg_unit(self, leg: Leg, purpose: int) -> float:
        """Return the number that decides a choice at a queue."""
        return self.tape.unit(leg.customer.issue, leg.contact, leg.hop, purpose)

    def leg_draw(self, law: Law, leg: Leg, purpose: int) -> float:
        """Return a time (s) that a leg needs."""
        return self.tape.draw(law, leg.customer.issue, leg.contact, leg.hop, purpose)


def _if_waiting(leg: Leg, then: Callable[[Leg], object]) -> None:
    if leg.waiting:
        then(leg)


def _trigger(event: Event) -> None:
    event.succeed()


_PHASES = (
    (Phase.HELD, State.HELD),
    (Phase.DIAL, State.DIALLING),
)


def state_of(agent: Agent) -> State:
    """Return what an agent is seen to do."""
    if not agent.hand:
        return State.AVAILABLE if agent.on_duty else State.ON_BREAK
    first = agent.hand[0]
    if first.phase is Phase.TALK and not first.line.queue.deferred:
        return State.TALKING
    live = [leg.phase for leg in agent.hand if not leg.line.queue.deferred]
    if Phase.TALK in live:
        return State.TALKING
    for phase, state in _PHASES:
        if any(leg.phase is phase for leg in agent.hand):
            return state
    return State.WRAPPING if live else State.WORKING
