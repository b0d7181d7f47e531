from tests.commands.test_change_dialog import *  # noqa: F403
