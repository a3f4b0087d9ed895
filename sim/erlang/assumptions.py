"""What a formula takes for granted, in plain words, to be laid beside a simulation."""

from __future__ import annotations

from sim.erlang.chat import Chat
from sim.erlang.finite_capacity import LimitedLines
from sim.erlang.mmn_g import GeneralPatience
from sim.erlang.steady_state import Figures

_ALWAYS = (
    "Contacts come at random (Poisson) at one known rate; days do not differ.",
    "The queue is in its long-run state: no empty start, no carry-over from the interval before.",
    "One queue, answered in order of arrival by agents who can all do all of it equally well.",
    "Agents are always there and ready: no breaks, no late starts, no work after the contact "
    "beyond the handle time.",
)
_HANDLE = "Handle times are exponential and do not depend on load, agent or wait."
_BY_MODEL = {
    "erlang_b": ("Nobody can wait: who finds every line busy is turned away.",),
    "erlang_c": ("Nobody hangs up, however long the wait.",),
    "erlang_a": ("Whoever waits hangs up after an exponential patience, regardless of position.",),
    "general_patience": ("Whoever waits hangs up after a patience drawn from the given curve.",),
    "erlang_chat": (
        "A chat goes to the agent with the fewest chats.",
        "How fast a chat moves depends only on how many chats its agent has; durations are "
        "exponential.",
        "Whoever waits leaves after an exponential patience; nobody leaves during a chat.",
    ),
}


def assumptions(figures: Figures) -> list[str]:
    """List the assumptions behind the figures, one plain sentence each.

    Parameters
    ----------
    figures : Figures
        An answer of any formula of the package.

    Returns
    -------
    list of str
        What has to hold for the figures to be exact; reasons why a simulation may differ.
    """
    out = [*_ALWAYS]
    if not isinstance(figures, Chat):
        out.append(_HANDLE)
    out += _BY_MODEL.get(figures.model, ())
    if isinstance(figures, LimitedLines) and figures.model != "erlang_b":
        out.append("Who finds every line taken, in service or waiting, is turned away.")
    if isinstance(figures, GeneralPatience) and "balking" in figures.patience.name:
        out.append("A fixed share leaves at once when nobody is free.")
    out.append(
        "Those who get no answer do not try again, unless redials were asked for; "
        "redials then come like fresh contacts."
    )
    return out
