"""A center of three channels, open half of two days: calls, chats and mail share four agents."""

THREE_CHANNELS = """
[center]
days = 2
open = { mon = "00:00-12:00", tue = "00:00-12:00" }
interval = "60min"
[queue.calls]
channel = "voice"
volume = 60
talk = "60s"
target = "80% in 20s"
[queue.chat]
channel = "chat"
volume = 60
talk = "60s"
patience = "1min"
target = { service_level = "90%", within = "60s", variant = "answered_only" }
[queue.mail]
channel = "email"
volume = 60
talk = "60s"
due = "4h"
[group.all]
agents = 4
skills = { calls = 1, chat = 1, mail = 2 }
"""
