"""Slack: commands, events and cards of one app in any number of Slack teams."""
