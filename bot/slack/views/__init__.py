"""What Slack shows beside messages: the home tab and unfurled links."""
