"""Neutral messages become text or HTML for one reader, in their language and zone."""
