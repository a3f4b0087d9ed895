"""A small scenario with touchpoints, segments, costs and a satisfaction model."""

from __future__ import annotations

SMALL_JOURNEYS = """
[center]
name = "Small shop"
open = "09:00-12:00"

[queue.calls]
volume = 40
talk = "exponential 4min"
patience = "exponential 3min"
resolved = "70%"
repeat = { share = "60%", after = "exponential 30min" }
cost_per_minute = 0.02

[queue.chat]
channel = "chat"
volume = 20
talk = "exponential 5min"
patience = "exponential 4min"
resolved = "60%"
repeat = { share = "60%", after = "exponential 30min", by = "voice" }

[group.team]
agents = 12
skills = { calls = 1, chat = 1 }
wage = 22

[touchpoint.delivery]
owner = "logistics"

[issue.late_parcel]
touchpoint = "delivery"
queues = { calls = "25%", chat = "30%" }
resolves = "80%"
prevented = "20%"

[segment.loyal]
share = "30%"
value = 400

[satisfaction]
contact = { value = 0.5, low = 0.4, high = 0.6, source = "own survey" }

[experiment]
runs = 4
"""
