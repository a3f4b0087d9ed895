"""A scenario from a call log: estimates, closing of the loop, errors on days left out."""
