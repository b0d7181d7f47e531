from tests.commands.test_review_minutes import *  # noqa: F403
