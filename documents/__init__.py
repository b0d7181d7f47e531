"""Files that people take away: minutes, change records, plans, charts, calendars."""
