"""The terminal: a second way into the web chat's conversations, for people who live in a shell."""
