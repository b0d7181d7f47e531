"""The Word templates that Duban ships, and the script that builds them."""
