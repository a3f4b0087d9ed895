"""The JSON Schema of a scenario file, for editors."""

from __future__ import annotations

from typing import Any

from sim.scenario.scenario import Scenario


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file.

    Returns
    -------
    dict
        Draft 2020-12; fields with a short form describe it beside the table.
    """
    result = Scenario.model_json_schema(mode="validation")
    _tidy(result)
    result["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    result["title"] = "Scenario of a contact center"
    return result


def _tidy(node: Any) -> None:
    """Drop titles that repeat a key, and defaults that are not as a file would say them."""
    if isinstance(node, list):
        for item in node:
            _tidy(item)
    if not isinstance(node, dict):
        return
    if "default" in node and not isinstance(node["default"], str | bool | int):
        del node["default"]
    for key, item in node.items():
        if key in ("properties", "$defs"):
            for below in item.values():
                below.pop("title", None)
        _tidy(item)
