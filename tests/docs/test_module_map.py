"""The module map shows the imports as they are; the page beside it names files that exist."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scripts.module_map import PICTURE, essential, imports, parts, places, rows, svg

ROOT = Path(__file__).resolve().parents[2]
CONTRIBUTE = (ROOT / "docs" / "contribute.md").read_text(encoding="utf-8")
BEGINNINGS = re.findall(r"^\| ([\w ]+) \| `([\w./]+)` \|", CONTRIBUTE, re.MULTILINE)


def reachable(graph: dict[str, set[str]], name: str) -> set[str]:
    return graph[name].union(*(reachable(graph, one) for one in graph[name]))


def test_the_picture_is_up_to_date() -> None:
    shown = PICTURE.read_text(encoding="utf-8")
    assert shown == svg(), "run: python -m scripts.module_map"


def test_every_part_of_the_program_is_in_the_picture() -> None:
    texts = ElementTree.fromstring(svg()).iter("{http://www.w3.org/2000/svg}text")
    assert [text.text for text in texts] == parts()


def test_arrows_that_others_imply_are_left_out_and_no_others() -> None:
    assert essential({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {
        "a": {"b"},
        "b": {"c"},
        "c": set(),
    }
    graph = imports()
    shown = essential(graph)
    assert all(graph[name] <= reachable(shown, name) for name in graph)


def test_arrows_point_down_from_row_to_row() -> None:
    graph = {"a": {"b", "d"}, "b": {"c"}, "c": set(), "d": set()}
    assert rows(graph) == {"a": 0, "b": 1, "c": 2, "d": 1}
    at, arrows = places(essential(imports()))
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
