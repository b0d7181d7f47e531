"""Modals and the Home tab."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.call import Call
from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rules.views import require_view
from tests.fakes.slack.team import Team, View
from tests.fakes.slack.world import World

DEEPEST = 3


def as_json(world: World, team: Team, view: View) -> dict[str, Any]:
    """A view as the platform sends it."""
    body = view.body
    installation = world.installations[team.id]
    return {
        "id": view.id,
        "team_id": team.id,
        "type": body["type"],
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": {}},
        "hash": view.hash,
        "title": body.get("title"),
        "submit": body.get("submit"),
        "close": body.get("close"),
        "clear_on_close": bool(body.get("clear_on_close")),
        "notify_on_close": bool(body.get("notify_on_close")),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": world.app.id,
        "external_id": body.get("external_id", ""),
        "app_installed_team_id": team.id,
        "bot_id": installation.bot_id,
    }


def named(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The view with an id on every block and on every element that people can use."""
    blocks = [{"block_id": world.marks.word("b"), **b} for b in body["blocks"]]
    for block in blocks:
        element = block.get("element")
        if element is not None and "action_id" not in element:
            block["element"] = {"action_id": world.marks.word("a"), **element}
    return {**body, "blocks": blocks}


def put(world: World, team: Team, user: str, body: Any, below: View | None) -> View:
    """A new modal, alone or on top of another."""
    require_view(body, "modal")
    external = body.get("external_id")
    if external and any(v.body.get("external_id") == external for v in team.modals(user)):
        raise Refusal("duplicate_external_id")
    if below is not None and len(team.modals(user)) >= DEEPEST:
        raise Refusal("push_limit_reached")
    made = world.marks.id("V")
    view = View(made, user, named(world, body), _hash(world), made)
    if below is not None:
        view.root, view.previous = below.root, below.id
    team.views[view.id] = view
    return view


def change(world: World, view: View, body: Any) -> View:
    """Other content for a modal."""
    require_view(body, "modal")
    view.body, view.hash = named(world, body), _hash(world)
    return view


def _hash(world: World) -> str:
    return f"{int(world.clock())}.{world.marks.word('h')}"


def open_(call: Call) -> dict[str, Any]:
    """``views.open``: what was open is closed."""
    body = call.data("view")
    require_view(body, "modal")
    trigger = call.world.pull(call.text("trigger_id"))
    for view in call.team.modals(trigger.user):
        view.is_open = False
    view = put(call.world, call.team, trigger.user, body, None)
    return {"ok": True, "view": as_json(call.world, call.team, view)}


def push(call: Call) -> dict[str, Any]:
    """``views.push``."""
    body = call.data("view")
    require_view(body, "modal")
    trigger = call.world.pull(call.text("trigger_id"))
    stack = call.team.modals(trigger.user)
    if not stack:
        raise Refusal("not_found")
    view = put(call.world, call.team, trigger.user, body, stack[-1])
    return {"ok": True, "view": as_json(call.world, call.team, view)}


def update(call: Call) -> dict[str, Any]:
    """``views.update``, by ``view_id`` or ``external_id``, with ``hash`` against races."""
    view_id, external = call.text("view_id", ""), call.text("external_id", "")
    found = call.team.views.get(view_id)
    if external:
        views = call.team.views.values()
        found = next((v for v in views if v.body.get("external_id") == external), None)
    if found is None or not found.is_open:
        raise Refusal("not_found")
    if (given := call.text("hash", "")) and given != found.hash:
        raise Refusal("hash_conflict")
    change(call.world, found, call.data("view"))
    return {"ok": True, "view": as_json(call.world, call.team, found)}


def publish(call: Call) -> dict[str, Any]:
    """``views.publish``: the Home tab of one person."""
    user = call.team.users.get(call.text("user_id"))
    if user is None or user.is_bot or user.deleted:
        raise Refusal("user_not_found")
    body, known = call.data("view"), call.team.homes.get(user.id)
    require_view(body, "home")
    if (given := call.text("hash", "")) and (known is None or given != known.hash):
        raise Refusal("hash_conflict")
    made = known.id if known else call.world.marks.id("V")
    view = View(made, user.id, named(call.world, body), _hash(call.world), made)
    call.team.homes[user.id] = view
    return {"ok": True, "view": as_json(call.world, call.team, view)}


METHODS = {
    "views.open": open_,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
