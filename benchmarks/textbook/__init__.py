"""Shipped scenarios as models that users of SimPy write: the baseline of all speeds.

Each is a function of a seed that simulates one replication and returns its waits.
"""
