"""Deliveries of the outbox to DingTalk."""
