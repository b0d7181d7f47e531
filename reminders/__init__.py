"""Rules, planner, digest and standup: what must be said to whom, and when."""
