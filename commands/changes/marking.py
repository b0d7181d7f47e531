"""What a change does to a story, in plain words: its new description, and the marked content.

Both stand in the tracker, where people read them without a card beside: which words went and came,
why, who agreed, and which designs show it.
"""

from __future__ import annotations

import difflib

from commands.context import Context
from commands.plain import said
from domain.changes.state import ChangeRequest, LinkedDesign
from domain.errors import NotFoundError
from domain.lanhu import DesignLink, find_links
from domain.stories import Story

LONGEST = 4000
_MOST_LINES = 30
_OUT, _IN = "－ ", "＋ "


def new_spec(ctx: Context, change: ChangeRequest, story: Story) -> str:
    """The new description, with the designs as links."""
    return _with_designs(ctx, _said_spec(change, story), change.links)


def _said_spec(change: ChangeRequest, story: Story) -> str:
    """What was asked for. A change that came as one line is marked at the end of the old text."""
    content = change.content
    if content.spec:
        return content.spec
    if content.title or content.verify:
        return story.spec
    return f"{story.spec}\n\n【{change.ref}】{content.what}".strip()


def _with_designs(ctx: Context, text: str, links: tuple[DesignLink, ...]) -> str:
    """The text with every design linked once, in its latest version."""
    latest = {link.key: link for link in links}
    for old in find_links(text, ctx.services.design_hosts):
        new = latest.pop(old.key, None)
        if new is not None:
            text = text.replace(old.url, new.url)
    if not latest:
        return text
    heading = said(ctx.workspace.locale, "change.comment.designs")
    lines = [heading, *(link.url for link in latest.values())]
    return "\n".join((f"{text}\n", *lines) if text else lines)


def change_comment(ctx: Context, change: ChangeRequest, before: Story, record_url: str) -> str:
    """The comment beside the new version: what, why, who agreed, what is marked, the record."""
    locale, content = ctx.workspace.locale, change.content
    lines = [said(locale, "change.comment.head", ref=change.ref, what=content.what)]
    if content.reason:
        lines.append(said(locale, "change.comment.reason", text=content.reason))
    lines.append(_people(ctx, change))
    spec = _said_spec(change, before)
    lines += _marked(locale, before, content.title or before.title, spec, content.verify)
    lines += _designs(ctx, change)
    link = said(locale, "change.comment.record", url=record_url)
    text = "\n".join(lines)
    return f"{text[: LONGEST - len(link) - 1]}\n{link}"


def _people(ctx: Context, change: ChangeRequest) -> str:
    locale = ctx.workspace.locale
    author = _name(ctx, change.author)
    approved = said(locale, "change.comment.and").join(
        _name(ctx, approval.by) for approval in change.valid_approvals
    )
    return said(locale, "change.comment.people", author=author, approved=approved)


def _marked(locale: str, before: Story, title: str, spec: str, verify: str) -> list[str]:
    """The marked content: every line that goes and every line that comes."""
    out: list[str] = []
    pairs = (
        ("title", before.title, title),
        ("spec", before.spec, spec),
        ("verify", before.verify, verify or before.verify),
    )
    for name, old, new in pairs:
        found = _difference(old, new)
        if found:
            out += [said(locale, f"change.comment.{name}"), *found[:_MOST_LINES]]
            if len(found) > _MOST_LINES:
                out.append(said(locale, "change.comment.more", n=len(found) - _MOST_LINES))
    return out


def _difference(old: str, new: str) -> list[str]:
    olds = [x.strip() for x in old.splitlines() if x.strip()]
    news = [x.strip() for x in new.splitlines() if x.strip()]
    signs = {"- ": _OUT, "+ ": _IN}
    lines = difflib.ndiff(olds, news)
    return [signs[line[:2]] + line[2:] for line in lines if line[:2] in signs]


def _designs(ctx: Context, change: ChangeRequest) -> list[str]:
    last = {design.link.key: design for design in change.designs}
    return [_design(ctx, design) for design in last.values()]


def _design(ctx: Context, design: LinkedDesign) -> str:
    locale, link = ctx.workspace.locale, design.link
    shown = said(locale, f"lanhu.kind.{link.kind.value}")
    if link.version:
        shown = said(locale, "lanhu.with_version", kind=shown, version=link.version[:8])
    parts = [said(locale, "change.comment.design", kind=shown, url=link.url)]
    if design.note:
        parts.append(said(locale, "lanhu.said.marked", text=design.note))
    if design.changed:
        parts.append(said(locale, "lanhu.said.changed", who=_name(ctx, design.by)))
    return said(locale, "change.comment.comma").join(parts)


def _name(ctx: Context, person_id: str | None) -> str:
    if person_id is None:
        return said(ctx.workspace.locale, "change.duban")
    try:
        return ctx.uow.people.get(person_id).name
    except NotFoundError:
        return said(ctx.workspace.locale, "change.former_member")
