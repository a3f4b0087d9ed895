"""The planner in the browser: pages that call `sim` and hold no arithmetic of their own."""
