from tests.commands.test_story import *  # noqa: F403
