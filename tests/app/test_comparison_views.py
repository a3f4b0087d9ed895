"""Compare names what a scenario was before its changes: an example as shipped, or one's own."""

from sim import load
from sim.app.comparison_views import origin
from sim.scenario import Scenario


def test_only_what_is_shipped_is_called_so():
    shipped = load("erlang_a")
    assert origin(shipped) == "example"
    assert origin(shipped.with_(**{"experiment.runs": 7})) == "example"
    edited = Scenario.parse(f"{shipped.text}\n# mine")
    assert origin(edited) == "your own file"
