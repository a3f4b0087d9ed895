"""Closed formulas of contact-center queues: exact, vectorised, stable at any size.

The short names ask a forward question and give metrics: `b` (lines without waiting), `c`
(no abandonment), `a` (exponential patience), `g` (any patience), `chat` (several at once).
`fewest_agents` and `most_calls` ask backwards; `answer` gives a plain dictionary.

>>> from sim import erlang
>>> round(erlang.c(calls=100, per="30min", aht="180s", agents=14).service_level("20s"), 5)
0.88835
"""

from sim.erlang.arguments import Unstable
from sim.erlang.assumptions import assumptions
from sim.erlang.calculator import answer
from sim.erlang.call_capacity import most_calls
from sim.erlang.chat import Chat, chat
from sim.erlang.deferred import deferred_agents, drain, effective_concurrency, inflated_handle_s
from sim.erlang.erlang_a import ErlangA, a
from sim.erlang.erlang_b import ErlangB, b, lines_for_blocking, load_for_blocking
from sim.erlang.erlang_c import ErlangC, c, garnett_delay, halfin_whitt_delay, square_root_agents
from sim.erlang.finite_capacity import LimitedLines
from sim.erlang.goals import Goals, read_target
from sim.erlang.infinite_server import busy_by_interval, busy_under_sine
from sim.erlang.mmn_g import GeneralPatience, g
from sim.erlang.patience import Patience, fitted_mean
from sim.erlang.random_rate import Mixture, busy_days
from sim.erlang.required_agents import FewestAgents, fewest_agents, scheduled
from sim.erlang.steady_state import VARIANTS, SteadyState
from sim.erlang.transient import Day, day

__all__ = [
    "Chat",
    "Day",
    "ErlangA",
    "ErlangB",
    "ErlangC",
    "SteadyState",
    "GeneralPatience",
    "Goals",
    "LimitedLines",
    "Mixture",
    "Patience",
    "FewestAgents",
    "Unstable",
    "VARIANTS",
    "a",
    "answer",
    "assumptions",
    "b",
    "busy_by_interval",
    "busy_days",
    "busy_under_sine",
    "c",
    "chat",
    "day",
    "deferred_agents",
    "drain",
    "effective_concurrency",
    "fewest_agents",
    "fitted_mean",
    "g",
    "garnett_delay",
    "halfin_whitt_delay",
    "inflated_handle_s",
    "lines_for_blocking",
    "load_for_blocking",
    "most_calls",
    "read_target",
    "scheduled",
    "square_root_agents",
]
