"""Where a story that was read belongs: into the mirror, or out of it."""

from __future__ import annotations

from dataclasses import replace

from domain.errors import OutsideError, UserError
from domain.messages import Inline, T
from domain.tracking import ImportState, remote_number
from storage.uow import UnitOfWork
from trackers.zentao.errors import ZentaoBroken, ZentaoForbidden, ZentaoGone
from trackers.zentao.remote import RemoteStory
from trackers.zentao.sync.bench import Bench
from trackers.zentao.sync.gone import take_out
from trackers.zentao.sync.mirror import Taken, local_number, take
from trackers.zentao.sync.notes import spread


def refresh(bench: Bench, number: int) -> None:
    """Read one story of ours anew, whatever has become of it.

    What is wrong with this story alone is left to the next sweep; a server that is away raises.

    :param number: as we call it.
    """
    try:
        remote = bench.zentao.remote(remote_number(number))
    except ZentaoGone as gone:
        with bench.write() as uow:
            _out(bench, uow, number, gone.text)
    except OutsideError as error:
        if not isinstance(error, ZentaoBroken):
            raise
        _look_again(bench, number)
    except (UserError, ZentaoForbidden):
        _look_again(bench, number)
    else:
        with bench.write() as uow:
            place(bench, uow, remote, whole=True)


def place(
    bench: Bench, uow: UnitOfWork, remote: RemoteStory, *, whole: bool, since: int | None = None
) -> Taken | None:
    """Put a story where it belongs, and tell what others did to it.

    None when it is not of a product that is kept in step. For the parameters see ``take``.
    """
    now = bench.now()
    product_id = bench.book.product_of(remote.product_ref)
    number = remote.story.number
    if remote.deleted:
        _out(bench, uow, number, T("tracker.gone_deleted"))
        return None
    item = uow.tracker_imports.get(product_id) if product_id else None
    if product_id is None or item is None:
        _out(bench, uow, number, T("tracker.gone_moved"))
        return None
    taken = take(uow, remote, product_id, now, whole=whole, since=since)
    if item.state is not ImportState.READY or taken.stale:
        return taken
    if taken.before is None and whole and not _made_by_us(remote):
        taken = replace(taken, made=True, fresh=remote.actions)
    spread(uow, taken, now)
    return taken


def _made_by_us(remote: RemoteStory) -> bool:
    return any(a.ours and a.action.action == "opened" for a in remote.actions)


def _out(bench: Bench, uow: UnitOfWork, number: int, reason: Inline) -> None:
    """Take it out of the mirror, if it is in there and its product is still kept in step."""
    local = local_number(uow, remote_number(number))
    story = uow.stories.find(local)
    if story is None or uow.tracker_stories.get(local) is None:
        return
    if uow.tracker_imports.get(story.product_id) is not None:
        take_out(uow, story, reason, bench.now())


def _look_again(bench: Bench, number: int) -> None:
    with bench.write() as uow:
        row = uow.tracker_stories.get(local_number(uow, remote_number(number)))
        if row is not None:
            uow.tracker_stories.save(replace(row, listing=""))
