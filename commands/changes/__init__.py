"""``/change``: the use cases of change requests, by subject."""
