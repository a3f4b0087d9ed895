"""Every interval as a row, and the verdict of each queue."""

import sim
from sim.report.interval_grid import alt_text_intervals, interval_lines, interval_table
from sim.report.queue_verdicts import queue_verdicts
from sim.report.result_views import over_the_day


def test_rows_have_the_metrics_of_the_result_and_the_agents_of_the_formula(understaffed_peak):
    scenario, result = understaffed_peak
    lines = interval_lines(scenario, result)
    assert [line.interval for line in lines][:2] == ["09:00", "09:30"]
    points = {p.interval: p for p in over_the_day(result, "service_level")}
    for line in lines:
        if line.interval in points:
            point = points[line.interval]
            assert (line.service_level, line.low, line.high) == (point.value, point.low, point.high)
            assert line.offered == point.offered
    staff = {r["interval"]: r for r in sim.staff(scenario, simulate=False).of("group")}
    assert [line.required for line in lines] == [staff[x.interval]["required"] for x in lines]
    assert [line.on_duty for line in lines] == [staff[x.interval]["now_net"] for x in lines]
    assert all(0 < line.occupancy <= 1 for line in lines)


def test_a_queue_has_no_occupancy_and_deferred_work_is_judged_on_time(monday):
    scenario, result = monday
    billing = interval_lines(scenario, result, "billing")
    assert {line.occupancy for line in billing} == {None}
    assert "Occupancy" not in interval_table(billing).data
    mail = interval_lines(scenario, result, "mail")
    assert {line.target for line in mail} == {0.95}
    assert any(line.service_level is not None for line in mail)


def test_the_table_colours_the_service_level_and_says_it_in_words(understaffed_peak):
    scenario, result = understaffed_peak
    lines = interval_lines(scenario, result)
    missed = [line for line in lines if line.verdict == "missed"]
    assert missed
    html = interval_table(lines).to_html()
    assert html.count("background-color: #d55e0059") == 1  # one rule of style for all its cells
    assert html.count(">missed<") == len(missed)
    assert missed[0].interval in alt_text_intervals(lines)


def test_queues_that_miss_their_target_come_first(monday):
    scenario, result = monday
    found = queue_verdicts(result)
    assert {one.queue for one in found} == set(scenario.queue)
    kinds = [one.verdict for one in found]
    assert kinds == sorted(kinds, key=lambda kind: kind != "missed")
    by_name = {one.queue: one for one in found}
    figure = result.estimate("service_level", "queue", "billing")
    assert (by_name["billing"].level, by_name["billing"].target) == (figure.value, 0.8)
    assert by_name["mail"].deferred
    assert "on time" in by_name["mail"].words
    single = queue_verdicts(sim.simulate(scenario, runs=1))
    assert {one.verdict for one in single} == {"undecided"}
    assert single[0].words.count("in one replication") == 1


def test_the_sentence_of_a_queue_names_its_formula_and_ends_with_its_status(monday):
    scenario, result = monday
    words = {one.queue: one.words for one in queue_verdicts(result)}
    assert "service level (abandons ignored within 20s)" in words["billing"]
    assert "on time (done within 1day)" in words["mail"]
    for one in queue_verdicts(result):
        assert f": {one.verdict}" in one.words
