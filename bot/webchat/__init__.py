"""The built-in web chat: the first surface, ready without any account elsewhere."""
