"""Sums of one replication, compiled: the twin of :mod:`sim.metrics.tally`.

What the tally reads from the tables of a log is summed here from the notes of the compiled
engine, without a log being made. ``leg`` is one of its records, ``judge`` what a queue is
judged by, ``sums`` has the shape (names of sums, queues or groups times intervals) and ``cell``
is a place on its second axis. Both give the same numbers, equal to the bit, since all sums of
seconds are exact.
"""
