"""``/review``: the use cases of review meetings, by subject."""
