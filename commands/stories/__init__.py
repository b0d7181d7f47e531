"""``/story``: the use cases of stories, by subject."""
