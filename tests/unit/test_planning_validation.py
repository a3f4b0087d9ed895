"""Validation: bias, error and bands, calculated manually and on days of the model itself."""

import json

import numpy as np
import pytest

import sim
from sim.fileio import table_from_text
from sim.history.tables.actuals import read_actuals
from sim.metrics.estimators import wilson
from sim.planning.align_actuals import lay_out
from sim.planning.compare_with_actuals import validate
from sim.planning.import_volumes import volumes_of
from sim.planning.prediction_bands import band_share, ordered_bounds
from sim.report.validation import summary_rows, validation_text
from sim.scenario import Scenario, ScenarioError
from sim.scenario.interval_times import mean_hands
from sim.units import BadInputError

CENTER = """
[center]
first_day = 2026-03-02
open = "09:00-11:00"
interval = "30min"

[queue.orders]
volume = [40, 50, 60, 40]
talk = "exponential 3min"
patience = "exponential 2min"

[group.sales]
agents = 6
skills = { orders = 1 }
"""
HEAD = "interval_start,queue,offered,answered,abandoned,service_level,asa_s,aht_s"


@pytest.fixture(scope="module")
def scenario():
    return Scenario.parse(CENTER)


@pytest.fixture(scope="module")
def result(scenario):
    return sim.simulate(scenario, runs=60, seed=3)


def table(text, name="actuals.csv"):
    return read_actuals(table_from_text(name, text))


def day_of(scenario, seed, offered=1.0):
    """One day of the model itself as a table of actuals."""
    rows = {}
    for row in sim.simulate(scenario, runs=1, seed=seed).interval_rows:
        if row.scope == "queue":
            rows.setdefault(row.interval, {})[row.metric] = row.value
    lines = [HEAD]
    for start, one in rows.items():
        if one["offered"]:
            cells = [one["offered"] * offered, one["answered"], one["abandoned"],
                     one["service_level"], one["asa_s"], one["aht_s"]]  # fmt: skip
            lines.append(f"2026-03-02 {start},orders," + ",".join(f"{x:.9g}" for x in cells))
    return table("\n".join(lines) + "\n")


def test_a_day_of_the_model_itself_shows_no_bias(scenario, result):
    outside = 0
    for seed in range(100, 110):
        found = validate(scenario, result, day_of(scenario, seed))
        assert [one.metric for one in found.verdicts] == [
            "offered", "answered", "abandonment", "service_level", "asa_s", "aht_s",
        ]  # fmt: skip
        outside += sum(not one.bias_low <= 0 <= one.bias_high for one in found.verdicts)
        offered = found.verdicts[0]
        assert offered.low < offered.simulated < offered.high
        assert offered.error_low <= offered.error <= offered.error_high
    assert outside <= 8  # 3 of 60 expected


def test_a_day_with_a_third_more_contacts_shows_bias(scenario, result):
    found = validate(scenario, result, day_of(scenario, 7, offered=1.4))
    offered = found.verdicts[0]
    assert offered.bias_high < 0
    assert offered.error > offered.chance_high
    assert summary_rows([offered])[0]["Verdict"] == "simulated too low"


def test_bias_and_error_of_a_worked_example(scenario, result):
    text = "interval_start,offered\n2026-03-02 09:00,50\n2026-03-02 09:30,40\n"
    found = validate(scenario, result, table(text))
    (verdict,) = found.verdicts
    means = [cell.simulated for cell in found.cells]
    whole = {row.interval: row.value for row in result.interval_rows
             if (row.scope, row.metric) == ("queue", "offered")}  # fmt: skip
    assert means == pytest.approx([whole["09:00"], whole["09:30"]])
    assert verdict.bias == pytest.approx((sum(means) - 90) / 90)
    assert verdict.error == pytest.approx((abs(means[0] - 50) + abs(means[1] - 40)) / 90)
    each = result.tallies.of("legs", "offered")[:, 0, 18:20]
    totals = each.sum(axis=1)
    half = 2.001 * totals.std(ddof=1) * np.sqrt(1 + 1 / 60) / 90
    assert verdict.bias_high - verdict.bias == pytest.approx(half, rel=1e-3)
    band = ordered_bounds(each, 0.95)
    assert [cell.band_low for cell in found.cells] == band[0].tolist()
    assert [cell.inside for cell in found.cells] == [
        band[0][0] <= 50 <= band[1][0], band[0][1] <= 40 <= band[1][1],
    ]  # fmt: skip


def test_rows_of_another_length_are_added_up_on_either_side(scenario, result):
    quarters = "interval_start,offered,aht_s\n" + "".join(
        f"2026-03-02 09:{m:02d},{n},{s}\n" for m, n, s in ((0, 10, 100), (15, 30, 200))
    )
    laid = lay_out(table(quarters), scenario)
    assert laid.step == 1800
    assert laid.queues["orders"]["offered"][18] == 40
    assert laid.queues["orders"]["aht"][18] == 10 * 100 + 30 * 200
    hours = "interval_start,offered\n2026-03-02 09:00,90\n2026-03-02 10:00,100\n"
    found = validate(scenario, result, table(hours))
    assert [cell.interval for cell in found.cells] == ["09:00", "10:00"]
    assert found.cells[0].simulated == pytest.approx(90, abs=6)


def test_other_dates_go_by_weekday_and_their_mean_counts(scenario, result):
    text = "interval_start,offered\n2026-04-06 09:00,30\n2026-04-13 09:00,50\n2026-04-14 09:00,9\n"
    laid = lay_out(table(text), scenario)
    assert laid.step == 1800
    assert laid.queues["orders"]["offered"][18] == 40
    assert laid.days == laid.dates == 2
    assert any("the actuals are the mean of 2 days" in note for note in laid.notes)
    assert any("1 of 3 days of the table is left out" in text for text in laid.warnings)
    found = validate(scenario, result, table(text))
    assert found.band < 0.95  # 30 pairs of runs
    with pytest.raises(ScenarioError, match="fits no day of the scenario; allowed: dates from"):
        lay_out(table("interval_start,offered\n2026-04-14 09:00,9\n"), scenario)


def test_a_usual_week_is_compared_with_all_days_and_others_with_those_of_their_dates(scenario):
    text = "interval_start,offered\n" + "".join(
        f"2026-03-{day:02d} 09:00,{day}\n" for day in (2, 9, 16, 23)
    )
    by_date = lay_out(table(text), scenario)
    assert by_date.queues["orders"]["offered"][18] == 2
    assert by_date.warnings == (
        "3 of 4 days of the table are left out: they are outside the scenario "
        "(2026-03-02 to 2026-03-02)",
    )
    usual = scenario.with_(**{"center.name": "Calibrated on calls.csv"})
    for one, match in ((usual, None), (scenario, "weekday")):
        found = lay_out(table(text), one, match=match)
        assert found.queues["orders"]["offered"][18] == 12.5
        assert not found.warnings
    assert lay_out(table(text), usual, match="date").queues["orders"]["offered"][18] == 2
    with pytest.raises(BadInputError, match="match: 'month' is unknown; allowed: date or weekday"):
        lay_out(table(text), scenario, match="month")


def test_what_is_left_out_follows_the_verdict(scenario, result):
    text = "interval_start,offered\n2026-03-02 09:00,50\n2026-03-09 09:00,40\n"
    found = validate(scenario, result, table(text))
    warning = validation_text(found).split("\n\n")[1]
    assert warning.startswith("Warning: 1 of 2 days of the table is left out")
    assert found.document()["warnings"] == list(found.warnings)


def test_a_table_without_queues_is_compared_with_all_together_or_with_one(scenario):
    two = Scenario.parse(
        CENTER.replace("skills = { orders = 1 }", "skills = { orders = 1, service = 2 }")
        + '[queue.service]\nvolume = 10\ntalk = "3min"\n'
    )
    simulated = sim.simulate(two, runs=5, seed=3)
    text = "interval_start,offered,asa_s\n2026-03-02 09:00,50,4\n2026-03-02 09:30,60,5\n"
    found = validate(two, simulated, table(text))
    means = {
        (row.name, row.interval): row.value
        for row in simulated.interval_rows
        if (row.scope, row.metric) == ("queue", "offered")
    }
    assert {one.queue for one in found.verdicts} == {"all queues"}
    assert any("all queues together" in note for note in found.notes)
    offered = next(one for one in found.cells if one.metric == "offered")
    assert offered.simulated == pytest.approx(means["orders", "09:00"] + means["service", "09:00"])
    single = validate(two, simulated, table(text), {"": "service"})
    assert {one.queue for one in single.verdicts} == {"service"}
    both = (
        text.replace("start,", "start,queue,").replace(":00,", ":00,a,").replace(":30,", ":30,b,")
    )
    with pytest.raises(BadInputError, match="either all rows for all queues together"):
        lay_out(table(both), two, {"a": "all queues", "b": "orders"})


def test_queues_are_matched_by_name(scenario):
    two = Scenario.parse(CENTER + '[queue.mail]\nchannel = "email"\nvolume = 1\ntalk = "3min"\n')
    text = "interval_start,queue,offered\n2026-03-02 09:00,ORDERS,5\n2026-03-02 09:00,other,6\n"
    laid = lay_out(table(text), two)
    assert list(laid.queues) == ["orders"]
    assert any("left out" in note and "other" in note for note in laid.warnings)
    assert list(lay_out(table(text), two, {"other": "mail"}).queues) == ["mail"]
    with pytest.raises(ScenarioError, match="none of the queues x or y is in the scenario"):
        lay_out(table(text.replace("ORDERS", "x").replace("other", "y")), two)


def test_intervals_that_do_not_fit_are_refused(scenario):
    twenty = "interval_start,offered\n2026-03-02 09:00,5\n2026-03-02 09:20,6\n"
    with pytest.raises(BadInputError, match="20min in the table and 30min in the scenario"):
        lay_out(table(twenty), scenario)


def test_volumes_of_a_table_become_a_file_beside_the_scenario(scenario):
    hours = "interval_start,offered,aht_s\n2026-03-02 09:00,90,200\n2026-03-02 12:00,4,100\n"
    found = volumes_of(table(hours), scenario)
    assert found.content.decode().splitlines() == [
        "start,orders", "09:00,45", "09:30,45", "10:00,0", "10:30,0",
    ]  # fmt: skip
    assert found.fields == {"queue.orders.volume": "volumes.csv:orders"}
    notes = " ".join(found.notes)
    assert "2 open intervals have no row" in notes
    assert "4 contacts outside the opening hours" in notes
    assert "spread evenly over intervals of 30min" in notes


def test_handle_times_of_a_table_become_talk(scenario):
    hours = "interval_start,offered,aht_s\n2026-03-02 09:00,90,200\n2026-03-02 10:00,30,280\n"
    held = scenario.with_(
        **{"queue.orders.wrap": "20s", "queue.orders.talk": "lognormal 3min cv 0.9"}
    )
    found = volumes_of(table(hours), held)
    assert found.talks == {"queue.orders.talk": "lognormal 3min 20s cv 0.9"}
    assert mean_hands(held.with_(**found.talks), "orders") == pytest.approx(220)
    assert found.rows[0]["Handle time of the table"] == "3min 40s"
    for change, why in (
        ({"queue.orders.wrap": "5min"}, "hold and wrap alone take 5min"),
        ({"group.sales.skills": {"orders": {"at_once": 2}}}, "several contacts at once"),
        ({"group.sales.skills": {"orders": {"speed": "90%"}}}, "faster or slower"),
        ({"bot.orders": {"session": "1min", "contained": "20%"}}, "what a bot leaves"),
    ):
        none = volumes_of(table(hours), held.with_(**change))
        assert none.talks == {}
        assert why in " ".join(none.notes)
    assert volumes_of(table("interval_start,offered\n2026-03-02 09:00,90\n"), held).talks == {}


def test_bounds_hold_what_they_say():
    values = np.arange(1.0, 40.0)[:, None]
    assert [bound.tolist() for bound in ordered_bounds(values, 0.95)] == [[1], [39]]
    values = np.arange(1.0, 80.0)[:, None]
    assert [bound.tolist() for bound in ordered_bounds(values, 0.95)] == [[2], [78]]
    assert (band_share(39, 0.95), band_share(19, 0.95)) == (0.95, 0.9)
    # Newcombe 1998, table of Wilson's intervals: 81 of 263.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_one_replication_has_no_confidence_intervals(scenario):
    one = sim.simulate(scenario, runs=1, seed=3)
    found = validate(scenario, one, table("interval_start,offered\n2026-03-02 09:00,50\n"))
    assert found.verdicts[0].bias_low is None
    assert "one replication" in validation_text(found)
    json.loads(found.to_json())


WRAPPED = CENTER.replace("patience =", 'wrap = "exponential 90s"\npatience =')


@pytest.fixture(scope="module")
def wrapped():
    scenario = Scenario.parse(WRAPPED)
    return scenario, sim.simulate(scenario, runs=40, seed=3)


def with_aht(seconds):
    lines = [HEAD]
    for start, offered in zip(("09:00", "09:30", "10:00", "10:30"), (44, 47, 66, 35), strict=True):
        lines.append(f"2026-03-02 {start},orders,{offered},{offered},0,0.8,10,{seconds}")
    return table("\n".join(lines) + "\n")


def aht_of(found):
    return next((one for one in found.verdicts if one.metric == "aht_s"), None)


def test_the_handle_time_is_compared_with_what_the_record_holds(wrapped):
    record = with_aht(180)
    talk = validate(*wrapped, record, recorded_aht="talk")
    assert aht_of(talk).simulated == pytest.approx(180, rel=0.05)
    assert aht_of(talk).bias_low < 0 < aht_of(talk).bias_high
    handle = validate(*wrapped, record, recorded_aht="handle")
    assert aht_of(handle).simulated == pytest.approx(270, rel=0.05)
    assert aht_of(validate(*wrapped, record, recorded_aht="with-gaps")) is None
    assert [one.recorded_aht for one in (talk, handle)] == ["talk", "handle"]
    assert json.loads(talk.to_json())["recorded_aht"] == "talk"
    with pytest.raises(BadInputError, match="recorded-aht: 'all' is unknown; allowed: talk"):
        validate(*wrapped, record, recorded_aht="all")


@pytest.mark.parametrize(
    ("seconds", "asked"),
    [(180, "includes talk only"), (420, "includes gaps between contacts"), (270, None)],
)
def test_who_does_not_say_what_the_record_holds_is_asked(wrapped, seconds, asked):
    notes = validate(*wrapped, with_aht(seconds)).notes
    assert sum("not specified what the AHT of the actuals includes" in note for note in notes) == 1
    assert any("orders: the actual AHT" in note for note in notes) == (asked is not None)
    assert asked is None or any(asked in note for note in notes)
    told = validate(*wrapped, with_aht(seconds), recorded_aht="handle").notes
    assert not any("not specified" in note or "orders: the actual AHT" in note for note in told)


def test_hours_and_days_are_compared_with_bands_of_their_own(scenario, result):
    lines = ["interval_start,queue,offered"]
    counts = {"09:00": 48, "09:30": 60, "10:00": 72, "10:30": 48}  # a fifth above the volumes
    lines += [f"2026-03-02 {start},orders,{count}" for start, count in counts.items()]
    found = validate(scenario, result, table("\n".join(lines) + "\n"))
    offered = found.verdicts[0]
    assert (offered.hours, offered.days) == (2, 1)
    assert offered.recorded == sum(counts.values())
    # A fifth more in every interval is within random variation for one of them, not for the day.
    assert offered.inside == 1
    assert offered.inside_days == 0
    row = summary_rows([offered])[0]
    assert row["Days inside"] == "0 of 1"
    assert row["Hours inside"] == f"{round(offered.inside_hours * 2)} of 2"
    assert "inside the band" in validation_text(found)


def test_parts_of_hours_and_days_are_not_counted_as_whole_ones(scenario, result):
    rows = "interval_start,queue,offered\n" + "".join(
        f"2026-03-02 {start},orders,{count}\n"
        for start, count in (("09:00", 48), ("09:30", 60), ("10:00", 72))
    )
    offered = validate(scenario, result, table(rows)).verdicts[0]
    assert (offered.intervals, offered.hours, offered.days) == (3, 1, 0)
    assert offered.inside_days is None
    assert summary_rows([offered])[0]["Days inside"] == "-"


def test_an_interval_in_which_nothing_was_answered_does_not_break_a_whole_day(scenario, result):
    rows = HEAD + "\n"
    for start, answered in (("09:00", 40), ("09:30", 50), ("10:00", 0), ("10:30", 40)):
        rows += f"2026-03-02 {start},orders,50,{answered},{50 - answered},0.8,10,180\n"
    aht = aht_of(validate(scenario, result, table(rows)))
    assert (aht.intervals, aht.hours, aht.days) == (3, 2, 1)


def test_averages_without_a_column_answered_are_weighted_by_offered(scenario, result):
    rows = "interval_start,queue,offered,aht_s,asa_s,service_level\n"
    rows += "2026-03-02 09:00,orders,10,100,5,0.8\n2026-03-02 09:30,orders,30,200,9,0.8\n"
    found = validate(scenario, result, table(rows))
    recorded = {one.metric: one.recorded for one in found.verdicts}
    assert recorded["aht_s"] == pytest.approx(175)
    assert recorded["asa_s"] == pytest.approx(8)
    assert any("ASA and AHT of intervals are weighted by offered" in note for note in found.notes)
    assert any("AHT of the actuals includes; it is compared" in note for note in found.notes)


def test_a_sum_of_handle_time_without_a_column_answered_is_said_not_to_be_compared(
    scenario, result
):
    rows = "interval_start,queue,offered,total_handle_s\n2026-03-02 09:00,orders,10,1000\n"
    found = validate(scenario, result, table(rows))
    assert aht_of(found) is None
    assert any("is not compared: no column answered" in note for note in found.notes)
    assert not any("it is compared" in note for note in found.notes)


def test_actual_counts_as_volumes_get_random_variation_and_are_named(scenario, result):
    def record(volumes):
        rows = zip(("09:00", "09:30", "10:00", "10:30"), volumes, strict=True)
        lines = [f"2026-03-02 {start},orders,{volume}" for start, volume in rows]
        return table("interval_start,queue,offered\n" + "\n".join(lines) + "\n")

    said = "orders: the volumes of the scenario are the actual counts themselves"
    notes = validate(scenario, result, record([40, 50, 60, 40])).notes
    assert [note.startswith(said) for note in notes].count(True) == 1
    other = validate(scenario, result, record([40, 50, 60, 41])).notes
    assert not any(said in note for note in other)


def test_days_of_the_calibration_are_a_warning(scenario, result, tmp_path):
    week = "interval_start,offered\n" + "".join(
        f"{day} 09:00,40\n" for day in ("2026-02-23", "2026-03-02", "2026-03-09")
    )
    (left_out,) = validate(scenario, result, table(week)).warnings
    (tmp_path / "columns.toml").write_text('[times]\nfirst = "2026-01-01"\nlast = "2026-03-02"\n')
    calibrated = Scenario.parse(CENTER, tmp_path)
    assert validate(calibrated, result, table(week)).warnings == (
        "2 of 3 days are days that the scenario was calibrated on (2026-01-01 to 2026-03-02), "
        "which it fits better than others: compare days after them (--from 2026-03-03)",
        left_out,
    )
    (tmp_path / "columns.toml").write_text('[times]\nfirst = "2026-01-01"\nlast = "2026-01-31"\n')
    assert validate(calibrated, result, table(week)).warnings == (left_out,)
