"""Deliveries of the outbox to Slack."""
