"""Contacts after the first: trying again, coming back; the work and the line each one brings."""

from __future__ import annotations

from abc import ABC, abstractmethod

from sim.engine import rules
from sim.engine.entities import Customer, Leg, Line
from sim.engine.ranked_events import Story, Telling
from sim.engine.rules import Rank, leg_order
from sim.engine.waiting import Waiting
from sim.log import Kind, Outcome, Then
from sim.model import Change
from sim.model.opening_hours import next_open
from sim.tape import Purpose

UNALTERED = Change()
"""What a contact is when nothing before it has changed its talk."""


class Again(Waiting, ABC):
    """A floor to which customers come more than once."""

    @abstractmethod
    def front_door(
        self, customer: Customer, kind: Kind, line: Line, before: Leg | None = None,
        change: Change = UNALTERED,
    ) -> None:  # fmt: skip
        """Come in from outside."""

    # -- trying again, coming back ---------------------------------------------------------------

    def retry(self, leg: Leg, outcome: Outcome) -> Then:
        """Decide whether a customer who was not served tries again."""
        retry, customer = leg.line.queue.retry, leg.customer
        if retry is None or leg.kind == Kind.CALLBACK:
            return Then.NOTHING
        share = retry.after_busy if outcome in (Outcome.BUSY, Outcome.FULL) else retry.after_abandon
        if self.leg_unit(leg, Purpose.RETRY) >= share:
            return Then.NOTHING
        if customer.retries >= retry.at_most:
            return Then.GAVE_UP
        delay = self.leg_draw(retry.delay, leg, Purpose.RETRY_DELAY)
        then = self.come_again(leg, Kind.RETRY, retry.queue, delay, UNALTERED)
        customer.retries += then == Then.RETRY
        return then

    def bounce(self, session: Leg) -> Then:
        """Decide whether a customer whom the bot only seemed to help comes back for people."""
        bot, customer = session.line.queue.bot, session.customer
        assert bot is not None
        if customer.bounced or self.unit(customer, Purpose.BOUNCE) >= bot.comes_back:
            return Then.NOTHING
        customer.bounced = True
        delay = self.draw(bot.comes_back_after, customer, Purpose.BOUNCE_DELAY)
        return self.come_again(session, Kind.BOUNCE, session.line.number, delay, UNALTERED)

    def end_of_contact(self, leg: Leg) -> None:
        """Decide whether the issue is resolved, and whether an unresolved one comes back."""
        queue, skill = leg.line.queue, leg.skill
        assert skill is not None
        if queue.resolved != queue.resolved:  # NaN: not modelled
            return
        helped = self.leg_unit(leg, Purpose.RESOLVED) < queue.resolved * skill.resolves
        leg.resolved = int(helped)
        repeat = queue.repeat
        if helped or repeat is None or self.leg_unit(leg, Purpose.REPEAT) >= repeat.share:
            return
        customer = leg.customer
        if customer.repeats >= repeat.at_most:
            leg.then = Then.GAVE_UP
            return
        delay = self.leg_draw(repeat.delay, leg, Purpose.REPEAT_DELAY)
        leg.then = self.come_again(leg, Kind.REPEAT, repeat.queue, delay, repeat.change)
        customer.repeats += leg.then == Then.REPEAT

    def come_again(self, leg: Leg, kind: Kind, queue: int, delay: float, change: Change) -> Then:
        """Let a customer make another contact after a delay (s), when the queue is open."""
        line, customer = self.lines[queue], leg.customer
        instant = next_open(line.queue.hours, self.clock.now + delay)
        if instant >= self.model.horizon:
            return Then.LATER
        if customer.legs >= rules.MAX_LEGS or self.unstable():
            return Then.GAVE_UP
        customer.contact += 1
        self.came_again += 1
        Story(self.later(instant, customer, kind, line, leg, change))
        return Then[kind.name]

    def unstable(self) -> bool:
        """Return whether customers come again without end."""
        return self.came_again >= self.recontact_cap

    def later(
        self, instant: float, customer: Customer, kind: Kind, line: Line, before: Leg,
        change: Change,
    ) -> Telling:  # fmt: skip
        """Stay away until an instant (s), then come in again."""
        yield self.clock.at(instant, Rank.ARRIVAL, leg_order(customer.issue, customer.legs))
        self.front_door(customer, kind, line, before, change)

    # -- lines (trunks) --------------------------------------------------------------------------

    def no_line_free(self, line: Line) -> bool:
        """Return whether a contact from outside meets a busy line."""
        queue = line.queue
        common = queue.shares_lines and self.lines_in_use >= self.model.lines
        return common or line.in_use >= queue.lines

    def hold_line(self, leg: Leg) -> None:
        """Let a contact occupy a line until its talk ends."""
        leg.on_line = True
        leg.line.in_use += 1
        self.lines_in_use += leg.line.queue.shares_lines

    def free_line(self, leg: Leg) -> None:
        """Let go of the line, if the contact has one."""
        if leg.on_line:
            leg.on_line = False
            leg.line.in_use -= 1
            self.lines_in_use -= leg.line.queue.shares_lines

    def move_line(self, leg: Leg, second: Leg) -> None:
        """Let a transferred customer stay on the line."""
        if leg.on_line:
            self.free_line(leg)
            self.hold_line(second)

    # -- work ------------------------------------------------------------------------------------

    def first_leg(
        self, customer: Customer, kind: Kind, line: Line, before: Leg | None = None,
        change: Change = UNALTERED, handover: Change = UNALTERED,
    ) -> Leg:  # fmt: skip
        """Return a contact's leg at the queue it comes to, with its work and patience."""
        leg = Leg(customer, kind, line, 0)
        self.fill(leg, before, change)
        bot = line.queue.bot
        if bot is not None:
            share = bot.comeback if customer.bounced else bot.residual
            leg.talk = rules.changed_work(leg.talk * share, handover.factor, handover.add)
        return leg

    def fill(self, leg: Leg, before: Leg | None, change: Change) -> None:
        """Give a leg its work and patience; a retry brings the work that was never done."""
        issue, queue = leg.customer.issue, leg.line.queue
        retried = before is not None and leg.kind == Kind.RETRY and before.line is leg.line
        if retried:
            assert before is not None
            assert queue.retry is not None
            leg.raw = before.raw
            kept = queue.retry.keeps_patience
            leg.patience = before.patience if kept else self._drawn_patience(leg)
        elif leg.contact == 0 and leg.hop == 0:
            leg.raw = self.first_work[issue]
            leg.patience = self.first_patience[issue]
        else:
            leg.raw = (
                self.leg_draw(queue.talk, leg, Purpose.TALK),
                self.leg_draw(queue.hold, leg, Purpose.HOLD),
                self.leg_draw(queue.wrap, leg, Purpose.WRAP),
            )
            leg.patience = self._drawn_patience(leg)
        leg.talk, leg.hold, leg.wrap = leg.raw
        if change is not UNALTERED:
            leg.talk = rules.changed_work(leg.talk, change.factor, change.add)

    def _drawn_patience(self, leg: Leg) -> float:
        return self.leg_draw(leg.line.queue.patience, leg, Purpose.PATIENCE)
