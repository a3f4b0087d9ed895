"""Grids of page Scenario keep their position among the elements of the page.

The browser hides a grid whose position another element takes, and scrolls it back to its first
row, until the page has arrived as a whole.
"""

import pytest
from streamlit.testing.v1 import AppTest

PAGE = "from sim.app.pages import scenario\nscenario.page()"


def opened(part):
    test = AppTest.from_string(PAGE, default_timeout=30)
    test.session_state["scenario"] = "callback_peak"
    test.session_state["scenario:part"] = part
    return test.run()


def positions(block, way=()):
    """The position of every grid, by its key."""
    found = {}
    for number, child in block.children.items():
        if hasattr(child, "children"):
            found |= positions(child, (*way, number))
        elif child.type == "dataframe":
            found[child.proto.id.partition("-grid:")[2]] = (*way, number)
    return found


def field(test, path):
    return next(one for one in test.text_input if one.key == f"field:0:{path}")


@pytest.mark.parametrize("part", ["Groups", "Queues"])
def test_a_message_above_a_grid_and_a_copy_leave_it_where_it_is(part):
    path = {"Groups": "group.sales.agents", "Queues": "queue.orders.talk"}[part]
    test = opened(part)
    before = positions(test.main)
    assert before
    assert not test.error
    field(test, path).set_value("nothing of the kind").run()
    assert test.error
    assert positions(test.main) == before
    right = {"Groups": "7", "Queues": "exponential 4min"}[part]
    field(test, path).set_value(right).run()
    assert "This is a copy of" in " ".join(one.value for one in test.markdown)
    assert positions(test.main) == before
