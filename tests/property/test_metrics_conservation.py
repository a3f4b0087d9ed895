"""What holds for any legs and states: nothing is lost, nothing is counted twice."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.log import Issues, Kind, Legs, Log, Outcome, Presences, States, Then
from sim.metrics import compute_rows, stack, tally_log
from sim.metrics.tally_fields import LegSum, TimeSum
from sim.model import NEVER, AtClose, Busyness, Demand, Group, Model, Queue

QUEUES = 3
ENDS_WITH_PEOPLE = [o for o in Outcome if o < Outcome.CONTAINED and o != Outcome.NO_ANSWER]


def center(intervals: int = 6, interval_s: float = 100.0) -> Model:
    queues = tuple(
        Queue(
            name=f"q{k}", channel="email" if k == 2 else "voice", deferred=k == 2,
            demand=Demand(np.ones(intervals)), hours=np.array([[0.0, 600.0]]),
            at_close=AtClose.SERVE, talk=NEVER, hold=NEVER, wrap=NEVER, patience=NEVER,
            threshold=10.0 * (k + 1), due=50.0, resolved=0.5,
        )
        for k in range(QUEUES)
    )  # fmt: skip
    ones = np.ones(intervals)
    groups = tuple(Group(f"g{k}", (), ones, ones.astype(np.int64), (), 1) for k in range(2))
    return Model(
        name="any", queues=queues, groups=groups, channels=("email", "voice"), days=1,
        day_s=intervals * interval_s, interval_s=interval_s,
        starts=tuple(str(k) for k in range(intervals)), horizon=intervals * interval_s,
        measure_from=0.0, lines=np.inf, busyness=Busyness(), runs=1, seed=1, fingerprint="",
    )  # fmt: skip


@st.composite
def legs(draw: st.DrawFn) -> Legs:
    n = draw(st.integers(0, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    enter = rng.integers(0, 650, n) + rng.choice([0.0, 0.25], n)
    kind = rng.choice([Kind.INBOUND, Kind.RETRY, Kind.REPEAT, Kind.TRANSFER, Kind.BOUNCE], n)
    outcome = rng.choice(ENDS_WITH_PEOPLE, n)
    leave = np.where(outcome == Outcome.WAITING, np.nan, enter + rng.choice([0.0, 5, 10, 90], n))
    done = outcome == Outcome.ANSWERED
    talk = np.where(done, rng.integers(1, 300, n), 0.0)
    whole = {f.name: np.zeros(n, dtype=np.int64) for f in fields(Legs)}
    parts = {f.name: np.zeros(n) for f in fields(Legs) if "float" in str(f.type)}
    return Legs(**(whole | parts | {
        "issue": np.arange(n), "kind": kind, "queue": rng.integers(0, QUEUES, n),
        "enter": enter, "leave": leave, "outcome": outcome, "talk_s": talk,
        "talk_end": np.where(done, leave + talk, np.nan), "end": np.where(done, leave + talk, 0),
        "then": rng.choice(list(Then), n), "resolved": np.where(done, rng.integers(-1, 2, n), -1),
    }))  # fmt: skip


@st.composite
def states(draw: st.DrawFn) -> States:
    """Rows of two agents that tile their presence."""
    columns: list[tuple[Any, ...]] = []
    for agent in range(2):
        steps = draw(st.lists(st.integers(1, 250), max_size=8))
        bounds = np.cumsum([draw(st.integers(0, 300)), *steps]).astype(float)
        for start, end in zip(bounds[:-1], bounds[1:], strict=True):
            state = draw(st.integers(0, 6))
            columns.append((agent, agent, state, draw(st.integers(0, 3)), 0, start, end))
    flat = list(zip(*columns, strict=True)) or [()] * 7
    return States(*(np.array(c, dtype=np.int64) for c in flat[:5]), *map(np.array, flat[5:]))


def log_of(model: Model, rows: Legs, time: States | None = None) -> Log:
    nobody = States(*(np.zeros(0, dtype=np.int64),) * 5, np.zeros(0), np.zeros(0))
    there = Presences(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    return Log(model, 1, 1, Issues.plain(rows.queue, rows.enter), rows, time or nobody, there)


@given(legs())
def test_every_offered_contact_ends_in_exactly_one_way(rows: Legs) -> None:
    sums = tally_log(log_of(center(), rows)).legs
    ends = (
        LegSum.ANSWERED, LegSum.ABANDONED, LegSum.BUSY, LegSum.FULL, LegSum.MESSAGE,
        LegSum.CALLBACKS, LegSum.SENT_AWAY, LegSum.STILL_WAITING,
    )  # fmt: skip
    assert (sums[LegSum.OFFERED] == sum(sums[end] for end in ends)).all()
    assert sums[LegSum.OFFERED].sum() == len(rows)
    assert (sums[LegSum.ABANDONED_SHORT] <= sums[LegSum.ABANDONED]).all()
    assert (sums[LegSum.AT_ONCE] <= sums[LegSum.WITHIN]).all()
    assert (sums[LegSum.WITHIN] <= sums[LegSum.ANSWERED]).all()


@given(legs(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_count(rows: Legs, random: Any) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = Legs(**{name: column[order] for name, column in rows.columns().items()})
    one, other = (log_of(center(), rows), log_of(center(), shuffled))
    other = replace(other, issues=one.issues)
    assert np.allclose(tally_log(one).legs, tally_log(other).legs)
    assert (tally_log(one).waits == tally_log(other).waits).all()


@given(legs(), states())
def test_finer_intervals_add_up_to_coarser_ones(rows: Legs, time: States) -> None:
    coarse = tally_log(log_of(center(6, 100.0), rows, time))
    fine = tally_log(log_of(center(24, 25.0), rows, time))
    sums = fine.legs.reshape(len(LegSum), QUEUES, 6, 4)
    added = sums.sum(axis=3)
    added[LegSum.BACKLOG] = sums[LegSum.BACKLOG, :, :, -1]
    assert np.allclose(added, coarse.legs)
    spent = fine.time.reshape(len(TimeSum), 2, 6, 4).sum(axis=3)
    assert np.allclose(spent[: TimeSum.PAID], coarse.time[: TimeSum.PAID])


@given(states())
def test_time_of_agents_is_all_there_or_overtime(time: States) -> None:
    none = {f.name: np.zeros(0, np.float64 if "float" in str(f.type) else np.int64)
            for f in fields(Legs)}  # fmt: skip
    empty = Legs(**none)
    spent = tally_log(log_of(center(), empty, time)).time
    states_only = spent[: TimeSum.LOAD].sum() + spent[TimeSum.OVERTIME].sum()
    assert np.isclose(states_only, (time.end - time.start).sum())


@given(legs())
def test_the_backlog_is_what_came_less_what_went(rows: Legs) -> None:
    model = center()
    backlog = tally_log(log_of(model, rows)).legs[LegSum.BACKLOG, 2]
    for k, at in enumerate(np.arange(1, 7) * 100.0):
        gone = np.where(np.isnan(rows.talk_end), rows.leave, rows.talk_end)
        never = np.isin(rows.outcome, (Outcome.WAITING, Outcome.IN_HAND))
        still = (rows.enter < at) & (never | (gone >= at)) & (rows.queue == 2)
        assert backlog[k] == still.sum()


@settings(max_examples=25)
@given(st.lists(legs(), min_size=2, max_size=4))
def test_metrics_are_consistent(runs: list[Legs]) -> None:
    model = center()
    rows = compute_rows(model, stack([tally_log(log_of(model, r)) for r in runs]), intervals=True)
    for row in rows:
        if row.value is None:
            continue
        assert row.low is not None
        assert row.high is not None
        if row.unit == "share":
            assert -1e-12 <= row.value <= 1 + 1e-12, row
        assert row.low - 1e-9 <= row.value <= row.high + 1e-9, row
    whole = {(r.scope, r.name, r.metric): r.value for r in rows if r.interval is None}
    for metric in ("offered", "answered", "abandoned", "blocked", "handled"):
        by_queue = sum(whole["queue", f"q{k}", metric] or 0.0 for k in range(QUEUES))
        assert np.isclose(whole["total", "total", metric] or 0.0, by_queue)
