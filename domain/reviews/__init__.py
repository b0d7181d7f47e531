"""Review meetings: an append-only log of typed events, and what follows from it."""
