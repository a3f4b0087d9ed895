"""The fast engine: the reference engine's rules, lists and stories, compiled.

The files follow the reference: ``cast``, ``floor``, ``decisions``, ``routing``, ``waiting``,
``again``, ``contacts`` and ``staff`` are each the twin of the file of that name in
:mod:`sim.engine`, ``loop`` of SimPy's clock, ``chance`` of the draws of :mod:`sim.tape`.
``tables`` lays out what they work on, ``building`` fills it from a model and a tape, ``lists``
keeps it in order; ``engine`` is the way in.
"""
