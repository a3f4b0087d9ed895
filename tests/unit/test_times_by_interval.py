"""Talk, hold, wrap and patience whose distribution differs by time of day."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.distributions import Deterministic, DistributionByInterval, Exponential, Lognormal
from sim.engine import simulate_replication
from sim.experiment.control_variates import control_deviations
from sim.model import build
from sim.planning import staff
from sim.planning.agent_workload import work_for_agents
from sim.scenario import Scenario, describe
from sim.scenario.interval_times import mean_of
from sim.scenario.lint import lint_warnings
from sim.scenario.problems import ScenarioError
from sim.scenario.workload import erlangs, hands_of
from sim.tape import draw_tape

ENGINES = ("reference", "kernel")
TEXT = """
[center]
open = "08:00-10:00"
[queue.calls]
volume = [10, 20, 30, 40]
talk = ["exponential 3min", "exponential 4min", "lognormal 5min cv 0.9", "exponential 6min"]
wrap = ["none", "exponential 30s", "20s", "30s"]
patience = ["1min", "2min", "3min", "unlimited"]
[group.team]
agents = 8
skills = { calls = 1 }
"""


def parse(text: str = TEXT, **changes: object) -> Scenario:
    return Scenario.parse(text).with_(**{path.replace("__", "."): v for path, v in changes.items()})


def with_talk(talk: str) -> str:
    return TEXT.replace(TEXT.split("talk = ")[1].split("\n", maxsplit=1)[0], talk)


PLAIN = with_talk('"exponential 3min"')


def refused(text: str) -> str:
    with pytest.raises(ScenarioError) as error:
        Scenario.parse(text)
    return str(error.value)


# -- reading ------------------------------------------------------------------------------------


def test_rows_that_are_written_alike_are_read_once():
    same, other = "exponential 3min", "exponential 4min"
    rows = parse(with_talk(f'["{same}", "{other}", "{same}", "{same}"]')).queue["calls"].talk.rows
    assert rows[0] is rows[2] is rows[3]
    assert [row.mean for row in rows] == [180, 240, 180, 180]


def test_a_bare_patience_is_exponential_in_a_list_as_elsewhere():
    queue = parse().queue["calls"]
    assert [str(row) for row in queue.patience.rows] == [
        "exponential 1min", "exponential 2min", "exponential 3min", "unlimited",
    ]  # fmt: skip
    assert queue.wrap.rows[0].mean == 0


def test_a_column_of_texts_is_placed_by_its_times(tmp_path):
    rows = ["08:00,exponential 3min", "08:30,exponential 4min", "09:00,5min", "09:30,360"]
    (tmp_path / "day.csv").write_text("start,talk\n" + "\n".join(rows) + "\n")
    text = with_talk('"day.csv:talk"')
    scenario = Scenario.parse(text, tmp_path)
    talk = build(scenario).queues[0].talk
    assert [talk.at(k).mean for k in (16, 17, 18, 19)] == pytest.approx([180, 240, 300, 360])
    assert str(scenario.queue["calls"].talk) == "day.csv:talk"
    assert scenario.fingerprint != Scenario.parse(TEXT).fingerprint


@pytest.mark.parametrize(
    ("talk", "message"),
    [
        ('["exponential 3min"]', "queue.calls.talk: 1 rows; expected 4 (one per open interval"),
        ("[]", "queue.calls.talk: an empty list; allowed: one distribution per open interval"),
        ('["1min", "x", "3min", "4min"]', "queue.calls.talk: number 2: 'x' is unknown; allowed"),
        ('["1min", "", "3min", "4min"]', "queue.calls.talk: number 2 is empty; allowed"),
        ('["1min", ["2min"], "3min", "4min"]', "number 2: ['2min'] is not a distribution"),
        ('["unlimited", "1min", "1min", "1min"]', "queue.calls.talk.0: is unlimited"),
        ('["1min", "1min", "0s", "1min"]', "queue.calls.talk.2: has the mean 0s"),
        ("{ rows = [] }", "queue.calls.talk: an empty list; allowed: one distribution per open"),
        ("{ rows = 3 }", "queue.calls.talk: rows is not a list; allowed: one distribution per"),
        (
            '{ rows = ["1min"], mean = "3min", times = ["08:00"] }',
            "queue.calls.talk: a table with rows takes no other keys, but has mean, times; allowed",
        ),
    ],
)
def test_a_wrong_list_has_one_clear_message(talk, message):
    said = refused(with_talk(talk))
    assert message in said
    assert said.count("queue.calls.talk") == 1


def test_an_empty_cell_is_named_by_its_row(tmp_path):
    (tmp_path / "day.csv").write_text("talk,other\n3min,1\n,1\n4min,1\n5min,1\n")
    text = with_talk('"day.csv:talk"')
    with pytest.raises(ScenarioError, match="day.csv:talk row 3 is empty; allowed: a distribution"):
        Scenario.parse(text, tmp_path)


def test_a_stationary_run_takes_one_distribution():
    text = TEXT.replace('open = "08:00-10:00"', 'length = "2h"').replace("[10, 20, 30, 40]", "10")
    assert "a stationary run takes one distribution" in refused(text)


def test_a_list_of_equal_rows_is_one_distribution():
    text = with_talk("[" + '"exponential 3min", ' * 4 + "]")
    assert build(Scenario.parse(text)).queues[0].talk == Exponential(180.0)
    same, plain = (draw_tape(build(Scenario.parse(one)), 1, 1) for one in (text, PLAIN))
    assert same.talk.tolist() == plain.talk.tolist()


def test_a_scenario_without_lists_keeps_its_fingerprint():
    known = "60s"
    one = Scenario.parse(PLAIN.replace(PLAIN.split("wrap = ")[1].split("\n")[0], f'"{known}"'))
    dumped = one.model_dump(mode="python")["queue"]["calls"]["talk"]
    assert dumped["rows"] is None
    assert one.with_(**{"queue.calls.talk": "exponential 3min"}).fingerprint == one.fingerprint


# -- changing -----------------------------------------------------------------------------------


def test_a_change_scales_every_row_and_leaves_what_has_no_mean():
    longer = {"queue__calls__talk": "+10%", "queue__calls__patience": "+30s"}
    changed = parse(queue__calls__wrap="*2", **longer)
    queue = changed.queue["calls"]
    assert [row.mean for row in queue.talk.rows] == pytest.approx([198, 264, 330, 396])
    assert queue.talk.rows[2].cv == pytest.approx(0.9)
    assert [row.mean for row in queue.wrap.rows] == [0, 60, 40, 60]
    assert [row.mean for row in queue.patience.rows] == [90, 150, 210, math.inf]


def test_a_cv_is_changed_by_row_or_where_all_rows_have_one():
    assert parse(queue__calls__talk__2__cv=0.8).queue["calls"].talk.rows[2].spread == 0.8
    with pytest.raises(ScenarioError, match="an exponential distribution takes no cv"):
        parse(queue__calls__talk__cv=0.8)
    every = with_talk("[" + '"lognormal 3min cv 0.9", ' * 4 + "]")
    changed = parse(every, queue__calls__talk__cv=0.8).queue["calls"].talk
    assert [row.spread for row in changed.rows] == [0.8] * 4


def test_one_row_and_parameters_of_all_rows_can_be_changed():
    changed = parse(queue__calls__talk__1="lognormal 9min cv 0.5", queue__calls__talk__2__cv=0.4)
    rows = changed.queue["calls"].talk.rows
    assert (rows[1].mean, rows[2].cv) == (540, pytest.approx(0.4))
    assert parse(queue__calls__talk__mean="9min").queue["calls"].talk.mean == pytest.approx(540)
    every = parse(queue__calls__talk="exponential 3min").queue["calls"].talk
    assert every.rows is None
    with pytest.raises(ScenarioError, match="no row '4'; allowed: 0 to 3"):
        parse(queue__calls__talk__4="1min")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("talk.1", "foo", "queue.calls.talk.1: 'foo' is unknown; allowed"),
        ("talk.2.mean", "0s", "queue.calls.talk.2.mean: '0s' makes the mean 0 s; allowed: above 0"),
        ("talk.mean", "0s", "queue.calls.talk.mean: '0s' makes the mean 0 s; allowed: above 0"),
        ("patience", "-10min", "queue.calls.patience: '-10min' makes the mean -540 s; allowed"),
        ("wrap.mean", "1min", "queue.calls.wrap.mean: '1min' needs means to change; allowed"),
        ("talk", ["1min"], "queue.calls.talk: 1 rows; expected 4"),
    ],
)
def test_a_wrong_change_names_its_path(path, value, message):
    with pytest.raises(ScenarioError) as error:
        parse().with_(**{f"queue.calls.{path}": value})
    assert message in str(error.value)


def test_what_is_written_of_a_list_is_read_as_the_same_list():
    talk = parse(queue__calls__talk="+10%").queue["calls"].talk
    assert parse(queue__calls__talk=str(talk)).queue["calls"].talk.rows == talk.rows


# -- what is said of it ---------------------------------------------------------------------------


def test_check_describes_a_few_rows_and_sums_up_many():
    lines = " ".join(describe(parse()))
    assert "talk by interval exponential 3min, exponential 4min, lognormal 5min cv 0.9" in lines
    week = TEXT.replace("08:00-10:00", "08:00-12:00").replace("[10, 20, 30, 40]", "10")
    for key in ("talk", "wrap", "patience"):
        old = week.split(f"{key} = ")[1].split("\n")[0]
        week = week.replace(old, old.replace("]", ", ") + old.removeprefix("["))
    said = " ".join(describe(Scenario.parse(week)))
    assert "talk by interval, 8 distributions, 4 different, from exponential 3min to" in said


def test_lint_asks_of_bare_rows():
    text = TEXT.replace('"exponential 4min"', '"4min"')
    assert any(
        "talk by interval has times without" in line for line in lint_warnings(Scenario.parse(text))
    )
    assert not any("talk by interval" in line for line in lint_warnings(parse()))


# -- means ----------------------------------------------------------------------------------------


def test_means_are_weighted_by_the_contacts_of_each_interval():
    scenario = parse()
    assert mean_of(scenario, "calls", "talk") == pytest.approx(300)
    assert hands_of(scenario, "calls") == pytest.approx(300 + 0.2 * 30 + 0.3 * 20 + 0.4 * 30)
    load = np.array(erlangs(scenario, "calls"))[16:20] * 1800
    handle = np.array([180, 240 + 30, 300 + 20, 360 + 30])
    assert load == pytest.approx(np.array([10, 20, 30, 40]) * handle)
    work = work_for_agents(scenario, build(scenario))["calls"]
    assert work.handle_s[16:20] == pytest.approx(handle)


def test_staffing_by_formula_has_the_handle_time_and_patience_of_each_interval():
    found = [row for row in staff(parse(), simulate=False).of("queue") if row["volume"] > 0]
    assert [round(row["aht_s"]) for row in found] == [180, 270, 320, 390]
    queue = parse().queue["calls"]
    for k, row in enumerate(found):
        times = {
            f"queue__calls__{key}": str(getattr(queue, key).rows[k])
            for key in ("talk", "wrap", "patience")
        }
        alone = staff(parse(**times), simulate=False).of("queue")
        assert row["required"] == [each for each in alone if each["volume"] > 0][k]["required"]


def test_a_bot_takes_the_easy_part_of_the_mean_over_the_day():
    fields = 'session = "60s"\ncontained = "20%"\nresolved = "100%"\ntakes = "150s"\n'
    bot = build(Scenario.parse(f"{TEXT}[bot.calls]\n{fields}")).queues[0].bot
    assert bot.residual == pytest.approx((300 - 0.2 * 150) / 0.8 / 300)


def test_an_event_changes_the_mean_of_each_interval():
    event = '[event.crm]\nstart = "08:15"\nlength = "1h"\n'
    text = f'{TEXT}{event}changes = {{ "queue.calls.talk" = "+60s" }}\n'
    longer = build(Scenario.parse(text)).queues[0].conditions
    factors = {each.start / 3600: each.talk for each in longer}
    assert [factors[at] for at in (8.0, 8.25, 8.5, 9.0, 9.25)] == pytest.approx(
        [1, 240 / 180, 300 / 240, 360 / 300, 1]
    )


# -- mixtures -------------------------------------------------------------------------------------


def test_a_mixture_has_the_moments_and_quantiles_of_its_rows():
    rows = (Exponential(60.0, 0.2), Lognormal.of(parse().queue["calls"].talk.rows[2]))
    mixed = DistributionByInterval.from_intervals([rows[0], rows[1], rows[1]], [1.0, 1.0, 2.0])
    rng = np.random.default_rng(1)
    u = rng.random(200_000)
    drawn = np.where(rng.random(u.size) < 0.25, rows[0].quantiles(u), rows[1].quantiles(u))
    assert mixed.mean == pytest.approx(0.25 * 48 + 0.75 * 300)
    assert mixed.cv == pytest.approx(drawn.std() / drawn.mean(), rel=0.03)
    assert mixed.cdf(np.array([0.0, 200.0])) == pytest.approx(
        [0.05, np.mean(drawn <= 200)], abs=0.005
    )
    at = np.array([0.02, 0.3, 0.9])
    assert mixed.quantiles(at) == pytest.approx(np.quantile(drawn, at), rel=0.03)
    still = mixed.patience().survival(np.array([200.0]))
    assert still == pytest.approx([np.mean(drawn > 200)], abs=0.005)


def test_equal_volumes_of_nothing_weigh_all_intervals_alike():
    mixed = DistributionByInterval.from_intervals(
        [Deterministic(10.0), Deterministic(30.0)], [0.0, 0.0]
    )
    assert mixed.mean == 20.0


# -- random numbers and engines -------------------------------------------------------------------


def test_an_interval_changes_the_times_of_its_own_contacts_only():
    usual, other = parse(), parse(queue__calls__talk__2="exponential 10min")
    first, second = (draw_tape(build(one), 3, 2) for one in (usual, other))
    inside = (first.born >= 9 * 3600) & (first.born < 9.5 * 3600)
    assert first.born.tolist() == second.born.tolist()
    assert first.talk[~inside].tolist() == second.talk[~inside].tolist()
    assert (first.talk[inside] != second.talk[inside]).all()
    plain = draw_tape(build(parse(queue__calls__talk="exponential 6min")), 3, 2)
    last = first.born >= 9.5 * 3600
    assert first.talk[last].tolist() == plain.talk[last].tolist()


def test_the_work_of_a_tape_has_the_mean_of_its_intervals_as_control():
    deviations = control_deviations(build(parse()), 1, range(1, 401))[:, 1]
    assert abs(deviations.mean()) < 3.5 * deviations.std() / 20


@pytest.mark.parametrize("engine", ENGINES)
def test_a_leg_that_begins_later_has_the_times_of_its_own_interval(engine):
    text = """
[center]
open = "08:00-10:00"
[queue.a]
volume = { recorded = ["08:10", "08:25"] }
talk = "10min"
transfer = { b = "100%" }
[queue.b]
volume = 0
talk = ["1min", "2min", "3min", "4min"]
wrap = ["10s", "20s", "30s", "40s"]
[group.g]
agents = 4
skills = { a = 1, b = 1 }
"""
    legs = simulate_replication(build(Scenario.parse(text)), 1, 1, engine).legs
    later = legs.queue == 1
    assert legs.enter[later].tolist() == [8 * 3600 + 20 * 60, 8 * 3600 + 35 * 60]
    assert legs.talk_s[later].tolist() == [60.0, 120.0]
    assert legs.wrap_s[later].tolist() == [10.0, 20.0]


def test_a_list_in_front_of_a_bot_goes_by_the_arrival_of_the_contact():
    text = with_talk('["1min", "2min", "3min", "4min"]')
    text = text.replace("[10, 20, 30, 40]", '{ recorded = ["08:29"] }')
    text += '[bot.calls]\nsession = "5min"\ncontained = 0\nresolved = 0\n'
    model = build(Scenario.parse(text))
    for engine in ENGINES:
        legs = simulate_replication(model, 1, 1, engine).legs
        assert legs.talk_s[legs.agent >= 0].tolist() == [60.0]


def test_infinite_servers_have_the_busy_agents_of_each_interval():
    """M(t)/G(t)/∞ with deterministic talk: the mean number busy is that of arrivals in talk."""
    text = """
[center]
open = "08:00-10:00"
[queue.calls]
volume = 600
talk = ["2min", "4min", "1min", "3min"]
[group.g]
agents = 200
skills = { calls = 1 }
"""
    model = build(Scenario.parse(text))
    busy = np.zeros((30, 4))
    for k in range(30):
        legs = simulate_replication(model, 5, k + 1).legs
        for i in range(4):
            at = (8 + 0.5 * i) * 3600 + 1200  # 20 min into an interval: only its own contacts
            busy[k, i] = np.sum((legs.enter <= at) & (legs.end > at))
    expected = 600 / 1800 * np.array([120, 240, 60, 180])
    assert np.abs(busy.mean(axis=0) - expected).max() < 4 * np.sqrt(expected.max() / 30)


@pytest.mark.parametrize("seed", range(3))
def test_the_engines_agree_to_the_bit(seed):
    text = TEXT + (
        "[queue.more]\nvolume = 5\n"
        'talk = ["1min", "lognormal 3min cv 2", "2min", "4min zero 20%"]\n'
    )
    text = text.replace(
        'patience = ["1min"',
        'retry = { share = "80%", after = "10min", by = "more" }\nresolved = "50%"\n'
        'repeat = { share = "80%", after = "exponential 20min" }\nvolume_is = "new"\n'
        'transfer = { more = "20%" }\npatience = ["1min"',
    ).replace("{ calls = 1 }", "{ calls = 1, more = 2 }")
    model = replace(build(Scenario.parse(text)))
    one, other = (simulate_replication(model, seed, 1, engine) for engine in ENGINES)
    for name in ("enter", "leave", "talk_s", "wrap_s", "end", "outcome"):
        a, b = getattr(one.legs, name), getattr(other.legs, name)
        assert a.tobytes() == b.tobytes(), name


def test_means_are_of_all_intervals_of_the_horizon():
    found = DistributionByInterval.from_intervals([Exponential(60.0), Deterministic(30.0)], [1, 3])
    np.testing.assert_array_equal(found.means(2), [60.0, 30.0])
    with pytest.raises(ValueError, match="3 intervals, but distributions of 2"):
        found.means(3)
