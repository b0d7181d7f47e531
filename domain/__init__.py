"""The product owner's process as pure values and functions: standard library only, no I/O."""
