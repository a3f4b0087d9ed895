"""A call log becomes a scenario that can be checked and simulated; what is known is recovered."""

import datetime as dt
import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.history.calibration import calibrate_center, close_loop
from sim.history.calibration.adjustment import AS_ESTIMATED
from sim.history.calibration.assumption_trials import trials
from sim.history.calibration.center_estimates import InferredBreaks
from sim.history.calibration.center_estimation import estimate_center
from sim.history.calibration.close_loop import ClosedLoop
from sim.history.calibration.earlier_fit import earlier_differences
from sim.history.calibration.estimate_rows import rows_of as rows_of_estimates
from sim.history.calibration.estimated_values import EstimatedValue
from sim.history.calibration.log_parts import pooled_note, pooled_small_queues
from sim.history.calibration.past_days import (
    fit_of,
    mean_handle_times,
    past_days_result,
    simulate_past_days,
)
from sim.history.calibration.period_sums import PER_DAY
from sim.history.calibration.queue_order import QueueOrder
from sim.history.calibration.representative_persons import MOST_PERSONS
from sim.history.calibration.scenario_comments import heading_of
from sim.history.calibration.scenario_tables import past_days, persons_of, usual_week, whole_numbers
from sim.history.calibration.scenario_text import scenario_files, scenario_of
from sim.history.calibration.volume_growth import growth_note
from sim.history.calibration.week_calendar import week_calendar
from sim.history.call_log import read_call_log
from sim.history.estimation.arrival_rates import UnusualDay
from sim.history.estimation.day_bootstrap import DayEstimate
from sim.history.estimation.service_order import ServiceOrder
from sim.history.estimation.talk_level import TalkLevel
from sim.history.estimation.volume_trend import VolumeTrend
from sim.report.calibration.earlier_fit import earlier_cells
from sim.report.calibration.page import calibration_page
from sim.report.calibration.text import calibration_text
from sim.report.calibration.words import value_text
from sim.units import BadInputError, duration
from tests.support.recorded_world import HALF_HOURS, TITLES, rows_of, world, write_log


@pytest.fixture(scope="module")
def rows():
    return rows_of(world())


@pytest.fixture(scope="module")
def calibrated(rows, quick_calibration, tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    log = write_log(folder / "log.csv", rows)
    return sim.calibrate(log, folder / "center"), folder / "center"


def test_the_folder_is_a_scenario_that_runs(calibrated):
    _, folder = calibrated
    assert sorted(file.name for file in folder.iterdir()) == [
        "columns.toml", "scenario.toml", "week.csv",
    ]  # fmt: skip
    scenario = sim.load(folder / "scenario.toml")
    result = sim.simulate(scenario, runs=2, workers=1)
    assert result.estimate("offered").value == pytest.approx(7 * 22 * 30.3, rel=0.1)
    text = (folder / "scenario.toml").read_text()
    assert "# talk mean" in text
    assert "Calibrated on log.csv" in text


def test_agent_hours_are_said_to_have_short_breaks_in_them(calibrated):
    """Next to them stands how many are not ready, and that no gap rule sees short absences."""
    found, folder = calibrated
    hours, off = found.estimate("agent_hours_a_day"), found.estimate("agent_hours_not_ready")
    assert 0 <= off.value < hours.value
    assert off.no_interval == "not estimated: an approximation"
    assert "absences than 15 min count as present" in hours.method
    text = " ".join(calibration_text(found).split())
    assert f"agent hours a day {value_text(hours.value, 'count')}" in text
    assert f"not ready: short pauses and breaks {value_text(off.value, 'count')}" in text
    page = calibration_page(found)
    assert "absences than 15 min count as present" in page
    assert page.index("agent hours a day") < page.index("not ready: short pauses and breaks")
    comment = (folder / "scenario.toml").read_text().replace("\n# ", " ")
    assert "agent hours not ready" in comment
    names = [row["name"] for row in found.document()["estimates"]]
    assert names.index("agent_hours_not_ready") == names.index("agent_hours_a_day") + 1


def test_contacts_that_ring_at_free_agents_are_named(rows, calibrated, tmp_path):
    """The same contacts, each three seconds earlier at the queue."""
    wait = TITLES.index("wait")
    ringing = [(*row[:wait], float(row[wait]) + 3.0, *row[wait + 1 :]) for row in rows]
    changed = estimate_center(read_call_log(write_log(tmp_path / "log.csv", ringing)).log)
    notes = [one.missing for one in (calibrated[0].estimates, changed)]
    assert ["time to answer" in " ".join(found) for found in notes] == [False, True]


def test_only_the_days_that_are_compared_are_simulated(calibrated):
    found, _ = calibrated
    whole = found.estimates.log
    log = whole.of_days(np.arange(whole.days) >= whole.days - 7)
    center = past_days(found.estimates, log)["center"]
    assert center["first_day"] >= log.date(log.days - 7)
    assert center["days"] <= 7
    seen = simulate_past_days(found.estimates, log, 1).added_up(PER_DAY).offered[0]
    assert (seen > 0).tolist() == log.day_used.tolist()


@pytest.mark.parametrize(
    ("factor", "words"),
    [(0.95, "taken for possible: 0.825 to 1.110"),
     (1.135, "outside what is taken for possible, 0.825 to 1.110")],
)  # fmt: skip
def test_a_factor_outside_of_what_the_log_allows_is_called_so(calibrated, factor, words):
    found, _ = calibrated
    one = close_loop.SolvedParameter("agents", "number of agents present", factor, 0.825, 1.11)
    moved = replace(found, loop=replace(found.loop, parameters=(one,)))
    line = f"number of agents present: multiplied by {factor:.3f}; {words}"
    assert line in calibration_text(moved)
    assert line in calibration_page(moved)
    estimates = found.estimates
    files = calibrate_center._files(estimates, found.rows, moved.loop, "log.csv", "")
    text = files["scenario.toml"].replace("\n# ", " ")
    assert f"the number of agents present was multiplied by {factor:.3f} ({words})" in text
    assert f"multiplied by {factor:.3f} for less bias; {words}" in text


def test_estimates_that_stay_as_they_are_are_not_called_changed(calibrated):
    found, _ = calibrated
    one = close_loop.SolvedParameter("gap", "mean gap", 1.0, 0.8, 1.2)
    same = replace(found, loop=replace(found.loop, parameters=(one,)))
    assert same.loop.changed == ()
    assert "with all estimates as they are" in calibration_text(same)
    files = calibrate_center._files(found.estimates, found.rows, same.loop, "log.csv", "")
    assert "multiplied" not in files["scenario.toml"]
    assert "simulated with all estimates as they are" in files["scenario.toml"]


def test_an_estimate_without_an_interval_has_a_reason(calibrated):
    found, _ = calibrated
    row = replace(found.rows[0], low=np.nan, high=np.nan, no_interval="none: one day")
    changed = replace(found, rows=(row, *found.rows[1:]))
    assert "none: one day" in calibration_text(changed)
    assert changed.document()["estimates"][0]["no_interval"] == "none: one day"
    assert all(np.isfinite([one.low, one.high]).all() or one.no_interval for one in found.rows)


def test_the_queues_that_are_pooled_are_named(rows, tmp_path):
    place = TITLES.index("queue")
    small = ("fax", "letters", "post")
    mixed = []
    for at, row in enumerate(rows[:4000]):
        queue = small[at // 100 % 3] if at % 100 < 2 and at < 600 else row[place]
        mixed.append((*row[:place], queue, *row[place + 1 :]))
    log = read_call_log(write_log(tmp_path / "log.csv", mixed)).log
    note = pooled_note(log)
    assert note.startswith("other queues: ")
    assert all(name in note.partition(", together ")[0] for name in small)
    assert pooled_note(pooled_small_queues(log)) == ""
    heading = heading_of(estimate_center(log), ClosedLoop(None, (), {}, {}), "log.csv", note)
    assert f"O{note[1:]}." in heading


def test_the_last_days_of_a_long_log_end_with_the_last_used(calibrated, monkeypatch):
    """The first part of a log has unused days behind it, maybe more than are looked at."""
    whole = calibrated[0].estimates.log
    first = whole.of_days(np.arange(whole.days) < 8)
    monkeypatch.setattr(calibrate_center, "LOOP_DAYS", 5)
    recent = np.flatnonzero(calibrate_center._recent(first).day_used)
    used = np.flatnonzero(first.day_used)
    assert recent.tolist() == used[used > used[-1] - 5].tolist()
    # Of busy days fewer are enough.
    monkeypatch.setattr(calibrate_center, "FEWEST_LOOP_DAYS", 2)
    monkeypatch.setattr(calibrate_center, "LOOP_CONTACTS", 1)
    recent = np.flatnonzero(calibrate_center._recent(first).day_used)
    assert recent.tolist() == used[used > used[-1] - 2].tolist()


TRUE = {
    ("talk_mean", "queue.billing"): 180,
    ("talk_cv", "queue.billing"): 0.9,
    ("talk_mean", "queue.cards"): 120,
    ("patience_beyond_60s", "queue.billing"): np.exp(-60 / 240),
    ("patience_beyond_30s", "queue.cards"): np.exp(-30 / 180),
    ("gap_mean", "center"): 20,
}


@pytest.mark.parametrize(("name", "scope"), TRUE)
def test_true_parameters_are_near(calibrated, name, scope):
    row = calibrated[0].estimate(name, scope)
    half = (row.high - row.low) / 2
    # One world: twice the interval, which misses once in ten thousand worlds.
    assert abs(row.value - TRUE[name, scope]) < 2 * half
    assert half < 0.35 * row.value


def test_agents_and_hours_are_recovered(calibrated):
    found, folder = calibrated
    calendar = week_calendar(found.estimates.log, found.estimates.usable)
    assert calendar.rules()["mon"] == "08:00-18:00"
    agents = sim.load(folder / "scenario.toml").group["team"].agents.values
    assert np.mean(agents) == pytest.approx(6, abs=0.35)


def test_recorded_days_are_simulated_without_bias(calibrated):
    errors = {(e.metric, e.period): e for e in calibrated[0].in_sample.errors}
    assert abs(errors["service_level", "day"].bias) < 0.04
    assert abs(errors["abandonment", "day"].bias) < 0.015
    assert errors["asa_s", "half hour"].error > errors["asa_s", "day"].error
    assert errors["service_level", "day"].inside > 0.5


def test_queues_are_compared_by_name_whatever_their_order_in_the_log(calibrated):
    found = calibrated[0].estimates
    log = replace(found.log, queues=found.log.queues[::-1], queue=1 - found.log.queue)
    turned = replace(found, log=log, queues=found.queues[::-1])
    one, other = (
        {
            (row.queue, row.metric): row
            for row in fit_of(e, e.log, past_days_result(e, e.log, 2)).by_queue
        }
        for e in (found, turned)
    )
    assert one == other


def test_queues_are_compared_over_all_recorded_days(calibrated):
    found = calibrated[0].in_sample
    assert {one.queue for one in found.by_queue} == {"billing", "cards"}
    asa = {one.queue: one for one in found.by_queue if one.metric == "asa_s"}
    answered = {name: one.contacts for name, one in asa.items()}
    total = found.actual.in_all()
    assert sum(answered.values()) == total.offered[0]
    low, high = sorted(one.actual for one in asa.values())
    assert low <= total.metric("asa_s")[0] <= high
    everyone = found.simulated.over_replications().in_all().metric("abandonment")[0]
    shares = [one for one in found.by_queue if one.metric == "abandonment"]
    weights = [one.contacts for one in shares]
    mean = np.average([one.simulated for one in shares], weights=weights)
    assert mean == pytest.approx(everyone, abs=0.01)
    assert all(one.low <= one.simulated <= one.high for one in found.by_queue)
    assert not replace(shares[0], actual=0.9).is_inside
    text, page = calibration_text(calibrated[0]), calibration_page(calibrated[0])
    assert "Queues on recorded days" in text
    assert "Queues on recorded days" in page


def test_days_left_out_and_assumptions_are_reported(calibrated):
    found = calibrated[0]
    assert found.left_out_days == 7
    assert {one.name for one in found.assumptions} >= {"mean talk", "patience"}
    ends = {one.name: (one.low, one.high) for one in found.assumptions}
    talk = found.estimate("talk_mean", "queue.billing").value
    for end in ends["mean talk"]:  # a level between those of the queues, with its change
        level, change = re.fullmatch(r"(.+) \(([+-][0-9.]+)%\)", end).groups()
        assert 100 < duration(level) < 1.2 * talk
        assert abs(float(change)) < 50
    assert all(re.search(r"\([+-][0-9.]+%\)$", end) for pair in ends.values() for end in pair)
    assert ends["patience"][0].startswith("median ")
    assert "agent hours a day" in ends["presences (gap rules of 5 and 30 min)"][1]
    assert "contacts a week" in ends["mean volume"][0]
    sizes = [one.size for one in found.assumptions]
    assert sizes == sorted(sizes, reverse=True)
    # Agents stay as inferred, as those of other days are.
    assert {one.name for one in found.loop.parameters} <= {"gap", "quiet", "talk_days"}
    assert found.loop.adjustment.agents == 1


def test_what_days_left_out_were_simulated_with_is_beside_them(calibrated):
    found = calibrated[0]
    earlier, document = found.earlier, json.loads(found.to_json())["left_out_fit"]
    log = found.estimates.log
    assert (earlier.first, earlier.days_used) == (log.date(0), 21)
    assert document["last_day"] == log.date(20).isoformat()
    assert document["moved"] == [one.document() for one in earlier.loop.parameters]
    assert document["bias_after"] == earlier.loop.document()["bias_after"]
    assert {one["name"] for one in document["moved"]} >= {"gap"}
    own, all_days = (
        next(one.factor for one in loop.parameters if one.name == "gap")
        for loop in (earlier.loop, found.loop)
    )
    cells = ["mean gap after a contact: multiplied by", f"{own:.3f}", f"{all_days:.3f}"]
    assert cells in earlier_cells(found)
    for shown in (calibration_text(found), calibration_page(found)):
        assert all(cell in shown for cell in (*cells, "bias of service level on their own days"))
        assert f"{earlier.first} to {earlier.last}" in shown


def test_estimates_of_the_days_before_that_differ_are_named():
    def row(name, value, low, high, field="queue.a.talk"):
        return EstimatedValue(name, "center", value, low, high, "s", "", field=field)

    before = (
        row("talk_mean", 90.0, 80.0, 101.0), row("wrap_mean", 9.0, 8.0, 9.5),
        row("agent_hours_a_day", 9.0, 9.0, 9.0, "group.agents"), row("fcr", 9.0, 9.0, 9.0, ""),
        row("gap_mean", 9.0, np.nan, np.nan), replace(row("balk", 9.996, 9.0, 9.999), unit="share"),
    )  # fmt: skip
    after = tuple(replace(one, value=10.0, low=8.0, high=12.0) for one in before)
    after = (replace(after[0], value=100.0, low=89.0, high=111.0), *after[1:])
    (one,) = earlier_differences(before, after)
    assert (one.name, one.earlier, one.all_days) == ("wrap_mean", 9.0, 10.0)


def test_json_is_complete(calibrated):
    document = json.loads(calibrated[0].to_json())
    assert document["contacts"] == len(calibrated[0].estimates.log)
    assert {"estimates", "cleaning", "moved", "errors_in_sample", "assumptions", "drift"} <= {
        *document
    }


def test_days_left_out_are_named_with_their_reasons(calibrated):
    found = calibrated[0]
    first = found.estimates.log.first_day
    usable = found.estimates.usable.copy()
    usable[3] = False
    odd = (UnusualDay(3, "silence", 74.2, 3.0, 20, 25), UnusualDay(5, "many contacts", 990, 600))
    estimates = replace(found.estimates, unusual=odd, usable=usable)
    found = replace(found, estimates=estimates)
    silent = first + dt.timedelta(days=3)
    why = "3 h without contacts, where 74 were expected"
    text = calibration_text(found)
    assert f"  day left out, {silent}: {why}\n" in text
    assert text.count("day left out") == 1
    rows = json.loads(found.to_json())["unusual_days"]
    assert [(row["day"], row["reason"], row["left_out"]) for row in rows] == [
        (silent.isoformat(), why, True),
        ((first + dt.timedelta(days=5)).isoformat(), "many contacts: 990, usually 600", False),
    ]
    page = calibration_page(found).replace("\N{NO-BREAK SPACE}", " ")
    assert f"{silent}: {why}; left out" in page


def test_the_page_stands_alone_and_shows_the_estimates(calibrated):
    page = calibration_page(calibrated[0])
    assert page.count("<svg") >= 5
    assert "What matters most" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "nan" not in page.lower().replace("finance", "")


@pytest.fixture(scope="module")
def with_callers(quick_calibration, tmp_path_factory):
    """Calibrated on three weeks of a small center, with a column of who called."""
    days = 21
    volume = [count // 3 for count in HALF_HOURS]
    small = world(
        center__days=days, queue__billing__volume=volume * days, queue__cards__volume=3,
        group__team__agents=3,
    )  # fmt: skip
    named = [(*row, f"0044{7_000_000 + k % 900}") for k, row in enumerate(rows_of(small))]
    folder = tmp_path_factory.mktemp("callers")
    log = write_log(folder / "log.csv", named, (*TITLES, "caller id"))
    return named, sim.calibrate(log, folder / "center")


def test_order_and_names_of_the_file_change_nothing(with_callers, tmp_path, monkeypatch):
    named, one = with_callers
    shuffled = list(named)
    np.random.default_rng(5).shuffle(shuffled)
    renamed = [
        (*row[:4], row[4] and f"person {row[4][::-1]}", row[5], f"caller {row[6][::-1]}")
        for row in shuffled
    ]
    titles = (
        "asked at", "seconds waited", "how it ended", "talked", "who", "skill set", "from whom",
    )  # fmt: skip
    log = write_log(tmp_path / "log.csv", renamed, titles)
    columns = dict(zip((*TITLES, "customer"), titles, strict=True))
    other = sim.calibrate(log, tmp_path / "center", columns=columns)
    assert one.left_out_days == other.left_out_days == 7
    for name in ("scenario.toml", "week.csv"):
        assert (tmp_path / "center" / name).read_text() == one.files[name]
    assert one.document() == other.document()
    # What the columns mean is remembered in the folder, for the next time.
    monkeypatch.setattr(calibrate_center, "calibrate_log", lambda read, *_: read.columns)
    assert sim.calibrate(log, tmp_path / "center", write=False) == columns


def test_identifiers_are_written_nowhere(with_callers):
    found = with_callers[1]
    texts = found.files | {"report.html": calibration_page(found), "json": found.to_json()}
    for name, text in texts.items():
        assert "00447000" not in text, name
        assert not re.search(r"(?<![\d.])(00)?44700", text), name  # digits of a share may be so
        assert "A1," not in text, name


def test_too_little_is_refused(tmp_path, rows):
    log = write_log(tmp_path / "log.csv", rows[:50])
    with pytest.raises(
        BadInputError, match="50 contacts on 1 day, .* allowed: at least 100 on 5 days"
    ):
        sim.calibrate(log, tmp_path / "center")
    assert not (tmp_path / "center").exists()


def test_a_log_without_agents_is_refused(tmp_path, rows):
    log = write_log(tmp_path / "log.csv", [row[:4] for row in rows], TITLES[:4])
    with pytest.raises(BadInputError, match="no agents"):
        sim.calibrate(log)


@pytest.mark.parametrize(("low", "high", "is_written"), [(0.1, 0.9, True), (-0.2, 0.7, False)])
def test_a_memory_that_may_be_zero_is_not_written(calibrated, low, high, is_written):
    found = calibrated[0].estimates
    memory = replace(found.volume.memory, value=0.6, low=low, high=high)
    volume = replace(found.volume, cv=replace(found.volume.cv, value=0.1), memory=memory)
    center = usual_week(replace(found, volume=volume))["center"]
    assert ("memory" in center["busyness"]) == is_written


def test_whole_numbers_add_up():
    values = np.array([0.4, 0.4, 0.4, 2.5, 0.0, 1.3])
    found = whole_numbers(values)
    assert found.sum() == 5
    assert (np.abs(np.cumsum(found) - np.cumsum(values)) <= 0.5).all()


def test_hours_have_no_short_holes(tmp_path, rows):
    kept = [row for row in rows if not "12:00" <= row[0][11:16] < "12:30"]
    log = read_call_log(write_log(tmp_path / "log.csv", kept)).log
    assert week_calendar(log, log.day_used).rules()["tue"] == "08:00-18:00"


def test_who_waits_at_closing_and_calls_before_the_opening_open_no_interval(tmp_path, rows):
    """Every day someone is answered after closing, and someone calls before the opening."""
    days = sorted({row[0][:10] for row in rows})
    more = [
        (f"{day} {clock}", f"{wait}", "answered", "60", "A0", "billing")
        for day in days
        for clock, wait in (("17:59:30.0", 45), ("07:59:00.0", 70))
    ]
    log = read_call_log(write_log(tmp_path / "log.csv", [*rows, *more])).log
    assert set(week_calendar(log, log.day_used).rules().values()) == {"08:00-18:00"}


@pytest.mark.parametrize("count", [1, 7, 24])
def test_persons_have_the_estimated_spread_from_the_first_few_on(count):
    persons = persons_of(0.3, [1, count, 0])["persons"]
    speeds = np.array([float(one["speed"].rstrip("%")) / 100 for one in persons])
    assert len({one["name"] for one in persons}) == count
    assert speeds.mean() == pytest.approx(1, abs=0.005)
    for first in range(1, count):
        assert speeds[:first].mean() == pytest.approx(1, abs=0.07)
    if count > 1:
        assert speeds.std() == pytest.approx(0.3, rel=0.35)


def test_agents_alike_have_no_persons_and_very_many_draw_their_speeds():
    assert persons_of(0.0, [5]) == persons_of(np.nan, [5]) == persons_of(0.3, [0]) == {}
    assert persons_of(0.3, [MOST_PERSONS + 1]) == {"speed_spread": "30%"}


def test_persons_are_a_file_beside_the_scenario(tmp_path):
    queue = {"calls": {"volume": [5.0] * 4, "talk": "1min"}}
    group = {"agents": [2, 3, 3, 2], "skills": {"calls": 1}, **persons_of(0.3, [3])}
    center = {"name": "C", "open": "08:00-10:00"}
    tables = {"center": center, "queue": queue, "group": {"team 1": group}}
    starts = [f"2026-01-05 {at}" for at in ("08:00", "08:30", "09:00", "09:30")]
    for name, text in scenario_files(tables, {}, "Heading", starts).items():
        (tmp_path / name).write_text(text)
    persons = sim.load(tmp_path / "scenario.toml").group["team 1"].persons
    assert [one.name for one in persons] == ["person 1", "person 2", "person 3"]
    assert (tmp_path / "persons_team_1.csv").exists()


def test_errors_are_of_replications_that_the_loop_has_not_seen(calibrated):
    found = calibrated[0]
    fit = found.in_sample.simulated
    log, runs = found.estimates.log, len(fit.wait)
    seen = simulate_past_days(found.estimates, log, runs, found.loop.adjustment)
    assert seen.wait.shape == fit.wait.shape
    assert not np.array_equal(seen.wait, fit.wait)


def test_breaks_balking_and_head_starts_are_varied_between_their_ends(calibrated):
    estimates = calibrated[0].estimates
    at, after = DayEstimate(0.1, 0.05, 0.2, 500, 30), DayEstimate(30.0, 15.0, 60.0, 500, 30)
    none, start = DayEstimate(0.0, 0.0, 0.0), DayEstimate(40.0, 20.0, 80.0, 500, 30)
    places = np.arange(2)
    order = ServiceOrder("head start", places * 1.0, places, (none, start), (), {}, ())
    queues = tuple(
        replace(queue, patience=replace(queue.patience, balk=DayEstimate(0.04, 0.0, 0.08, 90, 30)))
        for queue in estimates.queues
    )
    changed = replace(
        estimates, queues=queues, states=None, quiet_breaks=InferredBreaks.of(0.1, 60.0, 30.0),
        readiness=SimpleNamespace(not_ready=at, length=after),
        order=QueueOrder(order, tuple(q.name for q in queues), 300.0),
    )  # fmt: skip
    found = {one.name: one for one in trials(changed, AS_ESTIMATED)}

    def shares(tables):
        share = tables["group"]["team"]["breaks_when_quiet"]["share"]
        return float(share.removesuffix("%"))

    few, many = found["breaks when quiet"].tables
    assert shares(many) == pytest.approx(4 * shares(few), rel=0.02)
    assert found["breaks when quiet"].ends == ("5% (-50%)", "20% (+100%)")
    short, long = (
        one["group"]["team"]["breaks_when_quiet"] for one in found["length of breaks when quiet"]
        .tables
    )  # fmt: skip
    assert (short["length"], long["length"]) == ("exponential 15.0s", "exponential 60.0s")
    none, much = (one["queue"] for one in found["balking"].tables)
    assert all("balk" not in one for one in none.values())
    assert {one["balk"] for one in much.values()} == {"8%"}
    low, high = (one["queue"] for one in found["head starts"].tables)
    name = queues[1].name
    assert (low[name]["head_start"], high[name]["head_start"]) == ("20.0s", "80.0s")
    assert "head_start" not in low[queues[0].name]
    for trial in found.values():
        for tables in trial.tables:
            scenario_of(tables)


def test_a_volume_that_grows_is_said_wherever_the_week_is_described(calibrated):
    found, _ = calibrated
    assert found.volume_note == ""
    assert found.document()["volume_note"] is None
    level = next(one for one in found.drift if one.name == "contacts_per_day")
    assert not level.apart
    assert level.first == pytest.approx(22 * 30.3, rel=0.1)
    assert level.second == pytest.approx(level.first, rel=0.1)
    trend = VolumeTrend(
        DayEstimate(0.0204, 0.0151, 0.0257), True, np.ones(found.estimates.log.days), 0.12
    )
    estimates = replace(found.estimates, trend=trend)
    drift = tuple(replace(one, apart=one is level) for one in found.drift)
    grown = replace(found, estimates=estimates, rows=rows_of_estimates(estimates), drift=drift)
    said = (
        "The volume grows by 2 % a week (1.5 % to 2.6 %), and is at the end of the log 12 % above"
    )
    texts = (
        heading_of(estimates, found.loop, "log.csv"),
        grown.document()["volume_note"],
        calibration_text(grown),
        calibration_page(grown).replace("\xa0", " "),
    )
    assert all(said in text and "ccplan forecast HISTORY" in text for text in texts)
    assert "change of the volume per week" in calibration_text(grown)
    assert "contacts per day, center" in calibration_page(grown)
    assert "their trend taken off" in grown.estimate("busyness_cv").method
    falls = replace(trend, weekly=DayEstimate(-0.03, -0.04, -0.02), ahead=-0.15)
    note = growth_note(replace(estimates, queue_trends=(falls, trend)))
    assert "the volume of billing falls by 3 % a week (2 % to 4 %)" in note
    assert "15 % below its mean" in note
    assert "cards" not in note  # as the center


def test_a_level_of_talk_that_changes_is_written_as_it_ended(calibrated):
    found, _ = calibrated
    log = found.estimates.log
    last = int(np.flatnonzero(log.day_used)[-1])
    by_day = np.append(np.linspace(0.9, 1.1, last + 1), np.full(log.days - last - 1, 1.1))
    level = TalkLevel(
        DayEstimate(0.011, 0.006, 0.02), DayEstimate(1.1, 1.05, 1.15), by_day, last, 4
    )
    estimates = replace(found.estimates, talk_level=level)
    constant = replace(found.estimates, talk_level=None)
    plain, week = (usual_week(one, found.loop.adjustment) for one in (constant, estimates))
    variation = week["center"]["talk_variation"]
    assert "level_change" not in plain["center"].get("talk_variation", {})
    assert variation["level_change"] == "1.1%"
    assert variation["level_date"] == log.date(last - 4)
    for queue in plain["queue"]:
        one, other = (scenario_of(t).queue[queue].talk.mean for t in (plain, week))
        assert other == pytest.approx(1.1 * one, rel=0.002)
    # Recorded days have their own level; those after the days of the estimates walk on.
    for first, mean, walks in ((0, by_day[log.day_used].mean(), False), (last - 6, 1.1, True)):
        days = log.of_days(np.arange(log.days) >= first)
        known = replace(level, last=first - 1 if walks else last)
        past, base = (
            past_days(replace(found.estimates, talk_level=one), days) for one in (known, None)
        )
        if walks:
            mean = by_day[first - 1]
        assert ("level_change" in past["center"].get("talk_variation", {})) == walks
        queue = next(iter(base["queue"]))
        one, other = (scenario_of(t).queue[queue].talk.mean for t in (base, past))
        assert other == pytest.approx(mean * one, rel=0.01)
    assert np.ptp(mean_handle_times(estimates, np.array([0, last]))) > 0
    rows = {row.name: row for row in rows_of_estimates(estimates)}
    assert rows["talk_level_change"].value == 0.011
    assert (rows["talk_level_at_end"].low, rows["talk_level_at_end"].high) == (1.05, 1.15)
    assert "talk in the scenario is 1.1 times as long" in rows["talk_mean"].method
    assert not any("times as long" in row.method for row in found.rows)
    assert found.document()["talk_note"].startswith("No change of the level of talk is seen, but")
    assert replace(found, estimates=constant).document()["talk_note"] is None
    for one, what in (
        (found, "which is the same"),
        (
            moved := replace(found, estimates=estimates, rows=tuple(rows.values())),
            "which changes from day to day",
        ),
    ):
        page = calibration_page(one)
        assert what in page.partition("<h2>Talk by day</h2>")[2].partition("</p>")[0]
    said = (
        "10 % above its mean (5 % to 15 %). Talk in the scenario is that of the end, "
        f"{log.date(last)}"
    )
    for text in (
        heading_of(estimates, found.loop, "log.csv"), moved.document()["talk_note"],
        calibration_text(moved), calibration_page(moved).replace("\xa0", " "),
    ):  # fmt: skip
        assert "The level of talk changes by 1.1 % from one day to the next (0.6 % to 2 %)" in text
        assert said in text
    (trial,) = [t for t in trials(estimates, AS_ESTIMATED) if t.name == "level of talk at the end"]
    assert trial.ends == ("105% (-4.55%)", "115% (+4.55%)")


def test_differences_from_erlang_a_lie_in_their_intervals(calibrated):
    for one in calibrated[0].in_sample.errors:
        assert one.difference_low < one.error - one.erlang_a < one.difference_high
