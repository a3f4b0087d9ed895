"""Commands that look without simulating: check, schema, app."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence

from sim.cli.common import loaded, say
from sim.extras import need
from sim.units import BadInputError

_NAME = re.compile(r"(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,252})")


def check_scenario(file: str, sets: list[str] | None, as_json: bool) -> None:
    """Validate a scenario and say what was understood."""
    from sim.model.build_model import build_model
    from sim.scenario import describe, lint_warnings

    scenario = loaded(file, sets)
    model = build_model(scenario)
    understood, warnings = describe(scenario), lint_warnings(scenario)
    if as_json:
        document = {
            "scenario": model.name,
            "valid": True,
            "understood": understood,
            "oddities": warnings,
            "fingerprint": model.fingerprint,
        }
        say(json.dumps(document, indent=1))
        return
    say("\n".join(understood))
    if warnings:
        say("\nWarnings:\n" + "\n".join(f"- {line}" for line in warnings))


def show_schema() -> None:
    """Write the JSON Schema of the scenario file."""
    from sim.scenario import schema

    say(json.dumps(schema(), indent=1))


def launch(port: int, browser: bool, names: Sequence[str] = ()) -> int:
    """Start the app on this machine; this process becomes its server where the system can do that.

    A signal that ends this process then ends the server.

    Parameters
    ----------
    port : int
    browser : bool
        Whether a browser is opened.
    names : sequence of str
        Under which the app answers, besides those of this machine.

    Returns
    -------
    int
        Exit code of the server, where it is another process.

    Raises
    ------
    BadInputError
        When the installation holds no app, or a name is none.
    """
    from sim.resources import app_file

    need("app", "streamlit", "altair", "pandas", "pyarrow", "openpyxl", "xlsxwriter")
    try:
        file = app_file()
    except FileNotFoundError as error:
        raise BadInputError(str(error)) from error
    options = {
        "server.address": "localhost",
        "server.port": str(port),
        "server.headless": str(not browser).lower(),
        "browser.gatherUsageStats": "false",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    flags += [f"--server.allowedHosts={name}" for name in allowed_names(names)]
    command = [sys.executable, "-m", "streamlit", "run", str(file), *flags]
    if os.name == "posix":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, command)
    return subprocess.call(command)


def allowed_names(names: Sequence[str]) -> list[str]:
    """Return the names under which the app answers: those of this machine, and those given.

    Raises
    ------
    BadInputError
        When one is not a name of a machine.
    """
    wrong = [name for name in names if not _NAME.fullmatch(name)]
    if wrong:
        raise BadInputError(
            f"--allow-host: {wrong[0]!r} is not a host name; allowed: a name without port or "
            "path, such as planner.example.com or *.example.com"
        )
    return ["localhost", "127.0.0.1", "::1", *names]
