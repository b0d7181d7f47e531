"""Opening, changing and keeping modals."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from bot.cards.html import Choices
from bot.slack.answering.act import Act
from bot.slack.answering.pens import Pen, Pens
from bot.slack.answering.stories import StoryMenu, story_menu
from bot.slack.api.asking import Refused
from bot.slack.api.webapi import WebApi
from bot.slack.blocks import Metadata, form_view, loading_view, notice_view
from bot.slack.blocks.inputs import FIELD
from bot.slack.reading.incoming import Json, part
from bot.webchat.mentions import typed_mentions
from domain.errors import OutsideError
from domain.messages import Card, FieldKind, Form, T
from storage.uow import Store

log = logging.getLogger("duban.slack")

View = dict[str, Any]
_PEOPLE = (FieldKind.PERSON, FieldKind.PEOPLE)
_STORIES = (FieldKind.STORY, FieldKind.STORIES)
_KEPT = ("type", "callback_id", "title", "submit", "close", "private_metadata", "external_id")
"""Of a view that Slack sent back, what it takes again."""


class Modals:
    """Makes views for people and shows them."""

    def __init__(self, api: WebApi, pens: Pens, store: Store, base_url: str) -> None:
        self._api = api
        self._pens = pens
        self._store = store
        self._base_url = base_url

    async def form(self, act: Act, form: Form, metadata: Metadata | None = None) -> View:
        """The view of a form, in the asker's language, with people and stories to pick from."""
        return await self._api.run(lambda: self._form(act, form, metadata or act.metadata))

    async def notice(self, act: Act, cards: Sequence[Card]) -> View:
        """A view that shows cards to the asker; without any it says that it is done."""
        pen = await self._api.run(lambda: self._pens.asker(act.request))
        shown = cards or (Card(T("slack.done")),)
        return _notice(pen, shown, self._base_url, act.metadata)

    async def again(self, act: Act, view: Json, cards: Sequence[Card]) -> View:
        """A submitted view as it was, with what went wrong above it: nothing typed is lost."""
        pen = await self._api.run(lambda: self._pens.asker(act.request))
        return _kept_by(pen, view, cards)

    def kept_for(self, workspace_id: str, view: Json, cards: Sequence[Card]) -> View:
        """The same for somebody who is not known; reads the database, so for worker threads."""
        return _kept_by(self._pens.anybody(workspace_id), view, cards)

    async def open(self, act: Act, view: View, *, on_top: bool = False) -> bool:
        """Open a view; False when Slack would not: the trigger lives three seconds.

        :param on_top: put it on top of the modal in which a button was pressed.
        """
        method = "views.push" if on_top else "views.open"
        return await self._show(act, method, trigger_id=act.incoming.trigger, view=view) is not None

    async def loading(self, act: Act) -> str | None:
        """Open a view that says “one moment”; its id, or None when Slack would not."""
        pen = await self._api.run(lambda: self._pens.asker(act.request))
        view = loading_view(pen.reader)
        return await self._show(act, "views.open", trigger_id=act.incoming.trigger, view=view)

    async def change(self, act: Act, view_id: str, view: View) -> bool:
        """Show something else in an open view; False when it is closed, or Slack would not."""
        return await self._show(act, "views.update", view_id=view_id, view=view) is not None

    async def _show(self, act: Act, method: str, **values: Any) -> str | None:
        try:
            said = await self._api.call(act.access.workspace_id, method, **values)
        except (Refused, OutsideError) as error:
            log.warning("slack.view", extra={"method": method, "reason": str(error)})
            return None
        return str(cast("Mapping[str, Any]", said.get("view") or {}).get("id") or "") or None

    def _form(self, act: Act, form: Form, metadata: Metadata) -> View:
        pen = self._pens.asker(act.request)
        choices, stories = self._choices(act, form)
        typed = self._as_typed(act, form)
        return form_view(typed, pen.reader, pen.users, metadata, choices, searched=stories.searched)

    def _as_typed(self, act: Act, form: Form) -> Form:
        """The form with ``@handle`` in its texts, where it came with people's ids in them."""
        if not any("<@" in field.value for field in form.fields):
            return form
        with self._store.read(act.request.workspace) as uow:
            people = uow.people.all(with_inactive=True)
        fields = (replace(f, value=typed_mentions(f.value, people)) for f in form.fields)
        return replace(form, fields=tuple(fields))

    def _choices(self, act: Act, form: Form) -> tuple[Choices, StoryMenu]:
        """What the form's menus offer; nothing is read for fields that it does not have."""
        kinds, stories = {f.kind for f in form.fields}, StoryMenu()
        with self._store.read(act.request.workspace) as uow:
            people = uow.people.all() if kinds & {*_PEOPLE} else ()
            if kinds & {*_STORIES}:
                stories = story_menu(uow, act.request.channel, form)
        return Choices(tuple((p.id, p.name) for p in people), stories.pairs), stories


def _notice(pen: Pen, cards: Sequence[Card], base_url: str, metadata: Metadata) -> View:
    first, *others = cards
    view = notice_view(first, pen.reader, pen.users, base_url=base_url, metadata=metadata)
    for number, card in enumerate(others, 1):
        view["blocks"] += [{"type": "divider"}, *_renamed(pen.blocks(card), number)]
    view["blocks"] = view["blocks"][:100]
    return view


def _renamed(blocks: list[View], number: int) -> list[View]:
    """The blocks of a further card in one view: ids are unique in a view."""
    for block in blocks:
        elements: list[View] = [*block.get("elements", ()), block.get("accessory", {})]
        for element in elements:
            if "action_id" in element:
                element["action_id"] = f"{element['action_id']}.{number}"
    return blocks


def _kept_by(pen: Pen, view: Json, cards: Sequence[Card]) -> View:
    """Without the cards' buttons: in a form they would only get in the way of its own."""
    plain = (replace(card, actions=()) for card in cards)
    return kept(view, [block for card in plain for block in pen.blocks(card)][:20])


def kept(view: Json, notice: Sequence[View]) -> View:
    """A submitted view again, with everything that was typed and a notice above it."""
    state = part(part(view, "state"), "values")
    blocks = [_filled(b, state) for b in view.get("blocks") or () if b.get("type") == "input"]
    out: View = {k: view[k] for k in _KEPT if view.get(k)}
    out["blocks"] = [*notice, *blocks][:100]
    return out


_INITIAL = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "static_select": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "external_select": ("selected_option", "initial_option"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
}
"""For each kind of input: where its state is, and what gives it back."""


def _filled(block: Json, state: Json) -> View:
    """An input block with what was typed into it as what stands in it at first."""
    out: View = {**block}
    element: View = {**part(block, "element")}
    out["element"] = element
    known = _INITIAL.get(str(element.get("type")))
    typed = part(part(state, str(out.get("block_id"))), str(element.get("action_id")))
    if known is not None:
        value = typed.get(known[0])
        element.pop(known[1], None)
        if value:
            element[known[1]] = value
    return out


def has_field(view: Json, block_id: str) -> bool:
    """Whether a view has an input of this id: only those can show an error."""
    return block_id.startswith(FIELD) and any(
        b.get("type") == "input" and b.get("block_id") == block_id for b in view.get("blocks") or ()
    )
