"""The effect of an outbox row ``tracker``: what was agreed in chat comes to stand in ZenTao.

Before a write ZenTao is looked at: what is there already is not done twice, and what somebody
changed there meanwhile is not overwritten. Afterwards it is read back into the mirror. HTTP happens
outside every transaction.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace

from domain.errors import ConflictError, DubanError, OutsideError
from domain.messages import Inline, T
from domain.ports import Retry
from domain.settings import rules_of
from domain.stories import Story, StoryDraft
from domain.tracking import (
    TrackerWrite,
    WriteAct,
    WriteState,
    clashes,
    is_there,
    remote_number,
)
from storage.messaging import OutboxItem
from trackers.zentao.errors import (
    ZentaoAway,
    ZentaoBroken,
    ZentaoConflict,
    ZentaoGone,
    ZentaoLogin,
)
from trackers.zentao.port import Zentao
from trackers.zentao.remote import RemoteStory
from trackers.zentao.sync.bench import Bench
from trackers.zentao.sync.cards import sheet_card
from trackers.zentao.sync.gone import settle_gone
from trackers.zentao.sync.health import in_trouble, recovered
from trackers.zentao.sync.performing import draft_of, perform
from trackers.zentao.sync.settling import (
    settle_clash,
    settle_done,
    settle_refused,
    settle_unrecorded,
    tell,
)
from trackers.zentao.sync.voting import decide

log = logging.getLogger("duban.zentao")

BROKEN_TRIES = 4
"""How often a server error, or one that nobody foresaw, is tried again before this one write comes
back to who asked: the others of its product wait behind it."""
CLOSED = 300.0
"""Seconds until the next try where somebody must do something first (a stronger password …)."""
RACES = 3
"""How often a story may change under our hands before the write waits a little."""


class Delivering:
    """Delivers the writes of one workspace."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def run(self, item: OutboxItem) -> None:
        """Deliver the row's writes in their order; :class:`Retry` keeps the lane waiting."""
        doubtful, tries = item.doubtful, item.attempts
        writes = [str(each) for each in item.payload["writes"]]
        for write_id in writes:
            with self._bench.read() as uow:
                write = uow.tracker_writes.get(write_id)
            if write.state is not WriteState.WAITING:
                continue
            _Try(self._bench, write, doubtful=doubtful, tries=tries).run()
            # Only the first that was not settled can have been begun before.
            doubtful, tries = False, 0
        self._progress(writes[-1])

    def _progress(self, write_id: str) -> None:
        """After each part of a sheet: how far it is; at the end, a word to everybody concerned."""
        with self._bench.read() as uow:
            write = uow.tracker_writes.get(write_id)
        if write.act is not WriteAct.CREATE or write.args["first"] == write.args["last"]:
            return
        now = self._bench.now()
        with self._bench.write() as uow:
            writes = uow.tracker_writes.between(write.args["first"], write.args["last"])
            tell(uow, write, sheet_card(writes), now)
            done = [w for w in writes if w.state is WriteState.DONE]
            told = f"tracker-sheet:{writes[0].id}"
            over = all(w.state is not WriteState.WAITING for w in writes)
            if over and done and uow.inbox.answer(told) is None:
                uow.inbox.add(told, now, {})
                stories = uow.stories.many([w.number for w in done])
                self._bench.teller.sheet_created(uow, done, stories)


class _Try:
    """One try of one write."""

    def __init__(self, bench: Bench, write: TrackerWrite, *, doubtful: bool, tries: int) -> None:
        self._bench = bench
        self._write = write
        self._doubtful = doubtful
        self._tries = tries
        self._begun = False
        self._settling = False

    def run(self) -> None:
        try:
            self._bench.renew_book()
            self._deliver()
        except DubanError as error:
            if self._settling:
                self._not_settled(error)
            else:
                self._failed(error)
        except Exception as error:  # noqa: BLE001 (it is logged, and comes back to who asked)
            self._unforeseen(error)
        else:
            recovered(self._bench)

    def _not_settled(self, error: DubanError) -> None:
        """ZenTao has done its part: what fails now is ours, and no refusal of theirs."""
        if isinstance(error, OutsideError | ConflictError):  # the disk, the database: it will pass
            extra = {"write": self._write.id}
            log.error("zentao.not_settled", exc_info=error, extra=extra)
            raise Retry(10.0, str(error), patient=True, sent=True) from error
        self._unforeseen(error)

    def _unforeseen(self, error: Exception) -> None:
        """A mistake of ours, or an answer that nobody foresaw: after some tries it comes back."""
        reference = secrets.token_hex(4)
        extra = {"write": self._write.id, "reference": reference}
        log.error("zentao.write_failed", exc_info=error, extra=extra)
        if self._tries < BROKEN_TRIES:
            sent = self._doubtful or self._begun or self._settling
            raise Retry(30.0 * 2**self._tries, repr(error)[:500], sent=sent) from error
        if self._settling:
            with self._bench.write() as uow:
                settle_unrecorded(uow, self._write, reference, self._bench.now())
            return
        self._refuse(T("tracker.unforeseen", {"reference": reference}))

    def _failed(self, error: DubanError) -> None:
        """ZenTao did not take it: later, or never."""
        match error:
            case ZentaoAway():
                self._later(error, error.seconds, patient=True)
            case ZentaoLogin():
                self._later(error, self._until(error), patient=True)
            case ZentaoBroken() if self._tries < BROKEN_TRIES:
                self._later(error, 30.0 * 2**self._tries, patient=False)
            case ZentaoBroken():
                self._refuse(error.text)
            case ZentaoConflict():
                self._later(error, 5.0, patient=True)
            case OutsideError():
                self._later(error, CLOSED, patient=True)
            case ZentaoGone():
                self._gone(error)
            case _:
                self._refuse(error.text)

    def _deliver(self) -> None:
        if self._write.act is WriteAct.CREATE:
            self._create()
            return
        for race in range(1, RACES + 1):
            try:
                self._once()
            except ZentaoConflict:
                if race == RACES:
                    raise
            else:
                return

    def _once(self) -> None:
        write, zentao = self._write, self._zentao()
        remote = self._read()
        # An earlier try may have done a part: then the gateway looks itself, and does the rest.
        if not self._doubtful and is_there(write, remote.story):
            self._say_so(remote)
        elif not write.forced and clashes(write, remote.story):
            self._settling = True
            with self._bench.write() as uow:
                settle_clash(uow, write, remote, self._bench.now())
            return
        else:
            self._begun = True
            self._perform(zentao)
            remote = self._read()
        self._settling = True
        with self._bench.write() as uow:
            settle_done(uow, write, remote, self._bench.now())

    def _perform(self, zentao: Zentao) -> None:
        write, bench = self._write, self._bench
        if write.act is not WriteAct.VERDICT:
            perform(zentao, write)
            return
        with bench.read() as uow:
            mode = rules_of(uow.products.get(write.product_id)).zentao_votes or bench.votes
        decide(zentao, write, mode, bench.own, bench.lapsed)

    def _say_so(self, remote: RemoteStory) -> None:
        """Somebody did the same there: the words that came with ours are not lost."""
        comment = str(self._write.args.get("comment", ""))
        if comment.strip() and not self._doubtful:
            self._begun = True
            self._zentao().comment(remote.story.number, comment, self._write.actor)

    def _create(self) -> None:
        write, zentao = self._write, self._bench.zentao
        with self._bench.read() as uow:
            plan_id = write.args["draft"].get("plan_id")
            plan = uow.plans.many((plan_id,)).get(plan_id) if plan_id else None
        draft = draft_of(write, plan_there=plan is not None and plan.tracker_ref is not None)
        # What was refused may have been made all the same: a later step was what was not taken.
        unsure = self._doubtful or write.problem is not None
        made = self._made_before(draft) if unsure else None
        if made is None:
            self._begun = True
            made = zentao.create(draft, write.actor)
        remote = zentao.remote(made.number)
        self._settling = True
        self._write = replace(write, number=made.number)
        with self._bench.write() as uow:
            now = self._bench.now()
            story = settle_done(uow, replace(write, number=made.number), remote, now).story
            if story.number != made.number:
                settled = uow.tracker_writes.get(write.id)
                uow.tracker_writes.save(replace(settled, number=story.number))
            if plan is not None and story.plan_id is None:
                state = uow.stories.state(story.number)
                story = replace(story, plan_id=plan.id)
                uow.stories.update(replace(state, story=story))
            if write.args["first"] == write.args["last"]:
                self._bench.teller.created(uow, uow.tracker_writes.get(write.id), story)

    def _made_before(self, draft: StoryDraft) -> Story | None:
        """The story that a try made whose end is not recorded; never that of another write."""
        with self._bench.read() as uow:
            others = uow.tracker_writes.created(self._write.product_id)
        known = [remote_number(number) for number in others]
        begun, actor = self._write.queued_at, self._write.actor
        return self._bench.zentao.created_already(draft, begun, known, actor)

    def _zentao(self) -> Zentao:
        zentao = self._bench.zentao
        # What came back once may have been done in part all the same: then only the rest is.
        unsure = self._doubtful or self._write.problem is not None
        return zentao.looking_first() if unsure else zentao

    def _read(self) -> RemoteStory:
        number = remote_number(self._write.number)
        remote = self._bench.zentao.remote(number)
        if remote.deleted:
            raise ZentaoGone(f"S{self._write.number}", "")
        return replace(remote, story=replace(remote.story, number=number))

    # -- what did not go through

    def _later(self, error: DubanError, seconds: float, *, patient: bool) -> None:
        in_trouble(self._bench, error)
        sent = self._doubtful or self._begun
        raise Retry(seconds, str(error), patient=patient, sent=sent) from error

    def _until(self, login: ZentaoLogin) -> float:
        if login.until is None:
            return 60.0
        return max(1.0, (login.until - self._bench.now()).total_seconds())

    def _refuse(self, reason: Inline) -> None:
        remote = self._truth() if self._write.act is not WriteAct.CREATE else None
        try:
            self._settle_refused(reason, remote)
        except Exception:
            if remote is None:
                raise
            # The mirror cannot take in what stands there; who asked is told all the same.
            log.exception("zentao.not_taken_in", extra={"write": self._write.id})
            self._settle_refused(reason, None)

    def _settle_refused(self, reason: Inline, remote: RemoteStory | None) -> None:
        with self._bench.write() as uow:
            settle_refused(uow, self._write, reason, remote, self._bench.now())

    def _truth(self) -> RemoteStory | None:
        """The story as it stands there now, if that can be known: the mirror is set right by it."""
        try:
            return self._read()
        except Exception as error:
            log.warning("zentao.truth_unknown", extra={"write": self._write.id}, exc_info=error)
            return None

    def _gone(self, error: ZentaoGone) -> None:
        with self._bench.write() as uow:
            settle_gone(uow, self._write, error.text, self._bench.now())
