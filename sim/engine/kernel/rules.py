"""The shared rules, compiled: :mod:`sim.engine.rules`, draws and opening hours."""

from __future__ import annotations

from numba.extending import register_jitable

from sim import tape
from sim.distributions import scalar_quantile
from sim.engine import rules
from sim.engine.kernel.jit import compiled
from sim.model import opening_hours

for helper in (
    scalar_quantile.between, scalar_quantile.normal_quantile, scalar_quantile._ratio,
    opening_hours.first_open,
):  # fmt: skip
    register_jitable(helper)

agent_key = compiled(rules.agent_key)
announced_wait = compiled(rules.announced_wait)
bot_is_down = compiled(rules.bot_is_down)
call_starts = compiled(rules.call_starts)
callback_offered = compiled(rules.callback_offered)
changed_work = compiled(rules.changed_work)
choose_transfer = compiled(rules.choose_transfer)
conditions_at = compiled(rules.conditions_at)
day_at = compiled(rules.day_at)
event_order = compiled(rules.event_order)
has_context = compiled(rules.has_context)
has_waited = compiled(rules.has_waited)
interval_at = compiled(rules.interval_at)
leg_order = compiled(rules.leg_order)
queue_key = compiled(rules.queue_key)
rank_of = compiled(rules.rank_of)
recontact_cap = compiled(rules.recontact_cap)
service_speed = compiled(rules.service_speed)
share_resolved = compiled(rules.share_resolved)
session_outcome = compiled(rules.session_outcome)
share_by_announcement = compiled(rules.share_by_announcement)

agent_choice_number = compiled(tape.agent_choice_number)
choice_number = compiled(tape.choice_number)
next_closing = compiled(opening_hours.next_closing)
next_open = compiled(opening_hours.next_open)
quantile = compiled(scalar_quantile.quantile)
