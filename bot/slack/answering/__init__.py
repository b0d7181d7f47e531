"""How an act is done and its answer shown, within the time that Slack gives."""
