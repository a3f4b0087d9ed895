"""A morning of one queue, whose shifts are planned."""

MORNING = """# Which shifts keep the promise?
[center]
name = "Morning"
open = "08:00-12:00"
interval = "1h"
[queue.calls]
volume = [14, 40, 30, 12]
talk = "exponential 5min"
patience = "exponential 3min"
target = "80% in 20s"
[group.team]
agents = 4
skills = { calls = 1 }
[pattern.short]
lengths = "2h"
step = "1h"
[experiment]
runs = 20
"""
