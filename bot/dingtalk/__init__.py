"""DingTalk: what is said to Duban there, and how Duban answers."""
