"""The least staff whose goals hold when it is simulated."""
