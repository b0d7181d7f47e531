"""A stand-in for the Slack platform, as a local server that the real SDK talks to.

It keeps state (people, conversations, threads, views, files, tokens), refuses what the platform
refuses, and has the person's client on the other side: people type commands, press buttons and fill
in forms, and the app gets what Slack would send it. Facts come from Slack's documentation, its SDKs
and its published types.
"""

from __future__ import annotations

from tests.fakes.slack.faults import Fault
from tests.fakes.slack.platform import FakeSlack
from tests.fakes.slack.refusal import CannotDo
from tests.fakes.slack.signing import Signature
from tests.fakes.slack.world import ApiCall, Seen

__all__ = ["ApiCall", "CannotDo", "FakeSlack", "Fault", "Seen", "Signature"]
