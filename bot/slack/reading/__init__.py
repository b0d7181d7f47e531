"""What Slack says that people did, as plain values and as requests."""
