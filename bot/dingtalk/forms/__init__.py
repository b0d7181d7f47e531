"""Forms in DingTalk: asked field by field, or filled in on an interactive card."""
