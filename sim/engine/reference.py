"""The reference engine: the story of a contact and the story of an agent, in SimPy.

Decisions are made at once, by :class:`~sim.engine.floor.Floor`, at the instant of the event
that calls for them; the stories here wait in between. Nothing is drawn (the tape holds all
chance) and nothing is counted (the log is read by the metrics).
"""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import Any

from sim.engine import rules
from sim.engine.cast import Agent, Crew, Customer, Leg, Line, Phase
from sim.engine.clock import Story
from sim.engine.floor import Floor
from sim.engine.rules import Rank, contact_number
from sim.log import Kind, Log, Outcome, Then
from sim.model import AtClose, Change, Law, Shift, Transfer
from sim.model.hours import next_open
from sim.tape import Purpose

Telling = Generator[Any, Any, None]

_ALTERED_NOT = Change()
_UNSERVED_BUSY = (Outcome.BUSY, Outcome.FULL)
_TRIES_AGAIN = (Outcome.ABANDONED, Outcome.BALKED, Outcome.SENT_AWAY, *_UNSERVED_BUSY)


class Center(Floor):
    """A contact center on one replication's tape."""

    def play(self) -> Log:
        """Live through the whole horizon and return its log."""
        Story(self.arrivals())
        for line in self.lines:
            if not line.queue.deferred:
                Story(self.doors(line))
        for crew in self.crews:
            if crew.group.headcount is not None:
                Story(self.headcount(crew))
            for shift in crew.group.shifts:
                if self.tape.present[crew.number][shift.day, shift.agent]:
                    Story(self.shift(crew.agents[shift.agent], shift))
        self.clock.run()
        self.write_down_the_rest()
        return self.recorder.log(self.tape)

    def write_down_the_rest(self) -> None:
        """Write down who still waits when nothing happens any more."""
        for line in self.lines:
            for leg in list(line.everybody()):
                self.recorder.leg(leg, Outcome.IN_HAND if leg.stints else Outcome.WAITING)

    # -- the story of a contact -----------------------------------------------------------

    def arrivals(self) -> Telling:
        """Let every issue of the tape make its first contact."""
        tape = self.tape
        births = zip(tape.born.tolist(), tape.queue.tolist(), tape.backlog.tolist(), strict=True)
        for issue, (born, queue, waited_before) in enumerate(births):
            yield self.clock.at(born, Rank.ARRIVAL, contact_number(issue, 0))
            customer = Customer(issue)
            if waited_before:
                self.reach(self.first_leg(customer, Kind.BACKLOG, self.lines[queue]))
            else:
                self.front_door(customer, Kind.INBOUND, self.lines[queue])

    def front_door(
        self, customer: Customer, kind: Kind, line: Line, before: Leg | None = None,
        change: Change = _ALTERED_NOT,
    ) -> None:  # fmt: skip
        """Come in from outside: meet a busy line, the bot, or the queue."""
        bot, now = line.queue.bot, self.clock.now
        if self.no_line_free(line):
            leg = self.first_leg(customer, kind, line, before, change)
            leg.enter = leg.place = leg.leave = now
            self.go_unserved(leg, Outcome.BUSY)
            return
        tries = bot is not None and kind != Kind.BOUNCE and not rules.bot_is_out(bot.outage, now)
        if tries and self.unit(customer, Purpose.TRY_BOT) < bot.tried:  # type: ignore[union-attr]
            session = Leg(customer, Kind.SELF_SERVICE, line, 0)
            self.hold_line(session)
            Story(self.session(session, kind, before, change))
            return
        leg = self.first_leg(customer, kind, line, before, change)
        self.hold_line(leg)
        self.reach(leg)

    def session(self, session: Leg, kind: Kind, before: Leg | None, change: Change) -> Telling:
        """Spend a while with the bot; be helped, leave, or go on to people."""
        clock, customer, line = self.clock, session.customer, session.line
        bot = line.queue.bot
        assert bot is not None
        session.enter = clock.now
        length = self.draw(bot.session, customer, Purpose.SESSION)
        yield clock.at(clock.now + length, Rank.COMPLETION, session.order)
        u = self.unit(customer, Purpose.SESSION_END)
        outcome = Outcome(rules.end_of_session(bot.left, bot.contained, u))
        if outcome == Outcome.CONTAINED:
            helped = self.unit(customer, Purpose.BOT_RESOLVES) < bot.resolved
            session.resolved = int(helped)
            if not helped:
                session.then = self.bounce(session)
        elif outcome == Outcome.HANDED_OVER:
            session.then = Then.PEOPLE
        self.recorder.session(session, clock.now, outcome)
        if outcome != Outcome.HANDED_OVER:
            self.free_line(session)
            return
        leg = self.first_leg(customer, kind, line, before, change, bot.handover)
        leg.on_line, session.on_line, leg.inside = session.on_line, False, True
        self.reach(leg)

    def reach(self, leg: Leg) -> None:
        """Reach a queue: be refused, served at once, or stand in line."""
        now, line = self.clock.now, leg.line
        leg.enter = now
        if leg.kind != Kind.CALLBACK:
            leg.place = now
        refused = self.refused_at_close(leg)
        if refused is not None or not self.route(leg):
            leg.turn = self.clock.event()
            if refused is None:
                refused = self.refused_in_line(leg)
            if refused is None:
                line.join(leg)
                self.set_timers(leg)
            else:
                leg.leave = now
                leg.turn.succeed(refused)
        Story(self.contact(leg))

    def contact(self, leg: Leg) -> Telling:
        """Live through one leg at a queue: wait, be served, and go on or come again."""
        if leg.turn is not None:
            outcome = yield leg.turn
            if outcome != Outcome.ANSWERED:
                self.go_unserved(leg, outcome)
                return
        while leg.timer is None or not (yield leg.timer):  # put aside for who cannot wait
            assert leg.turn is not None
            yield leg.turn
        agent = leg.agent
        assert agent is not None
        if leg.phase is Phase.DIAL:
            self.nobody_answers(leg, agent)
            return
        held = self.finish_talk(leg)
        if held:
            self.start_phase(leg, Phase.HELD, 0.0)
            yield leg.released
            leg.hold_s += self.clock.now - leg.started
        if leg.wrap > 0:
            if agent.crew.group.wrap_when_idle:
                self.put_off_wrap(agent, leg)
                yield leg.turn
            else:
                self.start_phase(leg, Phase.WRAP, leg.wrap)
            yield leg.timer
            leg.wrap_s = self.clock.now - leg.started
        leg.left = 0.0
        self.recorder.leg(leg, Outcome.ANSWERED, self.clock.now)
        self.release(agent, leg)

    # -- waiting --------------------------------------------------------------------------

    def refused_at_close(self, leg: Leg) -> Outcome | None:
        """Return why a contact that reaches a closed queue may not join, if so."""
        queue = leg.line.queue
        if queue.deferred or leg.kind == Kind.BACKLOG or leg.line.is_open(self.clock.now):
            return None
        if queue.at_close == AtClose.CARRY_OVER:
            return Outcome.WAITING if self.is_over(leg.line) else None
        if leg.kind not in (Kind.TRANSFER, Kind.CALLBACK) and not leg.inside:
            return Outcome.SENT_AWAY
        somebody = any(crew.present for crew, _ in self.ways[leg.line.number])
        serves = queue.at_close == AtClose.SERVE and somebody
        return None if serves else Outcome.SENT_AWAY

    def is_over(self, line: Line) -> bool:
        """Return whether a queue will not open again."""
        hours = line.queue.hours
        return not len(hours) or bool(self.clock.now >= hours[-1, 1])

    def refused_in_line(self, leg: Leg) -> Outcome | None:
        """Return why a contact that nobody can take at once does not stand in line, if so."""
        queue, waiting = leg.line.queue, leg.line.waiting
        if leg.kind in (Kind.CALLBACK, Kind.BACKLOG):
            return None
        if waiting >= queue.limit and leg.kind != Kind.TRANSFER:
            return Outcome.FULL
        if queue.balk and self.leg_unit(leg, Purpose.BALK) < queue.balk:
            return Outcome.BALKED
        callback = queue.callback
        if callback is None or not rules.offered_in_line(callback.offer_at, waiting):
            return None
        if self.accepts_callback(leg):
            return Outcome.CALLBACK
        return None

    def accepts_callback(self, leg: Leg) -> bool:
        """Return whether a customer takes the offer to be called back."""
        callback = leg.line.queue.callback
        assert callback is not None
        return self.leg_unit(leg, Purpose.ACCEPT_CALLBACK) < callback.accepted

    def set_timers(self, leg: Leg) -> None:
        """Set what may end or change the wait of a contact in line."""
        now, queue = self.clock.now, leg.line.queue
        self.set_overflow_timers(leg)
        if leg.kind == Kind.CALLBACK:
            return
        callback = queue.callback
        if callback is not None and callback.offer_after < rules.NEVER:
            self.when(now + callback.offer_after, Rank.CALLBACK_OFFER, leg, self.offer_callback)
        if queue.longest_wait < rules.NEVER:
            end = partial(self.stop_waiting, outcome=Outcome.MESSAGE)
            self.when(now + queue.longest_wait, Rank.LONGEST_WAIT, leg, end)
        if leg.patience < rules.NEVER:
            end = partial(self.stop_waiting, outcome=Outcome.ABANDONED)
            self.when(now + leg.patience, Rank.PATIENCE, leg, end)

    def offer_callback(self, leg: Leg) -> None:
        """Offer to call back."""
        if self.accepts_callback(leg):
            self.stop_waiting(leg, Outcome.CALLBACK)

    def stop_waiting(self, leg: Leg, outcome: Outcome) -> None:
        """Leave the line unserved; work that was begun is not given up."""
        if leg.stints:
            return
        leg.line.quit(leg)
        leg.leave = self.clock.now
        assert leg.turn is not None
        leg.turn.succeed(outcome)
        if self.staying:
            self.dismiss()

    def go_unserved(self, leg: Leg, outcome: Outcome) -> None:
        """Leave without having been served, perhaps to try again."""
        if outcome == Outcome.CALLBACK:
            leg.then = Then.CALLBACK
        elif outcome in _TRIES_AGAIN:
            leg.then = self.retry(leg, outcome)
        self.recorder.leg(leg, outcome)
        self.free_line(leg)
        self.let_go(leg)
        if outcome == Outcome.CALLBACK:
            self.promise_callback(leg)

    # -- after the talk -------------------------------------------------------------------

    def finish_talk(self, leg: Leg) -> bool:
        """End the customer's part; return whether the agent stays on the line for a transfer."""
        now, queue = self.clock.now, leg.line.queue
        leg.talk_end, leg.left, leg.phase = now, 0.0, Phase.HELD
        elapsed = leg.talk_s + now - leg.started
        leg.hold_s = elapsed * (leg.hold / leg.work) if leg.hold else 0.0
        leg.talk_s = elapsed - leg.hold_s
        if queue.transfers:
            shares = self.transfer_shares[leg.line.number]
            chosen = rules.passed_on(shares, self.leg_unit(leg, Purpose.TRANSFER))
            if chosen >= 0:
                return self.pass_on(leg, queue.transfers[chosen])
        self.end_of_contact(leg)
        self.free_line(leg)
        return False

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

    def pass_on(self, leg: Leg, transfer: Transfer) -> bool:
        """Pass the customer to another queue; return whether the agent waits for the next one."""
        if leg.hop >= rules.HOPS or leg.customer.legs >= rules.LEGS:
            leg.then = Then.GAVE_UP
            self.free_line(leg)
            return False
        leg.then = Then.TRANSFER
        second = Leg(leg.customer, Kind.TRANSFER, self.lines[transfer.queue], leg.hop + 1)
        self.fill(second, None, transfer.change)
        self.move_line(leg, second)
        agent = leg.agent
        assert agent is not None
        warm = transfer.warm and not (agent.wants_away or agent.overtime)
        if warm:
            second.held, leg.released, leg.second = leg, self.clock.event(), second
        self.reach(second)
        return warm

    def retry(self, leg: Leg, outcome: Outcome) -> Then:
        """Decide whether a customer who was not served tries again."""
        retry, customer = leg.line.queue.retry, leg.customer
        if retry is None or leg.kind == Kind.CALLBACK:
            return Then.NOTHING
        share = retry.after_busy if outcome in _UNSERVED_BUSY else retry.after_abandon
        if self.leg_unit(leg, Purpose.RETRY) >= share:
            return Then.NOTHING
        if customer.retries >= retry.at_most:
            return Then.GAVE_UP
        delay = self.leg_draw(retry.delay, leg, Purpose.RETRY_DELAY)
        then = self.come_again(leg, Kind.RETRY, retry.queue, delay, _ALTERED_NOT)
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
        return self.come_again(session, Kind.BOUNCE, session.line.number, delay, _ALTERED_NOT)

    def come_again(self, leg: Leg, kind: Kind, queue: int, delay: float, change: Change) -> Then:
        """Let a customer make another contact after a delay (s), when the queue is open."""
        line, customer = self.lines[queue], leg.customer
        instant = next_open(line.queue.hours, self.clock.now + delay)
        if instant >= self.model.horizon:
            return Then.LATER
        if customer.legs >= rules.LEGS:
            return Then.GAVE_UP
        customer.contact += 1
        Story(self.later(instant, customer, kind, line, leg, change))
        return Then[kind.name]

    def later(
        self, instant: float, customer: Customer, kind: Kind, line: Line, before: Leg,
        change: Change,
    ) -> Telling:  # fmt: skip
        """Stay away until an instant (s), then come in again."""
        yield self.clock.at(instant, Rank.ARRIVAL, contact_number(customer.issue, customer.legs))
        self.front_door(customer, kind, line, before, change)

    # -- callbacks ------------------------------------------------------------------------

    def promise_callback(self, leg: Leg) -> None:
        """Put the promise to call back into the line, now or at the time set."""
        callback = leg.line.queue.callback
        assert callback is not None
        promise = self.callback_leg(leg)
        if callback.keeps_place:
            promise.place = leg.place
            self.reach(promise)
        else:
            delay = self.leg_draw(callback.delay, leg, Purpose.CALLBACK_DELAY)
            Story(self.call_later(promise, delay))

    def callback_leg(self, leg: Leg) -> Leg:
        """Return the leg by which a customer is called back, with the work of the first call."""
        promise = Leg(leg.customer, Kind.CALLBACK, leg.line, leg.hop)
        promise.contact = leg.contact
        promise.raw, promise.attempt = leg.raw, leg.attempt
        promise.talk, promise.hold, promise.wrap = leg.talk, leg.hold, leg.wrap
        return promise

    def call_later(self, promise: Leg, delay: float) -> Telling:
        """Join the line when the time set has come; never after the last closing."""
        instant = next_open(promise.line.queue.hours, self.clock.now + delay)
        if instant >= self.model.horizon:
            promise.enter = self.clock.now
            self.recorder.leg(promise, Outcome.WAITING)
            return
        yield self.clock.at(instant, Rank.ARRIVAL, promise.order)
        promise.place = instant
        self.reach(promise)

    def nobody_answers(self, leg: Leg, agent: Agent) -> None:
        """End an attempt that the customer did not answer; try again or give up."""
        leg.talk_end, leg.talk_s = self.clock.now, self.clock.now - leg.started
        leg.left = 0.0
        callback = leg.line.queue.callback
        assert callback is not None
        if leg.attempt + 1 < callback.tries:
            leg.then = Then.CALLBACK
            again = self.callback_leg(leg)
            again.attempt += 1
            Story(self.call_later(again, self._single(leg, Purpose.AGAIN)))
        else:
            leg.then = Then.GAVE_UP
        self.recorder.leg(leg, Outcome.NO_ANSWER, self.clock.now)
        self.release(agent, leg)

    # -- the story of an agent ------------------------------------------------------------

    def shift(self, agent: Agent, plan: Shift) -> Telling:
        """Work one shift, from coming in to going home."""
        yield self.clock.at(plan.start, Rank.AGENTS_COME, agent.number)
        agent.plan = plan
        if agent.present:
            self.stay_on(agent)
        else:
            self.log_in(agent)
        Story(self.breaks(agent, plan))
        yield self.clock.at(plan.end, Rank.AGENTS_LEAVE, agent.number)
        if agent.plan is plan:  # the next shift has not begun at this very instant
            self.ask_home(agent)

    def breaks(self, agent: Agent, plan: Shift) -> Telling:
        """Take the breaks of a shift, each when hands are empty; what is due then follows on."""
        clock, breaks = self.clock, plan.breaks.tolist()
        while breaks:
            start, length = breaks.pop(0)
            if clock.now < start:
                yield clock.at(start, Rank.AGENTS_LEAVE, agent.number)
            if clock.now >= plan.end:
                return
            self.ask_for_break(agent)
            yield agent.away
            until = clock.now + length
            while breaks and breaks[0][0] <= until:
                until += breaks.pop(0)[1]
            if until >= plan.end:
                return
            yield clock.at(until, Rank.AGENTS_COME, agent.number)
            self.come_back(agent)

    def headcount(self, crew: Crew) -> Telling:
        """Staff a group by numbers: more come at once, fewer as hands become empty."""
        before = 0
        counts = [*self.tape.headcount(crew.number).tolist(), 0]
        for interval, count in enumerate(counts):
            if count == before:
                continue
            rank = Rank.AGENTS_COME if count > before else Rank.AGENTS_LEAVE
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

    # -- opening hours --------------------------------------------------------------------

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
            elif self.is_over(line):
                self.end_all_waits(line, Outcome.WAITING)

    def call_in_reserves(self, line: Line) -> None:
        """Ask all groups for those in line at closing: no reserve is held any more."""
        line.reserves_called = True
        for leg in list(line.everybody()):
            self.route(leg)

    def end_all_waits(self, line: Line, outcome: Outcome) -> None:
        """End the wait of everybody in line."""
        for leg in list(line.everybody()):
            self.stop_waiting(leg, outcome)

    # -- lines (trunks) ---------------------------------------------------------------------

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

    # -- work and chance --------------------------------------------------------------------

    def first_leg(
        self, customer: Customer, kind: Kind, line: Line, before: Leg | None = None,
        change: Change = _ALTERED_NOT, handover: Change = _ALTERED_NOT,
    ) -> Leg:  # fmt: skip
        """Return a contact's leg at the queue it comes to, with its work and patience."""
        leg = Leg(customer, kind, line, 0)
        self.fill(leg, before, change)
        bot = line.queue.bot
        if bot is not None:
            leg.talk = rules.altered(leg.talk * bot.residual, handover.factor, handover.add)
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
        if change is not _ALTERED_NOT:
            leg.talk = rules.altered(leg.talk, change.factor, change.add)

    def _drawn_patience(self, leg: Leg) -> float:
        return self.leg_draw(leg.line.queue.patience, leg, Purpose.PATIENCE)

    def unit(self, customer: Customer, purpose: Purpose) -> float:
        """Return the number that decides a choice before a contact reaches a queue."""
        return self.tape.unit(customer.issue, customer.contact, 0, purpose)

    def draw(self, law: Law, customer: Customer, purpose: Purpose) -> float:
        """Return a time (s) needed before a contact reaches a queue."""
        return self.tape.draw(law, customer.issue, customer.contact, 0, purpose)

    def leg_unit(self, leg: Leg, purpose: Purpose) -> float:
        """Return the number that decides a choice at a queue."""
        return self.tape.unit(leg.customer.issue, leg.contact, leg.hop, purpose)

    def leg_draw(self, law: Law, leg: Leg, purpose: Purpose) -> float:
        """Return a time (s) that a leg needs."""
        return self.tape.draw(law, leg.customer.issue, leg.contact, leg.hop, purpose)
