"""History: what was recorded of a contact center, read and estimated from."""
