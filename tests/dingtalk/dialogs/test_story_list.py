from tests.commands.test_story_list import *  # noqa: F403
