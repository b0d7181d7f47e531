"""``/pool``: the requirement pool, by subject."""
