"""The mirror of ZenTao: what waits to be written there, and what is read from there."""
