from tests.commands.test_action_dialog import *  # noqa: F403
