from tests.commands.test_pool import *  # noqa: F403
