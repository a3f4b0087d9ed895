"""Retired words come back neither in names nor in texts; the tables of the glossary say which.

``python -m tests.support.vocabulary`` lists what the test finds.
"""

import pytest

from tests.support.vocabulary import (
    ROOT,
    Glossary,
    as_lines,
    files,
    here,
    leftovers,
    repeated_classes,
)

PAGE = """
| term | meaning | in code | not |
|---|---|---|---|
| queue | Contacts that wait. | `QueueState` | `Line`, `engine/line`, "in line" |
| distribution | How it is spread. | `Distribution` | **law**, `parts.py` |
| service | Work. | `start_service` | `into_hand` |

| instead of | write |
|---|---|
| **told**, "by hand" | reported |

### Fine all the same

"Little's law", "in line with"

### Fixed names

`law` in `scenario/`
"""


@pytest.fixture(scope="module")
def found():
    return here()


def test_no_retired_word_comes_back(found):
    assert as_lines(found[1]) == [], "say it as docs/glossary.md does"


def test_glossary_is_in_alphabetical_order_and_of_a_size_to_be_read(found):
    terms = [term.lower() for term in found[0].terms]
    assert 40 <= len(terms) <= 100
    assert len(set(terms)) == len(terms)
    sections = sum(a > b for a, b in zip(terms, terms[1:], strict=False)) + 1
    assert sections <= 8


def test_the_page_says_what_is_not_scanned():
    scanned = [where for where, _ in files()]
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert any(where.startswith("scenarios/") for where in scanned)
    assert any(where.startswith(".github/workflows/") for where in scanned)
    assert not any(where.startswith("sim/training/lessons/") for where in scanned)
    said = " ".join(page.partition("does not scan")[2].split())
    assert "`sim/training/lessons/*.toml`" in said
    assert "titles and questions inside scenario files" in said
    assert words("scenarios/a.toml", 'name = "As told"') == []


def words(where: str, text: str) -> list[tuple[str, str]]:
    """Sort and word of what the rules of the page above find in one file."""
    found = leftovers(Glossary.parse(PAGE), [(where, text)])
    return sorted((sort, word) for _, sort, word in found.elements())


def test_the_tables_are_read():
    glossary = Glossary.parse(PAGE)
    assert glossary.terms == ("queue", "distribution", "service")
    assert glossary.codes == ("QueueState", "Distribution", "start_service")
    assert glossary.names == ("Line", "engine/line", "law", "parts.py", "into_hand", "told")
    assert glossary.texts == ("in line", "law", "told", "by hand")
    assert glossary.fine == ("Little's law", "in line with")
    assert glossary.fixed == (("law", "scenario/"),)


@pytest.mark.parametrize(
    "source",
    [
        "def law(): ...",
        "def draw_law(x): ...",
        "def draw(law): ...",
        "def draw(*, by_law=None): ...",
        "class LawText: ...",
        "class A:\n    law: int",
        "class A:\n    def f(self):\n        self.law = 1",
        "LAW = 1",
        "for law in (): ...",
        "import numpy as law",
    ],
)
def test_a_retired_word_is_seen_in_every_sort_of_name(source):
    assert words("sim/erlang/a.py", source) == [("name", "law")]


@pytest.mark.parametrize(
    ("where", "source", "rule"),
    [
        ("sim/law_text.py", "", "law"),
        ("sim/law/__init__.py", "", "law"),
        ("sim/model/parts.py", "", "parts.py"),
        ("sim/model/a.py", "class Line: ...", "Line"),
        ("sim/engine/kernel/a.py", "def join_line(): ...", "engine/line"),
        ("sim/engine/a.py", "def put_into_hand(): ...", "into_hand"),
        ("tests/unit/test_a.py", "def test_what_is_told(): ...", "told"),
        ("planner_app.py", "told = 1", "told"),
    ],
)
def test_a_rule_holds_for_the_names_that_it_is_about(where, source, rule):
    assert words(where, source) == [("name", rule)]


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("sim/erlang/a.py", "flaw = lawn = 1"),
        ("sim/report/a.py", "def line_chart(line): ..."),
        ("sim/model/a.py", "parts = into = hand = 1"),
        ("sim/scenario/a.py", "class A:\n    law: int"),
        ("sim/erlang/a.py", "x = queue.law"),
        ("tests/unit/test_a.py", "law = 1"),
    ],
)
def test_other_names_are_left_alone(where, source):
    assert words(where, source) == []


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("sim/a.py", '"""What is told."""'),
        ("sim/a.py", 'def f():\n    """F.\n\n    Told as a table.\n    """'),
        ("sim/a.py", 'x = "it is told"'),
        ("sim/a.py", 'x = f"{x} is told {y}"'),
        ("sim/a.py", 'x = ("it is "\n    "told")'),
        ("sim/a.py", 'x = "Told"'),
        ("sim/a.py", "x = 1  # as told"),
        ("sim/a.py", "x = {'told': 'told'}"),
        ("sim/a.py", "x = ['told']"),
        ("sim/a.py", "def f():\n    return 'told'"),
        ("sim/a.py", "x = 'told' if y else 'read'"),
        ("sim/a.py", "draw('told')"),
        ("sim/a.py", "draw(title='told')"),
        (".github/workflows/a.yml", "name: told"),
        (".github/a.md", "As told."),
        ("sim/a.html", "<p>As told.</p>"),
        ("tests/unit/test_a.py", '"""What is told."""'),
        ("docs/a.md", "It is *told*."),
        ("docs/a.md", "A [told](a.md) word"),
        ("README.md", "# Told"),
        ("CHANGELOG.md", "# Changelog\n\n## New\n\nTold.\n\n## 0.1.0\n\nTold."),
        ("scenarios/a.toml", "# Told.\nx = 1"),
        ("scenarios/a.toml", "x = 1 # told"),
    ],
)
def test_a_retired_word_is_seen_in_every_sort_of_text(where, text):
    assert words(where, text) == [("text", "told")]


@pytest.mark.parametrize("text", ["Ten wait in line.", "wait in\nline", "In line: 10"])
def test_a_retired_phrase_is_seen(text):
    assert words("docs/a.md", text) == [("text", "in line")]


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("docs/a.md", "The key `law`, and Little's law, in line with the retold command line."),
        ("docs/a.md", "[x](told.md)\n\n```toml\nlaw = 1  # told\n```"),
        ("sim/a.py", "x = row['law']"),
        ("sim/a.py", "x = row['law', 'law']"),
        ("sim/a.py", "x = y == 'law'"),
        ("sim/a.py", "x = f(key='law')"),
        ("sim/a.py", "x = {'law': 1, 'key': 'debrief.law'}"),
        ("sim/scenario/a.py", "x = ('law', 'mean')"),
        ("sim/a.py", 'x = "{ law = ... } or the key \\"law\\""'),
        ("sim/a.py", '"""See :mod:`told` and ``told``."""'),
        ("scenarios/a.toml", 'title = "told"'),
        ("tests/unit/test_a.py", 'x = "It is told"'),
        ("CHANGELOG.md", "# Changelog\n\n## New\n\n## 0.1.0\n\nTold."),
    ],
)
def test_data_and_phrases_of_the_trade_are_left_alone(where, text):
    assert words(where, text) == []


def test_a_class_name_stands_for_one_thing():
    modules = [
        ("sim/model/a.py", "class Queue: ..."),
        ("sim/scenario/a.py", "class Queue: ..."),
        ("sim/engine/a.py", "class State: ..."),
        ("sim/engine/kernel/a.py", "class State: ..."),
        ("sim/training/a.py", "class Store: ..."),
        ("sim/app/a.py", "class Store: ...\nclass _Own: ..."),
        ("sim/report/a.py", "class Cell: ...\nclass _Own: ..."),
        ("sim/report/b.py", "class Cell: ..."),
    ]
    found = repeated_classes(modules)
    assert sorted(path for path, _, name in found if name == "Store") == [
        "sim/app/a.py",
        "sim/training/a.py",
    ]
    assert {name for _, _, name in found} == {"Store", "Cell"}


def test_findings_are_listed_by_file_sort_and_word():
    found = leftovers(Glossary.parse(PAGE), [("docs/a.md", "told told by hand")])
    assert as_lines(found) == ["docs/a.md\ttext\tby hand\t1", "docs/a.md\ttext\ttold\t2"]
