"""Access tokens."""

from __future__ import annotations

import hmac
from typing import Any

from tests.fakes.dingtalk.call import Call
from tests.fakes.dingtalk.refusal import Refusal
from tests.fakes.dingtalk.tokens import BAD_SECRET


def give(call: Call) -> dict[str, Any]:
    """``POST /v1.0/oauth2/accessToken``."""
    body = call.checked()
    _same(call, body["appKey"], body["appSecret"])
    value, seconds = call.world.keys.give("new", call.world.clock())
    return {"accessToken": value, "expireIn": seconds}


def give_corp(call: Call) -> dict[str, Any]:
    """``POST /v1.0/oauth2/{corpId}/token``."""
    body = call.checked()
    _same(call, body["client_id"], body["client_secret"])
    if call.params["corpId"] != call.world.corp or body["grant_type"] != "client_credentials":
        raise Refusal("invalidParameter.grantType.invalid")
    value, seconds = call.world.keys.give("new", call.world.clock())
    return {"access_token": value, "expires_in": seconds}


def give_old(call: Call) -> dict[str, Any]:
    """``GET /gettoken``."""
    _same(call, call.params.get("appkey", ""), call.params.get("appsecret", ""))
    value, seconds = call.world.keys.give("old", call.world.clock())
    return {"errcode": 0, "errmsg": "ok", "access_token": value, "expires_in": seconds}


def _same(call: Call, client: str, secret: str) -> None:
    app = call.world.app
    good = hmac.compare_digest(secret, app.client_secret) and client == app.client_id
    if not good:
        raise Refusal("invalidClientIdOrSecret", "不合法的appKey或appSecret", errcode=BAD_SECRET)
