"""The tape, drawn in blocks by compiled code, is equal to the bit to its plain definition."""

from dataclasses import replace

import numpy as np
import pytest

from sim.distributions import Lognormal
from sim.model import Busyness, build
from sim.scenario import load
from sim.streams import RandomStreams
from sim.tape import arrivals, busyness, draw_tape, uniforms
from sim.tape.arrivals import read_on_clock
from sim.tape.first_contacts import AT_A_TIME
from sim.tape.merge import merge
from sim.tape.tape_drawer import TapeDrawer
from tests.support.plain_tape import COLUMNS, plain_columns
from tests.support.small_models import DAY, center, drawn, email, group, queue
from verification.random_models import random_model

NAMES = [f"queue/a/{day}" for day in range(12)]
COUNTS = [0, 1, 2, 3, 4, 5, 8, 0, 9, 1000, 1, 0]


def columns(tape):
    return {name: getattr(tape, name).tolist() for name in COLUMNS}


def assert_plain(model, seed, replication, antithetic=False):
    together = TapeDrawer(model, antithetic).draw_together(
        seed, range(replication, 3 + replication)
    )
    for k, number in enumerate(together.replications):
        plain = plain_columns(model, RandomStreams(seed, number, antithetic))
        alone = draw_tape(model, seed, number, antithetic)
        for tape in (alone, together[k]):
            found = columns(tape)
            for name in COLUMNS:
                np.testing.assert_array_equal(found[name], plain[name], err_msg=name)
        for present, all_present in zip(alone.present, together.present, strict=True):
            assert present.tolist() == all_present[k].tolist()
        assert alone.mirrored == together[k].mirrored


# -- uniform numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize("replication", [3, 4], ids=["plain", "mirrored"])
@pytest.mark.parametrize("fill", ["_fill_compiled", "_fill_plain"])
def test_streams_are_those_of_numpys_generator(replication, fill, monkeypatch):
    monkeypatch.setattr(uniforms, "fill", getattr(uniforms, fill))
    streams = RandomStreams(2**70, replication, antithetic=True)
    other = RandomStreams(2**70, 7 - replication, antithetic=True)
    together = uniforms.fill_streams([streams, other], NAMES, COUNTS)
    for found, one in zip(together, (streams, other), strict=True):
        single = [one.stream(name).random(count) for name, count in zip(NAMES, COUNTS, strict=True)]
        assert found.tolist() == np.concatenate(single).tolist()


def test_no_streams_have_no_numbers():
    assert uniforms.fill_streams([RandomStreams(1, 1)], [], []).size == 0


# -- arrivals ----------------------------------------------------------------------------------


def test_instants_are_read_as_numpy_interpolates():
    rng = np.random.default_rng(1)
    gaps = -rng.exponential(size=5000)
    expected = np.repeat([0, 0, 300.0, 0.3, 0, 1e-9, 700, 0], 3)
    total = np.concatenate([[0.0], np.cumsum(expected)])
    edges = 3 * DAY + np.arange(total.size) * 900.0
    ticks = np.cumsum(-gaps)
    count = np.zeros(1, np.int64)
    read_on_clock(
        gaps, np.array([5000]), total[None], np.stack([edges, edges])[:1], np.zeros(1, int), count
    )
    inside = ticks[ticks < total[-1]]
    assert count[0] == inside.size
    assert gaps[: count[0]].tolist() == np.interp(inside, total, edges).tolist()


def test_days_that_need_more_numbers_than_usual_get_them(monkeypatch):
    monkeypatch.setattr(arrivals, "_enough", lambda expected: np.where(expected > 0, 3, 0))
    model = center(
        [drawn("a", 5.0), drawn("b", [0, 0, 9, 0, 0, 0]), drawn("c", 0.0)], group("t", [0])
    )
    tape = draw_tape(model, 1, 1)
    rng = RandomStreams(1, 1).stream("queue/a/0/arrivals")
    ticks, gaps = np.zeros(1), -np.log1p(-rng.random(300)).reshape(-1, 3)
    for three in gaps:  # added up three by three, as they are drawn
        ticks = np.concatenate([ticks, ticks[-1] + np.cumsum(three)])
    born = np.interp(ticks[1:][ticks[1:] < 30], np.arange(7) * 5.0, np.arange(7) * 600.0)
    assert born.size > 10
    assert tape.born[tape.queue == 0].tolist() == born.tolist()
    assert (tape.queue == 1).any()
    assert not (tape.queue == 2).any()


# -- merging -----------------------------------------------------------------------------------


def merged(instants, count, part_end):
    first = np.cumsum(count) - count
    issues, queues = int(count.sum()), len(part_end)
    keys = np.arange(count.size, dtype=np.uint64)
    sizes = np.add.reduceat(count, [0, *part_end[:-1]]) if issues else np.zeros(queues, int)
    serial = np.concatenate([np.arange(n) for n in sizes]).astype(float)
    times = np.concatenate([serial, np.arange(queues * 4.0)])
    first_time = issues + np.arange(queues * 4).reshape(queues, 4)
    first_time[:, 1] = np.cumsum(sizes) - sizes
    step = np.zeros((queues, 4), int)
    step[:, 1] = 1
    born, work = np.empty(issues), np.empty((issues, 4))
    kinds = (int, bool, np.uint64)
    out = (born, *(np.empty(issues, kind) for kind in kinds), work)
    merge(
        instants, first[None], count[None], keys[None], np.array(part_end),
        np.arange(count.size) % 2 == 0, times, first_time[None], step, *out,
    )  # fmt: skip
    return out


@pytest.mark.parametrize("seed", range(5))
def test_merging_is_a_stable_sort(seed):
    rng = np.random.default_rng(seed)
    part_end = [3, 4, 9, 11]
    count = rng.integers(0, 30, 11) * (rng.random(11) < 0.7)
    queue_of = np.repeat([0, 1, 2, 3], [3, 1, 5, 2])
    owner = np.repeat(queue_of, count)
    whole = rng.integers(0, 20, owner.size).astype(float)  # so that many tie
    instants = np.concatenate([np.sort(whole[owner == k]) for k in range(4)])
    born, queue_column, backlog, _, work = merged(instants, count, part_end)
    order = np.argsort(instants, kind="stable")
    number = np.concatenate([np.arange((owner == k).sum()) for k in range(4)])
    assert born.tolist() == instants[order].tolist()
    assert queue_column.tolist() == owner[order].tolist()
    assert work[:, 1].tolist() == number[order].tolist()
    assert work[:, 3].tolist() == (4.0 * owner[order] + 3).tolist()
    assert backlog.tolist() == (np.repeat(np.arange(11), count) % 2 == 0)[order].tolist()


def test_merging_nothing_gives_nothing():
    assert merged(np.empty(0), np.zeros(2, int), [1, 2])[0].size == 0


# -- whole tapes -------------------------------------------------------------------------------


@pytest.mark.parametrize("antithetic", [False, True])
@pytest.mark.parametrize("name", ["retail_monday", "bank_week", "email_backlog"])
def test_tape_of_a_shipped_scenario_is_the_plain_one(name, antithetic, repo_root):
    model = build(load(repo_root / "scenarios" / f"{name}.toml"))
    assert_plain(model, 1, 2, antithetic)


@pytest.mark.parametrize("seed", range(25))
def test_tape_of_a_random_model_is_the_plain_one(seed):
    model = random_model(np.random.default_rng(seed), whole_seconds=seed % 2 == 0)
    assert_plain(model, seed, 1 + seed % 3)


def test_recorded_times_over_several_days_and_a_backlog_are_the_plain_ones():
    asked = email("a", [5, 10, DAY, DAY + 1, DAY + 1], hours=[(0.0, 2 * DAY)], backlog=3)
    nan = np.nan
    demand = replace(
        asked.demand,
        recorded_talk=np.array([1, nan, 3, nan, 5.0]), recorded_patience=np.array([nan] * 5),
    )  # fmt: skip
    other = drawn("b", 3.0, intervals=48, hours=[(0.0, 2 * DAY)])
    for talk in (asked.talk, other.talk, random_model(np.random.default_rng(1)).queues[0].talk):
        one = replace(asked, demand=demand, talk=talk)
        assert_plain(
            center([one, other], group("t", [0]), days=2, day_s=DAY, interval_s=3600.0), 1, 1
        )


def test_busy_days_of_two_queues_move_their_arrivals():
    model = center([drawn("a", 50.0), drawn("b", 50.0)], group("t", [0]))
    for lognormal in (False, True):
        busy = replace(model, busyness=Busyness(0.3, 0.5, lognormal))
        factors = busyness(busy, 1, 1)
        assert factors[0, 0] != factors[0, 1]
        assert_plain(busy, 1, 1)


def test_times_do_not_depend_on_how_many_are_computed_together():
    size = 2 * AT_A_TIME / 6
    model = center([drawn("a", size, talk=1.0)], group("t", [0]))
    one = replace(model.queues[0], talk=Lognormal(5.0, 0.7))
    model = replace(model, queues=(one,))
    tape = draw_tape(model, 1, 1)
    assert tape.born.size > AT_A_TIME
    numbers = RandomStreams(1, 1).stream("queue/a/0/talk").random(tape.born.size)
    assert tape.talk.tolist() == one.talk.quantiles(numbers).tolist()


def test_drawing_does_not_change_the_tapes_drawn_before():
    model = center([drawn("a", 20.0), queue("b", [1, 2, 3])], group("t", [0], absent=0.3))
    tapes = TapeDrawer(model)
    first = tapes.draw(1, 1)
    before, present = columns(first), first.present[0].tolist()
    tapes.draw(1, 2)
    assert columns(first) == before == columns(tapes.draw(1, 1))
    assert first.present[0].tolist() == present
