"""The floor, compiled: the twin of :mod:`sim.engine.floor`, function by function.

``w`` is the world, ``f`` the floor, ``now`` the instant (s); ``e`` numbers a leg, ``a`` an
agent, ``g`` a crew, ``q`` a queue and ``k`` a skill. -1 stands for none.
"""

from __future__ import annotations

import math

from sim.engine.kernel import codes as c
from sim.engine.kernel import lists
from sim.engine.kernel import tables as t
from sim.engine.kernel.chance import leg_draw, leg_unit
from sim.engine.kernel.compiled import agent_key, compiled, has_waited, queue_key, speed_among
from sim.engine.kernel.tables import Floor, World
from sim.engine.rules import Rank
from sim.log import Kind, State
from sim.model import AtClose, Rule
from sim.tape import Purpose

_ROOM = 1 + 1e-9
_LEAST_BUSY, _SERVE, _CALLBACK = int(Rule.LEAST_BUSY), int(AtClose.SERVE), int(Kind.CALLBACK)
_ANSWER, _DIAL = int(Purpose.ANSWER_CALLBACK), int(Purpose.DIAL)
_COMPLETION, _AGENTS_COME = int(Rank.COMPLETION), int(Rank.AGENTS_COME)
_OVERFLOW = int(Rank.OVERFLOW)
_AVAILABLE, _TALKING, _WRAPPING, _WORKING, _DIALLING, _HELD, _ON_BREAK = (int(s) for s in State)


@compiled
def order_of(f: Floor, e: int) -> int:
    """Return the number by which a contact's events are ordered."""
    return (t.legs(f)[e].issue << 8) | t.legs(f)[e].number


@compiled
def is_open(w: World, f: Floor, q: int, now: float) -> bool:
    """Return whether a queue is open."""
    k = t.queues(w)[q].hours + t.lines(f)[q].stretch
    return k < t.queues(w)[q].hours_end and t.spans(w)[k, 0] <= now < t.spans(w)[k, 1]


@compiled
def serves_out(w: World, f: Floor, q: int, now: float) -> bool:
    """Return whether a queue is closed but those who still wait are to be served."""
    return (
        t.lines(f)[q].waiting > 0
        and t.queues(w)[q].at_close == _SERVE
        and t.queues(w)[q].deferred == 0
        and not is_open(w, f, q, now)
    )


# -- an agent for a contact ----------------------------------------------------------------------


@compiled
def route(w: World, f: Floor, now: float, e: int) -> bool:
    """Give a contact to the best agent who may take it now; return whether there is one."""
    if route_to_free(w, f, now, e):
        return True
    a = interruptible_for(w, f, now, e)
    if a < 0:
        return False
    interrupt(w, f, now, a, e)
    next_for(w, f, now, a)
    return True


@compiled
def interrupt(w: World, f: Floor, now: float, a: int, e: int) -> None:
    """Let an agent put all in hand aside for a contact; others may go on with it."""
    count = put_aside(w, f, now, a)
    take(w, f, now, a, e)
    for k in range(count):
        route_to_free(w, f, now, t.aside(f)[k])


@compiled
def route_to_free(w: World, f: Floor, now: float, e: int) -> bool:
    """Give a contact to the best agent with room for it; return whether there is one."""
    a = agent_for(w, f, now, e)
    if a < 0:
        return False
    take(w, f, now, a, e)
    return True


@compiled
def agent_for(w: World, f: Floor, now: float, e: int) -> int:
    """Return the agent with room who is best for a contact."""
    q = t.legs(f)[e].queue
    best, best_key = -1, (math.inf, 0.0, 0.0, 0.0)
    for way in range(t.queues(w)[q].ways, t.queues(w)[q].ways_end):
        k = t.ways(w)[way]
        if t.skills(w)[k].level > best_key[0]:
            break
        if not _may_come_to(w, f, now, k, e):
            continue
        a = _best_of(w, f, now, k)
        if a >= 0:
            key = _key(w, f, now, k, a)
            if key < best_key or (key == best_key and a < best):
                best, best_key = a, key
    return best


@compiled
def interruptible_for(w: World, f: Floor, now: float, e: int) -> int:
    """Return the agent best for a contact among those whose work can be put aside for it."""
    q = t.legs(f)[e].queue
    best, best_key = -1, (math.inf, 0.0, 0.0, 0.0)
    for way in range(t.queues(w)[q].ways, t.queues(w)[q].ways_end):
        k = t.ways(w)[way]
        g = t.skills(w)[k].crew
        if t.groups(w)[g].interrupts == 0 or not _may_come_to(w, f, now, k, e):
            continue
        for load in range(1, t.hand(f).shape[1] + 1):
            a = t.buckets(f)[lists.bucket(f, g, 1, load), 0]
            while a >= 0:
                if _works_only_on(w, f, a, q):
                    key = _key(w, f, now, k, a)
                    if best < 0 or key < best_key or (key == best_key and a < best):
                        best, best_key = a, key
                a = t.agents(f)[a].bucket_next
    return best


@compiled
def _works_only_on(w: World, f: Floor, a: int, q: int) -> bool:
    for n in range(t.agents(f)[a].in_hand):
        leg = t.legs(f)[t.hand(f)[a, n]]
        if leg.phase != c.TALK or t.together(w)[leg.skill, q] & c.YIELDS == 0:
            return False
    return True


@compiled
def _may_come_to(w: World, f: Floor, now: float, k: int, e: int) -> bool:
    after = t.skills(w)[k].after
    if after != 0 and not has_waited(t.legs(f)[e].place, after, now):
        return False
    reserve = t.skills(w)[k].reserve
    if reserve == 0 or t.crews(f)[t.skills(w)[k].crew].idle > reserve:
        return True
    return t.lines(f)[t.skills(w)[k].queue].reserves_called != 0


@compiled
def _best_of(w: World, f: Floor, now: float, k: int) -> int:
    g = t.skills(w)[k].crew
    by_busy = t.queues(w)[t.skills(w)[k].queue].rule == _LEAST_BUSY
    head = t.crews(f)[g].idle_head
    if head >= 0:
        return _least_busy(f, now, head) if by_busy else head
    if t.groups(w)[g].concurrent == 0:
        return -1
    for load in range(1, t.hand(f).shape[1] + 1):
        best = -1
        for deferred_only in range(2):
            head = t.buckets(f)[lists.bucket(f, g, deferred_only, load), 0]
            a = _first_with_room(w, f, now, k, head, by_busy)
            if a >= 0 and (best < 0 or _goes_before(f, now, a, best, by_busy)):
                best = a
        if best >= 0:
            return best
    return -1


@compiled
def _least_busy(f: Floor, now: float, head: int) -> int:
    best, a = head, head
    while a >= 0:
        if _goes_before(f, now, a, best, True):
            best = a
        a = t.agents(f)[a].next
    return best


@compiled
def _first_with_room(w: World, f: Floor, now: float, k: int, a: int, by_busy: bool) -> int:
    best = -1
    while a >= 0:
        if has_room(w, f, a, k):
            if not by_busy:
                return a
            if best < 0 or _goes_before(f, now, a, best, True):
                best = a
        a = t.agents(f)[a].bucket_next
    return best


@compiled
def _busy_until(f: Floor, now: float, a: int) -> float:
    agent = t.agents(f)[a]
    return agent.busy + (now - agent.busy_since if agent.in_hand > 0 else 0.0)


@compiled
def _goes_before(f: Floor, now: float, one: int, other: int, by_busy: bool) -> bool:
    if by_busy:
        this, that = _busy_until(f, now, one), _busy_until(f, now, other)
        if this != that:
            return this < that
    if t.agents(f)[one].since != t.agents(f)[other].since:
        return t.agents(f)[one].since < t.agents(f)[other].since
    return one < other


@compiled
def has_room(w: World, f: Floor, a: int, k: int) -> bool:
    """Return whether an agent may take one more contact by a skill."""
    in_hand = t.agents(f)[a].in_hand
    if in_hand == 0:
        return True
    used = 1.0 / t.skills(w)[k].at_once
    for n in range(in_hand):
        other = t.legs(f)[t.hand(f)[a, n]].skill
        if t.together(w)[other, t.skills(w)[k].queue] & c.MIXES == 0:
            return False
        used += 1.0 / t.skills(w)[other].at_once
    return used <= _ROOM


@compiled
def _key(w: World, f: Floor, now: float, k: int, a: int) -> tuple[float, float, float, float]:
    skill = t.skills(w)[k]
    return agent_key(
        t.queues(w)[skill.queue].rule, skill.level, t.agents(f)[a].in_hand, t.agents(f)[a].since,
        _busy_until(f, now, a), t.numbers(w)[skill.speeds], skill.resolves,
    )  # fmt: skip


# -- a contact for an agent ----------------------------------------------------------------------


@compiled
def contact_for(w: World, f: Floor, now: float, a: int) -> int:
    """Return the waiting contact that an agent should take next."""
    first = _head_for(w, f, now, a, -1)
    if first < 0 or t.groups(w)[t.agents(f)[a].crew].interrupts == 0:
        return first
    if t.queues(w)[t.legs(f)[first].queue].deferred == 0:
        return first
    other = _head_for(w, f, now, a, t.legs(f)[first].queue)
    return first if other < 0 else other


@compiled
def _head_for(w: World, f: Floor, now: float, a: int, work: int) -> int:
    """Return the best head of a line for an agent.

    With ``work``, a queue of deferred work, only among those for whom it would be put aside.
    """
    g = t.agents(f)[a].crew
    best, best_key = -1, (math.inf, 0.0, 0.0, 0.0, 0.0)
    for k in range(t.groups(w)[g].skills, t.groups(w)[g].skills_end):
        q = t.skills(w)[k].queue
        if t.lines(f)[q].waiting == 0 or (work >= 0 and not _yields(w, g, work, q)):
            continue
        head = t.lines(f)[q].head
        if has_room(w, f, a, k) and _may_come_to(w, f, now, k, head):
            key = _place_of(w, f, now, k, head)
            if best < 0 or _comes_first(f, key, head, best_key, best):
                best, best_key = head, key
    return best


@compiled
def _yields(w: World, g: int, work: int, q: int) -> bool:
    for k in range(t.groups(w)[g].skills, t.groups(w)[g].skills_end):
        if t.skills(w)[k].queue == work:
            return t.together(w)[k, q] & c.YIELDS != 0
    return False


@compiled
def _place_of(
    w: World, f: Floor, now: float, k: int, head: int
) -> tuple[float, float, float, float, float]:
    queue, place = t.queues(w)[t.skills(w)[k].queue], t.legs(f)[head].place
    wait = now - place
    return queue_key(t.skills(w)[k].seek, queue.deferred, queue.priority, queue.weight, wait, place)


@compiled
def _comes_first(
    f: Floor, key: tuple[float, float, float, float, float], head: int,
    best_key: tuple[float, float, float, float, float], best: int,
) -> bool:  # fmt: skip
    return key < best_key or (key == best_key and order_of(f, head) < order_of(f, best))


@compiled
def interrupting(w: World, f: Floor, now: float, a: int) -> int:
    """Return the waiting contact for which an agent should put all in hand aside."""
    g = t.agents(f)[a].crew
    if (
        t.groups(w)[g].interrupts == 0
        or t.agents(f)[a].in_hand == 0
        or _deferred_only(w, f, a) == 0
    ):
        return -1
    best, best_key = -1, (math.inf, 0.0, 0.0, 0.0, 0.0)
    for k in range(t.groups(w)[g].skills, t.groups(w)[g].skills_end):
        q = t.skills(w)[k].queue
        if t.lines(f)[q].waiting == 0 or not _works_only_on(w, f, a, q):
            continue
        head = t.lines(f)[q].head
        if _may_come_to(w, f, now, k, head):
            key = _place_of(w, f, now, k, head)
            if best < 0 or _comes_first(f, key, head, best_key, best):
                best, best_key = head, key
    return best


@compiled
def next_for(w: World, f: Floor, now: float, a: int) -> None:
    """Give an agent what waits while there is room; else let it wrap, be idle or go."""
    file(w, f, now, a)
    while _takes_more(w, f, now, a):
        e = contact_for(w, f, now, a)
        if e >= 0:
            take(w, f, now, a, e)
            continue
        e = interrupting(w, f, now, a)
        if e < 0:
            break
        interrupt(w, f, now, a, e)
    if t.agents(f)[a].in_hand > 0 or t.agents(f)[a].on_duty == 0:
        return
    if t.agents(f)[a].put_off_head >= 0:
        take_up_wrap(w, f, now, a)
    elif wants_away(f, a) and not needed(w, f, now, a):
        depart(w, f, now, a)


@compiled
def wants_away(f: Floor, a: int) -> bool:
    """Return whether a break or the end of the shift is due."""
    return t.agents(f)[a].leaving != 0 or t.agents(f)[a].break_due != 0


@compiled
def _takes_more(w: World, f: Floor, now: float, a: int) -> bool:
    return t.agents(f)[a].on_duty != 0 and (not wants_away(f, a) or needed(w, f, now, a))


@compiled
def needed(w: World, f: Floor, now: float, a: int) -> bool:
    """Return whether an agent whose time is over stays for those the closing left in line."""
    if t.agents(f)[a].leaving == 0:
        return False
    g = t.agents(f)[a].crew
    for k in range(t.groups(w)[g].skills, t.groups(w)[g].skills_end):
        if serves_out(w, f, t.skills(w)[k].queue, now):
            return True
    return False


@compiled
def dismiss(w: World, f: Floor, now: float) -> None:
    """Let those go who stayed for contacts that have now left the line."""
    for a in range(len(t.agents(f))):
        if t.agents(f)[a].staying != 0 and not needed(w, f, now, a):
            depart(w, f, now, a)


# -- taking, pacing, releasing -------------------------------------------------------------------


@compiled
def take(w: World, f: Floor, now: float, a: int, e: int) -> None:
    """Put a contact into an agent's hands."""
    leg = t.legs(f)[e]
    if leg.waiting != 0:
        lists.quit_line(f, e)
    q, g = leg.queue, t.agents(f)[a].crew
    leg.agent, leg.crew = a, g
    for k in range(t.groups(w)[g].skills, t.groups(w)[g].skills_end):
        if t.skills(w)[k].queue == q:
            leg.skill = k
            break
    if leg.stints == 0:
        leg.leave = now
        leg.left = leg.talk + leg.hold
    leg.stints += 1
    leg.phase = c.TALK
    if leg.kind == _CALLBACK:
        attempt = leg.attempt
        if leg_unit(w, f, e, _ANSWER + attempt) >= t.queues(w)[q].answered:
            leg.phase = c.DIAL
            leg.left = leg_draw(w, f, e, t.queues(w)[q].dial, _DIAL + attempt)
    into_hand(w, f, now, a, e)
    let_go(f, now, e)
    if t.counts(f)[c.N_STAYING] > 0:
        dismiss(w, f, now)


@compiled
def let_go(f: Floor, now: float, e: int) -> None:
    """Release the agent who stayed on the line until this contact was taken or gone."""
    held = t.legs(f)[e].held
    if held >= 0:
        version = t.legs(f)[held].version
        lists.push_event(f, now, _COMPLETION | order_of(f, held), c.DO_LEG, held, version)
        t.legs(f)[e].held = -1


@compiled
def into_hand(w: World, f: Floor, now: float, a: int, e: int) -> None:
    """Add a contact to those in an agent's hands."""
    n = t.agents(f)[a].in_hand
    if n == 0:
        t.agents(f)[a].busy_since = now
    t.hand(f)[a, n] = e
    t.agents(f)[a].in_hand = n + 1
    t.agents(f)[a].since = now
    t.legs(f)[e].started = now
    t.legs(f)[e].speed = 0.0
    pace(w, f, now, a)
    file(w, f, now, a)


@compiled
def out_of_hand(w: World, f: Floor, now: float, a: int, e: int) -> None:
    """Take a contact out of an agent's hands."""
    n = t.agents(f)[a].in_hand - 1
    at = 0
    while t.hand(f)[a, at] != e:
        at += 1
    for k in range(at, n):
        t.hand(f)[a, k] = t.hand(f)[a, k + 1]
    t.agents(f)[a].in_hand = n
    t.agents(f)[a].since = now
    if n == 0:
        t.agents(f)[a].busy += now - t.agents(f)[a].busy_since
    else:
        pace(w, f, now, a)


@compiled
def release(w: World, f: Floor, now: float, a: int, e: int) -> None:
    """End an agent's part in a contact and see what comes next."""
    out_of_hand(w, f, now, a, e)
    next_for(w, f, now, a)


@compiled
def pace(w: World, f: Floor, now: float, a: int) -> None:
    """Set the speed of all in hand by their number, and the instants they will be done.

    A speed of 0 marks a phase that has not begun to run.
    """
    load = t.agents(f)[a].in_hand
    for n in range(load):
        e = t.hand(f)[a, n]
        leg = t.legs(f)[e]
        if leg.phase == c.HELD:
            continue
        speed = 1.0
        if leg.phase != c.DIAL:
            skill = t.skills(w)[leg.skill]
            speed = speed_among(t.numbers(w)[skill.speeds : skill.speeds_end], load)
        if speed == leg.speed:
            continue
        if leg.speed != 0.0:
            leg.left = max(0.0, leg.left - (now - leg.since) * leg.speed)
        leg.since, leg.speed = now, speed
        leg.version += 1
        order = _COMPLETION | order_of(f, e)
        lists.push_event(f, now + leg.left / speed, order, c.DO_LEG, e, leg.version)


@compiled
def start_phase(w: World, f: Floor, now: float, e: int, phase: int, work: float) -> None:
    """Let a contact in hand go on to another phase with its own work (s at full speed)."""
    a = t.legs(f)[e].agent
    t.legs(f)[e].phase = phase
    t.legs(f)[e].left = work
    t.legs(f)[e].started = now
    t.legs(f)[e].speed = 0.0
    if phase != c.HELD:
        pace(w, f, now, a)
    file(w, f, now, a)


@compiled
def put_off_wrap(w: World, f: Floor, now: float, a: int, e: int) -> None:
    """Keep the wrap of a contact for when nothing waits, and take the next one."""
    t.legs(f)[e].phase = c.PUT_OFF
    t.legs(f)[e].next = -1
    tail = t.agents(f)[a].put_off_tail
    if tail < 0:
        t.agents(f)[a].put_off_head = e
    else:
        t.legs(f)[tail].next = e
    t.agents(f)[a].put_off_tail = e
    release(w, f, now, a, e)


@compiled
def take_up_wrap(w: World, f: Floor, now: float, a: int) -> None:
    """Do the oldest of the wraps put off."""
    e = t.agents(f)[a].put_off_head
    t.agents(f)[a].put_off_head = t.legs(f)[e].next
    if t.agents(f)[a].put_off_head < 0:
        t.agents(f)[a].put_off_tail = -1
    t.legs(f)[e].phase = c.WRAP
    t.legs(f)[e].left = t.legs(f)[e].wrap
    into_hand(w, f, now, a, e)


# -- deferred work that yields -------------------------------------------------------------------


@compiled
def put_aside(w: World, f: Floor, now: float, a: int) -> int:
    """Put the deferred work in an agent's hands back into its lines, as far as it is done.

    Returns how many legs were put aside; they stand in ``t.aside(f)``.
    """
    count = 0
    for n in range(t.agents(f)[a].in_hand):
        e = t.hand(f)[a, n]
        if t.queues(w)[t.legs(f)[e].queue].deferred != 0 and t.legs(f)[e].phase == c.TALK:
            t.aside(f)[count] = e
            count += 1
    for n in range(count):
        e = t.aside(f)[n]
        leg = t.legs(f)[e]
        done = (now - leg.since) * leg.speed
        leg.left = max(0.0, leg.left - done)
        leg.talk_s += now - leg.started
        if t.queues(w)[t.legs(f)[e].queue].start_over != 0:
            work = leg.talk + leg.hold
            leg.wasted += work - leg.left
            leg.left = work
        t.legs(f)[e].version += 1
        t.legs(f)[e].phase = c.WAITING
        out_of_hand(w, f, now, a, e)
        lists.join_line(f, e)
        set_overflow_timers(w, f, now, e)
    return count


@compiled
def set_overflow_timers(w: World, f: Floor, now: float, e: int) -> None:
    """Ask further groups for a contact that waits, each after its delay."""
    leg = t.legs(f)[e]
    if leg.timed != 0:
        return
    leg.timed = 1
    for k in range(t.queues(w)[leg.queue].delays, t.queues(w)[leg.queue].delays_end):
        instant = leg.place + t.numbers(w)[k]
        if instant > now:
            lists.push_event(f, instant, _OVERFLOW | order_of(f, e), c.DO_LEG, e, 0)


# -- coming and going ----------------------------------------------------------------------------


@compiled
def file(w: World, f: Floor, now: float, a: int) -> None:
    """Keep the lists of the crew and the notes of what the agent does up to date."""
    agent = t.agents(f)[a]
    away = wants_away(f, a)
    stays = away and needed(w, f, now, a)
    may_take = agent.on_duty != 0 and (stays or not away)
    idle = may_take and agent.in_hand == 0
    if idle != (agent.idle != 0):
        if idle:
            lists.add_idle(f, a)
        else:
            lists.drop_idle(f, a)
    if t.groups(w)[agent.crew].shares != 0:
        lists.drop_from_bucket(f, a)
        if may_take and not idle:
            lists.add_to_bucket(f, a, _deferred_only(w, f, a), agent.in_hand)
    staying = 1 if idle and stays else 0
    t.counts(f)[c.N_STAYING] += staying - agent.staying
    agent.staying = staying
    lists.note_state(f, a, state_of(w, f, a), now)


@compiled
def _deferred_only(w: World, f: Floor, a: int) -> int:
    for n in range(t.agents(f)[a].in_hand):
        if t.queues(w)[t.legs(f)[t.hand(f)[a, n]].queue].deferred == 0:
            return 0
    return 1


@compiled
def state_of(w: World, f: Floor, a: int) -> int:
    """Return what an agent is seen to do."""
    in_hand = t.agents(f)[a].in_hand
    if in_hand == 0:
        return _AVAILABLE if t.agents(f)[a].on_duty != 0 else _ON_BREAK
    live = held = dialling = False
    for n in range(in_hand):
        e = t.hand(f)[a, n]
        phase = t.legs(f)[e].phase
        if t.queues(w)[t.legs(f)[e].queue].deferred == 0:
            if phase == c.TALK:
                return _TALKING
            live = True
        held = held or phase == c.HELD
        dialling = dialling or phase == c.DIAL
    if held:
        return _HELD
    if dialling:
        return _DIALLING
    return _WRAPPING if live else _WORKING


@compiled
def log_in(w: World, f: Floor, now: float, a: int) -> None:
    """Begin a shift."""
    agent = t.agents(f)[a]
    agent.present = agent.on_duty = 1
    agent.leaving = agent.break_due = agent.overtime = 0
    agent.since = agent.logged_in = agent.mark = now
    agent.state, agent.load = _AVAILABLE, 0
    t.crews(f)[agent.crew].present += 1
    next_for(w, f, now, a)


@compiled
def stay_on(w: World, f: Floor, now: float, a: int) -> None:
    """Begin a shift with the last one not yet over."""
    agent = t.agents(f)[a]
    out_of_overtime(f, now, a)
    agent.leaving = agent.break_due = 0
    if agent.on_duty == 0:
        agent.on_duty, agent.since = 1, now
    next_for(w, f, now, a)


@compiled
def ask_for_break(w: World, f: Floor, now: float, a: int) -> None:
    """Let an agent go on a break as soon as its hands are empty."""
    t.agents(f)[a].break_due = 1
    drop_holds(f, now, a)
    next_for(w, f, now, a)


@compiled
def ask_home(w: World, f: Floor, now: float, a: int) -> None:
    """Let an agent go home as soon as its hands are empty; a break still due is dropped."""
    t.agents(f)[a].leaving, t.agents(f)[a].break_due = 1, 0
    into_overtime(f, now, a)
    drop_holds(f, now, a)
    if t.agents(f)[a].on_duty != 0:
        hand_back(w, f, now, a)
        next_for(w, f, now, a)
    else:
        depart(w, f, now, a)


@compiled
def drop_holds(f: Floor, now: float, a: int) -> None:
    """Let go of customers who are being passed on and not met yet: the agent's time is up."""
    for n in range(t.agents(f)[a].in_hand):
        second = t.legs(f)[t.hand(f)[a, n]].second
        if second >= 0:
            let_go(f, now, second)


@compiled
def into_overtime(f: Floor, now: float, a: int) -> None:
    """Note that what an agent does from now on is beyond its schedule."""
    lists.close_state(f, a, now)
    t.agents(f)[a].overtime = 1


@compiled
def out_of_overtime(f: Floor, now: float, a: int) -> None:
    """Note that an agent is within its schedule again."""
    if t.agents(f)[a].on_duty != 0:
        lists.close_state(f, a, now)
    t.agents(f)[a].overtime = 0


@compiled
def hand_back(w: World, f: Floor, now: float, a: int) -> None:
    """Put deferred work back where the group does so at the end of a shift."""
    if t.groups(w)[t.agents(f)[a].crew].hands_back != 0:
        count = put_aside(w, f, now, a)
        file(w, f, now, a)
        for n in range(count):
            route_to_free(w, f, now, t.aside(f)[n])


@compiled
def depart(w: World, f: Floor, now: float, a: int) -> None:
    """Go on a break or home, now."""
    agent = t.agents(f)[a]
    agent.on_duty = 0
    file(w, f, now, a)
    if agent.leaving != 0:
        lists.close_state(f, a, now)
        lists.note_presence(f, a, now)
        t.crews(f)[agent.crew].present -= 1
        agent.leaving = agent.present = 0
    elif agent.break_due != 0:
        begin_break(w, f, now, a)


@compiled
def begin_break(w: World, f: Floor, now: float, a: int) -> None:
    """Set the end of a break that begins now; breaks due by then follow on."""
    agent = t.agents(f)[a]
    shift = t.shifts(w)[agent.shift]
    until = now + t.spans(w)[agent.rest, 1]
    agent.rest += 1
    while agent.rest < shift.breaks_end and t.spans(w)[agent.rest, 0] <= until:
        until += t.spans(w)[agent.rest, 1]
        agent.rest += 1
    if until < shift.ends:
        lists.push_event(f, until, _AGENTS_COME | a, c.DO_BREAK_OVER, agent.shift, 0)


@compiled
def come_back(w: World, f: Floor, now: float, a: int) -> None:
    """Return from a break."""
    t.agents(f)[a].break_due, t.agents(f)[a].on_duty = 0, 1
    t.agents(f)[a].since = now
    next_for(w, f, now, a)
