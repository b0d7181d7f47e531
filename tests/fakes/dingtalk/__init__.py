"""A stand-in for the DingTalk platform, as a local server that the real stream SDK talks to.

It keeps state (people, groups, messages, cards, to-dos, media, tokens, calls of the month), refuses
what the platform refuses, and has the person's client on the other side: people write to the robot,
press what stands on cards and tick off to-dos, and the app gets what DingTalk would send it. Facts
come from DingTalk's documentation, its stream SDKs and its generated API models.
"""

from __future__ import annotations

from tests.fakes.dingtalk.cards import Card, CardScreen, Offer, Template
from tests.fakes.dingtalk.faults import Fault
from tests.fakes.dingtalk.outbound import Seen
from tests.fakes.dingtalk.people import User
from tests.fakes.dingtalk.platform import FakeDingtalk
from tests.fakes.dingtalk.refusal import CannotDo
from tests.fakes.dingtalk.rooms import Message, Room
from tests.fakes.dingtalk.world import ApiCall

__all__ = [
    "ApiCall",
    "CannotDo",
    "Card",
    "CardScreen",
    "FakeDingtalk",
    "Fault",
    "Message",
    "Offer",
    "Room",
    "Seen",
    "Template",
    "User",
]
