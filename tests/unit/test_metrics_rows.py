"""Metrics follow their definitions, and the page of definitions is complete."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim import erlang
from sim.log import State
from sim.metrics import RATIO_METRICS, Tally, catalogue, compute_rows, cost_sums, stack
from sim.metrics.agent_time import open_time
from sim.metrics.aggregation import parse_terms
from sim.metrics.registry import SHORTHAND, VARIANTS
from sim.metrics.tally_fields import WAIT_EDGES, IssueSum, JourneySum, LegSum, TimeSum, names
from sim.metrics.tally_store import KINDS
from sim.model import Model
from sim.model.build_model import build_model
from sim.scenario import load
from tests.support.three_channels import THREE_CHANNELS

SCENARIO = THREE_CHANNELS.replace('talk = "60s"', 'talk = "60s"\nresolved = "80%"', 1)
CALLS, CHAT, MAIL = 0, 1, 2


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path = tmp_path_factory.mktemp("figures") / "center.toml"
    path.write_text(SCENARIO)
    return build_model(load(path))


def empty(model: Model) -> Tally:
    queues, at = len(model.queues), model.intervals
    return Tally(
        legs=np.zeros((len(LegSum), queues, at)),
        issues=np.zeros((len(IssueSum), queues, at)),
        time=np.zeros((len(TimeSum), len(model.groups), at)),
        longest=np.zeros(queues),
        waits=np.zeros((queues, WAIT_EDGES.size), dtype=np.int32),
        completions=np.zeros((queues, WAIT_EDGES.size), dtype=np.int32),
        journeys=np.zeros((len(JourneySum), 0, 1)),
    )


def put(tally: Tally, queue: int, at: int, **counts: float) -> Tally:
    for name, value in counts.items():
        tally.legs[LegSum[name.upper()], queue, at] = value
    return tally


EXAMPLE = {
    "offered": 1060, "answered": 1000, "within": 860,
    "abandoned": 60, "abandoned_within": 20, "abandoned_short": 10,
}  # fmt: skip


def value(
    model: Model, tallies: list[Tally], metric: str, scope: str = "total", name: str = "total",
    interval: str | None = None,
) -> float | None:  # fmt: skip
    rows = compute_rows(model, stack(tallies), intervals=interval is not None)
    found = [r for r in rows if (r.scope, r.name, r.metric) == (scope, name, metric)]
    [row] = [r for r in found if r.interval == interval]
    return row.value


@pytest.mark.parametrize(
    ("variant", "level"),
    [
        ("abandons_ignored", 860 / 1040),
        ("abandons_negative", 860 / 1060),
        ("abandons_positive", 880 / 1060),
        ("answered_only", 860 / 1000),
        ("short_as_met", 870 / 1060),
        ("short_excluded", 860 / 1050),
    ],
)
def test_service_level_by_every_variant(model: Model, variant: str, level: float) -> None:
    """The example of the field: 82.7, 81.1, 83.0, 86.0, 82.1 and 81.9 %."""
    tally = put(empty(model), CALLS, 0, **EXAMPLE)
    metric = f"service_level_{variant}"
    assert value(model, [tally], metric, "queue", "calls") == pytest.approx(level)
    changed = replace(model, queues=(replace(model.queues[0], variant=variant), *model.queues[1:]))
    assert value(changed, [tally], "service_level", "queue", "calls") == pytest.approx(level)


def test_the_whole_combines_contacts_each_queue_by_its_own_promise(model: Model) -> None:
    tally = put(empty(model), CALLS, 0, **EXAMPLE)
    put(tally, CHAT, 0, offered=100, answered=90, within=45, abandoned=10)
    put(tally, MAIL, 0, offered=500, due_met=1, due_missed=499)
    assert value(model, [tally], "service_level") == pytest.approx((860 + 45) / (1040 + 90))
    assert value(model, [tally], "on_time") == pytest.approx(1 / 500)
    assert value(model, [tally], "service_level", "queue", "mail") == pytest.approx(1 / 500)
    assert value(model, [tally], "service_level", "channel", "email") == pytest.approx(1 / 500)


def test_a_service_level_names_its_formula_and_threshold(model: Model) -> None:
    rows = compute_rows(model, stack([empty(model)]))
    notes = {(r.scope, r.name, r.metric): r.note for r in rows}
    assert notes["queue", "calls", "service_level"] == "abandons_ignored within 20s"
    assert notes["queue", "mail", "service_level"] == "done within 4h"
    assert notes["total", "total", "service_level"] == (
        "abandons_ignored within 20s; answered_only within 1min"
    )
    assert notes["queue", "calls", "service_level_short_as_met"] == "short_as_met within 20s"
    assert notes["queue", "calls", "asa_s"] == ""


def test_intervals_are_combined_by_contacts(model: Model) -> None:
    tally = put(empty(model), CALLS, 0, answered=10, within=10)
    put(tally, CALLS, 1, answered=90, within=0)
    where = ("queue", "calls")
    assert value(model, [tally], "service_level", *where) == pytest.approx(0.1)
    assert value(model, [tally], "service_level", *where, model.starts[0]) == 1.0
    assert value(model, [tally], "service_level", *where, model.starts[1]) == 0.0
    assert value(model, [tally], "service_level", *where, model.starts[2]) is None


def test_replications_are_combined_by_contacts_and_counts_are_means(model: Model) -> None:
    tallies = [
        put(empty(model), CALLS, 0, offered=10, abandoned=1),
        put(empty(model), CALLS, 0, offered=90, abandoned=45),
    ]
    assert value(model, tallies, "abandonment", "queue", "calls") == pytest.approx(0.46)
    assert value(model, tallies, "offered", "queue", "calls") == 50


def test_ratios(model: Model) -> None:
    tally = put(
        empty(model), CALLS, 0,
        offered=100, busy=10, answered=80, at_once=60, abandoned=10, abandoned_short=5,
        wait_answered=400, wait_abandoned=100, handled=80, talk=8000, hold=800, wrap=1600,
        transferred=8, repeating=4, retrying=5, known=50, resolved=40,
    )  # fmt: skip
    expected = {
        "abandonment": 10 / 100,
        "abandonment_excl_short": 5 / 95,
        "asa_s": 5.0,
        "mean_wait_all_s": 500 / 90,
        "wait_probability": 30 / 100,
        "aht_s": 130.0,
        "talk_s": 100.0,
        "hold_s": 10.0,
        "wrap_s": 20.0,
        "transfer_rate": 0.1,
        "repeat_rate": 0.05,
        "retry_rate": 5 / 20,
        "contact_resolution": 0.8,
        "load_erlangs": 100 * 130 / (2 * 12 * 3600),
    }
    found = {m: value(model, [tally], m, "queue", "calls") for m in expected}
    assert found == pytest.approx(expected)


def test_load_is_over_the_time_the_queue_is_open(model: Model) -> None:
    """Two days of twelve open hours: 432 contacts of 100 s are 43,200 s in 86,400 s."""
    tally = put(empty(model), CALLS, 3, offered=432, handled=400, talk=40_000)
    put(tally, MAIL, 3, offered=432, handled=400, talk=40_000)
    assert value(model, [tally], "load_erlangs", "queue", "calls") == pytest.approx(0.5)
    assert value(model, [tally], "load_erlangs", "channel", "voice") == pytest.approx(0.5)
    # Mail arrives at any time: 48 hours; the same holds for calls and mail together.
    assert value(model, [tally], "load_erlangs", "queue", "mail") == pytest.approx(0.25)
    assert value(model, [tally], "load_erlangs") == pytest.approx(0.5)
    interval = value(model, [tally], "load_erlangs", "queue", "calls", model.starts[3])
    assert interval == pytest.approx(432 * 100 / 3600)


def test_open_time_is_what_is_measured_of_overlapping_hours(model: Model) -> None:
    early, late = model.queues[CALLS], model.queues[CHAT]
    early = replace(early, hours=np.array([[0.0, 5400.0], [9000.0, 10_000.0]]))
    late = replace(late, hours=np.array([[3600.0, 9900.0]]))
    whole = replace(model, queues=(early, late, model.queues[MAIL]), measure_from=1800.0)
    assert open_time(whole, [CALLS])[:4].tolist() == [1800, 1800, 1000, 0]
    assert open_time(whole, [CALLS, CHAT])[:4].tolist() == [1800, 3600, 2800, 0]
    assert open_time(whole, [CALLS, MAIL])[:2].tolist() == [1800, 3600]


def test_the_wait_probability_is_of_all_offered_as_in_the_formulas(model: Model) -> None:
    """Two agents, three trunks: some customers wait, some get the busy signal."""
    formula = erlang.a(60, 3600, 120, agents=2, patience=60, lines=3)
    blocked, waiting = 1000 * formula.blocking, 1000 * formula.wait_probability
    at_once = 1000 - blocked - waiting
    tally = put(empty(model), CALLS, 0, offered=1000, busy=blocked, at_once=at_once)
    got = value(model, [tally], "wait_probability", "queue", "calls")
    assert 0 < formula.blocking < 1
    assert got == pytest.approx(formula.wait_probability)


def test_time_of_agents(model: Model) -> None:
    tally = empty(model)
    for state, hours in ((State.AVAILABLE, 1), (State.TALKING, 2), (State.WRAPPING, 1)):
        tally.time[state, 0, 0] = hours * 3600
    tally.time[State.ON_BREAK, 0, 0] = 1800
    tally.time[TimeSum.PAID, 0, 0] = 5 * 3600
    tally.time[TimeSum.LOAD, 0, 0] = 3 * 3600
    tally.time[TimeSum.OVERTIME, 0, 0] = 900
    expected = {
        "occupancy": 3 / 4,
        "utilisation": 4 / 5,
        "shrinkage": 1 / 5,
        "concurrency": 1.5,
        "overtime_h": 0.25,
        "scheduled_h": 4 * 24,
        "staff": 4.5 / 24,
    }
    found = {m: value(model, [tally], m, "group", "all") for m in expected}
    assert found == pytest.approx(expected)
    whole = {m: value(model, [tally], m) for m in expected}
    assert whole == pytest.approx(expected)


def test_backlog_is_a_state_not_a_sum(model: Model) -> None:
    tally = empty(model)
    tally.legs[LegSum.BACKLOG, MAIL] = np.arange(model.intervals)
    assert value(model, [tally], "backlog") == model.intervals - 1
    assert value(model, [tally], "backlog", "queue", "mail", model.starts[3]) == 3


def test_containment_counts_everybody_who_ended_without_a_person(model: Model) -> None:
    bot = build_model(
        load_text(
            SCENARIO + '[bot.calls]\nsession = "60s"\ncontained = "30%"\nleft = "10%"\n'
            'resolved = "50%"\ntakes = { talk = "60s" }\n'
        )
    )
    tally = put(
        empty(bot), CALLS, 0,
        sessions=100, contained=30, left_inside=10, handed_over=60, bot_resolved=15, bounced=6,
    )  # fmt: skip
    found = {r.metric: r.value for r in compute_rows(bot, stack([tally])) if r.name == "calls"}
    assert found["containment"] == pytest.approx(0.4)
    assert found["contained_share"] == pytest.approx(0.3)
    assert found["bot_resolution"] == pytest.approx(0.15)
    assert found["bounce_back"] == pytest.approx(0.2)


def load_text(text: str) -> object:
    from sim.scenario import Scenario

    return Scenario.parse(text, Path("."))


def test_days_on_target_asks_every_queue_of_the_scope(model: Model) -> None:
    tally = empty(model)
    day = model.intervals // 2
    put(tally, CALLS, 0, answered=10, within=8)  # exactly 80 %
    put(tally, CALLS, day, answered=10, within=10)
    put(tally, CHAT, 0, answered=10, within=9)
    put(tally, CHAT, day, answered=10, within=8)
    assert value(model, [tally], "days_on_target", "queue", "calls") == 1.0
    assert value(model, [tally], "days_on_target", "queue", "chat") == 0.5
    assert value(model, [tally], "days_on_target") == 0.5
    assert value(model, [tally], "service_level_day_p10", "queue", "calls") == 0.8
    assert value(model, [tally], "service_level_day_p90", "queue", "calls") == 1.0


def test_the_longest_wait_is_the_mean_over_runs_of_each_runs_longest(model: Model) -> None:
    one, two = empty(model), empty(model)
    one.longest[CALLS] = 100.0
    two.longest[CHAT] = 200.0
    assert value(model, [one, two], "longest_wait_s") == 150.0
    assert value(model, [one, two], "longest_wait_s", "queue", "calls") == 50.0


def test_no_percentile_of_wait_is_beyond_the_longest_wait(model: Model) -> None:
    """1,000 s lie within a class that ends at about 1,007 s."""
    tallies = []
    for most in (1000.0, 999.0):
        tally = put(empty(model), CALLS, 0, offered=5, answered=5)
        tally.longest[CALLS] = most
        tally.waits[CALLS, np.searchsorted(WAIT_EDGES, most)] = 5
        tallies.append(tally)
    assert value(model, tallies[:1], "longest_wait_s", "queue", "calls") == 1000.0
    assert value(model, tallies[:1], "wait_p99_s", "queue", "calls") == 1000.0
    [row] = [
        r for r in compute_rows(model, stack(tallies))
        if (r.scope, r.name, r.metric) == ("queue", "calls", "wait_p99_s")
    ]  # fmt: skip
    assert row.value is not None
    assert row.low is not None
    assert row.high is not None
    assert row.low <= row.value <= row.high <= 1000.0


def test_one_replication_has_values_but_no_confidence_intervals(model: Model) -> None:
    rows = compute_rows(model, stack([put(empty(model), CALLS, 0, **EXAMPLE)]), intervals=True)
    assert any(r.value for r in rows)
    assert all(r.low is None and r.high is None for r in rows)


def test_intervals_of_shares_stay_between_0_and_1_and_hold_the_value(model: Model) -> None:
    rng = np.random.default_rng(1)
    tallies = [
        put(empty(model), CALLS, 0, offered=5, answered=n, within=n, abandoned=5 - n)
        for n in rng.integers(3, 6, 6)
    ]
    rows = [r for r in compute_rows(model, stack(tallies)) if r.value is not None]
    assert all(r.low is not None and r.high is not None for r in rows)
    assert all(r.low <= r.value + 1e-12 and r.value <= r.high + 1e-12 for r in rows)
    assert all(r.low >= 0 and r.high <= 1 for r in rows if r.unit == "share")


def test_each_metric_has_one_row_for_each_scope(model: Model) -> None:
    rows = compute_rows(model, stack([empty(model)]), intervals=True)
    places = [(r.scope, r.name, r.interval, r.metric) for r in rows]
    assert len(places) == len(set(places))
    assert {r.scope for r in rows} == {"total", "channel", "queue", "group", "issue"}


def test_no_tally_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one replication"):
        stack([])


def test_every_formula_speaks_of_sums_that_exist() -> None:
    extra = {
        "legs": {"met", "judged", "span", "open", *cost_sums.OWN},
        "issues": set(),
        "journeys": set(cost_sums.OWN),
        "time": {"scheduled", "staffed", "pay", *cost_sums.OWN},
        "center": set(cost_sums.CENTER),
    }
    for measure in RATIO_METRICS:
        stored = names(KINDS[measure.base]) if measure.base in KINDS else ()
        known = set(stored) | extra[measure.base]
        for formula in (measure.top, measure.bottom):
            used = {
                name for factor in formula.split("*") for _, name in parse_terms(factor.strip())
            }
            assert used <= known, measure.name


def test_terms_of_a_formula() -> None:
    assert parse_terms("answered + abandoned - busy") == (
        (1, "answered"),
        (1, "abandoned"),
        (-1, "busy"),
    )
    assert parse_terms("offered - blocked") == ((1, "offered"), (-1, "busy"), (-1, "full"))
    assert parse_terms("paid / 3600") == ((1 / 3600, "paid"),)


def test_the_page_of_metrics_defines_every_one(repo_root: Path) -> None:
    page = (repo_root / "docs" / "metrics.md").read_text()
    lines = {line.split("|")[1].strip(): line for line in page.splitlines() if line.count("|") > 3}
    for name, measure in catalogue().items():
        line = lines.get(f"`{name}`", "")
        assert f"| {measure.unit} |" in line, name
        assert measure.meaning in line, name
        if measure in RATIO_METRICS:
            assert f"`{measure.top}`" in line, name
            assert not measure.bottom or f"`{measure.bottom}`" in line, name
    for variant, (top, bottom) in VARIANTS.items():
        assert f"`{top}`" in lines[f"`service_level_{variant}`"]
        assert f"`{bottom}`" in lines[f"`service_level_{variant}`"]
    for name, meaning in SHORTHAND.items():
        assert f"| `{name}` | `{meaning}` |" in page


def test_the_page_of_metrics_defines_every_sum(repo_root: Path) -> None:
    page = (repo_root / "docs" / "metrics.md").read_text()
    for kind in (LegSum, IssueSum, JourneySum, TimeSum):
        for name in names(kind):
            assert f"`{name}`" in page, name
