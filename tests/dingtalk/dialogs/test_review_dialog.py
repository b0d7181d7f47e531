from tests.commands.test_review_dialog import *  # noqa: F403
