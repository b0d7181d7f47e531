"""The composition root, the settings, the command line, and one package per surface."""
