"""Page Roster without a browser: plan, cancel, a week as a calendar, files of one's own."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

from sim.planning import roster as planning

PAGE = "from sim.app.pages import roster\nroster.page()"
SMALL = """
persons = "people.csv"
[roster]
name = "My *desk*"
days = 2
[shift.day]
start = "09:00"
end = "17:00"
[[demand]]
shift = "day"
days = "all"
agents = 1
"""
PEOPLE = "person,max_shifts\nAnn,day=1\nBob,day=1\n"


def opened(**state):
    test = AppTest.from_string(PAGE, default_timeout=60)
    for key, value in state.items():
        test.session_state[key.replace("__", ":")] = value
    return clean(test.run())


def clean(test):
    assert not test.exception
    return test


def texts(found):
    return " ".join(one.value for one in found)


def press(test, label):
    next(one for one in test.button if one.label == label).click()
    return clean(test.run())


def upload(test, **files):
    kinds = {"toml": "application/toml", "csv": "text/csv"}
    test.file_uploader[0].set_value(
        [(name.replace("_", "."), text.encode(), kinds[name[-4:].strip("_")])
         for name, text in files.items()]
    )  # fmt: skip
    return clean(test.run())


def test_an_uploaded_roster_is_planned_and_shown_as_a_calendar():
    test = upload(opened(roster__file="Files of my own"), desk_toml=SMALL, people_csv=PEOPLE)
    assert "My \\*desk\\*\\: 2 persons" in texts(test.caption) or "2 persons" in texts(test.caption)
    press(test, "Plan roster")
    assert test.session_state["plan:roster"].wait(40)
    clean(test.run())
    assert "proven\\: no roster is cheaper" in texts(test.markdown)
    calendar, cover = (one.value for one in test.dataframe[:2])
    assert sorted(calendar.Person) == ["Ann", "Bob"]
    assert calendar.iloc[:, 1:].map(bool).to_numpy().sum() == 2
    assert set(cover.iloc[0, 1:]) == {"1 / 1"}
    assert [one.label for one in test.download_button] == [
        "Workbook (XLSX)", "Calendars (ICS)", "Shifts (CSV)",
    ]  # fmt: skip
    space = test.session_state["workspace"]
    assert space.folder.folders("rosters") == ["desk"]
    press(test, "Remove this roster")
    assert space.folder.folders("rosters") == []


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"people_csv": PEOPLE}, "0 rosters (.toml) given"),
        ({"desk_toml": SMALL.replace("people.csv", "../people.csv")}, "persons: '../people.csv'"),
        ({"desk_toml": SMALL.replace("agents = 1", "agents = -1"), "people_csv": PEOPLE}, "agents"),
    ],
)
def test_a_wrong_upload_is_reported_and_nothing_is_stored(files, message):
    test = upload(opened(roster__file="Files of my own"), **files)
    assert message in texts(test.error).replace("\\", "")
    assert test.session_state["workspace"].folder.folders("rosters") == []


def test_a_search_shows_the_best_so_far_and_can_be_cancelled(monkeypatch):
    begun, real = threading.Event(), planning.plan_roster

    def slow(problem, *, time_limit, progress):
        best = real(problem, time_limit=20)
        progress(best.cost + 5, 1.0)
        begun.set()
        try:
            while True:
                progress(best.cost + 5, 1.0)
                threading.Event().wait(0.05)
        except KeyboardInterrupt:
            return best

    monkeypatch.setattr(planning, "plan_roster", slow)
    test = upload(opened(roster__file="Files of my own"), desk_toml=SMALL, people_csv=PEOPLE)
    press(test, "Plan roster")
    assert begun.wait(40)
    clean(test.run())
    assert test.session_state["plan:roster"].state[1] == 1.0
    press(test, "Cancel")
    assert test.session_state["plan:roster"].wait(10)
    clean(test.run())
    assert "the best plan found until then" in texts(test.info)
    assert len(test.dataframe) >= 2


def test_rosters_are_saved_compared_shown_and_removed():
    test = upload(opened(roster__file="Files of my own"), desk_toml=SMALL, people_csv=PEOPLE)
    for name in ("First", "Second"):
        press(test, "Plan roster")
        assert test.session_state["plan:roster"].wait(40)
        clean(test.run())
        next(one for one in test.text_input if one.label == "Name").set_value(name)
        press(test, "Save roster")
    folder = test.session_state["workspace"].folder
    assert folder.folders("saved_rosters") == ["first", "second"]
    rows = next(one.value for one in test.dataframe if "Saved as" in one.value)
    assert list(rows["Saved as"]) == ["First", "Second"]
    assert list(rows["Shifts that differ"])[0] == "-"
    assert set(rows["Paid hours"]) == {"16.0 h"}
    calendar = next(one.value for one in test.dataframe if "Person" in one.value)
    press(test, "Remove this roster")  # what is saved stays, and needs no other file
    next(one for one in test.button if one.label == "Show").click()
    clean(test.run())
    assert "proven\\: no roster is cheaper" in texts(test.markdown)
    shown = next(one.value for one in test.dataframe if "Person" in one.value)
    assert shown.equals(calendar)
    assert "Calendars (ICS)" in [one.label for one in test.download_button]
    press(test, "Back to planning")
    press(test, "Remove First")
    assert folder.folders("saved_rosters") == ["second"]


def test_a_name_that_is_taken_is_refused_and_a_damaged_roster_left_out():
    from sim.app.workspace.saved_rosters import save_roster, saved_rosters
    from sim.planning.roster import parse_roster, plan_roster
    from sim.units import BadInputError

    test = opened()
    folder = test.session_state["workspace"].folder
    text = SMALL.replace('persons = "people.csv"', "") + "[person.Ann]\n"
    found = plan_roster(parse_roster(text))
    save_roster(folder, "One", "", found, {"roster.toml": text.encode()})
    for name, message in (("One", "is taken"), (" ", "is empty")):
        with pytest.raises(BadInputError, match=message):
            save_roster(folder, name, "", found, {"roster.toml": text.encode()})
    assert list(saved_rosters(folder)) == ["One"]
    folder.write("saved_rosters/one/plan.json", "{")
    assert saved_rosters(folder) == {}


def test_soft_rules_are_shown_apart_from_hard_ones():
    text = SMALL.replace('persons = "people.csv"', "") + "[person.Ann]\n[rules]\nmax_hours = 8\n"
    hard = text + "min_hours = 40\n"
    test = upload(opened(roster__file="Files of my own"), desk_toml=text)
    press(test, "Plan roster")
    assert test.session_state["plan:roster"].wait(40)
    clean(test.run())
    assert any(one.label == "Soft rules broken: 1, at a price of 100" for one in test.expander)
    assert not test.error
    test = upload(opened(roster__file="Files of my own"), desk_toml=hard)
    press(test, "Plan roster")
    assert test.session_state["plan:roster"].wait(40)
    clean(test.run())
    assert "Hard rules broken: 2" in texts(test.error)
