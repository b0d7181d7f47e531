from tests.commands.test_plan_shift import *  # noqa: F403
