"""A lesson as small as can be: two hours, few calls, a number to decide."""

from sim.training import parse_lesson

SMALL = """
title   = "Two of them"
number  = 12
minutes = 5
summary = "How many agents a small shop needs."
told    = ["load"]
text    = "{calls} calls an hour of {handle} make a load of {load}."

scenario = '''
[center]
name   = "Small shop"
length = "2h"

[queue.calls]
volume = "{calls} an hour"
talk   = "exponential {handle}"
target = "80% in 20s"

[group.team]
agents = 3
skills = { calls = 1 }
'''

[given]
calls  = 20
handle = "180s"
target = "80/20"
more   = 40

[formula.load]
figure = "load_erlangs"
calls  = "{calls}"
aht    = "{handle}"

[formula.need]
figure = "agents"
calls  = "{calls}"
aht    = "{handle}"
target = "{target}"

[formula.more_need]
figure = "agents"
calls  = "{more}"
aht    = "{handle}"
target = "{target}"

[compute.spare]
formula = "need - load"

[simulate.level]
figure = "service_level"
change = { "group.team.agents" = "{need}" }

[prediction]
question  = "How many agents keep {target}?"
truth     = "need"
tolerance = 1
low       = 0
high      = 50

[decision]
question  = "How many do you take?"
path      = "group.team.agents"
low       = 1
high      = 9
truth     = "need"
tolerance = 1
why       = "{need} are needed, you took {decision}."

[reveal]
title   = "Service level against agents"
path    = "group.team.agents"
values  = [2, 3]
formula = "erlang_c"
runs    = 3

[debrief]
changed = "{need} agents, {spare} more than the work; simulated {level}."
law     = "Work is not headcount."
monday  = "Ask the formula."

[transfer]
question  = "And with {more} calls?"
truth     = "more_need"
tolerance = 0
low       = 0
explain   = "{more_need} are needed."
"""


def small(*changes, name="mine"):
    """The small lesson with some pieces of its text replaced, each of which must be there."""
    return parse_lesson(changed(*changes), name, file="mine.toml")


def changed(*changes):
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text
