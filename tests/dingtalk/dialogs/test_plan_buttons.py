from tests.commands.test_plan_buttons import *  # noqa: F403
