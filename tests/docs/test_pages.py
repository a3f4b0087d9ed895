"""Every page is found from the contents, and what pages say of all commands is true."""

import re
from pathlib import Path

import pytest
import typer

from sim.cli.commands import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.name for path in (ROOT / "docs").glob("*.md") if path.name != "index.md")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_linked_from_the_contents(page: str) -> None:
    assert f"]({page})" in (ROOT / "docs" / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["README.md", "CHANGELOG.md"])
def test_the_python_interface_is_linked(file: str) -> None:
    assert "](docs/api.md)" in (ROOT / file).read_text(encoding="utf-8")


def test_all_commands_but_app_have_json() -> None:
    without = {
        name
        for name, command in typer.main.get_group(app).commands.items()
        if not any("--json" in option.opts for option in command.params)
    }
    said = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")
    assert without == {"app"}
    assert "all but `app`, which only starts a server, have `--json`" in said


def test_files_of_the_project_that_texts_name_exist() -> None:
    folders = "sim|tests|docs|scripts|benchmarks|verification|scenarios"
    named = re.compile(rf"(?<![\w/.])(?:{folders})/[\w/.*{{<-]+")
    texts = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("sim/**/*.py")]
    missing = [
        f"{text.relative_to(ROOT)}: {name}"
        for text in texts
        if text.name != "CHANGELOG.md"
        for name in named.findall(text.read_text(encoding="utf-8"))
        if not set(name) & set("*{<") and not (ROOT / name.rstrip(".")).exists()
    ]
    assert missing == []
