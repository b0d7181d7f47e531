"""How Slack reaches Duban: over HTTP or Socket Mode, through Bolt."""
