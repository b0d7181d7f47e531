from tests.commands.test_plan_import import *  # noqa: F403
