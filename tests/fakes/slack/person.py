"""A person with their client: what they can type, press and fill in."""

from __future__ import annotations

from tests.fakes.slack.desk import Desk
from tests.fakes.slack.pressing import Pressing
from tests.fakes.slack.saying import Saying
from tests.fakes.slack.submitting import Submitting

__all__ = ["Desk", "Person"]


class Person(Saying, Pressing, Submitting):
    """Everything that one person does. Calls wait for the app's acknowledgement.

    What their client would not let them do raises ``CannotDo``.
    """
