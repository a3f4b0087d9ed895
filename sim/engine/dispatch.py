"""Routing: contacts come into hands, are put aside and let go; agents come and go.

Everything here happens at once, within one instant. What takes time is told in
:mod:`sim.engine.contacts` and :mod:`sim.engine.agents`.
"""

from __future__ import annotations

from sim.engine.entities import Agent, Leg, Phase
from sim.engine.ranked_events import Timer
from sim.engine.routing_policy import Decisions
from sim.engine.rules import Rank
from sim.log import Kind, Outcome, State
from sim.tape import Purpose


class Routing(Decisions):
    """A floor on which the two decisions are carried out."""

    # -- an agent for a contact ------------------------------------------------------------------

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

    def set_overflow_timers(self, leg: Leg) -> None:
        """Ask further groups for a contact that waits, each after its delay."""
        if leg.timed:
            return
        leg.timed = True
        for delay in self.delays[leg.line.number]:
            if leg.place + delay > self.clock.now:
                self.when(leg.place + delay, Rank.OVERFLOW, leg, self.overflow)

    def overflow(self, leg: Leg) -> None:
        """Ask the groups that may take the contact from now on."""
        self.route(leg)

    # -- a contact for an agent ------------------------------------------------------------------

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

    def dismiss(self) -> None:
        """Let those go who stayed for contacts that have now left the line."""
        for number in sorted(self.staying):
            agent = self.staying.get(number)
            if agent is not None and not self.needed(agent):
                self.depart(agent)

    # -- taking and releasing --------------------------------------------------------------------

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
            leg.phase, leg.left = Phase.DIAL, self._dial(leg)
        self.into_hand(agent, leg)
        if leg.turn is not None:
            leg.turn.succeed(Outcome.ANSWERED)
        self.let_go(leg)
        if self.staying:
            self.dismiss()

    def _answers(self, leg: Leg) -> bool:
        callback = leg.line.queue.callback
        assert callback is not None
        return self.leg_unit(leg, Purpose.ANSWER_CALLBACK + leg.attempt) < callback.answered

    def _dial(self, leg: Leg) -> float:
        callback = leg.line.queue.callback
        assert callback is not None
        return self.leg_draw(callback.dial, leg, Purpose.DIAL + leg.attempt)

    def release(self, agent: Agent, leg: Leg) -> None:
        """End an agent's part in a contact and see what comes next."""
        self.out_of_hand(agent, leg)
        self.next_for(agent)

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
        self.into_hand(agent, leg)
        assert leg.turn is not None
        leg.turn.succeed()

    # -- deferred work that yields ---------------------------------------------------------------

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

    def hand_back(self, agent: Agent) -> None:
        """Put deferred work back where the group does so at the end of a shift."""
        if agent.crew.group.hands_back:
            aside = self.put_aside(agent)
            self.file(agent)
            for leg in aside:
                self.route_to_free(leg)

    # -- coming and going ------------------------------------------------------------------------

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
