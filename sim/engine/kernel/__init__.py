"""The compiled engine: the rules, queues and processes of the reference engine, for speed.

The files follow the reference: each is the twin of the file of that name in :mod:`sim.engine`,
function by function. ``loop`` stands for SimPy's clock; where a process of the reference waits, it
is cut here, and events call the pieces. ``layout`` says which tables the functions work on,
``encode`` fills those of the model and the tape, ``buffers`` makes those of the state; ``tables``
and ``rows`` are how compiled functions reach them. ``jit`` compiles; ``engine`` is the way in.
"""
