"""What a formula takes for granted, one plain sentence each, to compare with a simulation."""

from __future__ import annotations

from sim.erlang.chat import Chat
from sim.erlang.finite_capacity import LimitedLines
from sim.erlang.mmn_g import GeneralPatience
from sim.erlang.steady_state import SteadyState

_ALWAYS = (
    "Contacts come at random (Poisson) at one known rate; days do not differ.",
    "The queue is in its long-run state: no empty start, no carry-over from the interval before.",
    "One queue, answered in order of arrival by agents who can all do all of it equally well.",
    "Agents are always there and ready: no breaks, no late starts, no work after the contact "
    "beyond the handle time.",
)
_HANDLE = "Handle times are exponential and do not depend on load, agent or wait."
_BY_MODEL = {
    "erlang_b": ("There is no queue: a contact that finds all trunks in use is blocked.",),
    "erlang_c": ("No contact is abandoned, however long the wait.",),
    "erlang_a": ("Whoever waits hangs up after an exponential patience, regardless of position.",),
    "general_patience": ("Whoever waits hangs up after a patience drawn from the given curve.",),
    "erlang_chat": (
        "A chat goes to the agent with the fewest chats.",
        "How fast a chat moves depends only on how many chats its agent has; durations are "
        "exponential.",
        "Waiting customers leave after an exponential patience; none leaves during a chat.",
    ),
}


def assumptions(steady_state: SteadyState) -> list[str]:
    """List the assumptions behind the metrics, one plain sentence each.

    Parameters
    ----------
    steady_state : SteadyState
        An answer of any formula of the package.

    Returns
    -------
    list of str
        What has to hold for the metrics to be exact; reasons why a simulation may differ.
    """
    out = [*_ALWAYS]
    if not isinstance(steady_state, Chat):
        out.append(_HANDLE)
    out += _BY_MODEL.get(steady_state.model, ())
    if isinstance(steady_state, LimitedLines) and steady_state.model != "erlang_b":
        out.append("Who finds every line taken, in service or waiting, is turned away.")
    if isinstance(steady_state, GeneralPatience) and "balking" in steady_state.patience.name:
        out.append("A fixed share leaves at once when no agent is free.")
    out.append(
        "Lost contacts are not redialled unless redials are given; "
        "redials then come like fresh contacts."
    )
    return out
