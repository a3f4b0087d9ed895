"""Where money helps most: levers alone, the best mix under a budget, and what would change it."""
