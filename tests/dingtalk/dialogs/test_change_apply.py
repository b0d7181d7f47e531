from tests.commands.test_change_apply import *  # noqa: F403
