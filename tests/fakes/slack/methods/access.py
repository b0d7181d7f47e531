"""Who is asking: tokens, installation, sockets; and checks that ask for nothing else."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.call import Call
from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rules.blocks import require_blocks
from tests.fakes.slack.world import TOKEN_SECONDS

CODE_SECONDS = 600


def test(call: Call) -> dict[str, Any]:
    """``auth.test``."""
    team, bot = call.team, call.bot
    return {
        "ok": True,
        "url": team.address,
        "team": team.name,
        "user": team.users[bot.bot_user].name,
        "team_id": team.id,
        "user_id": bot.bot_user,
        "bot_id": bot.bot_id,
        "is_enterprise_install": False,
    }


def revoke(call: Call) -> dict[str, Any]:
    """``auth.revoke``."""
    if not call.flag("test"):
        call.token.revoked = True
    return {"ok": True, "revoked": not call.flag("test")}


def api_test(call: Call) -> dict[str, Any]:
    """``api.test``."""
    if error := call.text("error", ""):
        raise Refusal(error)
    return {"ok": True, "args": dict(call.args)}


def oauth(call: Call) -> dict[str, Any]:
    """``oauth.v2.access``: a code becomes a token, or an old token a new one."""
    world = call.world
    secret = call.args.get("client_id"), call.args.get("client_secret")
    if secret != (world.app.client_id, world.app.client_secret):
        raise Refusal("bad_client_secret")
    if call.text("grant_type", "") == "refresh_token":
        return _refreshed(call)
    code = world.codes.pop(call.text("code"), None)
    if code is None:
        raise Refusal("invalid_code")
    if code["redirect_uri"] != call.text("redirect_uri", code["redirect_uri"]):
        raise Refusal("bad_redirect_uri")
    team = world.teams[code["team"]]
    made = world.install(team, code["user"], frozenset(code["scopes"].split(",")))
    return _granted(call, made) | {"authed_user": {"id": code["user"]}}


def _refreshed(call: Call) -> dict[str, Any]:
    world, given = call.world, call.text("refresh_token")
    for token in list(world.keys.tokens.values()):
        if token.refresh == given and given:
            made = world.installations[token.team]
            token.refresh = ""
            token.expires = world.clock() + 60
            made.token = world.new_token(token.team, token.scopes)
            return _granted(call, made)
    raise Refusal("invalid_refresh_token")


def _granted(call: Call, made: Any) -> dict[str, Any]:
    team = call.world.teams[made.team]
    body: dict[str, Any] = {
        "ok": True,
        "app_id": call.world.app.id,
        "access_token": made.token.value,
        "token_type": "bot",
        "scope": ",".join(sorted(made.token.scopes)),
        "bot_user_id": made.bot_user,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if made.token.expires is not None:
        body |= {"expires_in": TOKEN_SECONDS, "refresh_token": made.token.refresh}
    return body


def open_socket(call: Call) -> dict[str, Any]:
    """``apps.connections.open``."""
    call.scope("connections:write")
    if not call.world.app.socket_mode:
        raise Refusal("socket_mode_disabled")
    ticket = call.world.marks.word("link")
    call.world.uploads[ticket] = "socket"
    return {"ok": True, "url": f"{call.world.base.replace('http', 'ws', 1)}/link/?ticket={ticket}"}


def validate(call: Call) -> dict[str, Any]:
    """``blocks.validate``."""
    require_blocks(call.data("blocks") or [], "message")
    return {"ok": True}


METHODS = {
    "auth.test": test,
    "auth.revoke": revoke,
    "api.test": api_test,
    "oauth.v2.access": oauth,
    "apps.connections.open": open_socket,
    "blocks.validate": validate,
}
