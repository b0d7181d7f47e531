"""Interactive cards by the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.dingtalk.call import Call
from tests.fakes.dingtalk.cards import Card
from tests.fakes.dingtalk.people import User
from tests.fakes.dingtalk.refusal import Refusal
from tests.fakes.dingtalk.rooms import Room

GROUP, PERSON = "dtv1.card//IM_GROUP.", "dtv1.card//IM_ROBOT."
CALLBACKS = {"", "STREAM", "HTTP"}
UNION_IDS = 2


def create_and_deliver(call: Call) -> dict[str, Any]:
    """``POST /v1.0/card/instances/createAndDeliver``."""
    body = call.checked()
    card = _made(call, body)
    results = _delivered(call, card, body)
    call.world.cards[card.track] = card
    return {"success": True, "result": {"outTrackId": card.track, "deliverResults": results}}


def create(call: Call) -> dict[str, Any]:
    """``POST /v1.0/card/instances``."""
    card = _made(call, call.checked())
    call.world.cards[card.track] = card
    return {"success": True, "result": card.track}


def deliver(call: Call) -> dict[str, Any]:
    """``POST /v1.0/card/instances/deliver``."""
    body = call.checked()
    return {"success": True, "result": _delivered(call, _card(call, body), body)}


def update(call: Call) -> dict[str, Any]:
    """``PUT /v1.0/card/instances``."""
    body = call.checked()
    values = body.get("cardData", {}).get("cardParamMap")
    private = _private(call, body)
    _card(call, body).update(values, private, body.get("cardUpdateOptions", {}))
    return {"success": True, "result": True}


def register(call: Call) -> dict[str, Any]:
    """``POST /v1.0/card/callbacks/register``; what is there is kept unless it is forced."""
    body, app = call.checked(), call.world.app
    key = body["callbackRouteKey"]
    if key not in app.routes or body.get("forceUpdate"):
        app.routes[key] = body["callbackUrl"]
        app.secrets[key] = body.get("apiSecret", "")
    found = {"callbackUrl": app.routes[key], "apiSecret": app.secrets[key]}
    return {"success": True, "result": found}


def _made(call: Call, body: Mapping[str, Any]) -> Card:
    template = call.world.templates.get(body["cardTemplateId"])
    if template is None:
        raise Refusal("param.templateNotExist", "卡片模板不存在")
    if body["outTrackId"] in call.world.cards:
        raise Refusal("param.outTrackIdExists", "outTrackId 重复")
    kind, route = body.get("callbackType", ""), body.get("callbackRouteKey", "")
    if kind not in CALLBACKS or (kind == "HTTP" and route not in call.world.app.routes):
        raise Refusal("invalidParameter.callbackType.invalid")
    values = dict(body["cardData"]["cardParamMap"])
    by_union = body.get("userIdType", 1) == UNION_IDS
    return Card(
        body["outTrackId"], template, values, _private(call, body), kind, route, by_union
    )  # fmt: skip


def _card(call: Call, body: Mapping[str, Any]) -> Card:
    found = call.world.cards.get(body["outTrackId"])
    if found is None:
        raise Refusal("param.cardNotExist", "卡片不存在")
    return found


def _person(call: Call, number: str, body: Mapping[str, Any]) -> User | None:
    world = call.world
    by_union = body.get("userIdType", 1) == UNION_IDS
    return world.by_union(number) if by_union else world.by_staff(number)


def _private(call: Call, body: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for number, data in body.get("privateData", {}).items():
        user = _person(call, number, body)
        if user is None:
            raise Refusal("invalidParameter.privateData.invalid", f"no user {number}")
        found[user.handle] = dict(data["cardParamMap"])
    return found


def _delivered(call: Call, card: Card, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One space: failures are told inside of the answer, with ``success: true`` around them."""
    space = body["openSpaceId"]
    group = space.startswith(GROUP)
    name = "imGroupOpenDeliverModel" if group else "imRobotOpenDeliverModel"
    if not space.startswith((GROUP, PERSON)) or name not in body:
        raise Refusal("invalidParameter.openSpaceId.invalid")
    model = body[name]
    if model["robotCode"] != call.world.app.robot_code:
        raise Refusal("invalidParameter.robotCode.invalid")
    error = ""
    try:
        room = _room(call, space, body)
    except Refusal as refusal:
        room, error = None, refusal.message
    if call.world.trouble.undelivered > 0:
        call.world.trouble.undelivered -= 1
        room, error = None, "system error"
    carrier = "" if room is None else _shown(call, card, room, model, body)
    return [
        {
            "spaceType": "IM_GROUP" if group else "IM_ROBOT",
            "spaceId": space.removeprefix(GROUP).removeprefix(PERSON),
            "success": room is not None, "carrierId": carrier, "errorMsg": error,
        }
    ]  # fmt: skip


def _room(call: Call, space: str, body: Mapping[str, Any]) -> Room:
    if space.startswith(GROUP):
        return call.world.open_group(space.removeprefix(GROUP))
    if body["imRobotOpenDeliverModel"].get("spaceType") != "IM_ROBOT":
        raise Refusal("invalidParameter.spaceType.invalid")
    user = _person(call, space.removeprefix(PERSON), body)
    if user is None or not user.visible or user.handle in call.world.trouble.unreachable:
        raise Refusal("userNotExist", "user not exist")
    return call.world.direct(user.handle)


def _shown(
    call: Call, card: Card, room: Room, model: Mapping[str, Any], body: Mapping[str, Any]
) -> str:
    names = model.get("atUserIds", {})
    mentioned = ["@all"] if "@ALL" in names else []
    for number in names:
        user = _person(call, number, body)
        mentioned += [user.handle] if user else []
    listed = [_person(call, n, body) for n in model.get("recipients", ())]
    only = tuple(u.handle for u in listed if u is not None)
    space = body.get("imGroupOpenSpaceModel") or body.get("imRobotOpenSpaceModel") or {}
    title = (space.get("lastMessageI18n") or {}).get("ZH_CN", "")
    message = call.world.say(
        room, "card", "", title=title, way="card", card=card.track, mentions=tuple(mentioned),
        only=only,
    )  # fmt: skip
    card.rooms.append(room.id)
    return message.id
