"""What synchronisation, set-up and the doctor ask of ZenTao beyond the ``Tracker`` port."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from domain.ports import Tracker
from domain.settings import Votes
from domain.stories import ClosedReason, Story, StoryDraft, Verdict
from domain.tracking import RemoteAccount, RemotePlan, RemoteProduct
from trackers.zentao.remote import FeedPage, RemoteStory, Right, ServerFacts, StoryPage


class Zentao(Tracker, Protocol):
    """A ZenTao server seen by one account.

    Every call is HTTP and takes up to the time-out (30 s by default): never inside a database
    transaction. All of them raise the family of :mod:`trackers.zentao.errors`:
    ``ZentaoAway`` (later; ``doubtful`` says whether a write may have arrived), ``ZentaoBroken``,
    ``ZentaoLogin``, ``ZentaoForbidden``, ``ZentaoGone``, ``ZentaoForeign``, ``ZentaoConflict``,
    ``ZentaoRefused`` with ZenTao's own sentence.

    Comments are signed with the person who acted (the account in ZenTao is the bot's); the
    signature is taken off again when they are read.
    """

    def let_go(self) -> None:
        """Let go of the connections."""
        ...

    def looking_first(self) -> Zentao:
        """The same server for a write that may have been carried out already.

        Each write of the answered one reads first, and does nothing when what it wants is there.
        """
        ...

    def voting(self, votes: Votes) -> Zentao:
        """The same server where outcomes of reviews are recorded in another way."""
        ...

    def created_already(
        self, draft: StoryDraft, since: datetime, known: Collection[int] = (), actor: str = ""
    ) -> Story | None:
        """The story that an earlier try with this draft made since then, if it did.

        Creating is the one write that :meth:`looking_first` cannot look for: ask this first. What
        that try left undone is done, in the name of the actor.

        :param known: numbers that other drafts have made: the same title may be wanted twice.
        """
        ...

    def remote(self, number: int) -> RemoteStory:
        """The story with its history and what ZenTao alone knows; ``ZentaoGone`` if there is none.

        It is answered even when its product is not ours.
        """
        ...

    def page(self, product_ref: str, page: int, *, size: int = 500) -> StoryPage:
        """One page (from 1) of all stories of a product, the closed ones too, without their texts.

        Deleted ones are missing, and so are those that have moved to another product.
        """
        ...

    def feed(self, cursor: int, since: datetime, *, product_ref: str = "") -> FeedPage:
        """What happened after a cursor: one request when it is quiet (22.x).

        :param since: the instant of the cursor's action (``FeedPage.cursor_at``).
        :param product_ref: needed where the server has no action log (18.x).
        """
        ...

    def newest(self) -> FeedPage:
        """The cursor to begin with: the newest action, and none before it."""
        ...

    def products(self) -> tuple[RemoteProduct, ...]:
        """The products that the account can see."""
        ...

    def plans(self, product_ref: str) -> tuple[RemotePlan, ...]:
        """The plans of a product, by id."""
        ...

    def plan(self, ref: str) -> RemotePlan:
        """One plan; ``NotFoundError`` if there is none."""
        ...

    def create_plan(
        self, product_ref: str, title: str, begins: date | None, ends: date | None
    ) -> RemotePlan:
        """Make a plan; without days it is undated."""
        ...

    def edit_plan(
        self,
        ref: str,
        *,
        title: str | None = None,
        begins: date | None = None,
        ends: date | None = None,
    ) -> RemotePlan:
        """Change a plan's name or days; None leaves it as it is."""
        ...

    def users(self) -> tuple[RemoteAccount, ...]:
        """All accounts, with what may tell who they are."""
        ...

    def user(self, account: str) -> RemoteAccount | None:
        """One account with its profile, or None."""
        ...

    def vote(self, number: int, verdict: Verdict, comment: str, actor: str) -> Story:
        """The calling account's own vote as a reviewer; the last one decides.

        With a reviewer's own token (another client) this is that person's vote.
        """
        ...

    def close_as_duplicate(self, number: int, of: int, comment: str, actor: str) -> Story:
        """Close as a duplicate of another story."""
        ...

    def close_rejected(self, number: int, reason: ClosedReason, comment: str, actor: str) -> Story:
        """The outcome “rejected” with another reason than “will not do”."""
        ...

    def url(self, number: int) -> str:
        """The story's web page."""
        ...

    def facts(self) -> ServerFacts:
        """What the server is like; asked once and remembered."""
        ...

    def rights(self) -> tuple[Right, ...]:
        """The privileges that the account needs, each tried without changing anything."""
        ...

    def reviewable_by(self, accounts: Sequence[str]) -> tuple[str, ...]:
        """Those of the accounts that exist: ZenTao stores any word as a reviewer."""
        ...
