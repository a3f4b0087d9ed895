"""Interval tables as planners have them, read in one way for all who need them."""
