"""`ccplan staff --method simulation`: options, JSON, the scenario written, messages."""

import json

import pytest

from sim.cli import main
from sim.cli.staff_progress import progress_text
from sim.planning.staff_search.plan_space import plan_space
from sim.planning.staff_search.search import StaffProgress
from sim.scenario import load
from tests.support.small_scenario import small_scenario

SEARCH = ("--method", "simulation", "--runs", "10", "--time-limit", "1s", "--workers", "1")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(small_scenario(open='"08:00-09:00"'))
    return path


@pytest.fixture
def ccplan(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main([str(a) for a in arguments])
        shown = capsys.readouterr()
        return int(left.value.code or 0), shown.out, shown.err

    return run


def test_json_and_the_written_scenario_agree(ccplan, file, tmp_path):
    out = tmp_path / "plan.toml"
    code, shown, _ = ccplan(
        "staff", file, *SEARCH, "--goal", "total=80/20", "--per", "horizon", "--out", out, "--json"
    )
    assert code == 0
    found = json.loads(shown)
    assert found["method"] == "simulation"
    assert found["goals"][0]["per"] == "horizon"
    assert [row["method"] for row in found["methods"]][-1] == "simulation"
    agents = load(out).group["all"].agents.values
    assert list(agents) == [row["agents"] for row in found["staffing"]]
    assert sum(agents) / 2 == found["hours"]


@pytest.mark.parametrize(
    ("options", "folder", "message"),
    [
        (["--set", "queue.calls.resolved=90%"], ".", "queue.calls.resolved: cannot be changed"),
        ([], "other", "v.csv: another table is there"),
    ],
)
def test_a_plan_that_cannot_be_written_is_refused_before_the_search(
    ccplan, file, tmp_path, monkeypatch, options, folder, message
):
    monkeypatch.setattr("sim.planning.least_staff.staff_by_simulation", None)
    repeat = "{ share = '100%', after = 'exponential 60min' }"
    volume = f'"v.csv:calls"\nresolved = "80%"\nrepeat = {repeat}'
    file.write_text(small_scenario(open='"08:00-09:00"', volume=volume))
    (tmp_path / "v.csv").write_text("calls\n5\n6\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "v.csv").write_text("mine\n")
    out = tmp_path / folder / "plan.toml"
    code, shown, error = ccplan("staff", file, *SEARCH, *options, "--out", out)
    assert (code, shown) == (2, "")
    assert message in error
    assert not out.exists()


def test_text_says_what_a_planner_asks_first(ccplan, file):
    code, shown, _ = ccplan("staff", file, *SEARCH, "--goal", "total.asa=1s")
    assert code == 0
    head = shown.split("\n\n")[0]
    assert ("All goals hold with" in head) or ("MISSED: total ASA" in head.splitlines()[1])
    for word in ("Erlang C", "Erlang A", "modified offered load", "before rounding", "agent-hours"):
        assert word in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--goal", "total=80/20"), "--goal: requires --method simulation"),
        (("--method", "simulation", "--target", "80/20"), "--target: requires --method formula"),
        (("--method", "guess"), "allowed: formula, simulation"),
        (("--method", "simulation", "--goal", "queue.x=80/20"), "is not in this scenario"),
        (("--method", "simulation", "--per", "week"), "allowed: interval, day, horizon"),
        (("--method", "simulation", "--time-limit", "soon"), "time-limit"),
        (("--method", "simulation", "--days-met", "never"), "days-met"),
        (("--method", "simulation", "--no-simulate"), "--no-simulate"),
    ],
)
def test_bad_options_get_one_line(ccplan, file, arguments, message):
    code, shown, error = ccplan("staff", file, *arguments)
    assert (code, shown) == (2, "")
    assert message in error
    assert len(error.strip().splitlines()) == 1


def test_the_workbook_has_plan_goals_and_methods(ccplan, file, tmp_path):
    import openpyxl

    path = tmp_path / "plan.xlsx"
    code, shown, _ = ccplan("staff", file, *SEARCH, "--json", "--xlsx", path)
    assert code == 0
    document = json.loads(shown)
    book = openpyxl.load_workbook(path)
    rows = {sheet.title: list(sheet.values) for sheet in book}
    assert list(rows) == ["Agents", "Goals", "Methods", "Single agents", "Notes"]
    plan = [tuple(row[key] for key in rows["Agents"][0]) for row in document["staffing"]]
    assert rows["Agents"][1:] == plan
    assert [row[0] for row in rows["Goals"][1:]] == [goal["text"] for goal in document["goals"]]
    assert [row[0] for row in rows["Methods"][1:]] == [one["method"] for one in document["methods"]]
    assert ("hours", document["hours"]) in rows["Notes"]
    assert len(rows["Single agents"]) == len(document["effects"]) + 1


def test_missed_goals_are_an_answer_and_a_goal_without_contacts_is_bad_input(
    ccplan, file, tmp_path
):
    late = tmp_path / "late.toml"
    mail = '[queue.mail]\nchannel = "email"\nvolume = 4\ntalk = "3min"\ndue = "1min"\n'
    idle = '[queue.idle]\nvolume = 0\ntalk = "3min"\n'
    skills = "[group.mail]\nagents = 1\nskills = { mail = 1, idle = 1 }\n"
    late.write_text(f"{file.read_text()}\n{mail}{idle}{skills}")
    code, shown, _ = ccplan("staff", late, *SEARCH, "--goal", "queue.mail.on_time=95%")
    assert code == 0
    assert shown.splitlines()[1].startswith("MISSED: queue.mail on time")
    assert "no staff reaches it" in shown
    code, shown, error = ccplan("staff", late, *SEARCH, "--goal", "queue.idle=80/20")
    assert (code, shown) == (2, "")
    assert "queue.idle has no contacts" in error


def test_progress_names_the_last_change(file):
    space = plan_space(load(file), 20)
    text = progress_text(StaffProgress((3, 4), (3, 3), 3.5, 3.5, False, 0.02, 7, 60, 2.4), space)
    assert text.startswith("staffing: 3.5 agent-hours, short by 2.0 points, 7 plans of 60 days")
    assert text.endswith("last tried: all 08:30 -1")
