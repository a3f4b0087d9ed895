"""The fast engine: the reference engine's rules, lists and stories, compiled.

The files follow the reference: ``entities``, ``state``, ``routing_policy``, ``dispatch``,
``waiting``, ``recontacts``, ``trunks``, ``contacts`` and ``agents`` are each the twin of the file
of that subject in :mod:`sim.engine`, ``loop`` of SimPy's clock, ``draws`` of the draws of
:mod:`sim.tape`. ``layout`` says what they work on, ``encode`` fills it from a model and a tape,
``buffers`` holds the memory, ``containers`` keeps it in order; ``engine`` is the way in.
"""
