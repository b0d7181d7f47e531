from tests.commands.test_change_approval import *  # noqa: F403
