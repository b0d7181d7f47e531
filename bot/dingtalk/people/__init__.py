"""People, groups and companies of DingTalk as ours."""
