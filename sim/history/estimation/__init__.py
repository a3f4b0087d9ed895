"""Estimators of what a scenario needs from a call log, each with a confidence interval."""
