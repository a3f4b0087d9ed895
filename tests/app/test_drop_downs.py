"""Drop-downs show names letter by letter: they are no Markdown, so nothing in them is escaped."""

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.workspace.folder import Folder
from sim.app.workspace.storage import Workspace
from sim.scenario import Scenario

NAMES = ("Tier-1 (a)", "Tier_2 [b]")
TEAMS = ("Team (a)", "Team [b]")
TEXT = """
[center]
open = "09:00-10:00"
[queue."Tier-1 (a)"]
volume = 20
talk = "exponential 3min"
[queue."Tier_2 [b]"]
volume = 10
talk = "exponential 3min"
[group."Team (a)"]
agents = 3
skills = { "Tier-1 (a)" = 1 }
[group."Team [b]"]
agents = 2
skills = { "Tier_2 [b]" = 1 }
"""


@pytest.mark.parametrize(
    ("page", "names"), [("start", NAMES), ("staffing", TEAMS), ("self_service", NAMES)]
)
def test_names_in_drop_downs_are_as_they_were_typed(page, names, tmp_path):
    test = AppTest.from_string(
        f"from sim.app.pages import {page}\n{page}.page()", default_timeout=60
    )
    space = Workspace(Folder(tmp_path))
    name = space.add_scenario(Scenario.parse(TEXT), "tiers")
    test.session_state["workspace"] = space
    test.session_state["scenario"] = f"mine/{name}"
    test.session_state["runs"] = 5
    test.run()
    assert not test.exception
    shown = [option for box in test.selectbox for option in box.options]
    assert set(names) <= set(shown)
    assert not [option for option in shown if "\\" in option]
