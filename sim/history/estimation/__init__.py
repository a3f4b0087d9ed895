"""Estimators of what a scenario needs from a call log, each with a confidence interval.

Modules by what they estimate: `arrival_rates`, `day_variation`, `volume_trend`, `patience_curve`,
`patience_models`, `duration_models` (talk and wrap-up), `presences`, `agent_differences`,
`gap_after_contact`, `quiet_readiness`, `repeat_calls`, `agent_skills`, `service_order`,
`issue_records`, `satisfaction_fit`, `drift`. They work on arrays of a
:class:`~sim.history.call_log.CallLog` and share the days that a
:class:`~sim.history.estimation.day_bootstrap.DayBootstrap` drew.
"""
