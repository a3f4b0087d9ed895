"""The commands that look without simulating: check, schema."""

from __future__ import annotations

import json

from sim.cli.common import loaded, say


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
