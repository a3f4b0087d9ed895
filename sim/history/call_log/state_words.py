"""Which words of an agent-state log mean which state."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.array_types import Floats, Ints
from sim.fileio import is_missing
from sim.history.call_log.agent_states import AgentState
from sim.history.call_log.log_table import CodedColumn
from sim.history.tables.column_mapping import word
from sim.scenario import Problem, ScenarioError
from sim.scenario.problems import listed, nearest

STATE_NAMES = {
    "available": AgentState.AVAILABLE,
    "busy": AgentState.BUSY,
    "wrap": AgentState.WRAP_UP,
    "not_ready": AgentState.NOT_READY,
    "break": AgentState.BREAK,
    "logged_in": AgentState.LOGGED_IN,
    "logged_out": AgentState.LOGGED_OUT,
}
"""States by the name that a user writes."""
ALL_OTHERS = "*"
"""Stands for all words that are not known."""
# The first pattern that a word has anywhere decides: "not ready" is looked for before "ready".
# Words of Amazon Connect (agent statuses and contact states), Genesys Cloud (presence and routing
# status), Avaya CMS (AVAIL, ACD, ACW, AUX, RING, OTHER), Five9, NICE CXone and Cisco Finesse.
_PATTERNS = tuple(
    (re.compile(rf"\b(?:{words})\b"), state)
    for words, state in (
        (r"log(?:ged)? ?(?:out|off)|log(?:out|off)|sign(?:ed)? ?(?:out|off)|offline|unstaffed"
         r"|unstaf|out of office|disconnected from system", AgentState.LOGGED_OUT),
        (r"acw(?:in|out)?|wrap(?: ?up)?|wrapup|after ?(?:call|contact)(?: ?work)?|aftercallwork"
         r"|after contact work|post ?call|work(?: not)? ready|clerical|nachbearbeitung",
         AgentState.WRAP_UP),
        (r"lunch(?:time)?|meal|dinner|supper|breakfast|mittag|mittagspause|mittagessen|dejeuner|repas"
         r"|almuerzo|comida|almoco|pranzo|meeting|team talk|huddle|besprechung|teambesprechung"
         r"|training|schulung|coaching", AgentState.BREAK),
        (r"not ?ready|notready|unavailable|not available|aux(?:in|out)?\d*|break|breaks|away|pause"
         r"|restroom|personal|off queue|not responding|refused|missed|error|admin|project"
         r"|supervisor|do not disturb|dnd|out of queue|pausa|comfort|system issue",
         AgentState.NOT_READY),
        (r"on (?:a )?(?:call|contact|chat|hold|phone|park|preview|video)|busy|handling|talk(?:ing)?"
         r"|interacting|connected|connecting|hold|ring(?:ing)?|incoming|inbound ?contact"
         r"|outbound ?contact|inbound|outbound|acd(?:in|out)?|dacd|consult|inboundconsult"
         r"|outboundconsult|conference|dial(?:ing|ling|er)|preview|reserved|communicating|calling"
         r"|calling customer|in call|engaged|im gesprach|other", AgentState.BUSY),
        (r"available|avail|ready|idle|on ?queue|waiting|free|bereit|frei|disponible",
         AgentState.AVAILABLE),
        (r"log(?:ged)? ?(?:in|on)|login|logon|sign(?:ed)? ?(?:in|on)|staffed|online|on shift",
         AgentState.LOGGED_IN),
    )
)  # fmt: skip
FEWEST_ALIKE, ALIKE, LEAST_PLANNED = 20, 0.2, 300.0
"""States of one word from whose lengths a planned break is recognised: so many, with a middle half
no wider than this share of the median, which is at least so long (s). Breaks that wait for a quiet
moment, and gaps after contacts, vary more or are shorter."""
_ON_QUEUE = "on queue"
_NOT_ON_QUEUE = ("available", "busy")


def guess_state(one: str) -> AgentState | None:
    """Return what a word of a state log most likely means, None if it is not known."""
    plain = word(_separated(one))
    return next((state for pattern, state in _PATTERNS if pattern.search(plain)), None)


def _separated(one: str) -> str:
    """Return words written together, as in ``AfterContactWork``, with blanks between them."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", one)


def read_states_of(
    name: str,
    title: str,
    column: CodedColumn,
    chosen: Mapping[str, str],
    saved: Mapping[str, str],
) -> tuple[Ints, dict[str, str]]:
    """Return the state of each row, and what each of the user's words means.

    Where a system has a state "on queue", its "available" and "busy" are presences off the queue,
    and count as not ready (Genesys Cloud).

    Parameters
    ----------
    name, title : str
        Of file and column, for messages.
    column : CodedColumn
    chosen, saved : mapping of str to str
        State by word as the user says it now, and as the last time.

    Raises
    ------
    ScenarioError
        When a word is unknown, or one that the user names does not occur.
    """
    words = [word(str("" if is_missing(value) else value)) for value in column.values]
    _check_chosen(name, title, column.values, words, chosen)
    known = {word(key): value for key, value in {**saved, **chosen}.items() if key != ALL_OTHERS}
    others = chosen.get(ALL_OTHERS, saved.get(ALL_OTHERS, ""))
    codes = np.full(len(words), int(AgentState.NOT_READY), dtype=np.int64)
    unknown = []
    for at, one in enumerate(words):
        found = _named(known[one]) if one in known else _guessed(one, column.values[at], words)
        if found is None and others:
            found = _named(others)
        if found is None:
            unknown.append(repr(str(column.values[at])) if one else "an empty cell")
        else:
            codes[at] = int(found)
    if unknown:
        message = (
            f"{', '.join(unknown[:12])}: unknown; allowed: {listed(STATE_NAMES)}, said as "
            f"--state WORD=STATE, or --state {ALL_OTHERS}=not_ready for all that are unknown"
        )
        raise ScenarioError([Problem(title, message, file=name)])
    return codes[column.codes], {**saved, **chosen}


def _guessed(one: str, value: Any, words: Sequence[str]) -> AgentState | None:
    if _ON_QUEUE in words and one in _NOT_ON_QUEUE:
        return AgentState.NOT_READY
    return guess_state(str(value)) if one else None


def _named(name: str) -> AgentState:
    return STATE_NAMES[word(name).replace(" ", "_")]


def check_state_names(chosen: Mapping[str, str]) -> None:
    """Refuse names of states that do not exist.

    Raises
    ------
    ScenarioError
    """
    problems = [
        Problem(
            "--state",
            f"{key}={value}: {value!r} is not a state; allowed: {listed(STATE_NAMES)}",
            suggestion=nearest(value, STATE_NAMES),
        )
        for key, value in chosen.items()
        if word(value).replace(" ", "_") not in STATE_NAMES
    ]
    if problems:
        raise ScenarioError(problems)


def _check_chosen(
    name: str, title: str, values: Sequence[Any], words: Sequence[str], chosen: Mapping[str, str]
) -> None:
    check_state_names(chosen)
    known = sorted({str(value) for value in values if not is_missing(value)})
    problems = [
        Problem(
            title,
            f"no row has the state {one!r}; allowed: {listed(known[:20])}",
            suggestion=nearest(one, known),
            file=name,
        )
        for one in chosen
        if one != ALL_OTHERS and word(one) not in words
    ]
    if problems:
        raise ScenarioError(problems)


def words_of_planned_breaks(
    code: Ints, length: Floats, values: Sequence[Any], known: Mapping[str, str]
) -> dict[int, float]:
    """Return words of not being ready that nearly always last as long, with their median (s).

    Parameters
    ----------
    code : ndarray of int, shape (states,)
        Index of each state's word into `values`.
    length : ndarray, shape (states,)
        Seconds.
    values : sequence
        Words of the file.
    known : mapping of str to str
        Words whose state the user has said, which stay.
    """
    said = {word(one) for one in known}
    found = {}
    for one in np.unique(code).tolist():
        mine = length[code == one]
        if mine.size < FEWEST_ALIKE or word(str(values[one])) in said:
            continue
        low, middle, high = np.quantile(mine, (0.25, 0.5, 0.75))
        if middle >= LEAST_PLANNED and high - low <= ALIKE * middle:
            found[one] = float(middle)
    return found
