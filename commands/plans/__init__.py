"""The use cases of ``/plan``, by subject."""
