"""The blocks that scripts/tutorial_history.py renews, written from docs/tutorial/history.json."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scripts.tutorial_page import table
from sim.report.calibration.words import ASSUMPTIONS_IN_WORDS

Results = Mapping[str, Any]

BLOCK = re.compile(r"(<!-- history: (\w+) -->\n).*?(<!-- end of history -->)", re.DOTALL)
NAMES = {"service_level": "service level", "asa_s": "ASA", "abandonment": "abandonment"}
PERIODS = {"interval": "half hour", "hour": "hour", "day": "day"}
BIAS_POINTS = 0.02
DAYS_INSIDE = 0.9


def with_history(page: str, results: Results) -> str:
    """Return a page with each marked block renewed.

    Parameters
    ----------
    page : str
        ``<!-- history: NAME -->`` to ``<!-- end of history -->`` are blocks.
    results : mapping
        As in docs/tutorial/history.json.

    Raises
    ------
    KeyError
        When a block is unknown.
    """
    return BLOCK.sub(lambda m: f"{m[1]}\n{BLOCKS[m[2]](results)}\n\n{m[3]}", page)


def shown(metric: str, value: float, signed: bool = False) -> str:
    """Return seconds, or percentage points of a share."""
    sign = "+" if signed else ""
    return f"{value:{sign}.1f} s" if metric == "asa_s" else f"{100 * value:{sign}.1f} pp"


def percent(share: float) -> str:
    """Return a share in percent."""
    return f"{100 * share:.1f} %"


def _forecast(results: Results) -> str:
    found = results["forecast"]
    horizons = [one["horizon"] for one in found["chosen"]]
    errors: dict[str, dict[str, float]] = {}
    for row in found["back_test"]:
        errors.setdefault(row["method"], {})[row["horizon"]] = row["wape"]
    rows = [[name, *(percent(one[h]) for h in horizons)] for name, one in errors.items()]
    rows += [["Poisson noise", *(percent(found["noise"]) for _ in horizons)]]
    first = found["chosen"][0]
    weights = " and ".join(f"{share:.0%} {name}" for name, share in first["weights"].items())
    tomorrow = horizons[0]
    chosen, median = (percent(errors[name][tomorrow]) for name in ("chosen", "median of six"))
    return (
        table(["method", *horizons], iter(rows))
        + f"\n\nFor tomorrow it takes {weights}. Its 90 % prediction intervals contained "
        f"{percent(first['intervals'])} of the half hours and {percent(first['days'])} of the days "
        f"of the back-test. Its error for tomorrow is {chosen}; the median of the last six same "
        f"weekdays has {median}."
    )


def _calibration(results: Results) -> str:
    found = results["calibration"]
    rows = [
        [
            one["what"],
            f"{one['factor']:.3f}",
            f"{one['low']:.3f} to {one['high']:.3f}"
            + ("" if one["low"] <= one["factor"] <= one["high"] else ", outside"),
        ]
        for one in found["changed"]
    ]
    most = found["largest"]
    name = ASSUMPTIONS_IN_WORDS.get(most["name"], most["name"])
    return (
        f"{found['contacts']:,} contacts of {found['days']} days. To remove bias from the "
        "simulated training days, these estimates were multiplied (1.000: left as it is):\n\n"
        + table(["estimate", "factor", "taken for possible"], iter(rows))
        + f"\n\nThe assumption that matters most is *{name}*: between its ends the service level "
        f"changes by {shown('service_level', abs(most['service_level']))}."
    )


def _errors(results: Results, key: str = "validation") -> str:
    found = results[key]
    rows = [
        [
            NAMES[row["metric"]],
            PERIODS[row["period"]],
            *(shown(row["metric"], row[k]) for k in ("error", "formula_error", "random_error")),
        ]
        for row in found["errors"]
    ]
    return table(["metric", "by", "simulation", "Erlang A", "random error"], iter(rows), left=2)


def _bias(results: Results, key: str = "validation") -> str:
    rows = [
        [
            NAMES[row["metric"]],
            shown(row["metric"], row["bias"], signed=True),
            f"{percent(row['inside_days'])} of {row['days']}",
        ]
        for row in results[key]["summary"]
        if row["metric"] in NAMES
    ]
    return table(["metric", "bias", "days inside their 95 % band"], iter(rows))


def _aims(results: Results, key: str = "validation") -> str:
    return "\n".join(f"- {line}" for line in aims(results[key]))


def aims(found: Results) -> Iterator[str]:
    """Yield which aims are reached, and by how much the others are missed."""
    errors = found["errors"]
    better = [row for row in errors if row["error"] < row["formula_error"]]
    yield f"{len(better)} of {len(errors)} mean errors are below those of Erlang A."
    for row in found["summary"]:
        if row["metric"] not in NAMES:
            continue
        name, bias = NAMES[row["metric"]], abs(row["bias"])
        if row["metric"] != "asa_s":
            word = "within" if bias < BIAS_POINTS else "above"
            yield (
                f"{name}: the bias of {shown(row['metric'], row['bias'], signed=True)} is {word} "
                f"the aim of {shown(row['metric'], BIAS_POINTS)}."
            )
        word = "reaches" if row["inside_days"] >= DAYS_INSIDE else "misses"
        share, aim = percent(row["inside_days"]), f"{100 * DAYS_INSIDE:.0f} %"
        yield f"{name}: {share} of the days are inside, which {word} the aim of {aim}."


def _real_center(results: Results) -> str:
    return "\n\n".join(block(results) for block in (_errors, _bias, _aims))


def _real_center_talk(results: Results) -> str:
    return "\n\n".join(block(results, "validation_with_talk") for block in (_errors, _bias, _aims))


def _real_center_queues(results: Results) -> str:
    """Return service level, abandonment and ASA by queue, their bias without and with talk."""
    metrics = ("service_level", "abandonment", "asa_s")
    head = ["queue", "contacts", "days inside"]
    for metric in metrics:
        head += [NAMES[metric], "bias", "bias, talk given"]
    with_talk = {one["queue"]: one for one in results["validation_with_talk"]["queues"]}
    rows = []
    for one in results["validation"]["queues"]:
        inside = f"{100 * one['service_level']['inside_days']:.0f} %"
        cells = [one["queue"], f"{one['contacts']:,}", inside]
        for metric in metrics:
            value = one[metric]["recorded"]
            cells.append(shown(metric, value) if metric == "asa_s" else percent(value))
            cells += [
                shown(metric, run[metric]["bias"], signed=True)
                for run in (one, with_talk[one["queue"]])
            ]
        rows.append(cells)
    return table(head, iter(rows))


def _staffing(results: Results) -> str:
    found = results["staffing"]
    rows = [
        ["offered load", found["load_erlangs"]],
        ["on duty in the log", found["now_scheduled"]],
        ["required, one pool", found["pooled"]],
        ["required, each queue separately", found["required"]],
    ]
    return table(["agent hours of a week", "hours"], ([name, f"{h:,.1f}"] for name, h in rows))


BLOCKS: dict[str, Callable[[Results], str]] = {
    "forecast": _forecast,
    "calibration": _calibration,
    "errors": _errors,
    "aims": _aims,
    "staffing": _staffing,
    "real_center": _real_center,
    "real_center_talk": _real_center_talk,
    "real_center_queues": _real_center_queues,
}
