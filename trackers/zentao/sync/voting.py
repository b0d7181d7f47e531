"""The outcome of a review that was held in Duban, brought to ZenTao in the way that was chosen.

With own tokens, reviewers who said what was decided vote under their own names first. Who has no
token, and who said something else, is filled in for by Duban's account: ZenTao counts votes by a
rule of its own, in which one reject can close a story that the team's rule let pass. Their words
stand in the comment.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from domain.errors import DubanError
from domain.event_json import decode
from domain.settings import Votes
from domain.stories import Ballot, Status, Verdict
from domain.tracking import TrackerWrite, remote_number
from trackers.zentao.errors import ZentaoAway, ZentaoLogin
from trackers.zentao.port import Zentao

log = logging.getLogger("duban.zentao")

OwnViews = Callable[[str], Zentao | None]
"""ZenTao as one person sees it, by person id; None for whoever has given no token."""

Lapsed = Callable[[str], None]
"""Told of a person whose token is dead."""


def nobody(person_id: str) -> Zentao | None:
    """Where nobody has given a token."""
    del person_id
    return None


def forget(person_id: str) -> None:
    """Where nobody need be told."""
    del person_id


def decide(zentao: Zentao, write: TrackerWrite, mode: Votes, own: OwnViews, lapsed: Lapsed) -> None:
    """Record the outcome of a review; what ZenTao does not take raises."""
    number, verdict = remote_number(write.number), Verdict(write.args["verdict"])
    comment = str(write.args["comment"])
    ballots = [decode(Ballot, each) for each in write.args.get("ballots", ())]
    if mode is Votes.TOKENS:
        _cast(number, [b for b in ballots if b.verdict is verdict], own, lapsed)
        if zentao.remote(number).story.status is not Status.REVIEWING:
            # The last of them has decided it; what the review said is added in words.
            zentao.comment(number, comment, write.actor)
            return
    zentao.voting(mode).record_verdict(number, verdict, comment, write.actor)


def _cast(number: int, ballots: Sequence[Ballot], own: OwnViews, lapsed: Lapsed) -> None:
    for ballot in ballots:
        view = own(ballot.person_id)
        if view is None:
            continue
        try:
            view.vote(number, ballot.verdict, ballot.comment, ballot.person_id)
        except ZentaoAway:
            raise
        except ZentaoLogin:
            lapsed(ballot.person_id)
        except DubanError as error:
            # No reviewer of this version there, or voted already: the outcome does not need it.
            log.info("zentao.own_vote_left", extra={"story": number, "reason": error.key})
