"""Shifts: which are worked at least cost so that a requirement is covered or goals are reached."""
