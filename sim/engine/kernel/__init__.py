"""The fast engine: the reference engine's rules, lists and stories, compiled.

The files follow the reference: ``floor`` is the twin of :mod:`sim.engine.floor`, ``contact``
and ``staff`` of the stories in :mod:`sim.engine.reference`, ``loop`` of SimPy's clock.
``tables`` lays out what they work on, ``engine`` is the way in.
"""
