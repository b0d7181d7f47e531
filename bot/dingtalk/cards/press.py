"""What a callback of an interactive card says (facts, section 4), as plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from bot.dingtalk.cards import variables as v

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody pressed a button, or submitted the form.

    :param track: the card's own id; :param user: userId of the presser.
    :param name: of the button; :param of: the button that a question was about.
    :param serial: of the drawing that was pressed; 0: it does not say.
    :param form: what was filled in, by the fields' names; None: it was a button. A client may leave
        it away where nothing was filled in.
    """

    track: str
    corp: str
    user: str
    name: str
    of: str = ""
    serial: int = 0
    form: Json | None = field(default=None, repr=False)


def press_of(data: Json) -> Press | None:
    """The press, or None when the callback is none that a card of ours makes."""
    try:
        content = json.loads(str(data.get("content") or data.get("value") or ""))
    except ValueError:
        return None
    private = _object(_object(content).get("cardPrivateData"))
    params = _object(private.get("params")) or _object(_object(content).get("params"))
    ids = private.get("actionIds")
    first = str(cast("list[Any]", ids)[0]) if isinstance(ids, list) and ids else ""
    name = str(params.get(v.ACTION) or first)
    track, corp, user = (str(data.get(k) or "") for k in ("outTrackId", "corpId", "userId"))
    if not (track and corp and user and name) or data.get("userIdType") not in (1, "1", None):
        return None
    return Press(
        track,
        corp,
        user,
        name,
        str(params.get(v.OF) or ""),
        _whole(params.get(v.SERIAL)),
        _object(params.get(v.FORM)) if name == v.FORM else None,
    )


def _whole(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _object(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
