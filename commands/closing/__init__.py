"""``/close`` and ``/verify``: how a story comes to be closed."""
