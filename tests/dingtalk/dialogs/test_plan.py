from tests.commands.test_plan import *  # noqa: F403
