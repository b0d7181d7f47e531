"""Calls to Slack's Web API, and the tokens that they are made with."""
