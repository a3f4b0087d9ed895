"""Every block of code in README.md and docs/*.md is run, or says why it is not.

``python`` blocks are run as programs, ``bash`` and ``console`` blocks line by line,
``toml`` blocks that begin with ``# scenario``, ``# study`` or ``# lesson`` are loaded; each in
a fresh folder that holds a copy of ``scenarios/``. A comment directly before a block steers it:

* ``<!-- not run: reason -->`` skips the block with that reason;
* ``<!-- run by make verify -->`` leaves a block that takes long to `make verify`;
* ``<!-- continued -->`` runs the preceding blocks of the same language in the same chain first.
"""

import contextlib
import doctest
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = [page for page in [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))] if page.exists()]
LANGUAGES = {"python", "bash", "console", "toml"}
OTHER_LANGUAGES = {"", "json", "csv", "text", "mermaid"}
SECONDS = 180

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<language>[\w+-]*)[^`]*$")
NOT_RUN = re.compile(r"<!--\s*not run:\s*(?P<reason>.+?)\s*-->")
SLOW = re.compile(r"<!--\s*run by make verify\s*-->")
CONTINUED = re.compile(r"<!--\s*continued\s*-->")
OURS = re.compile(r"^(\.venv/bin/)?(ccplan|python3? -m ccplan)\b")
DEFINES = re.compile(r"^(class |@)", re.M)
"""Such code may register what it defines, which would stay for other tests of the process."""
SHELL = re.compile(r"[|<>$&;*?(){}]")
"""What only a shell understands; other commands are run without one."""
# Commands for the reader's own machine, whose effect does not belong into a test.
READERS = {"cd", "git", "make", "pip", "sudo", "apt-get", "source", "python", "python3", "pytest"}


@dataclass(frozen=True)
class Block:
    """A fenced block: where it is, what it is, and what its comment asks for."""

    page: str
    line: int
    language: str
    code: str
    not_run: str | None = None
    is_slow: bool = False

    def __str__(self) -> str:
        return f"{self.page}:{self.line}:{self.language}"


def blocks(page: str, text: str) -> Iterator[Block]:
    """Every fenced block of a page; a continued one holds the code that it continues."""
    last: dict[str, str] = {}
    comment, lines = "", enumerate(text.splitlines(), start=1)
    for number, line in lines:
        fence = FENCE.match(line)
        if fence:
            code = fenced(lines, fence["ticks"], len(fence["indent"]))
            language = fence["language"]
            if CONTINUED.search(comment):
                code = last[language] + code
            last[language] = code
            skip = NOT_RUN.search(comment)
            reason = skip["reason"] if skip else None
            yield Block(page, number, language, code, reason, bool(SLOW.search(comment)))
        if line.strip():
            comment = "" if fence else line


def fenced(lines: Iterable[tuple[int, str]], ticks: str, indent: int) -> str:
    """Text up to the closing fence, without the indent of the opening one."""
    code = []
    for _, line in lines:
        if line.strip().startswith(ticks):
            return "".join(f"{text[indent:]}\n" for text in code)
        code.append(line)
    raise ValueError(f"a block opened with {ticks} is never closed")


def commands(block: Block) -> list[str]:
    """Commands of a shell block: in a console those after a prompt, in bash every line."""
    joined = block.code.replace("\\\n", " ").splitlines()
    if block.language == "console":
        return [line.removeprefix("$ ").strip() for line in joined if line.startswith("$ ")]
    return [line.strip() for line in joined if line.strip() and not line.startswith("#")]


def make_targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))


def run(command: list[str], folder: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        check=False,
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def run_command(words: list[str], folder: Path) -> None:
    """Run ccplan in this process, which has it imported already: a new one takes a second."""
    start = words.index("ccplan") + 1
    with contextlib.chdir(folder), pytest.raises(SystemExit) as left:
        main(words[start:])
    assert left.value.code in (0, None), words


def run_python(code: str, folder: Path) -> None:
    session = ">>> " in code
    file = folder / ("snippet.txt" if session else "snippet.py")
    file.write_text(code, encoding="utf-8")
    if DEFINES.search(code):
        run([sys.executable, str(file)], folder)
        return
    with contextlib.chdir(folder):
        if session:
            failed, _ = doctest.testfile(str(file), module_relative=False, encoding="utf-8")
            assert not failed
        else:
            runpy.run_path(str(file), run_name="__main__")


def run_shell(line: str, folder: Path) -> None:
    if OURS.match(line):
        line = line.removeprefix(".venv/bin/")
        if re.match(r"ccplan app\b|python3? -m ccplan app\b", line):
            line = "ccplan app --help"  # a server would never end
        if SHELL.search(line):
            run(["bash", "-euo", "pipefail", "-c", line], folder)
        else:
            run_command(shlex.split(line, comments=True), folder)
        return
    words = [word for word in shlex.split(line, comments=True) if word != "&&"]
    assert words[0].removeprefix(".venv/bin/") in READERS, f"nobody knows how to check: {line}"
    if words[0] == "make":
        wanted = {word for word in words[1:] if word.isalpha()}
        assert wanted <= make_targets((ROOT / "Makefile").read_text()), line


def load_scenario(code: str, folder: Path) -> None:
    import sim

    file = folder / "scenarios" / "snippet.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(code, encoding="utf-8")
    sim.load(file)


def load_study(code: str, folder: Path) -> None:
    from sim.experiment.sweep import load_study
    from sim.experiment.sweep.design import plan_cells
    from sim.experiment.sweep.fingerprint import cell_scenario

    file = folder / "study.toml"
    file.write_text(code, encoding="utf-8")
    study = load_study(file)
    for cell in plan_cells(study).cells:
        cell_scenario(study, cell)


def load_lesson(code: str, folder: Path) -> None:
    from sim.training import load_lesson

    file = folder / "lesson.toml"
    file.write_text(code, encoding="utf-8")
    load_lesson(file)


def execute(block: Block, folder: Path) -> None:
    if block.language == "python":
        run_python(block.code, folder)
    elif block.language in {"bash", "console"}:
        for line in commands(block):
            run_shell(line, folder)
    elif block.language == "toml" and block.code.startswith("# scenario"):
        load_scenario(block.code, folder)
    elif block.language == "toml" and block.code.startswith("# lesson"):
        load_lesson(block.code, folder)
    elif block.language == "toml" and block.code.startswith("# study"):
        load_study(block.code, folder)


ALL = [block for page in PAGES for block in blocks(str(page.relative_to(ROOT)), page.read_text())]


@pytest.fixture
def folder(tmp_path):
    if (ROOT / "scenarios").is_dir():
        shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    return tmp_path


@pytest.mark.parametrize(
    "block",
    [pytest.param(b, marks=[pytest.mark.slow] * b.is_slow) for b in ALL if b.language in LANGUAGES],
    ids=str,
)
def test_block_runs(block, folder):
    if block.not_run:
        pytest.skip(block.not_run)
    execute(block, folder)


def test_every_block_names_a_known_language():
    assert [str(b) for b in ALL if b.language not in LANGUAGES | OTHER_LANGUAGES] == []


PAGE = """
# A page

```python
x = 1
```

Then

<!-- continued -->
```python
assert x == 1
```

<!-- not run: needs a cluster -->
```bash
ccplan sweep study.toml
```

1. In a list

   ```console
   $ make test \\
       run
   12 passed
   ```
"""


def test_blocks_are_found():
    found = list(blocks("page.md", PAGE))
    assert [(b.line, b.language, b.not_run) for b in found] == [
        (4, "python", None),
        (11, "python", None),
        (16, "bash", "needs a cluster"),
        (22, "console", None),
    ]
    assert found[1].code == "x = 1\nassert x == 1\n"
    assert commands(found[3]) == ["make test      run"]


def test_open_block_is_an_error():
    with pytest.raises(ValueError, match="never closed"):
        list(blocks("page.md", "```python\nx = 1\n"))


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", "assert 1 == 2"),
        ("python", ">>> 1 + 1\n3\n"),
        ("bash", "make nothing"),
        ("bash", "ccplan no-such-command"),
        ("bash", "frobnicate now"),
        ("toml", "# scenario\nnonsense = 1\n"),
        ("toml", "# lesson\ntitle = 'none'\n"),
        ("toml", "# study\nbase = 'erlang_a'\naxis.no.path = [1, 2]\n"),
    ],
)
def test_broken_block_fails(language, code, folder):
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is, the block does not pass
        execute(Block("page.md", 1, language, code), folder)


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", "from pathlib import Path\nPath('made').touch()\n"),
        ("python", ">>> 1 + 1\n2\n"),
        ("bash", "git clone somewhere\ncd ccplan && make test  # all of it\n"),
        ("toml", "[part]\nof = 'a scenario'\n"),
    ],
)
def test_sound_block_passes(language, code, folder):
    execute(Block("page.md", 1, language, code), folder)
