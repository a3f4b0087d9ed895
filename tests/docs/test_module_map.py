"""The module map shows the imports as they are; the page beside it names files that exist."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scripts import module_map
from scripts.module_map import PICTURE, essential, parts, places, rows, svg

ROOT = Path(__file__).resolve().parents[2]
CONTRIBUTE = (ROOT / "docs" / "contribute.md").read_text(encoding="utf-8")
BEGINNINGS = re.findall(r"^\| ([\w ]+) \| `([\w./]+)` \|", CONTRIBUTE, re.MULTILINE)


@pytest.fixture(scope="module")
def imported() -> dict[str, set[str]]:
    """Imports of the parts of the program, read once."""
    return module_map.imports()


@pytest.fixture(scope="module")
def drawn(imported: dict[str, set[str]]) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module_map, "imports", lambda: imported)
        return svg()


def reachable(graph: dict[str, set[str]], name: str) -> set[str]:
    return graph[name].union(*(reachable(graph, one) for one in graph[name]))


def test_the_picture_is_up_to_date(drawn: str) -> None:
    shown = PICTURE.read_text(encoding="utf-8")
    assert shown == drawn, "run: python -m scripts.module_map"


def test_every_part_of_the_program_is_in_the_picture(drawn: str) -> None:
    texts = ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")
    assert [text.text for text in texts] == parts()


def test_arrows_that_others_imply_are_left_out_and_no_others(
    imported: dict[str, set[str]],
) -> None:
    assert essential({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {
        "a": {"b"},
        "b": {"c"},
        "c": set(),
    }
    shown = essential(imported)
    assert all(imported[name] <= reachable(shown, name) for name in imported)


def test_arrows_point_down_from_row_to_row(imported: dict[str, set[str]]) -> None:
    graph = {"a": {"b", "d"}, "b": {"c"}, "c": set(), "d": set()}
    assert rows(graph) == {"a": 0, "b": 1, "c": 2, "d": 1}
    at, arrows = places(essential(imported))
    for arrow in arrows:
        assert all(at[one][1] < at[other][1] for one, other in pairwise(arrow))


@pytest.mark.parametrize(
    "change",
    [
        "routing rule", "metric", "distribution", "scenario field", "page", "lesson", "export",
        "command", "Erlang formula", "shift pattern", "roster rule", "goal metric",
    ],
)  # fmt: skip
def test_the_page_says_where_a_usual_change_begins(change: str) -> None:
    files = [file for name, file in BEGINNINGS if name == change]
    assert len(files) == 1
    assert (ROOT / files[0]).exists()
