"""Journeys over three channels, transfers and answers come back from a log whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.history.calibration.center_estimation import estimate_center
from sim.history.calibration.estimate_rows import rows_of
from sim.history.calibration.experience_estimates import estimate_experience
from sim.history.calibration.experience_rows import experience_rows
from sim.history.calibration.scenario_tables import usual_week
from sim.history.call_log import read_call_log
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.report.coefficients import assumption_rows, calibration_by_metric
from sim.report.scorecard_text import scorecard_texts
from tests.support.journey_log import TITLES, JourneyWorld, made
from tests.support.recorded_world import write_log

WORLD = JourneyWorld()
TOGETHER = 3.0 / 1.96
"""Some twenty estimates at a time: so much wider than 95 % confidence intervals."""


def estimated(tmp_path_factory, world, seed, titles=TITLES):
    file = tmp_path_factory.mktemp("log") / "log.csv"
    what = made(world, seed)
    kept = [TITLES.index(title) for title in titles]
    log = write_log(file, [[row[k] for k in kept] for row in what.rows], titles)
    return what, estimate_center(read_call_log(log).log)


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    what, found = estimated(tmp_path_factory, WORLD, 11)
    return what, found, {(row.name, row.scope): row for row in rows_of(found)}


def holds(row, true):
    """Return whether a confidence interval, made wider for many of them, holds the truth."""
    low, high, value = (np.log(x) for x in (row.low, row.high, row.value))
    return value + TOGETHER * (low - value) < np.log(true) < value + TOGETHER * (high - value)


@pytest.mark.parametrize("name", list(WORLD.factors))
def test_each_effect_on_satisfaction_is_found_beside_the_others(known, name):
    title = f"channel.{name}" if name in ("chat", "email") else name
    row = known[2][f"satisfaction_{title}", "center"]
    assert holds(row, WORLD.factors[name])
    assert row.high < 1.6 * row.value


@pytest.mark.parametrize(
    ("name", "true"),
    [
        ("satisfaction_satisfied", WORLD.odds / (1 + WORLD.odds)),
        ("repeat_if_unresolved", WORLD.repeats * -np.expm1(-168 / WORLD.delay_h)),
        ("repeat_delay_mean", WORLD.delay_h * 3600),
        ("repeat_window", np.log(20) * WORLD.delay_h * 3600),
        ("channel_switch", WORLD.moves),
        ("hand_off", 1 - 1 / WORLD.agents),
        ("transferred", WORLD.transfers),
        ("agent_resolution_cv", WORLD.agent_cv),
        # What the scenario has no field for changes nothing in this world.
        ("satisfaction_retrial", 1.0),
        ("satisfaction_hand_off", 1.0),
    ],
)
def test_repeats_switches_hand_offs_and_agents_are_found(known, name, true):
    row = known[2][name, "center"]
    assert holds(row, true)
    assert row.low < row.value < row.high


def test_first_contact_resolution_is_of_answered_contacts(known):
    """A retrial after an abandoned contact does not count as a repeat."""
    what, _, rows = known
    answered, followed = 0, 0
    last = {}
    for row in what.rows:
        last.setdefault(row[8], []).append(row)
    for contacts in last.values():
        numbers = list(dict.fromkeys(row[9] for row in contacts))
        served = [row[9] for row in contacts if row[2] == "answered"]
        if served:
            answered += 1
            followed += numbers.index(served[0]) + 1 < len(numbers)
    share = 1 - followed / answered
    assert rows["fcr_30_days", "center"].value == pytest.approx(share, abs=0.02)
    contacts = {row[9] for row in what.rows}
    assert rows["contacts_per_issue", "center"].value == pytest.approx(len(contacts) / len(last))


def test_what_whether_customers_answer_depends_on_is_seen_and_taken_out(known):
    what, _, rows = known
    true, seen = np.mean(what.satisfied), np.mean(np.array(what.satisfied)[what.answered])
    assert seen < true - 0.04
    assert rows["csat_of_answers", "center"].value == pytest.approx(seen, abs=1e-6)
    for name in ("csat_weighted", "csat_by_regression"):
        assert holds(rows[name, "center"], true)
    odds = (0.55 / 0.45) / (0.3 / 0.7)
    assert holds(rows["response_unresolved", "center"], odds)
    assert holds(rows["response_talk_minutes", "center"], 1.0)
    range_ = [rows[f"csat_if_satisfied_answer_{x}", "center"].value for x in ("twice", "half")]
    assert range_[0] < rows["csat_weighted", "center"].value < range_[1]


@pytest.mark.slow
def test_response_by_the_answer_itself_moves_only_the_level(tmp_path_factory):
    """The satisfied have half the odds to answer, for the same waits and outcomes."""
    world = replace(WORLD, issues=9000, answers=WORLD.answers | {"satisfied": 0.5})
    what, found = estimated(tmp_path_factory, world, 4)
    rows = {(row.name, row.scope): row for row in rows_of(found)}
    true = np.mean(what.satisfied)
    assert not holds(rows["csat_weighted", "center"], true)
    assert holds(rows["csat_if_satisfied_answer_half", "center"], true)
    for name in ("unresolved", "contact", "transfer", "wait"):
        assert holds(rows[f"satisfaction_{name}", "center"], WORLD.factors[name])
    assert rows["satisfaction_satisfied", "center"].high < WORLD.odds / (1 + WORLD.odds)
    bias = found.experience.satisfaction.bias
    rate = np.mean(np.array(what.answered)[what.satisfied])
    value, low, high = bias.by_answer["response_satisfied"]
    assert low < rate < high
    assert rate < value
    assert any("half to twice the odds" in text for text in found.missing)


def test_the_scenario_says_of_each_coefficient_whether_it_is_calibrated(known):
    scenario = sim.load(usual_week(known[1]))
    model = scenario.satisfaction
    states = {row["Coefficient"]: row["Calibration"] for row in assumption_rows(model)}
    for name in ("satisfied", "contact", "transfer", "switch", "channel.chat"):
        assert states[name].startswith("calibrated on ")
        assert ", 2026-03-02 to 2026-04-12" in states[name]
    for name in ("context_lost", "promoter", "leaves", "effort_contact"):
        assert states[name] == "uncalibrated"
    assert "partly calibrated on" in model.calibration_text
    assert {queue.channel for queue in scenario.queue.values()} == {"phone", "chat", "email"}
    share = scenario.queue["billing phone"].transfer["cards phone"].share
    assert share == pytest.approx(WORLD.transfers, abs=0.03)
    low, high = model.response_dissatisfied.ends
    assert low < model.response_dissatisfied.value < high


def test_reports_say_it_of_each_metric_and_coefficient(known):
    result = sim.simulate(sim.load(usual_week(known[1])), workers=1, runs=1)
    labels = calibration_by_metric(result)
    assert labels["csat"].startswith("calibrated on ")
    assert labels["nps"] == labels["at_risk"] == "partly calibrated"
    assert labels["effort"] == "uncalibrated"
    text = "\n".join(scorecard_texts(result))
    assert "Uncalibrated: context lost, promoter" in text
    assert "* partly calibrated: depends on the coefficients" in text


def test_transferred_contacts_are_no_arrivals_of_the_second_queue(known):
    what, found, _ = known
    rows = [row for row in what.rows if (row[5], row[6]) == ("cards", "phone")]
    first = [row for row in rows if row[10] != "" or row[2] == "abandoned"]
    place = [queue.name for queue in found.queues].index("cards phone")
    arrivals = np.nansum(found.queues[place].arrivals.mean) * WORLD.days / 7
    assert arrivals < 0.9 * len(rows)
    assert len(first) > arrivals > 0.6 * len(rows)


def test_agents_of_the_scenario_differ_in_what_they_resolve(known):
    persons = usual_week(known[1])["group"]["team"]["persons"]
    resolves = np.array([float(one["resolves"].rstrip("%")) for one in persons]) / 100
    assert resolves.mean() == pytest.approx(1.0, abs=0.002)
    assert 0 < resolves.std() < 1.4 * known[2]["agent_resolution_cv", "center"].value


def test_without_a_column_of_what_was_resolved_repeats_say_it(tmp_path_factory):
    titles = tuple(title for title in TITLES if title not in ("resolved", "issue"))
    _, found = estimated(tmp_path_factory, WORLD, 5, titles)
    rows = {(row.name, row.scope): row for row in rows_of(found)}
    tables = usual_week(found)
    scenario = sim.load(tables)
    queue = scenario.queue["billing phone"]
    assert queue.repeat.share == 1.0
    assert queue.resolved == pytest.approx(1 - 0.3 * WORLD.repeats, abs=0.05)
    assert rows["resolved", "queue.billing phone"].method == (
        "no repeat within 7 days; who never comes back counts as resolved"
    )
    assert rows["satisfaction_unresolved", "center"].high < 1
    assert scenario.satisfaction.calibrated["unresolved"]


@pytest.mark.slow
def test_answers_without_issues_or_customers_make_no_satisfaction_model(tmp_path_factory):
    titles = tuple(t for t in TITLES if t not in ("resolved", "issue", "customer"))
    _, found = estimated(tmp_path_factory, replace(WORLD, issues=2500), 6, titles)
    assert found.experience.satisfaction.fit is not None
    assert "satisfaction" not in usual_week(found)
    assert any("not in the scenario" in text for text in found.missing)


@pytest.mark.slow
def test_effects_that_seem_to_help_are_cut_off_at_none(tmp_path_factory):
    none = dict.fromkeys(("contact", "transfer", "switch", "wait"), 1.1)
    world = replace(WORLD, issues=3000, factors=WORLD.factors | none)
    scenario = sim.load(usual_week(estimated(tmp_path_factory, world, 7)[1]))
    model = scenario.satisfaction
    ends = [model.coefficients[name].ends[1] for name in none]
    assert max(ends) == 1.0
    assert "cut off at 1" in model.transfer.source + model.contact.source + model.wait.source


WORLDS = 30
FEWEST = 25
"""Of 30 intervals of 95 % fewer than this hold the truth in 1 of 2000 trials."""


@pytest.mark.slow
def test_confidence_intervals_hold_the_truth_in_most_worlds(tmp_path):
    world = replace(WORLD, issues=5000)
    truth = {f"satisfaction_{name}": true for name, true in world.factors.items()}
    for name in ("chat", "email"):
        truth[f"satisfaction_channel.{name}"] = truth.pop(f"satisfaction_{name}")
    truth |= {
        "satisfaction_satisfied": world.odds / (1 + world.odds),
        "repeat_if_unresolved": world.repeats * -np.expm1(-168 / world.delay_h),
        "repeat_delay_mean": world.delay_h * 3600,
        "repeat_window": np.log(20) * world.delay_h * 3600,
        "channel_switch": world.moves,
        "transferred": world.transfers,
        "agent_resolution_cv": world.agent_cv,
    }
    hits = dict.fromkeys([*truth, "csat_weighted", "csat_by_regression"], 0)
    for seed in range(WORLDS):
        what = made(world, 100 + seed)
        log = read_call_log(write_log(tmp_path / "log.csv", what.rows, TITLES)).log
        found = estimate_experience(log, DayBootstrap(log.day))
        rows = {(row.name, row.scope): row for row in experience_rows(found)}
        true = truth | dict.fromkeys(
            ["csat_weighted", "csat_by_regression"], np.mean(what.satisfied)
        )
        for name, value in true.items():
            row = rows[name, "center"]
            hits[name] += row.low <= value <= row.high
    assert {name: n for name, n in hits.items() if n < FEWEST} == {}
    assert sum(hits.values()) / (WORLDS * len(hits)) > 0.92


def test_pictures_have_repeats_and_answers_and_can_be_read_on_dark_pages(known):
    from sim.report.calibration.experience_pictures import experience_pictures
    from sim.report.calibration.line_drawing import INK, ON_DARK, for_dark

    drawn = {one.title: one.drawing for one in experience_pictures(known[1].experience)}
    assert set(drawn) == {"Repeat contacts", "Satisfied, as fitted and as answered"}
    assert ">8 d<" in drawn["Repeat contacts"]  # twice the window of four days
    dark = for_dark(drawn["Repeat contacts"])
    assert INK in drawn["Repeat contacts"]
    assert INK not in dark
    assert dark.startswith(f'<svg fill="{ON_DARK}" ')
