from tests.commands.test_plan_phases import *  # noqa: F403
