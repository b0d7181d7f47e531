"""The web: the API for scripts, health and metrics, and what every page shares."""
