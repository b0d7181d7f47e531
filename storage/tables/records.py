"""Reviews, change requests, closures, action items: what is asked of the event streams."""
