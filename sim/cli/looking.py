"""Commands that look without simulating: check, schema, app."""

from __future__ import annotations

import json

from sim.cli.common import loaded, say
from sim.extras import need
from sim.units import BadInputError


def check_scenario(file: str, sets: list[str] | None, as_json: bool) -> None:
    """Validate a scenario and say what was understood."""
    from sim.model.building import build_model
    from sim.scenario import describe, oddities

    scenario = loaded(file, sets)
    model = build_model(scenario)
    understood, odd = describe(scenario), oddities(scenario)
    if as_json:
        document = {
            "scenario": model.name,
            "valid": True,
            "understood": understood,
            "oddities": odd,
            "fingerprint": model.fingerprint,
        }
        say(json.dumps(document, indent=1))
        return
    say("\n".join(understood))
    if odd:
        say("\nOdd:\n" + "\n".join(f"- {line}" for line in odd))


def show_schema() -> None:
    """Write the JSON Schema of the scenario file."""
    from sim.scenario import schema

    say(json.dumps(schema(), indent=1))


def launch(port: int, browser: bool) -> int:
    """Start the app on this machine and return its exit code."""
    need("app", "streamlit", "altair", "pandas", "pyarrow", "openpyxl", "xlsxwriter")
    import subprocess
    import sys

    from sim.shipped import app_file

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
    return subprocess.call([sys.executable, "-m", "streamlit", "run", str(file), *flags])
