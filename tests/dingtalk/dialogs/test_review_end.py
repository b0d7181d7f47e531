from tests.commands.test_review_end import *  # noqa: F403
