"""Outputs that the pages show are what the commands print, and links lead somewhere.

A block of text below ``<!-- shown by: COMMAND -->`` is compared with what the command prints: its
lines stand in the output in this order, and others may be left out. ``OUT`` is a new folder. To
renew one, run the command and paste.
"""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from sim.cli import main
from tests.docs.test_snippets import PAGES, ROOT

SHOWN = re.compile(r"<!-- shown by: ccplan (?P<command>.+?) -->\n```text\n(?P<text>.*?)```", re.S)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^ *```.*?^ *```", re.M | re.S)

LONG = "sweep "
ALL = [
    pytest.param(
        m["command"],
        m["text"],
        id=f"{page.name}: {m['command']}",
        marks=[pytest.mark.slow] * m["command"].startswith(LONG),
    )  # fmt: skip
    for page in PAGES
    for m in SHOWN.finditer(page.read_text(encoding="utf-8"))
]


def lacking(text: str, output: str) -> str | None:
    """First shown line that the rest of an output does not hold, or None."""
    rest = iter(line.rstrip() for line in output.splitlines())
    for line in text.splitlines():
        if line.rstrip() not in rest:
            return line
    return None


@pytest.mark.parametrize(("command", "text"), ALL)
def test_shown_output_is_printed(command, text, tmp_path, monkeypatch, capsys):
    words = [str(tmp_path / "out") if w == "OUT" else w for w in shlex.split(command)]
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code in (0, None)
    assert lacking(text, capsys.readouterr().out) is None


def test_outputs_are_shown():
    assert ALL


@pytest.mark.parametrize(
    ("text", "first"),
    [("a\nb\nc\n", None), ("a\nc\n", None), ("c\na\n", "a"), ("a\nx\n", "x"), ("b 2", "b 2")],
)
def test_lacking_lines_are_seen(text, first):
    assert lacking(text, "a\nb\nc\n") == first


@cache
def anchors(page: Path) -> set[str]:
    """Anchors of the headings of a page, as code forges make them."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    plain = (re.sub(r"[^\w\- ]", "", title).strip().lower() for title in HEADING.findall(text))
    return {title.replace(" ", "-") for title in plain}


def broken(page: Path, text: str) -> list[str]:
    """Links of a page to files or headings that are not there."""
    out = []
    for target in LINK.findall(FENCED.sub("", text)):
        file, _, anchor = target.partition("#")
        if "://" in target:
            continue
        there = page.parent / file if file else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            out.append(target)
    return out


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "CHANGELOG.md", ROOT / "SECURITY.md"], ids=lambda page: page.name
)
def test_links_lead_somewhere(page):
    assert broken(page, page.read_text(encoding="utf-8")) == []


def test_broken_links_are_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A page: of `code`\n[a](page.md#a-page-of-code) [b](no.md) [c](#nothing)")
    assert broken(page, page.read_text()) == ["no.md", "#nothing"]
