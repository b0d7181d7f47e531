"""``python -m benchmarks``: how fast Duban is, beside what the same work costs at the least."""
