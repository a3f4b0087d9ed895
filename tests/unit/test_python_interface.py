"""What a data scientist does in a notebook: look, draw, write, ask by name."""

import json
import re
import zipfile
from typing import Any, get_type_hints

import numpy as np
import pandas as pd
import pytest

import sim
from sim.experiment.sweep import SweepResult
from sim.log import TABLES, Kind, Outcome, State
from sim.report.result_charts import CHARTS

CENTER = {
    "center": {"name": "Shop <b>", "open": {"mon-sun": "08:00-12:00"}, "first_day": "2026-03-02"},
    "queue": {
        "calls": {"volume": [20, 30, 40, 30, 20, 30, 40, 30], "talk": "exponential 3min",
                  "patience": "exponential 2min", "target": "80% in 20s"},
    },
    "group": {"team": {"agents": 5, "skills": {"calls": 1}, "wage": 20}},
}  # fmt: skip


@pytest.fixture(scope="module")
def center():
    return sim.load(CENTER)


@pytest.fixture(scope="module")
def result(center):
    return sim.simulate(center, runs=5)


@pytest.fixture(scope="module")
def comparison(center):
    return sim.compare([center, center.with_(**{"group.team.agents": 6})], runs=5)


@pytest.fixture(scope="module")
def staffing(center):
    return sim.staff(center, runs=5)


@pytest.fixture(scope="module")
def choice(center):
    six = center.with_(**{"group.team.agents": 6})
    return sim.best([center, six], "asa_s", budget=200, labels=["five", "six"])


@pytest.fixture(params=["result", "comparison", "staffing", "choice"])
def some(request):
    return request.getfixturevalue(request.param)


def test_tables_in_python_are_read_as_a_file_is(center):
    text = """
        [center]
        name = "Shop <b>"
        first_day = 2026-03-02
        open = { mon-sun = "08:00-12:00" }
        [queue.calls]
        volume = [20, 30, 40, 30, 20, 30, 40, 30]
        talk = "exponential 3min"
        patience = "exponential 2min"
        target = "80% in 20s"
        [group.team]
        agents = 5
        skills = { calls = 1 }
        wage = 20
    """
    assert sim.load(CENTER) == sim.Scenario.parse(text)
    assert sim.load(CENTER, {"group.team.agents": 6}).group["team"].agents.each == 6


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"queue": {"calls": {"volume": -1}}}, "queue.calls.volume"),
        ({"quue": {}}, "Did you mean 'queue'"),
        ({"queue": {"calls": {"volume": object()}}}, "queue.calls.volume: object is not a value"),
    ],
)
def test_wrong_tables_are_refused_by_field(tables, told):
    with pytest.raises(sim.ScenarioError, match=told):
        sim.load(tables)


def test_numbers_of_numpy_and_pandas_are_numbers():
    team = CENTER["group"]["team"] | {"agents": np.int64(6)}
    calls = CENTER["queue"]["calls"] | {"volume": pd.Series([20.0, 30] * 4)}
    tables = CENTER | {"group": {"team": team}, "queue": {"calls": calls}}
    center = sim.load(tables)
    assert center.group["team"].agents.each == 6
    assert center.queue["calls"].volume.values == (20, 30) * 4


@pytest.mark.parametrize("ask", ["result", "comparison"])
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"metric": "serivce_level"}, "did you mean service_level"),
        ({"scope": "ques"}, "allowed: channel, group"),
    ],
)
def test_a_table_of_a_misspelt_name_is_refused(ask, given, told, request):
    with pytest.raises(sim.BadInputError, match=told):
        request.getfixturevalue(ask).table(**given)


def test_intervals_of_a_staffing_can_be_joined_with_those_of_a_result(result, staffing):
    required = staffing.table().query("scope == 'queue'")[["interval", "required"]].dropna()
    offered = result.table(interval=True, scope="queue", metric="offered")
    assert len(required.merge(offered, on="interval")) == len(required) > 0


def test_everything_shows_itself_in_one_short_line(center, some):
    from sim.model import build

    shown = [
        center,
        build(center),
        center.queue["calls"].volume,
        some,
        sim.simulate(center, 1).log(),
    ]
    for one in shown:
        assert "\n" not in repr(one)
        assert 10 < len(repr(one)) < 200
        assert type(one).__name__ in repr(one)


def test_notebooks_show_a_table_and_no_markup_of_the_user(center, some):
    for one in (center, some):
        html = one._repr_html_()
        assert "<b>" not in html
        assert len(html) < 20_000
    assert "<table" in some._repr_html_()
    assert "Shop &lt;b&gt;" in center._repr_html_()


def test_a_result_shows_its_service_level_with_formula_and_interval(result):
    html = result._repr_html_()
    figure = result.estimate("service_level")
    assert "abandons_ignored within 20s" in html
    for value in (figure.value, figure.low, figure.high):
        assert f"{value:.1%}".replace("%", " %") in html


def test_every_result_has_a_frame_and_the_same_files(some, tmp_path):
    table = some.table()
    assert isinstance(table, pd.DataFrame)
    some.to_csv(tmp_path / "a.csv")
    some.to_parquet(tmp_path / "a.parquet")
    some.to_xlsx(tmp_path / "a.xlsx")
    assert len(pd.read_csv(tmp_path / "a.csv")) == len(table) > 0
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a.parquet"), table, check_dtype=False)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as workbook:
        assert "xl/workbook.xml" in workbook.namelist()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "a.parquet", "a.xlsx"]
    json.loads(some.to_json())


def test_a_file_that_cannot_be_written_is_one_error(some, tmp_path):
    for write in (some.to_csv, some.to_parquet, some.to_xlsx):
        with pytest.raises(sim.BadInputError, match="there is no folder"):
            write(tmp_path / "none" / "file.xlsx")


def test_intervals_are_dates_with_times(result):
    assert result.table()["interval"].isna().all()
    offered = result.table(interval=True, metric="offered", scope="queue")
    day = pd.date_range("2026-03-02", periods=48, freq="30min")
    assert list(offered["interval"]) == list(day)
    busy = offered[offered["value"] > 0]["interval"]
    assert (busy.min(), busy.max()) == (day[16], day[23])  # open from 8:00 to 12:00
    two = sim.simulate(sim.load(CENTER, {"center.days": 2}), runs=1)
    assert two.table(interval=True)["interval"].max() == pd.Timestamp("2026-03-03 23:30")


def test_a_metric_is_named_as_everywhere_else(result):
    assert result.estimate("queue.calls.asa_s") == result.estimate("asa_s", "queue", "calls")
    assert result.estimate("asa_s") == result.estimate("asa_s", "total")
    assert result.estimate("total.asa_s") == result.estimate("asa_s")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("asa", "did you mean asa_s"),
        ("queue.calls", "add a metric, such as queue.calls.offered"),
        ("queue.calls.servce_level", "did you mean service_level"),
        ("queue.cals.asa_s", "calls"),
        ("group.team.asa_s", "this scenario has it as"),
    ],
)
def test_an_unknown_metric_is_reported_with_the_known_ones(result, asked, told):
    with pytest.raises(sim.BadInputError, match=told):
        result.estimate(asked)


def test_logs_give_names_instead_of_codes(result):
    log = result.log()
    legs, states = log.table("legs"), log.table("states")
    assert set(legs["queue"]) == {"calls"}
    assert set(legs["group"].dropna()) == {"team"}
    assert set(legs["outcome"]) <= {one.name.lower() for one in Outcome}
    assert set(legs["kind"]) <= {one.name.lower() for one in Kind}
    assert set(states["state"]) <= {one.name.lower() for one in State}
    codes = log.legs.frame()
    assert [Outcome(code).name.lower() for code in codes["outcome"]] == list(legs["outcome"])
    assert (legs["group"].isna() == (codes["group"] == -1)).all()
    assert len(log.table("presences")) == 5
    assert len(log.table("issues")) == legs["issue"].nunique()
    with pytest.raises(sim.BadInputError, match="allowed: legs, states, presences, issues"):
        log.table("agents")


def test_every_column_of_a_log_is_documented(repo_root, result):
    page = (repo_root / "docs" / "api.md").read_text(encoding="utf-8")
    log = result.log()
    for name in TABLES:
        section = page.partition(f'`log.table("{name}")`')[2].partition("\n\n")[0]
        listed = set(re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", page, flags=re.MULTILINE))
        columns = {word for cells in listed for word in re.findall(r"\w+", cells)}
        assert section, f"{name} has no section"
        assert set(log.table(name).columns) <= columns


@pytest.mark.parametrize("name", [n for n in sim.__all__ if not n.startswith("_")])
def test_every_name_of_the_interface_is_documented(repo_root, name):
    page = (repo_root / "docs" / "api.md").read_text(encoding="utf-8")
    assert re.search(rf"`(ccplan\.)?{name}[`(.]", page), f"{name} is not in docs/api.md"


@pytest.mark.parametrize("kind", [type_ for type_ in CHARTS if type_ is not SweepResult])
def test_every_kind_of_chart_is_drawn(kind, result, comparison, staffing, choice, request):
    known = {type(one): one for one in (result, comparison, staffing, choice)}
    if kind not in known:  # a validation is drawn where it is made
        assert CHARTS[kind]
        return
    one = known[kind]
    for name in CHARTS[kind]:
        drawn = one.plot(name).to_dict()
        assert drawn["$schema"].endswith(".json")
        assert any(drawn["datasets"].values())


def test_the_chart_of_staff_by_simulation_holds_its_agents(center):
    found = sim.staff_by_simulation(center, runs=10, time_limit="1s")
    drawn = found.plot(group="team").to_dict()
    rows = next(iter(drawn["datasets"].values()))
    assert [row["on_duty"] for row in rows] == [row["on_duty"] for row in found.staffing]
    with pytest.raises(sim.BadInputError, match="allowed: team"):
        found.plot(group="crew")


def test_the_chart_of_a_result_holds_its_metrics(result):
    drawn = result.plot(queue="calls").to_dict()
    values = [row["value"] for rows in drawn["datasets"].values() for row in rows if "value" in row]
    table = result.table(interval=True, scope="queue", metric="service_level")
    assert np.isin(values, table["value"]).all()
    assert len(values) == 8


@pytest.mark.parametrize(
    ("kind", "options", "told"),
    [
        ("heat", {}, "did you mean heatmap"),
        (None, {"queu": "calls"}, "did you mean queue"),
        (None, {"queue": "chat"}, "allowed: calls"),
        ("heatmap", {"metric": "asa"}, "did you mean asa_s"),
    ],
)
def test_a_chart_that_is_not_there_is_said_with_what_is(result, kind, options, told):
    with pytest.raises(sim.BadInputError, match=told):
        result.plot(kind, **options)


def test_a_choice_has_no_chart_and_says_so(choice):
    with pytest.raises(sim.BadInputError, match=r"no chart; use table\(\)"):
        choice.plot()


@pytest.mark.parametrize("name", ["a", "answer", "b", "c", "chat", "day", "g", "fewest_agents"])
def test_formulas_say_the_types_they_take(name):
    hints = get_type_hints(getattr(sim.erlang, name))
    taken = {name: hint for name, hint in hints.items() if name not in ("return", "more")}
    assert taken
    assert Any not in taken.values()
    assert hints["return"] is not Any
