"""The server of the app: under which names it answers, with which headers, and how it ends."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

from scripts.drive_app import wait_for
from sim.app.server_security import middleware
from sim.app.uploads import MOST_TABLE
from sim.app.workspace.archive import MOST_ZIP
from sim.cli.app_server import allowed_names, launch
from sim.fileio import MEGABYTE, UPLOADS
from sim.toml_text import read_toml
from sim.units import BadInputError

NAMES = ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST"]
FOREIGN = ["evil.example", "localhost.evil.example", "evil.example:8501", "", "[::2]"]


def answered(name: str, kind: str = "http") -> tuple[int, dict[str, str]]:
    """Code and headers of the answer to a request for a name; 200 where the app is reached."""

    async def page(scope, receive, send):
        if kind == "websocket":
            await send({"type": "websocket.accept"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})

    sent: list[dict[str, Any]] = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "websocket.connect"}

    app = page
    for one in reversed(middleware()):
        app = one.cls(app, *one.args, **one.kwargs)
    scope = {"type": kind, "path": "/", "method": "GET", "headers": [(b"host", name.encode())]}
    scope |= {"extensions": {"websocket.http.response": {}}}
    asyncio.run(app(scope, receive, send))
    headers = {k.decode(): v.decode() for k, v in sent[0].get("headers", [])}
    return sent[0].get("status", 200), headers


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("name", NAMES)
def test_this_machine_is_answered(name, kind):
    assert answered(name, kind)[0] == 200


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_name_is_refused(name, kind):
    assert answered(name, kind)[0] == 400


def test_names_that_the_operator_allows_are_answered(monkeypatch):
    monkeypatch.setattr(config, "get_option", lambda name: ["planner.example.com"])
    assert answered("planner.example.com")[0] == 200
    assert answered("other.example.com")[0] == 400


def test_every_answer_confines_the_browser():
    for name in ("localhost", "evil.example"):
        sent = answered(name)[1]
        assert sent["x-content-type-options"] == "nosniff"
        assert sent["x-frame-options"] == "SAMEORIGIN"
        assert sent["referrer-policy"] == "same-origin"
        policy = sent["content-security-policy"]
        for part in ("default-src 'self'", "frame-ancestors 'self'", "object-src 'none'"):
            assert part in policy
        assert "*" not in policy
        assert "http" not in policy


@pytest.fixture
def ran(monkeypatch, tmp_path):
    """The command that would take the place of this process."""
    found: list[list[str]] = []
    monkeypatch.setattr("sim.resources.app_file", lambda: tmp_path / "planner_app.py")
    monkeypatch.setattr(os, "execv", lambda path, command: found.append(command))
    monkeypatch.setattr(subprocess, "call", lambda command: found.append(command) or 0)
    return found


def test_the_app_listens_on_this_machine_only(ran, tmp_path):
    launch(9000, False, ["planner.example.com"])
    assert ran[0][1:5] == ["-m", "streamlit", "run", str(tmp_path / "planner_app.py")]
    assert set(ran[0][5:]) == {
        "--server.address=localhost",
        "--server.port=9000",
        "--server.headless=true",
        "--browser.gatherUsageStats=false",
        f"--server.maxUploadSize={UPLOADS.size // MEGABYTE}",
        "--server.allowedHosts=localhost",
        "--server.allowedHosts=127.0.0.1",
        "--server.allowedHosts=::1",
        "--server.allowedHosts=planner.example.com",
    }


def test_no_page_takes_larger_files_than_the_server():
    settings = Path(__file__).parents[2] / ".streamlit" / "config.toml"
    most = read_toml(settings.read_text(encoding="utf-8"))["server"]["maxUploadSize"] * MEGABYTE
    assert most >= max(UPLOADS.size, MOST_ZIP, MOST_TABLE)


@pytest.mark.parametrize("name", ["", "http://planner", "planner:80", "a b", "*", "a,b", "-x"])
def test_invalid_host_names_are_rejected(ran, name):
    with pytest.raises(BadInputError, match="allowed: a name without port"):
        launch(9000, False, [name])
    assert ran == []


def test_patterns_of_names_are_taken():
    assert allowed_names(["*.example.com"])[-1] == "*.example.com"


def asked(port: int, name: str) -> int:
    """Code of the answer to a request for the page under a name."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": name})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def started(port: int, *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the server is another process")
def test_the_real_app_guards_its_name_and_ends_on_request(port):
    options = ["--port", str(port), "--no-browser", "--allow-host", "planner.example.com"]
    server = started(port, "sim", "app", *options)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
        names = ("127.0.0.1", "planner.example.com", "evil.example")
        assert [asked(port, name) for name in names] == [200, 200, 400]
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(10)


def test_streamlit_run_guards_its_name_too(address):
    port = int(address.rpartition(":")[2])
    assert [asked(port, name) for name in ("localhost", "evil.example")] == [200, 400]
