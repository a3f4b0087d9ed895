"""The story of an agent, and of a door: shifts, breaks, headcounts, opening hours."""

from __future__ import annotations

from sim.engine.entities import Agent, Crew, Line
from sim.engine.ranked_events import Story, Telling
from sim.engine.rules import Rank
from sim.engine.waiting import Waiting
from sim.log import Outcome
from sim.model import AtClose, Shift


class Staff(Waiting):
    """A floor that is staffed, behind doors that open and close."""

    # -- shifts ----------------------------------------------------------------------------------

    def shift(self, agent: Agent, plan: Shift) -> Telling:
        """Work one shift, from coming in to going home."""
        yield self.clock.at(plan.start, Rank.AGENTS_ON_DUTY, agent.number)
        agent.plan = plan
        if agent.present:
            self.stay_on(agent)
        else:
            self.log_in(agent)
        Story(self.breaks(agent, plan))
        yield self.clock.at(plan.end, Rank.AGENTS_OFF_DUTY, agent.number)
        if agent.plan is plan:  # the next shift has not begun at this very instant
            self.ask_home(agent)

    def breaks(self, agent: Agent, plan: Shift) -> Telling:
        """Take the breaks of a shift, each when hands are empty; what is due then follows on."""
        clock, breaks = self.clock, plan.breaks.tolist()
        while breaks:
            start, length = breaks.pop(0)
            if clock.now < start:
                yield clock.at(start, Rank.AGENTS_OFF_DUTY, agent.number)
            if clock.now >= plan.end:
                return
            self.ask_for_break(agent)
            yield agent.away
            until = clock.now + length
            while breaks and breaks[0][0] <= until:
                until += breaks.pop(0)[1]
            if until >= plan.end:
                return
            yield clock.at(until, Rank.AGENTS_ON_DUTY, agent.number)
            self.come_back(agent)

    # -- headcount -------------------------------------------------------------------------------

    def headcount(self, crew: Crew) -> Telling:
        """Staff a group by numbers: more come at once, fewer as hands become empty."""
        before = 0
        counts = [*self.tape.headcount(crew.number).tolist(), 0]
        for interval, count in enumerate(counts):
            if count == before:
                continue
            rank = Rank.AGENTS_ON_DUTY if count > before else Rank.AGENTS_OFF_DUTY
            yield self.clock.at(interval * self.model.interval_s, rank, crew.agents[0].number)
            if count > before:
                self.more(crew, count - before)
            else:
                self.fewer(crew, before - count, nobody_left=count == 0)
            before = count

    def more(self, crew: Crew, count: int) -> None:
        """Let agents come; first those stay on who were about to go."""
        for agent in crew.agents:
            if count and agent.leaving:
                agent.leaving = False
                count -= 1
                self.out_of_overtime(agent)
                self.next_for(agent)
            elif agent.overtime and not agent.leaving:
                self.out_of_overtime(agent)
        for agent in crew.agents:
            if count and not agent.on_duty:
                self.log_in(agent)
                count -= 1

    def fewer(self, crew: Crew, count: int, nobody_left: bool) -> None:
        """Let agents go: the idle, then those who hand their work back, then the others.

        Who has a contact in hand goes when it is done, and takes no other.
        """
        if nobody_left:
            for agent in crew.agents:
                if agent.on_duty and not agent.overtime:
                    self.into_overtime(agent)
                    self.drop_holds(agent)
        for goes_now in (self.goes_at_once, self.hands_work_back, self.stays_until_done):
            for agent in reversed(crew.agents):
                if count and agent.on_duty and not agent.leaving and goes_now(agent):
                    self.send_home(agent)
                    count -= 1

    @staticmethod
    def goes_at_once(agent: Agent) -> bool:
        """Return whether an agent has nothing to finish."""
        return agent.idle

    @staticmethod
    def hands_work_back(agent: Agent) -> bool:
        """Return whether an agent has only work in hand that others can go on with."""
        return agent.crew.group.hands_back and agent.only_deferred

    @staticmethod
    def stays_until_done(agent: Agent) -> bool:
        """Return that anybody may be asked to go."""
        return True

    def send_home(self, agent: Agent) -> None:
        """Let one agent of a headcount go, its deferred work handed back."""
        agent.leaving = True
        self.hand_back(agent)
        self.next_for(agent)

    # -- opening hours ---------------------------------------------------------------------------

    def doors(self, line: Line) -> Telling:
        """Open and close a queue."""
        for stretch, (opens, closes) in enumerate(line.queue.hours.tolist()):
            yield self.clock.at(opens, Rank.OPENING, line.number)
            line.stretch, line.reserves_called = stretch, False
            self.dismiss()
            yield self.clock.at(closes, Rank.CLOSING, line.number)
            if line.queue.at_close == AtClose.SERVE:
                self.call_in_reserves(line)
            elif line.queue.at_close == AtClose.SEND_AWAY:
                self.end_all_waits(line, Outcome.SENT_AWAY)
            elif line.is_over(self.clock.now):
                self.end_all_waits(line, Outcome.WAITING)

    def call_in_reserves(self, line: Line) -> None:
        """Ask all groups for those in line at closing: no reserve is held any more."""
        line.reserves_called = True
        for leg in list(line.everybody()):
            if leg.waiting:  # not taken together with one before it
                self.route(leg)

    def end_all_waits(self, line: Line, outcome: Outcome) -> None:
        """End the wait of everybody in line."""
        for leg in list(line.everybody()):
            self.stop_waiting(leg, outcome)
