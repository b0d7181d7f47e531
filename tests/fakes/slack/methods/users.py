"""People."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.call import Call
from tests.fakes.slack.people import User
from tests.fakes.slack.refusal import Refusal


def _shown(call: Call, user: User) -> dict[str, Any]:
    email = "users:read.email" in call.token.scopes
    return user.as_json(email=email, locale=call.flag("include_locale"), now=call.world.clock())


def info(call: Call) -> dict[str, Any]:
    """``users.info``."""
    call.scope("users:read")
    user = call.team.users.get(call.text("user"))
    if user is None:
        raise Refusal("user_not_found")
    return {"ok": True, "user": _shown(call, user)}


def list_(call: Call) -> dict[str, Any]:
    """``users.list``."""
    call.scope("users:read")
    part, metadata = call.page(list(call.team.users.values()))
    return {
        "ok": True,
        "members": [_shown(call, u) for u in part],
        "cache_ts": int(call.world.clock()),
        "response_metadata": metadata,
    }


def by_email(call: Call) -> dict[str, Any]:
    """``users.lookupByEmail``."""
    call.scope("users:read.email")
    email = call.text("email").lower()
    for user in call.team.users.values():
        if user.email.lower() == email and not user.deleted:
            return {"ok": True, "user": _shown(call, user)}
    raise Refusal("users_not_found")


METHODS = {"users.info": info, "users.list": list_, "users.lookupByEmail": by_email}
