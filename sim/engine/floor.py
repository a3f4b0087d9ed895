"""The floor: which agent for a contact, which contact for an agent, and how fast.

Everything here happens at once, within one instant. What takes time is told in
:mod:`sim.engine.reference`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from simpy import Event

from sim.engine import rules
from sim.engine.cast import Agent, Crew, Leg, Line, Phase
from sim.engine.clock import Clock, Timer
from sim.engine.record import Recorder
from sim.engine.rules import Rank
from sim.log import Kind, Outcome, State
from sim.model import Rule, Skill
from sim.tape import Purpose, Tape

AgentKey = tuple[tuple[float, float, float, float], int]


class Floor:
    """Lines, crews and the two decisions of routing."""

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
        columns = (tape.talk.tolist(), tape.hold.tolist(), tape.wrap.tolist())
        self.first_work = list(zip(*columns, strict=True))
        self.first_patience: list[float] = tape.patience.tolist()

    def _ways_of(self, queue: int) -> list[tuple[Crew, Skill]]:
        """Return who serves a queue, the preferred groups first."""
        ways = [(crew, crew.skills[queue]) for crew in self.crews if queue in crew.skills]
        return sorted(ways, key=lambda way: (way[1].level, way[0].number))

    # -- an agent for a contact ---------------------------------------------------------

    def route(self, leg: Leg) -> bool:
        """Give a contact to the best agent who may take it now; return whether there is one."""
        if self.route_to_free(leg):
            return True
        agent = self.interruptible_for(leg)
        if agent is None:
            return False
        self.interrupt(agent, leg)
        self.next_for(agent)
        return True

    def interrupt(self, agent: Agent, leg: Leg) -> None:
        """Let an agent put all in hand aside for a contact; others may go on with it."""
        aside = self.put_aside(agent)
        self.take(agent, leg)
        for other in aside:
            self.route_to_free(other)

    def route_to_free(self, leg: Leg) -> bool:
        """Give a contact to the best agent with room for it; return whether there is one."""
        agent = self.agent_for(leg)
        if agent is None:
            return False
        self.take(agent, leg)
        return True

    def agent_for(self, leg: Leg) -> Agent | None:
        """Return the agent with room who is best for a contact, if any."""
        ways = self.ways[leg.line.number]
        if len(ways) == 1:
            crew, skill = ways[0]
            return self._best_of(crew, skill, leg) if self._may_come_to(crew, skill, leg) else None
        best, best_key = None, ((math.inf, 0.0, 0.0, 0.0), 0)
        for crew, skill in ways:
            if skill.level > best_key[0][0]:
                break
            if not self._may_come_to(crew, skill, leg):
                continue
            agent = self._best_of(crew, skill, leg)
            if agent is not None:
                key = self._key(agent, skill, leg)
                if key < best_key:
                    best, best_key = agent, key
        return best

    def interruptible_for(self, leg: Leg) -> Agent | None:
        """Return the agent best for a contact among those whose work can be put aside for it."""
        queue, found = leg.line.number, []
        for crew, skill in self.ways[queue]:
            pairs = crew.group.interrupts
            if not pairs or not self._may_come_to(crew, skill, leg):
                continue
            found += [
                (self._key(agent, skill, leg), agent)
                for agent in crew.taking.values()
                if agent.works_only_on(pairs, queue)
            ]
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def _may_come_to(self, crew: Crew, skill: Skill, leg: Leg) -> bool:
        """Return whether a group may take a contact by now: overflow delay and reserve."""
        if skill.after and not rules.has_waited(leg.place, skill.after, self.clock.now):
            return False
        return self._spares(crew, skill)

    def _spares(self, crew: Crew, skill: Skill) -> bool:
        if not skill.reserve or crew.idle_count > skill.reserve:
            return True
        return self.lines[skill.queue].reserves_called

    def _best_of(self, crew: Crew, skill: Skill, leg: Leg) -> Agent | None:
        queue = leg.line.queue
        if crew.idle_count:
            if queue.rule == Rule.LEAST_BUSY:
                return min(crew.all_idle(), key=lambda a: (a.busy, a.since, a.number))
            return crew.longest_idle()
        if not crew.concurrent:
            return None
        able = [a for a in crew.taking.values() if a.has_room(skill, queue.channel)]
        by_busy, now = queue.rule == Rule.LEAST_BUSY, self.clock.now
        return min(
            able,
            key=lambda a: (
                len(a.hand), a.busy_until(now) if by_busy else 0.0, a.since, a.number
            ),
            default=None,
        )  # fmt: skip

    def _key(
        self, agent: Agent, skill: Skill, leg: Leg
    ) -> tuple[tuple[float, float, float, float], int]:
        rank = rules.agent_key(
            leg.line.queue.rule, skill.level, len(agent.hand), agent.since,
            agent.busy_until(self.clock.now), float(skill.speed[0]), skill.resolves,
        )  # fmt: skip
        return rank, agent.number

    # -- a contact for an agent -----------------------------------------------------------

    def contact_for(self, agent: Agent) -> Leg | None:
        """Return the waiting contact that an agent should take next, if any."""
        first = self._head_for(agent, None)
        if first is None or not first.line.queue.deferred or not agent.crew.group.interrupts:
            return first
        return self._head_for(agent, first) or first

    def _head_for(self, agent: Agent, work: Leg | None) -> Leg | None:
        """Return the best head of a line for an agent, if any.

        With ``work``, only among those for whom that deferred work would be put aside again.
        """
        now, pairs = self.clock.now, agent.crew.group.interrupts
        best, best_key = None, None
        for skill in agent.crew.group.skills:
            line = self.lines[skill.queue]
            if not line.waiting:
                continue
            if work is not None and (work.line.number, skill.queue) not in pairs:
                continue
            head = line.head()
            if not agent.has_room(skill, line.queue.channel):
                continue
            if self._may_come_to(agent.crew, skill, head):
                key = self._place_of(skill, head, now)
                if best_key is None or key < best_key:
                    best, best_key = head, key
        return best

    @staticmethod
    def _place_of(skill: Skill, head: Leg, now: float) -> tuple[tuple[float, ...], int]:
        queue = head.line.queue
        key = rules.queue_key(
            skill.take, queue.deferred, queue.priority, queue.weight, now - head.place, head.place
        )
        return key, head.order

    def interrupting(self, agent: Agent) -> Leg | None:
        """Return the waiting contact for which an agent should put all in hand aside, if any."""
        pairs, now = agent.crew.group.interrupts, self.clock.now
        if not pairs or not agent.only_deferred:
            return None
        best, best_key = None, None
        for skill in agent.crew.group.skills:
            line = self.lines[skill.queue]
            if not line.waiting or not agent.works_only_on(pairs, skill.queue):
                continue
            head = line.head()
            if self._may_come_to(agent.crew, skill, head):
                key = self._place_of(skill, head, now)
                if best_key is None or key < best_key:
                    best, best_key = head, key
        return best

    def next_for(self, agent: Agent) -> None:
        """Give an agent what waits while there is room; else let it wrap, be idle or go."""
        self.file(agent)
        while self._takes_more(agent):
            leg = self.contact_for(agent)
            if leg is None:
                leg = self.interrupting(agent)
                if leg is None:
                    break
                self.interrupt(agent, leg)
            else:
                self.take(agent, leg)
        if agent.hand or not agent.on_duty:
            return
        if agent.put_off:
            self.take_up_wrap(agent)
        elif agent.wants_away and not self.needed(agent):
            self.depart(agent)

    def _takes_more(self, agent: Agent) -> bool:
        return agent.on_duty and (not agent.wants_away or self.needed(agent))

    def needed(self, agent: Agent) -> bool:
        """Return whether an agent whose time is over stays for those the closing left in line."""
        if not agent.leaving:
            return False
        now = self.clock.now
        return any(self.lines[s.queue].serves_out(now) for s in agent.crew.group.skills)

    def dismiss(self) -> None:
        """Let those go who stayed for contacts that have now left the line."""
        for number in sorted(self.staying):
            agent = self.staying.get(number)
            if agent is not None and not self.needed(agent):
                self.depart(agent)

    # -- taking, pacing, releasing -------------------------------------------------------

    def take(self, agent: Agent, leg: Leg) -> None:
        """Put a contact into an agent's hands."""
        now = self.clock.now
        if leg.waiting:
            leg.line.quit(leg)
        leg.agent, leg.skill = agent, agent.crew.skills[leg.line.number]
        if not leg.stints:
            leg.leave, leg.left = now, leg.work
        leg.stints += 1
        leg.phase = Phase.TALK
        if leg.kind == Kind.CALLBACK and not self._answers(leg):
            leg.phase, leg.left = Phase.DIAL, self._single(leg, Purpose.DIAL)
        self._into_hand(agent, leg)
        if leg.turn is not None:
            leg.turn.succeed(Outcome.ANSWERED)
        self.let_go(leg)
        if self.staying:
            self.dismiss()

    def _answers(self, leg: Leg) -> bool:
        callback = leg.line.queue.callback
        assert callback is not None
        purpose = Purpose.ANSWER_CALLBACK + leg.attempt
        u = self.tape.unit(leg.customer.issue, leg.contact, leg.hop, purpose)
        return u < callback.answered

    def _single(self, leg: Leg, purpose: Purpose) -> float:
        callback = leg.line.queue.callback
        assert callback is not None
        law = callback.dial if purpose == Purpose.DIAL else callback.again
        return self.tape.draw(law, leg.customer.issue, leg.contact, leg.hop, purpose + leg.attempt)

    def set_overflow_timers(self, leg: Leg) -> None:
        """Ask further groups for a contact that waits, each after its delay."""
        if leg.timed:
            return
        leg.timed = True
        for delay in self.delays[leg.line.number]:
            if leg.place + delay > self.clock.now:
                self.when(leg.place + delay, Rank.OVERFLOW, leg, self.overflow)

    def when(self, instant: float, rank: Rank, leg: Leg, then: Callable[[Leg], object]) -> None:
        """Do something at an instant (s) if the contact still waits."""
        timer = self.clock.at(instant, rank, leg.order)
        assert timer.callbacks is not None
        timer.callbacks.append(lambda _: _if_waiting(leg, then))

    def overflow(self, leg: Leg) -> None:
        """Ask the groups that may take the contact from now on."""
        self.route(leg)

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

    def _into_hand(self, agent: Agent, leg: Leg) -> None:
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

    def release(self, agent: Agent, leg: Leg) -> None:
        """End an agent's part in a contact and see what comes next."""
        self.out_of_hand(agent, leg)
        self.next_for(agent)

    def pace(self, agent: Agent) -> None:
        """Set the speed of all in hand by their number, and the instants they will be done."""
        now, load = self.clock.now, len(agent.hand)
        for leg in agent.hand:
            if leg.phase is Phase.HELD:
                continue
            speed = 1.0
            if leg.phase is not Phase.DIAL:
                speed = rules.speed_among(self.speeds[id(leg.skill)], load)
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

    def put_off_wrap(self, agent: Agent, leg: Leg) -> None:
        """Keep the wrap of a contact for when nothing waits, and take the next one."""
        leg.phase = Phase.PUT_OFF
        leg.turn = self.clock.event()
        agent.put_off.append(leg)
        self.release(agent, leg)

    def take_up_wrap(self, agent: Agent) -> None:
        """Do the oldest of the wraps put off."""
        leg = agent.put_off.pop(0)
        leg.phase, leg.left = Phase.WRAP, leg.wrap
        self._into_hand(agent, leg)
        assert leg.turn is not None
        leg.turn.succeed()

    # -- deferred work that yields --------------------------------------------------------

    def put_aside(self, agent: Agent) -> list[Leg]:
        """Put the deferred work in an agent's hands back into its lines, as far as it is done."""
        aside = [leg for leg in agent.hand if leg.line.queue.deferred and leg.phase is Phase.TALK]
        now = self.clock.now
        for leg in aside:
            leg.left = max(0.0, leg.left - (now - leg.since) * leg.speed)
            leg.talk_s += now - leg.started
            if leg.line.queue.start_over:
                leg.wasted += leg.work - leg.left
                leg.left = leg.work
            timer, leg.timer = leg.timer, None
            assert isinstance(timer, Timer)
            leg.phase, leg.turn = Phase.WAITING, self.clock.event()
            self.out_of_hand(agent, leg)
            leg.line.join(leg)
            self.set_overflow_timers(leg)
            timer.call_off(False)
        return aside

    # -- coming and going -----------------------------------------------------------------

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

    def log_in(self, agent: Agent) -> None:
        """Begin a shift."""
        now = self.clock.now
        agent.present = agent.on_duty = True
        agent.leaving = agent.break_due = agent.overtime = False
        agent.since = agent.logged_in = agent.mark = now
        agent.state, agent.load = State.AVAILABLE, 0
        agent.crew.present += 1
        self.next_for(agent)

    def stay_on(self, agent: Agent) -> None:
        """Begin a shift with the last one not yet over."""
        self.out_of_overtime(agent)
        agent.leaving = agent.break_due = False
        if not agent.on_duty:
            agent.on_duty, agent.since = True, self.clock.now
        self.next_for(agent)

    def ask_for_break(self, agent: Agent) -> None:
        """Let an agent go on a break as soon as its hands are empty."""
        agent.away = self.clock.event()
        agent.break_due = True
        self.drop_holds(agent)
        self.next_for(agent)

    def ask_home(self, agent: Agent) -> None:
        """Let an agent go home as soon as its hands are empty; a break still due is dropped."""
        agent.leaving, agent.break_due, agent.away = True, False, None
        self.into_overtime(agent)
        self.drop_holds(agent)
        if agent.on_duty:
            self.hand_back(agent)
            self.next_for(agent)
        else:
            self.depart(agent)

    def drop_holds(self, agent: Agent) -> None:
        """Let go of customers who are being passed on and not met yet: the agent's time is up."""
        for leg in agent.hand:
            if leg.second is not None:
                self.let_go(leg.second)

    def into_overtime(self, agent: Agent) -> None:
        """Note that what an agent does from now on is beyond its schedule."""
        self.recorder.close_state(agent, self.clock.now)
        agent.overtime = True

    def out_of_overtime(self, agent: Agent) -> None:
        """Note that an agent is within its schedule again."""
        if agent.on_duty:
            self.recorder.close_state(agent, self.clock.now)
        agent.overtime = False

    def hand_back(self, agent: Agent) -> None:
        """Put deferred work back where the group does so at the end of a shift."""
        if agent.crew.group.hands_back:
            aside = self.put_aside(agent)
            self.file(agent)
            for leg in aside:
                self.route_to_free(leg)

    def depart(self, agent: Agent) -> None:
        """Go on a break or home, now."""
        now = self.clock.now
        agent.on_duty = False
        self.file(agent)
        if agent.leaving:
            self.recorder.close_state(agent, now)
            self.recorder.presence(agent, now)
            agent.crew.present -= 1
            agent.leaving = agent.present = False
        elif agent.away is not None:
            agent.away.succeed()

    def come_back(self, agent: Agent) -> None:
        """Return from a break."""
        agent.break_due, agent.on_duty, agent.since = False, True, self.clock.now
        self.next_for(agent)


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
