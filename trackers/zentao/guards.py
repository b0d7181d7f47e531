"""What must not be sent to ZenTao, because the server takes everything.

It guards no transition, checks no id and stores any word, so each of these is asked before a write.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import UserError
from domain.stories import Status, Verdict
from domain.story_machine import Act, check
from trackers.zentao.book import AccountBook
from trackers.zentao.errors import ZentaoForeign
from trackers.zentao.remote import RemoteStory


def ours(remote: RemoteStory, book: AccountBook) -> None:
    """No write to a story whose product is not bound to one of ours."""
    if book.product_of(remote.product_ref) is None:
        raise ZentaoForeign(remote.story.ref, remote.product_ref)


def allowed(act: Act, remote: RemoteStory) -> None:
    """The status machine, which ZenTao's API does not keep; and no guess about unknown statuses."""
    check(act, remote.story)
    if "status" in remote.odd:
        raise UserError("zentao.odd_status", ref=remote.story.ref, status=remote.status)


def revertible(remote: RemoteStory, verdict: Verdict) -> None:
    """Never ``revert`` on version 1: ZenTao would empty title and spec."""
    if verdict is Verdict.REVERT and remote.story.version <= 1:
        raise UserError("story.cannot.revert", ref=remote.story.ref)


def reviewed_change(
    remote: RemoteStory, reviewers: Sequence[str], *, review_required: bool
) -> None:
    """No change that takes effect at once where reviews are required: ZenTao skips it silently.

    A story that is ``changing`` stays so until it is submitted; its next draft skips nothing.
    """
    if review_required and not reviewers and remote.story.status is not Status.CHANGING:
        raise UserError("story.cannot.change_unreviewed", ref=remote.story.ref)


def voter(remote: RemoteStory, account: str) -> None:
    """Only a named reviewer who has not voted: another's vote empties the story's status."""
    if account not in remote.open_votes:
        raise UserError("zentao.no_vote", ref=remote.story.ref, account=account)


def account_of(book: AccountBook, person_id: str) -> str:
    """The account of a person; ``UserError`` naming them when it is not known."""
    found = book.account_of(person_id)
    if not found:
        raise UserError("zentao.no_account", who=book.name_of(person_id))
    return found


def accounts_of(book: AccountBook, people: Sequence[str]) -> list[str]:
    """The accounts of people, each once, always as a list: a text ends in HTTP 500."""
    return list(dict.fromkeys(account_of(book, person) for person in people))
