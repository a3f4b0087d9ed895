"""The tally of one replication from the tables of the compiled engine, compiled.

What :mod:`sim.metrics.tally` computes from the tables of a log is computed here from the rows of
the compiled engine, without a log. Both give the same numbers, equal to the bit, since all sums of
seconds are exact.

Arguments: ``leg`` is one row of legs, ``target`` the targets of its queue; ``sums`` has the shape
(names of sums, queues or groups times intervals), ``column`` is a place on its second axis;
``span`` holds ``FROM`` and so on of :mod:`sim.metrics.kernel.agent_time`.
"""
