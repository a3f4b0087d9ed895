"""Nothing that only POSIX systems have is used outside a place that asks for it first."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [
    *(path for folder in ("sim", "ccplan") for path in sorted((ROOT / folder).rglob("*.py"))),
    ROOT / "planner_app.py",
]
ABSENT = {
    "os": {
        "O_DIRECTORY", "O_NOFOLLOW", "chown", "fchmod", "fchown", "fork", "forkpty", "getegid",
        "geteuid", "getgid", "getpgid", "getuid", "killpg", "mkfifo", "nice", "pread", "pwrite",
        "sched_getaffinity", "setpgid", "setsid", "uname", "wait4", "WNOHANG",
    },
    "signal": {"SIGALRM", "SIGHUP", "SIGKILL", "SIGUSR1", "alarm", "pthread_sigmask", "setitimer"},
    "time": {"tzset"},
}  # fmt: skip
"""What the modules of Python lack on Windows."""
MODULES = {"fcntl", "grp", "pwd", "pty", "resource", "termios", "tty"}
PATHS = re.compile(r"^/(tmp|dev|proc|var|etc|usr)\b|\.venv/bin|^~/")
TEXT = {"read_text": 1, "write_text": 2, "open": 2}


def asked(name: str, source: str) -> bool:
    return re.search(rf'hasattr\(\w+, "{name}"\)|sys\.platform|os\.name\b', source) is not None


@lru_cache(maxsize=1)
def nodes_of(source: str) -> list[ast.AST]:
    """All nodes of a source, which is parsed and walked once for all checks."""
    return [*ast.walk(ast.parse(source))]


def function_around(source: str, inner: ast.AST) -> str:
    """The innermost function that holds a node; nothing where none does."""
    functions = [one for one in nodes_of(source) if isinstance(one, ast.FunctionDef)]
    around = [one for one in functions if inner in ast.walk(one)]
    return ast.unparse(around[-1]).replace("'", '"') if around else ""


def posix_only(source: str) -> Iterator[str]:
    """Uses in functions that do not ask whether there is such a thing."""
    for node in nodes_of(source):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr not in ABSENT.get(node.value.id, ()):
                continue
            if not asked(node.attr, function_around(source, node)):
                yield f"line {node.lineno}: {node.value.id}.{node.attr}"
        elif isinstance(node, ast.Import):
            yield from (f"line {node.lineno}: {a.name}" for a in node.names if a.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            yield f"line {node.lineno}: {node.module}"


def literal_paths(source: str) -> Iterator[str]:
    """Texts that are paths of one kind of system, but for those in docstrings."""
    docs = {id(node.value) for node in nodes_of(source) if isinstance(node, ast.Expr)}
    texts = (node for node in nodes_of(source) if isinstance(node, ast.Constant))
    for node in texts:
        if isinstance(node.value, str) and id(node) not in docs and PATHS.search(node.value):
            yield f"line {node.lineno}: {node.value!r}"


def without_encoding(source: str) -> Iterator[str]:
    """Texts that are read or written as whatever encoding the system happens to have."""
    for node in nodes_of(source):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name not in TEXT or any(word.arg in ("encoding", None) for word in node.keywords):
            continue
        modes = [a.value for a in node.args if isinstance(a, ast.Constant)]
        modes += [w.value.value for w in node.keywords if w.arg == "mode"]
        binary = any(isinstance(mode, str) and "b" in mode for mode in modes)
        owner = getattr(getattr(node.func, "value", None), "id", "")
        if not (name == "open" and (binary or owner in {"os", "archive", "book"})):
            yield f"line {node.lineno}: {name} without an encoding"


@pytest.mark.parametrize("path", PROGRAM, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_program_runs_on_every_system_as_far_as_can_be_read(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    found = [*posix_only(source), *literal_paths(source), *without_encoding(source)]
    assert found == []


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("import os\nos.getuid()", 1),
        ("import os\ndef f():\n    return os.getuid() if hasattr(os, 'getuid') else 0", 0),
        ("import os\ndef f():\n    return os.getuid() if hasattr(os, 'fork') else 0", 1),
        ("import signal\nsignal.SIGKILL", 1),
        ("import fcntl", 1),
        ("x = '/tmp/here'", 1),
        ("def f():\n    '''/tmp/here'''", 0),
        ("p.read_text()", 1),
        ("p.write_text('x', encoding='utf-8')", 0),
        ("p.open('xb')", 0),
        ("open('x')", 1),
    ],
)
def test_what_is_not_portable_is_seen(source: str, number: int) -> None:
    found = [*posix_only(source), *literal_paths(source), *without_encoding(source)]
    assert len(found) == number


def test_the_hooks_of_git_find_the_tools_on_every_system() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert ".venv/bin" not in hooks
    assert hooks.count("entry: python scripts/in_venv.py ") == 3


def test_the_hooks_run_the_tools_of_the_environment() -> None:
    ran = subprocess.run(
        [sys.executable, "scripts/in_venv.py", "ruff", "--version"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if (ROOT / ".venv").is_dir():
        assert ran.stdout.startswith("ruff 0.")
    else:
        assert (ran.returncode, ran.stderr.startswith("there is no .venv")) == (1, True)


def test_signs_that_the_encoding_of_stdout_lacks_do_not_end_a_command() -> None:
    """As where output is sent to a file on Windows; ≤ and … are in no code page of the West."""
    ran = subprocess.run(
        [sys.executable, "-m", "ccplan", "run", "power_of_one", "--runs", "2",
         "--set", "center.name=Wait ≤ 20 s …"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1:strict", "PYTHONUTF8": "0"},
        cwd=ROOT, check=False, capture_output=True, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode()
    assert "±".encode("latin-1") in ran.stdout
    assert b"Wait ? 20 s ?" in ran.stdout
