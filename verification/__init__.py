"""The formulas and the simulation against what is known: ``python -m verification``."""
