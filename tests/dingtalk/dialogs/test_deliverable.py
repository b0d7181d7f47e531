from tests.commands.test_deliverable import *  # noqa: F403
