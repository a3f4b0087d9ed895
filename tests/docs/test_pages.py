"""Every page is found from the contents, and what pages say of all commands is true."""

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
