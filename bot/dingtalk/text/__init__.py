"""Cards as DingTalk's markdown, in pieces that it takes."""
