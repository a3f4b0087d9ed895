"""Results of docs/tutorial-planning.md as blocks of Markdown, without simulating anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sim.units import show_clock

Results = Mapping[str, Any]
METHODS = {
    "erlang_c": "Erlang C",
    "erlang_a": "Erlang A",
    "modified_offered_load": "modified offered load",
    "simulation": "simulation",
}
LIVE = ("billing", "cards", "service", "chat")
PLANS = {
    "formula": "cover the requirement by formula",
    "simulation": "cover the requirement by simulation",
    "goals": "straight from the goals",
}
BLOCK = re.compile(r"(<!-- results: (\w+) -->\n).*?(<!-- end of results -->)", re.DOTALL)


def with_blocks(page: str, results: Results) -> str:
    """Return a page with each marked block renewed.

    Parameters
    ----------
    page : str
        ``<!-- results: NAME -->`` to ``<!-- end of results -->`` are blocks.
    results : mapping
        As in docs/tutorial/planning.json.

    Raises
    ------
    KeyError
        When a block is unknown.
    """
    return BLOCK.sub(lambda m: f"{m[1]}\n{BLOCKS[m[2]](results)}\n\n{m[3]}", page)


def table(head: Sequence[str], rows: Iterator[Sequence[str]], left: int = 1) -> str:
    """Return a table in Markdown; the first columns are aligned to the left."""
    marks = ["---"] * left + ["---:"] * (len(head) - left)
    lines = ["| " + " | ".join(line) + " |" for line in (head, *rows)]
    return "\n".join([lines[0], "|" + "|".join(marks) + "|", *lines[1:]])


def _work(results: Results) -> str:
    rows = [
        [f"`{q['queue']}`", f"{q['contacts']:,.0f}", clock(q["aht_s"]), f"{q['load_h']:,.1f}"]
        for q in results["queues"]
    ]
    total = sum(q["load_h"] for q in results["queues"])
    return table(
        ["queue", "contacts for agents", "handle time", "work in hours"],
        iter([*rows, ["all", "", "", f"**{total:,.1f}**"]]),
    )


def _methods(results: Results) -> str:
    rows = [
        [
            METHODS[m["method"]],
            "" if m["fractional_hours"] is None else hours(m["fractional_hours"]),
            "" if m["fractional_hours"] is None else hours(m["hours"] - m["fractional_hours"]),
            hours(m["hours"]),
            money(m["cost"]),
        ]
        for m in results["methods"]
    ]
    head = ["method", "hours before rounding", "rounding up", "hours", "cost"]
    return table(head, iter(rows))


def _service(results: Results) -> str:
    rows = [[METHODS[m["method"]], *goal_cells(m["goals"])] for m in results["methods"]]
    return table(["method", *LIVE], iter(rows)) + (
        f"\n\nOn {results['days']} days that the search did not use; with each of them "
        f"{100 * mail(results):.0f} % of the mails are answered on time."
    )


def _found(results: Results) -> str:
    by = {m["method"]: m for m in results["methods"]}
    found, a, c = by["simulation"], by["erlang_a"], by["erlang_c"]
    return (
        f"The simulation needs {hours(found['hours'])} h: {hours(a['hours'] - found['hours'])} h "
        f"({percent(1 - found['hours'] / a['hours'])}) less than Erlang A, "
        f"{hours(c['hours'] - found['hours'])} h ({percent(1 - found['hours'] / c['hours'])}) less "
        f"than Erlang C. Its heuristic lower bound is {money(results['bound'])}, "
        f"{percent(results['gap'])} below its cost." + unstaffed(results["unstaffed"])
    )


def unstaffed(intervals: Sequence[str]) -> str:
    """Return a warning of intervals without agents, empty where there are none."""
    if not intervals:
        return ""
    return (
        f"\n\n**Look at the last hour.** At {' and '.join(intervals)} the plan has no agent at "
        "all. A goal *per day* allows that: few customers call then, and the other half hours make "
        "up for them. The output says so in a note. `--per interval` asks for the goal in every "
        "half hour, at a higher cost."
    )


def _shifts(results: Results) -> str:
    rows = []
    for name, words in PLANS.items():
        plan = results["shifts"][name]
        kinds = plan["patterns"]
        rows.append(
            [
                words, hours(plan["hours"]), money(plan["cost"]), f"{kinds['full-time']}",
                f"{kinds['part-time']}", f"{plan['on_duty_last']:g}",
                f"{money(plan['bound'])} ({plan['bound_is']})",
            ]
        )  # fmt: skip
    head = ["way", "paid hours", "cost", "full-time", "part-time", "on duty at 19:30", "bound"]
    return table(head, iter(rows))


def _shift_service(results: Results) -> str:
    plans = {words: results["shifts"][name] for name, words in PLANS.items()}
    rows = [
        [words, *goal_cells(plan["goals"]), span(plan["abandonment"], percent),
         span(plan["backlog"], hours)]
        for words, plan in plans.items()
    ]  # fmt: skip
    return table(["way", *LIVE, "abandonment", "mails left"], iter(rows))


def _shift_words(results: Results) -> str:
    plans, found = results["shifts"], results["methods"][-1]
    covered, goals, formula = plans["simulation"], plans["goals"], plans["formula"]
    over = covered["hours"] - covered["paid_breaks_h"] - found["hours"]
    empty = (
        " It also takes over the empty last hour: at 19:30 no agent is on duty."
        if not covered["on_duty_last"]
        else ""
    )
    return (
        f"The requirement by simulation was {hours(found['hours'])} h; the shifts that cover it "
        f"are paid for {hours(covered['hours'])} h. Of the difference, "
        f"{hours(covered['paid_breaks_h'])} h are paid breaks, and {hours(over)} h are "
        "overstaffing: a shift of eight hours is longer than the peak."
        f"{empty}\n\n"
        f"Straight from the goals, {hours(goals['hours'])} h are enough: "
        f"{hours(covered['hours'] - goals['hours'])} h less than covering the simulated "
        f"requirement, and {hours(formula['hours'] - goals['hours'])} h less than covering that of "
        "the formula. Here the shifts may leave one half hour short where another has agents to "
        "spare, as long as the goals of the day hold."
    )


def _dips(results: Results) -> str:
    if not results["dips"]:
        return "Here the service level of all queues is at least 80 % in every half hour."
    listed = ", ".join(results["dips"])
    return (
        f"Here the service level of all queues is below 80 % in {len(results['dips'])} half hours: "
        f"{listed}. If that is not acceptable, plan with `--per interval`."
    )


def _one_shift_command(results: Results) -> str:
    path = next(row["path"] for row in results["one_shift"] if row["group"] == "cards")
    return (
        "<!-- not run: needs the scenario of the step before -->\n"
        f'```bash\nccplan compare monday_shifts.toml --set "{path}=+1" --runs 200 --seed 3\n```'
    )


def _one_shift(results: Results) -> str:
    rows = []
    for one in results["one_shift"]:
        found = {row["queue"]: row for row in one["differences"]}
        cells = [points(found[queue]) for queue in LIVE]
        when = f"{show_clock(one['start_s'])}–{show_clock(one['start_s'] + one['length_s'])}"
        sign = "one more" if one["change"] == "+1" else "one fewer"
        rows.append([f"{one['group']} {when}: {sign}", f"{one['cost']:+,.0f}", *cells])
    return table(["shift", "cost", *LIVE], iter(rows))


def _contracts(results: Results) -> str:
    rows = [
        [c["group"], c["pattern"], str(c["shifts"]), str(c["persons"]), hours(c["hours"]),
         money(c["cost"])]
        for c in results["contracts"]
        if c["persons"]
    ]  # fmt: skip
    total = [sum(c[key] for c in results["contracts"]) for key in ("shifts", "persons")]
    paid = contract_sum(results)
    last = ["all", "", *(str(n) for n in total), hours(paid["hours"]), money(paid["cost"])]
    head = ["group", "contract", "shifts a day", "persons", "paid hours a day", "cost a day"]
    return table(head, iter([*rows, last]), left=2)


def _roster(results: Results) -> str:
    roster = results["roster"]
    kept = "every rule is kept" if not roster["cost"] else "some rules are broken"
    proven = ", and it is proven that no roster is better" if roster["proven"] else ""
    open_ = f"{roster['open']} shifts remain open" if roster["open"] else "no shift remains open"
    return (
        f"The roster assigns {roster['shifts']} shifts to {roster['persons']} persons; {open_}, "
        f"{kept}{proven}."
    )


def steps(results: Results) -> Iterator[dict[str, Any]]:
    """Yield the steps from work to contracts, with hours and cost of a day."""
    by = {m["method"]: m for m in results["methods"]}
    plans = results["shifts"]
    yield {"step": "work", "hours": sum(q["load_h"] for q in results["queues"]), "cost": None}
    named = {"Erlang C": by["erlang_c"], "Erlang A": by["erlang_a"], "simulation": by["simulation"]}
    for name, row in named.items():
        yield {"step": f"requirement: {name}", "hours": row["hours"], "cost": row["cost"]}
    for name, words in (("formula", "formula"), ("simulation", "simulation"), ("goals", "goals")):
        row = plans[name]
        yield {"step": f"shifts: {words}", "hours": row["hours"], "cost": row["cost"]}
    yield {"step": "contracts (shifts: goals)", **contract_sum(results)}


def contract_sum(results: Results) -> dict[str, float]:
    """Return paid hours and wages a day of all contracts."""
    return {key: sum(c[key] for c in results["contracts"]) for key in ("hours", "cost")}


def _steps(results: Results) -> str:
    rows = [
        [row["step"], hours(row["hours"]), "" if row["cost"] is None else money(row["cost"])]
        for row in steps(results)
    ]
    return table(["step", "hours a day", "cost a day"], iter(rows))


def _finance(results: Results) -> str:
    plans, paid = results["shifts"], contract_sum(results)
    persons = sum(c["persons"] for c in results["contracts"])
    goals, formula = plans["goals"], plans["formula"]
    saved = formula["cost"] - goals["cost"]
    return (
        f"> The promise of 80 % in 20 seconds for calls and in 60 seconds for chats costs "
        f"{money(goals['cost'])} of wages on a Monday, in {goals['people']} shifts. Covering the "
        f"requirement of the formula would cost {money(formula['cost'])}: {money(saved)} "
        f"({percent(saved / formula['cost'])}) more, for service that was not promised. With a "
        f"tenth of the staff on leave, {persons} contracts are needed; they cost "
        f"{money(paid['cost'])} a day."
    )


def goal_cells(goals: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the service level of each live queue with its confidence interval."""
    by = {goal["name"]: goal for goal in goals}
    return [span([by[q][key] for key in ("value", "low", "high")], percent) for q in LIVE]


def span(values: Sequence[float], shown: Callable[[float], str]) -> str:
    """Return a value with its confidence interval, the unit written once."""
    value, low, high = values
    return f"{shown(value)} ({shown(low).removesuffix(' %')}–{shown(high).removesuffix(' %')})"


def mail(results: Results) -> float:
    """Return the least share of mails on time by any method."""
    return min(
        float(goal["value"]) for m in results["methods"] for goal in m["goals"]
        if goal["name"] == "mail"
    )  # fmt: skip


def points(row: Mapping[str, Any]) -> str:
    """Return a difference of shares in points; in brackets where the interval contains zero."""
    change = round(100 * row["difference"], 1) + 0.0  # no negative zero
    text = f"{change:+.1f} ± {50 * (row['high'] - row['low']):.1f}"
    return text if row["low"] > 0 or row["high"] < 0 else f"({text})"


def hours(value: float) -> str:
    """Return hours with one decimal."""
    return f"{value:,.1f}"


def money(value: float) -> str:
    """Return an amount without decimals."""
    return f"{value:,.0f}"


def percent(value: float) -> str:
    """Return a share with one decimal."""
    return f"{100 * value:.1f} %"


def clock(seconds: float) -> str:
    """Return minutes and seconds."""
    return f"{int(seconds + 0.5) // 60}:{int(seconds + 0.5) % 60:02d}"


BLOCKS: Mapping[str, Callable[[Results], str]] = {
    "work": _work,
    "methods": _methods,
    "service": _service,
    "found": _found,
    "shifts": _shifts,
    "shift_service": _shift_service,
    "shift_words": _shift_words,
    "dips": _dips,
    "one_shift_command": _one_shift_command,
    "one_shift": _one_shift,
    "contracts": _contracts,
    "roster": _roster,
    "steps": _steps,
    "finance": _finance,
}
"""By the name in the page."""
