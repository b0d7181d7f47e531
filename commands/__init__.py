"""The registry and grammar, the dispatcher, and one module per command family."""
