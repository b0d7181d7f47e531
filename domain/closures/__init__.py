"""Closing a story: tested, verified by the product owner, agreed by the project manager, closed."""
