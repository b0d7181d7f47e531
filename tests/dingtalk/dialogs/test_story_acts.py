from tests.commands.test_story_acts import *  # noqa: F403
