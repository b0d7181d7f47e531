"""A design as a card: what is known of it, who said that it changed, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from domain.designs import Design, DesignVersion
from domain.errors import NotFoundError
from domain.lanhu import DesignLink, find_links
from domain.messages import (
    Action,
    Block,
    Bullet,
    Bullets,
    Card,
    Fields,
    Heading,
    Inline,
    Join,
    Link,
    Moment,
    PersonRef,
    Strong,
    Style,
    T,
    Tone,
)
from storage.uow import UnitOfWork

_SHOWN = 8
"""So many postings are listed; the rest is in the log."""


def design_card(uow: UnitOfWork, design: Design) -> Card:
    """The card of a design as it stands."""
    pairs: list[tuple[Inline, Inline]] = [
        (T("lanhu.card.link"), Link(kind_text(design.link), design.link.url)),
        *_stories(uow, design),
        *_changes(uow, design),
    ]
    blocks: list[Block] = [Fields(tuple(pairs))]
    if design.versions:
        lines = tuple(Bullet(_line(uow, v)) for v in reversed(design.versions[-_SHOWN:]))
        blocks += [Heading(T("lanhu.card.versions", {"n": len(design.versions)})), Bullets(lines)]
    waiting = design.waiting
    return Card(
        title_of(design),
        tuple(blocks),
        _actions(uow, design) if waiting else (),
        status=T("lanhu.status.asked") if waiting else None,
        tone=Tone.WARN if waiting else Tone.INFO,
        key=f"design:{design.id}",
    )


def title_of(design: Design) -> Inline:
    """``D-3 首页原型``; without words beside the link, its kind."""
    name: Inline = design.note[:60] or T(f"lanhu.kind.{design.link.kind.value}")
    return T("lanhu.card.title", {"ref": design.ref, "name": name})


def kind_text(link: DesignLink) -> Inline:
    """What the link shows, with its version where it has one."""
    kind = T(f"lanhu.kind.{link.kind.value}")
    if not link.version:
        return kind
    return T("lanhu.with_version", {"kind": kind, "version": link.version[:8]})


def asking_card(uow: UnitOfWork, design: Design) -> Card:
    """The question whether a design that was posted again is a new one."""
    last = design.versions[-1]
    params: dict[str, Inline | int] = {"ref": design.ref, "who": who(uow, last.by)}
    lines = (
        Fields(
            (
                (T("lanhu.card.link"), Link(kind_text(last.link), last.link.url)),
                *_stories(uow, design),
            )
        ),
        *((Bullets((Bullet(last.note),)),) if last.note else ()),
    )
    return Card(
        T("lanhu.ask", params), lines, _actions(uow, design), tone=Tone.WARN,
        key=f"design:{design.id}",
    )  # fmt: skip


def unfurled(uow: UnitOfWork, url: str, hosts: Iterable[str]) -> Card | None:
    """What Duban knows of a pasted link; None when it is no design or nobody has noted it yet."""
    links = find_links(url, hosts)
    known = uow.designs.everywhere(links[0].key) if links else ()
    if not known:
        return None
    design = known[0]
    pairs: list[tuple[Inline, Inline]] = [
        (T("lanhu.card.kind"), kind_text(links[0])),
        *_stories(uow, design),
        *_changes(uow, design),
    ]
    changed = design.last_change
    if changed is not None:
        pairs.append((T("lanhu.card.last_change"), Moment(changed.said_at or changed.at)))
    return Card(title_of(design), (Fields(tuple(pairs)),), tone=Tone.INFO)


def who(uow: UnitOfWork, person_id: str | None) -> Inline:
    """A person as shown in a card; people who are gone have a word, too."""
    if person_id is None:
        return T("change.duban")
    try:
        return PersonRef(person_id, uow.people.get(person_id).name)
    except NotFoundError:
        return T("change.former_member")


def _stories(uow: UnitOfWork, design: Design) -> tuple[tuple[Inline, Inline], ...]:
    found = [s for n in design.stories if (s := uow.stories.find(n)) is not None]
    if not found:
        return ()
    return ((T("lanhu.card.stories"), Join(tuple(f"{s.ref} {s.title}" for s in found), ", ")),)


def _changes(uow: UnitOfWork, design: Design) -> tuple[tuple[Inline, Inline], ...]:
    refs = open_changes(uow, design)
    if not refs:
        return ()
    shown = Join(tuple(f"{ref} {what}" for ref, what in refs), ", ")
    return ((T("lanhu.card.changes"), shown),)


def open_changes(uow: UnitOfWork, design: Design) -> tuple[tuple[str, str], ...]:
    """Number and words of the change requests of its stories that are not settled."""
    found = {c.ref: c.content.what for n in design.stories for c in uow.changes.of_story(n)}
    return tuple(found.items())


def _line(uow: UnitOfWork, version: DesignVersion) -> Inline:
    parts: list[Inline] = [Moment(version.at), who(uow, version.by), kind_text(version.link)]
    if version.note:
        parts.append(version.note)
    if version.changed is not None:
        key = "lanhu.said.changed" if version.changed else "lanhu.said.same"
        said = T(key, {"who": who(uow, version.said_by)})
        parts.append(Strong(said) if version.changed else said)
    if version.marked:
        parts.append(T("lanhu.said.marked", {"text": version.marked}))
    return Join(tuple(parts), " · ")


def _actions(uow: UnitOfWork, design: Design) -> tuple[Action, ...]:
    ref = design.ref
    changes = open_changes(uow, design)
    same = Action(T("lanhu.button.same"), f"lanhu same {ref}")
    if len(changes) < 2:
        yes = Action(T("lanhu.button.changed"), f"lanhu changed {ref}", Style.PRIMARY)
        return (yes, same)
    each = tuple(
        Action(T("lanhu.button.changed_with", {"ref": cr}), f"lanhu changed {ref} {cr}")
        for cr, _ in changes[:4]
    )
    return (*each, same)
