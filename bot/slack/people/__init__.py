"""People and channels of Slack as ours."""
