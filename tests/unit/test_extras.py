"""The core works without app and tables, and a missing extra is one message with its command."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sim.extras import EXTRA_OF, MissingExtraError, need

WITHOUT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
from sim.cli import main
for line in sys.stdin.read().splitlines():
    try:
        main(line.split())
    except SystemExit as left:
        print(f"{{line}} left with {{left.code or 0}}", file=sys.stderr)
"""


def run(commands: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run commands in one process in which no library of an extra can be imported."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT.format(names=set(EXTRA_OF))],
        input="\n".join(commands),
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_core_commands_need_no_extra(tmp_path: Path) -> None:
    commands = [
        "check retail_monday",
        "run power_of_one --runs 2",
        "run power_of_one --runs 2 --json --csv figures.csv --html page.html",
        "run callback_peak --runs 1 --intervals",
        "compare power_of_one one_agent_late --runs 2 --csv differences.csv",
        "compare erlang_a --as more --set group.agents.agents=+2 --best service_level --budget 40",
        "erlang --calls 100 --per 30min --aht 180s --agents 14 --patience 120s",
        "staff callback_peak --no-simulate",
        "staff power_of_one --no-simulate --json",
        "new shop",
        "list",
        "show erlang_a",
        "schema",
        "learn",
    ]
    ran = run(commands, tmp_path)
    assert ran.returncode == 0, ran.stderr
    for command in commands:
        assert f"{command} left with 0\n" in ran.stderr
    for file in ("figures.csv", "page.html", "differences.csv", "shop.toml"):
        assert (tmp_path / file).stat().st_size > 100


@pytest.mark.parametrize(
    ("command", "what", "extra"),
    [
        ("run power_of_one --runs 2 --xlsx day.xlsx", "--xlsx: needs xlsxwriter", "tables"),
        pytest.param(
            "run power_of_one --runs 2 --log logs",
            "--log: needs pandas",
            "tables",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "compare power_of_one one_agent_late --xlsx c.xlsx",
            "--xlsx: needs xlsx",
            "tables",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "staff power_of_one --no-simulate --csv s.csv",
            "--csv: needs pandas",
            "tables",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "sweep power_of_one_grid --out grid",
            "sweep: needs pandas",
            "tables",
            marks=pytest.mark.slow,
        ),
        ("app", "app: needs streamlit", "app"),
        pytest.param(
            "staff week.xlsx", "week.xlsx: needs openpyxl", "tables", marks=pytest.mark.slow
        ),
    ],
)
def test_a_missing_extra_is_one_message_before_any_work(
    tmp_path: Path, command: str, what: str, extra: str
) -> None:
    (tmp_path / "week.xlsx").write_bytes(_workbook())
    ran = run([command], tmp_path)
    assert ran.stdout == ""
    first, last = ran.stderr.splitlines()
    assert first.startswith(f"error: {what}")
    assert first.endswith(f"pip install 'ccplan[{extra}]'")
    assert last == f"{command} left with 2"
    assert [path.name for path in tmp_path.iterdir()] == ["week.xlsx"]


def _workbook() -> bytes:
    from io import BytesIO

    from openpyxl import Workbook

    content, book = BytesIO(), Workbook()
    for row in (["interval_start", "offered", "aht_s"], ["2026-01-05 08:00", 30, 200]):
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def test_a_library_that_is_there_is_not_missed() -> None:
    need("this test", "pandas", "streamlit")


def test_a_library_set_to_none_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"it: needs pandas.*'ccplan\[tables\]'"):
        need("it", "pandas")


def test_each_library_is_in_the_extra_that_the_message_names(repo_root: Path) -> None:
    project = tomllib.loads((repo_root / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    for library, extra in EXTRA_OF.items():
        if library != "dask":  # comes with distributed
            assert any(text.startswith(library) for text in extras[extra]), library
    assert extras["all"] == ["ccplan[app,cluster,sensitivity,forecast]"]


def test_python_names_the_extra_too(tmp_path: Path) -> None:
    code = WITHOUT.format(names=set(EXTRA_OF)).partition("from sim.cli")[0] + (
        "import ccplan\n"
        "result = ccplan.simulate('power_of_one', runs=1)\n"
        "print(result._repr_html_(), result.estimate('offered').value > 0)\n"
        "for ask in (result.table, result.plot, result.log().table, result.log().legs.frame):\n"
        "    try:\n"
        "        ask()\n"
        "    except ccplan.BadInputError as error:\n"
        "        print(error)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    first, *told = ran.stdout.splitlines()
    assert first == "None True"
    assert len(told) == 4
    assert all("pip install 'ccplan[" in line for line in told)
