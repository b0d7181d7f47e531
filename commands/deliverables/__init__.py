"""The use cases of ``/deliverable``, by subject."""
