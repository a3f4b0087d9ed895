"""Random numbers: what is drawn, what it depends on, how it is distributed."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim.distributions import Exponential
from sim.model import Busyness, Demand
from sim.streams import stream, stream_key
from sim.tape import Purpose, busyness, draw_tape
from tests.support.small_models import DAY, center, drawn, email, fixed, group, queue, shift

TEAM = group("team", [0])
COLUMNS = ("queue", "born", "backlog", "keys", "talk", "hold", "wrap", "patience")
EXPONENTIAL = Exponential(60.0)


def columns(tape, issues=None):
    picked = slice(None) if issues is None else issues
    return {name: getattr(tape, name)[picked].tolist() for name in COLUMNS}


def random_queue(name="a", expected=100.0, **fields):
    law = {"talk": EXPONENTIAL, "hold": EXPONENTIAL, "wrap": EXPONENTIAL, "patience": EXPONENTIAL}
    return replace(drawn(name, expected, **fields), **law)


def tape_of(*queues, seed=1, replication=1, groups=TEAM, **frame):
    return draw_tape(center(list(queues), groups, **frame), seed, replication)


# -- on what a draw depends --------------------------------------------------------------------


def test_same_seed_and_replication_give_the_same_tape():
    assert columns(tape_of(random_queue())) == columns(tape_of(random_queue()))


@pytest.mark.parametrize("other", [{"seed": 2}, {"replication": 2}])
def test_other_seed_or_replication_shares_nothing(other):
    first, second = tape_of(random_queue()), tape_of(random_queue(), **other)
    for name in ("born", "talk", "hold", "wrap", "patience", "keys"):
        assert not set(getattr(first, name).tolist()) & set(getattr(second, name).tolist()), name


def test_other_queues_change_nothing():
    alone = tape_of(random_queue("b"))
    among = tape_of(random_queue("a"), random_queue("b"), random_queue("c"))
    told, expected = columns(among, among.queue == 1), columns(alone)
    assert told | {"queue": expected["queue"]} == expected


def test_another_queue_name_has_other_random_numbers():
    assert not set(tape_of(random_queue("a")).born) & set(tape_of(random_queue("b")).born)


def test_more_days_leave_the_first_ones_as_they_were():
    hours = [(0.0, DAY)]
    short = random_queue("a", 5.0, intervals=24, hours=hours)
    long = random_queue("a", 5.0, intervals=48, hours=[*hours, (DAY, 2 * DAY)])
    one = tape_of(short, day_s=DAY, interval_s=3600.0)
    two = tape_of(long, days=2, day_s=DAY, interval_s=3600.0)
    assert columns(two, two.born < DAY) == columns(one)
    later = two.born[two.born >= DAY] - DAY
    assert not np.isclose(later[:, None], one.born).any()


def test_another_distribution_of_talk_changes_only_the_talk_times():
    asked = random_queue()
    longer = replace(asked, talk=Exponential(120.0))
    first, second = tape_of(asked), tape_of(longer)
    np.testing.assert_allclose(second.talk, 2 * first.talk)
    assert columns(first) | {"talk": 0} == columns(second) | {"talk": 0}


def test_higher_volume_keeps_each_contact_and_moves_it_on_the_clock():
    few, many = tape_of(random_queue("a", 100.0)), tape_of(random_queue("a", 125.0))
    kept = len(few.born)
    # 25 % more: contact number k comes after 100/125 of its former time.
    np.testing.assert_allclose(many.born[:kept], few.born * 0.8)
    for name in ("talk", "hold", "wrap", "patience", "keys"):
        assert getattr(many, name)[:kept].tolist() == getattr(few, name).tolist()


def test_numbers_of_one_contact_for_different_purposes_are_unrelated():
    tape = tape_of(random_queue("a", 2000.0))
    drawn = np.array([tape.talk, tape.hold, tape.wrap, tape.patience, np.arange(len(tape.born))])
    found = np.corrcoef(stats.rankdata(drawn, axis=1))[np.triu_indices(5, 1)]
    assert np.abs(found).max() < 4 / math.sqrt(len(tape.born))


# -- arrivals ----------------------------------------------------------------------------------


def test_issues_are_numbered_by_birth_the_earlier_queue_first_where_they_tie():
    tape = tape_of(queue("a", [10, 30]), queue("b", [5, 10, 30]))
    assert tape.born.tolist() == [5, 10, 10, 30, 30]
    assert tape.queue.tolist() == [1, 0, 1, 0, 1]


def test_many_who_tie_keep_the_order_of_their_queues_and_their_own():
    first = queue("a", [10.0] * 50, range(50))
    second = queue("b", [*range(10), *[10.0] * 50], range(60))
    tape = tape_of(first, second)
    assert tape.queue.tolist() == [1] * 10 + [0] * 50 + [1] * 50
    assert tape.talk.tolist() == [*range(10), *range(50), *range(10, 60)]


def test_backlog_is_there_at_the_beginning_and_before_others():
    tape = tape_of(email("a", [0, 10], backlog=2))
    assert tape.born.tolist() == [0, 0, 0, 10]
    assert tape.backlog.tolist() == [True, True, False, False]


def test_backlog_has_work_of_its_own():
    without = replace(email("a", [10]), talk=EXPONENTIAL)
    with_some = replace(without, demand=replace(without.demand, backlog=3))
    first, second = tape_of(without), tape_of(with_some)
    assert second.talk[3] == first.talk[0]
    assert len(set(second.talk.tolist())) == 4


def test_recorded_times_are_kept_and_gaps_in_them_are_drawn():
    asked = queue("a", [10, 20, 30], [60, math.nan, 40], [math.nan, 5, math.nan])
    asked = replace(asked, talk=fixed(99), patience=fixed(77))
    tape = tape_of(asked)
    assert tape.talk.tolist() == [60, 99, 40]
    assert tape.patience.tolist() == [77, 5, 77]


def test_recorded_times_of_the_second_day_go_with_its_contacts():
    hours = [(0.0, DAY), (DAY, 2 * DAY)]
    asked = queue("a", [10, DAY + 10, DAY + 20], [1, 2, 3], [4, 5, 6], hours=hours)
    tape = tape_of(asked, days=2, day_s=DAY, interval_s=3600.0)
    assert (tape.born.tolist(), tape.talk.tolist(), tape.patience.tolist()) == (
        [10, DAY + 10, DAY + 20], [1, 2, 3], [4, 5, 6],
    )  # fmt: skip


def test_exact_volumes_are_met_in_every_interval():
    counts = [0, 3, 7, 1, 0, 20]
    for replication in (1, 2, 3):
        tape = tape_of(drawn("a", counts, exact=True), replication=replication)
        assert np.bincount((tape.born // 600).astype(int), minlength=6).tolist() == counts
        assert (np.diff(tape.born) > 0).all()


def test_expected_volumes_are_poisson_in_every_interval():
    expected = np.array([0.0, 3.0, 12.0, 0.5, 0.0, 6.0])
    asked, runs = drawn("a", expected), 3000
    counts = np.array([
        np.bincount((tape_of(asked, replication=r).born // 600).astype(int), minlength=6)
        for r in range(1, runs + 1)
    ])  # fmt: skip
    error = np.sqrt(expected / runs) + 1e-12
    assert np.abs(counts.mean(axis=0) - expected)[expected == 0].max() == 0
    assert (np.abs(counts.mean(axis=0) - expected) < 4 * error).all()
    busy = expected > 0  # variance of a Poisson variance: m/n + 2 m²/(n - 1)
    spread = np.sqrt(expected / runs + 2 * expected**2 / (runs - 1))
    assert (np.abs(counts.var(axis=0, ddof=1) - expected)[busy] < 4 * spread[busy]).all()


def test_arrivals_within_an_interval_are_spread_evenly():
    tape = tape_of(drawn("a", [0, 0, 3000, 0, 0, 0]))
    assert stats.kstest(tape.born, "uniform", args=(1200, 600)).pvalue > 0.001
    gaps = np.diff(tape.born)
    assert stats.kstest(gaps, "expon", args=(0, 0.2)).pvalue > 0.001


def test_a_volume_of_zero_has_no_customers():
    assert tape_of(drawn("a", 0.0)).born.size == 0


# -- busy days ---------------------------------------------------------------------------------


def factors(law, days=20_000):
    asked = [queue("a", hours=[(0, 1)]), queue("b", hours=[(0, 1)])]
    model = center(asked, TEAM, days=days, day_s=1.0, interval_s=1.0)
    return busyness(replace(model, busyness=law), 1, 1)


@pytest.mark.parametrize("lognormal", [False, True])
@pytest.mark.parametrize("cv", [0.1, 0.5])
def test_busyness_has_mean_one_and_the_given_spread(cv, lognormal):
    found = factors(Busyness(cv, 0.0, lognormal))
    assert found.shape == (20_000, 2)
    assert found.mean() == pytest.approx(1, abs=4 * cv / math.sqrt(found.size))
    assert found.std() == pytest.approx(cv, rel=0.05)
    assert found.min() > 0


def test_shape_of_busyness_is_gamma_or_lognormal():
    gamma, lognormal = (factors(Busyness(0.5, 0.0, shape))[:, 0] for shape in (False, True))
    sigma = math.sqrt(math.log(1.25))
    assert stats.kstest(gamma, "gamma", args=(4, 0, 0.25)).pvalue > 0.001
    assert stats.kstest(np.log(lognormal), "norm", args=(-(sigma**2) / 2, sigma)).pvalue > 0.001


@pytest.mark.parametrize("shared", [0.0, 0.3, 1.0])
def test_busyness_is_shared_as_far_as_said(shared):
    found = np.log(factors(Busyness(0.2, shared, True)))
    assert np.corrcoef(found.T)[0, 1] == pytest.approx(shared, abs=0.03)


def test_days_do_not_differ_without_busyness():
    assert (factors(Busyness(), 5) == 1).all()


def test_busy_day_multiplies_the_expected_volume():
    asked = random_queue("a", 500.0)
    calm, busy = center(asked, TEAM), replace(center(asked, TEAM), busyness=Busyness(0.5))
    factor = float(busyness(busy, 1, 1)[0, 0])
    first, second = draw_tape(calm, 1, 1).born, draw_tape(busy, 1, 1).born
    kept = min(first.size, second.size)
    # The same contacts, each at the instant when the cumulated volume reaches it.
    np.testing.assert_allclose(second[:kept], first[:kept] / factor)


def test_exact_volume_knows_no_busy_days():
    asked = drawn("a", 5.0, exact=True)
    busy = replace(center(asked, TEAM), busyness=Busyness(0.5))
    assert draw_tape(busy, 1, 1).born.size == 30


# -- single draws ------------------------------------------------------------------------------


def test_uniform_numbers_are_even_and_never_zero_or_one():
    tape = tape_of(drawn("a", 1000.0))
    numbers = np.array([tape.uniform(i, 0, 0, Purpose.BALK) for i in range(tape.born.size)])
    assert numbers.min() > 0
    assert numbers.max() < 1
    assert stats.kstest(numbers, "uniform").pvalue > 0.001


@pytest.mark.parametrize("other", [(0, 0, 0, 8), (0, 0, 1, 7), (0, 1, 0, 7), (1, 0, 0, 7)])
def test_units_of_neighbours_are_unrelated(other):
    tape = tape_of(drawn("a", 1000.0))
    count = tape.born.size - 1
    here = [tape.uniform(i, 0, 0, 7) for i in range(count)]
    shift_by, contact, hop, purpose = other
    there = [tape.uniform(i + shift_by, contact, hop, purpose) for i in range(count)]
    assert abs(stats.spearmanr(here, there).statistic) < 4 / math.sqrt(count)


def test_units_of_all_places_differ():
    tape = tape_of(queue("a", [1, 2]))
    places = [(i, c, h, p) for i in (0, 1) for c in range(60) for h in range(4) for p in Purpose]
    assert len({tape.uniform(*place) for place in places}) == len(places)


def test_single_draw_is_the_quantile_at_its_unit():
    tape = tape_of(queue("a", [1]))
    u = tape.uniform(0, 2, 1, Purpose.TALK)
    assert tape.draw(EXPONENTIAL, 0, 2, 1, Purpose.TALK) == EXPONENTIAL.quantile(u)


def test_key_of_a_contact_is_step_number_k_of_splitmix():
    # SplitMix64 (Steele, Lea, Flood 2014) in plain integers, from the key of the stream.
    word, golden = 2**64 - 1, 0x9E3779B97F4A7C15
    z = stream_key(1, 1, "queue/a/0")
    expected = []
    for _ in range(3):
        z = (z + golden) & word
        mixed = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & word
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & word
        expected.append(mixed ^ (mixed >> 31))
    assert [int(key) for key in tape_of(queue("a", [1, 2, 3])).keys] == expected


def test_purposes_and_streams_keep_their_numbers():
    # Frozen: the same seed must give the same days in the next version too.
    assert {p.name: p.value for p in Purpose} == {
        "TRY_BOT": 1, "SESSION": 2, "SESSION_END": 3, "BOT_RESOLVES": 4, "BOT_RETURN": 5,
        "BOT_RETURN_DELAY": 6, "BALK": 7, "RETRY": 8, "RETRY_DELAY": 9, "TRANSFER": 10,
        "RESOLVED": 11, "REPEAT": 12, "REPEAT_DELAY": 13, "ACCEPT_CALLBACK": 14,
        "CALLBACK_DELAY": 15, "TALK": 16, "HOLD": 17, "WRAP": 18, "PATIENCE": 19,
        "ISSUE_KIND": 20, "SEGMENT": 21, "CONTEXT": 22, "SILENT": 23, "PREVENTED": 24,
        "REACHED": 25, "SETTLED": 26, "RIGHT_PARTY": 27, "SILENT_WITHIN": 28, "SILENT_PART": 29,
        "NOTICED": 30, "CALL_SETTLES": 31,
        "ANSWER_CALLBACK": 32, "DIAL": 64, "REDIAL_DELAY": 96, "GAP": 128,
    }  # fmt: skip
    drawn_now = stream(1, 1, "queue/a/0/talk").random(2).tolist()
    assert drawn_now == [0.04421378576687662, 0.761315179091048]
    tape = tape_of(queue("a", [1]))
    assert tape.uniform(0, 0, 0, Purpose.BALK) == 0.4090446979425403


# -- agents ------------------------------------------------------------------------------------


def test_larger_headcount_keeps_who_shows_up():
    few, many = (
        tape_of(queue("a"), groups=group("team", [0], size, absent=0.3)) for size in (20, 30)
    )
    assert few.present[0][0].tolist() == many.present[0][0, :20].tolist()
    assert many.headcount(0).tolist() == [int(many.present[0].sum())] * 6


def test_headcount_counts_those_of_the_planned_who_show_up():
    tape = tape_of(queue("a"), groups=group("team", [0], [0, 5, 10, 20, 5, 1], absent=0.3))
    there = tape.present[0][0]
    assert tape.headcount(0).tolist() == [int(there[:n].sum()) for n in (0, 5, 10, 20, 5, 1)]
    assert 0 < tape.headcount(0)[3] < 20


def test_each_day_has_its_own_absent():
    asked = queue("a", hours=[(0, 2 * DAY)])
    crew = group("team", [0], 50, absent=0.3)
    tape = tape_of(asked, groups=crew, days=2, day_s=DAY, interval_s=3600.0)
    assert tape.present[0].shape == (2, 50)
    assert tape.present[0][0].tolist() != tape.present[0][1].tolist()


def test_share_of_the_absent_is_as_said():
    tape = tape_of(queue("a"), groups=group("team", [0], 5000, absent=0.3))
    assert tape.present[0].mean() == pytest.approx(0.7, abs=4 * math.sqrt(0.21 / 5000))


def test_everybody_shows_up_unless_said():
    tape = tape_of(queue("a"), groups=group("team", [0], 50))
    assert tape.present[0].all()
    assert tape.headcount(0).tolist() == [50] * 6


def test_group_with_shifts_has_no_headcount():
    tape = tape_of(queue("a"), groups=group("team", [0], shifts=[shift(0, 0, 10)]))
    with pytest.raises(ValueError, match="team is staffed by shifts"):
        tape.headcount(0)


def test_agents_change_nothing_of_the_contacts():
    other = group("team", [0], 9, absent=0.5)
    assert columns(tape_of(random_queue())) == columns(tape_of(random_queue(), groups=other))


def test_recorded_demand_draws_nothing():
    asked = replace(queue("a", [7]), demand=Demand(np.full(6, 100.0), False, np.array([7.0])))
    assert tape_of(asked).born.tolist() == [7]
