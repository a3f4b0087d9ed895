"""The sheets of a staffing that calculate: queues, Erlang formulas, and agents by group."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.planning.group_allocation import skill_of
from sim.planning.requirement import answered_share
from sim.report.staffing_calculation_sheet import Calculation, calculations

if TYPE_CHECKING:
    from sim.planning.queue_plans import QueuePlan
    from sim.planning.staffing_result import Staffing

QUEUE_HEAD = (
    "Queue", "Channel", "Interval", "Volume", "AHT (s)", "Load (erlangs)", "Erlang C", "Erlang A",
    "Agents before rounding", "Work that comes (h)", "Work done (h)",
)  # fmt: skip
CALCULATION_HEAD = (
    "Queues", "Target of", "Interval", "Formula", "Volume", "AHT (s)", "Patience (s)",
    "Contacts in one patience", "Load (erlangs)", "Target", "Within (s)", "First number tried",
    "Numbers that miss", "Agents", "Between, 1st stage", "Between, 2nd stage",
    "Agents before rounding", "Service level",
)  # fmt: skip
GROUP_HEAD = (
    "Group", "Interval", "Volume", "AHT (s)", "Load (erlangs)", "Erlang C", "Erlang A",
    "Agents before rounding", "Required", "Shrinkage and absence", "To schedule",
    "Scheduled now", "On duty now", "Overstaffed (+) or understaffed (-)",
)  # fmt: skip
GROWTH = 4.0
"""Times the largest load up to which the search for agents in a sheet is long enough."""


@dataclass
class LiveSheets:
    """Writes the three sheets; numbers of rows are those that a spreadsheet shows.

    Attributes
    ----------
    sheets : dict of str to worksheet
        ``Requirement``, ``By queue`` and ``Calculation``.
    style : dict of str to format
    found : Staffing
    place : dict of (int, int) to int
        Row in ``By queue`` by queue and interval.
    results : dict of (str, int, int) to list of str
        Cells with agents before rounding by formula, queue and interval; of a pool one for each
        target.
    group_place : dict of (str, str) to int
        Row in ``Requirement`` by group and interval.
    """

    sheets: dict[str, Any]
    style: dict[str, Any]
    found: Staffing
    place: dict[tuple[int, int], int] = field(default_factory=dict)
    results: dict[tuple[str, int, int], list[str]] = field(default_factory=dict)
    members: dict[int, tuple[QueuePlan, ...]] = field(default_factory=dict)
    group_place: dict[tuple[str, str], int] = field(default_factory=dict)

    def write(self) -> None:
        """Write all three."""
        model = self.found.requirement.model
        number = {queue.name: k for k, queue in enumerate(model.queues)}
        at = {start: i for i, start in enumerate(model.starts)}
        for r, row in enumerate(self.found.of("queue"), start=2):
            self.place[number[row["name"]], at[row["interval"]]] = r
        every = calculations(self.found.requirement)
        self.members = {one.goal.number: one.members for one in every}
        self._calculation(every)
        for row in self.found.of("queue"):
            self._queue(row, number[row["name"]], at[row["interval"]])

    def _calculation(self, every: list[Calculation]) -> None:
        """Write a row for each formula, target and interval with contacts or a row in the file."""
        largest = max((float(one.load.max()) for one in every), default=0.0)
        most = int(7 * math.sqrt(GROWTH * largest) + 30)
        row = 2
        for one in every:
            values = one.search(most)
            for i in range(len(one.load)):
                if (one.goal.number, i) in self.place:
                    self._calculation_row(row, one, i, most, values)
                    row += 1

    def _calculation_row(
        self, row: int, one: Calculation, i: int, most: int, values: dict[str, Any]
    ) -> None:
        sheet, style = self.sheets["Calculation"], self.style
        names = [self.found.requirement.model.queues[p.number].name for p in one.members]
        texts = (", ".join(names), one.queue.name, str(self.found.requirement.model.starts[i]))
        for k, text in enumerate((*texts, one.model.replace("_", " ").title())):
            sheet.write_string(row - 1, k, text, style["text"])
        own = [(p, self.place[p.number, i]) for p in one.members if (p.number, i) in self.place]
        volumes = "+".join(f"'By queue'!D{r}" for _, r in own)
        works = "+".join(f"'By queue'!D{r}*'By queue'!E{r}" for _, r in own)
        n = f"E{row}"
        usual = f"{one.aht_s[i]:.12g}"
        cells = one.cells(row)
        goal = self.place[one.goal.number, i]
        patience = self._patience(own, n, i)
        low = f"N{row}-1"
        formulas: list[tuple[str, str, float]] = [
            (volumes, "number", one.volume[i]),
            (f"IF({n}>0,({works})/{n},{usual})", "number", one.aht_s[i]),
            (f"{n}*F{row}/{self.found.interval_s:g}", "number", one.load[i]),
            (cells.base(), "whole", values["base"][i]),
            (cells.missed(f"L{row}", most), "whole", values["missed"][i]),
            (cells.whole(f"L{row}", f"M{row}", most), "whole", values["whole"][i]),
            (cells.finer(f"({low})", 1), "number", values["low1"][i]),
            (cells.finer(f"O{row}", 2), "number", values["low2"][i]),
            (self._counted(cells.real(f"P{row}"), goal), "fine",
             values["real"][i] if one.goal.volume[i] > 0 else 0.0),
        ]  # fmt: skip
        columns = (4, 5, 8, 11, 12, 13, 14, 15, 16)
        for column, (text, form, value) in zip(columns, formulas, strict=True):
            sheet.write_formula(row - 1, column, f"={text}", style[form], float(value))
        if one.model == "erlang_a":
            theta = float(one.patience_s[i])
            sheet.write_formula(row - 1, 6, f"={patience}", style["number"], theta)
            feed = f"={n}*G{row}/{self.found.interval_s:g}"
            fed = one.volume[i] * theta / self.found.interval_s
            sheet.write_formula(row - 1, 7, feed, style["number"], fed)
        sheet.write_number(row - 1, 9, one.queue.target, style["input share"])
        sheet.write_number(row - 1, 10, one.queue.threshold, style["input"])
        level = f'=IF(I{row}>0,{cells.level(f"N{row}")},"")'
        agents = np.maximum(values["whole"], 1.0)[:, None]
        reached: Any = float(one.levels(agents)[i, 0]) if one.load[i] > 0 else ""
        sheet.write_formula(row - 1, 17, level, style["share"], reached)
        key = (one.model, one.goal.number, i)
        self.results.setdefault(key, []).append(f"Calculation!Q{row}")

    def _counted(self, text: str, goal: int) -> str:
        """Leave out a target of a pool in intervals in which its queue has no contacts."""
        return f"IF('By queue'!D{goal}>0,{text},0)"

    def _patience(self, own: list[tuple[QueuePlan, int]], volume: str, i: int) -> str:
        """Return the mean patience, of a pool by the rate at which its contacts hang up."""
        queues = self.found.requirement.model.queues
        rates = []
        for plan, row in own:
            mean = _mean_patience(queues[plan.number], i)
            if _hangs_up(queues[plan.number]):
                rates.append(f"'By queue'!D{row}/{mean:.15g}")
        if len(own) == 1 and rates:
            return f"{_mean_patience(queues[own[0][0].number], i):.15g}"
        if not rates:
            return "10000000"
        rate = "+".join(rates)
        return f"IF({rate}>0,MIN({volume}/({rate}),10000000),10000000)"

    def _queue(self, row: dict[str, Any], queue: int, i: int) -> None:
        sheet, style, n = self.sheets["By queue"], self.style, self.place[queue, i]
        plan = self.found.requirement.queues[queue]
        for k, key in enumerate(("name", "channel", "interval")):
            sheet.write_string(n - 1, k, str(row[key]), style["text"])
        sheet.write_number(n - 1, 3, row["volume"], style["input"])
        sheet.write_number(n - 1, 4, row["aht_s"] or 0.0, style["input"])
        load = f"=D{n}*E{n}/{self.found.interval_s:g}"
        sheet.write_formula(n - 1, 5, load, style["number"], row["load_erlangs"])
        for column, name in ((6, "erlang_c"), (7, "erlang_a")):
            value = row[f"agents_{name}"]
            if value is not None:
                text = self._agents(plan, name, i, n)
                sheet.write_formula(n - 1, column, f"={text}", style["number"], value)
        if plan.by is None:
            sheet.write_number(n - 1, 8, row["fractional"], style["number"])
        else:
            counting = "H" if plan.by == "erlang_a" else "G"
            sheet.write_formula(n - 1, 8, f"={counting}{n}", style["fine"], row["fractional"])
        for column, key in ((9, "work_h"), (10, "work_done_h")):
            if row[key] is not None:
                sheet.write_number(n - 1, column, row[key], style["number"])

    def _agents(self, plan: QueuePlan, name: str, i: int, n: int) -> str:
        """Return the requirement of a queue by a formula, for a cell."""
        pool = self.members.get(plan.number, (plan,))
        keys = [(name, p.number, i) for p in pool]
        goals = [cell for key in keys for cell in self.results.get(key, [])]
        if not goals:
            return self._by_square_root(plan, name, i, n)
        if len(pool) == 1:
            return goals[0]
        rows = [self.place[p.number, i] for p in pool if (p.number, i) in self.place]
        load = "+".join(f"F{r}" for r in rows)
        return f"IF({load}>0,F{n}/({load})*MAX({','.join(goals)}),0)"

    def _by_square_root(self, plan: QueuePlan, name: str, i: int, n: int) -> str:
        """Return the solved requirement, moved with the load by the square-root rule."""
        solved = plan.by_c if name == "erlang_c" else plan.by_a
        assert solved is not None
        rate = max((k + 1) * speed for k, speed in enumerate(plan.relative))
        busy = plan.load > 0
        if not busy.any():
            return "0"
        beyond = (solved[busy] - plan.load[busy] / rate) / np.sqrt(plan.load[busy])
        mine = beyond[int(busy[:i].sum())] if busy[i] else float(beyond.mean())
        return f"IF(F{n}>0,F{n}/{rate:.15g}+({mine:.15g})*SQRT(F{n}),0)"

    def group_row(self, n: int, row: dict[str, Any], lost: float) -> None:
        """Write one interval of one group in row `n` of the sheet *Requirement*."""
        sheet, style = self.sheets["Requirement"], self.style
        sheet.write_string(n - 1, 0, str(row["name"]), style["text"])
        sheet.write_string(n - 1, 1, str(row["interval"]), style["text"])
        sums = self._sums(row)
        aht = f'IF(C{n}>0,E{n}*{self.found.interval_s:g}/C{n},"")'
        cells: list[tuple[int, str, str, Any]] = [
            (2, sums["D"], "number", row["volume"]),
            (3, aht, "number", "" if row["aht_s"] is None else row["aht_s"]),
            (4, sums["F"], "number", row["load_erlangs"]),
            (5, sums["G"], "number", row["agents_erlang_c"]),
            (6, sums["H"], "number", row["agents_erlang_a"]),
            (7, sums["I"], "fine", row["fractional"]),
            (8, self._required(n, row), "whole", row["required"]),
            # Rounded first, so that 14 / 0.7 stays 20.
            (10, f"ROUNDUP(ROUND(I{n}/(1-J{n}),9),0)", "whole", row["scheduled"]),
        ]
        for column, text, form, value in cells:
            if value is not None:
                sheet.write_formula(n - 1, column, f"={text}", style[form], value)
        sheet.write_number(n - 1, 9, lost, style["input share"])
        for column, key in ((11, "now_scheduled"), (12, "now_net")):
            if row[key] is not None:
                sheet.write_number(n - 1, column, row[key], style["input"])
        if row["now_net"] is not None:
            over = f"=M{n}-I{n}"
            sheet.write_formula(n - 1, 13, over, style["number"], row["net_staffing"])

    def _required(self, n: int, row: dict[str, Any]) -> str:
        """Return the agents of a group: the sum of those alike rounded up, by largest remainder."""
        found = self.found.requirement
        names = [group.name for group in found.model.groups]
        members = next(lot for lot in found.alike if names.index(row["name"]) in lot)
        places = [self.group_place.get((names[g], row["interval"])) for g in members]
        rows = [place for place in places if place is not None]
        if len(rows) == 1:
            return f"MAX(0,ROUNDUP(ROUND(H{n}-0.000001,9),0))"
        total = f"MAX(0,ROUNDUP(ROUND({'+'.join(f'H{r}' for r in rows)}-0.000001,9),0))"
        left = {r: f"ROUND(H{r}-INT(H{r}+0.000001),6)" for r in rows}
        first = [f"IF({left[r]}>={left[n]},1,0)" for r in rows[: rows.index(n)]]
        first += [f"IF({left[r]}>{left[n]},1,0)" for r in rows[rows.index(n) + 1 :]]
        whole = "+".join(f"INT(H{r}+0.000001)" for r in rows)
        return f"INT(H{n}+0.000001)+IF({'+'.join(first)}<{total}-({whole}),1,0)"

    def _sums(self, row: dict[str, Any]) -> dict[str, str]:
        """Return what a group has of each column of *By queue*, by its parts of the queues."""
        found = self.found.requirement
        g = next(k for k, group in enumerate(found.model.groups) if group.name == row["name"])
        i = found.model.starts.index(row["interval"])
        sums: dict[str, list[str]] = {column: [] for column in "DFGHI"}
        for plan in found.queues:
            n = self.place.get((plan.number, i))
            part = float(plan.share[g][i]) if g in plan.share else 0.0
            if n is None or part <= 0 or skill_of(found.model.groups[g], plan.number) is None:
                continue
            live = not found.model.queues[plan.number].deferred
            if live:
                contacts = float(answered_share(found.model, plan, g)[i])
                sums["D"].append(_part(contacts, f"'By queue'!D{n}"))
                sums["F"].append(_part(part, f"'By queue'!F{n}"))
            for column, value in (("G", plan.by_c), ("H", plan.by_a), ("I", plan.fractional)):
                source = column if value is not None else "I"
                sums[column].append(_part(part, f"'By queue'!{source}{n}"))
        return {column: "+".join(parts) or "0" for column, parts in sums.items()}


def _part(share: float, cell: str) -> str:
    return cell if share == 1 else f"{share:.15g}*{cell}"


def _mean_patience(queue: Any, i: int) -> float:
    from sim.planning.queue_patience import patience_by_interval

    means = patience_by_interval(queue)
    return float(queue.patience.numbers[0] if means is None else min(means[i], 1e7))


def _hangs_up(queue: Any) -> bool:
    from sim.planning.queue_patience import patience_of

    patience = patience_of(queue)
    return patience is not None and bool(np.isfinite(patience.mean_s))
