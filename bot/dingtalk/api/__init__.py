"""Calls to DingTalk: tokens, the month's calls, and what an answer means."""
