from tests.commands.test_close import *  # noqa: F403
