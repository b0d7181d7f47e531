"""The built-in tracker: stories, their versions and history."""
