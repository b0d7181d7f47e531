"""A ZenTao server to test against: stateful, local, with the quirks of 22.4 and of 18.10.

What it does was seen on running servers; the recorded requests and answers are replayed against
it by ``tests/trackers/zentao/test_recordings.py``.
"""

from tests.fakes.zentao.fake import BOT, BOT_PASSWORD, FakeZentao
from tests.fakes.zentao.faults import Effect
from tests.fakes.zentao.server import Seen

__all__ = ["BOT", "BOT_PASSWORD", "Effect", "FakeZentao", "Seen"]
