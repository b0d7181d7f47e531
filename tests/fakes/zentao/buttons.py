"""What the web page offers for a story to an account (facts §7)."""

from __future__ import annotations

from tests.fakes.zentao.rows import Row
from tests.fakes.zentao.state import State


def buttons(state: State, story: Row, account: str) -> list[dict[str, str]]:
    """Icons and names of the buttons that are shown."""
    status = story["status"]
    votes = state.reviewers(story)
    shown = [
        ("change", "变更", status == "active" and "" not in votes.values()),
        ("confirm", "提交评审", status in {"draft", "changing"}),
        ("undo", "撤回", status in {"reviewing", "changing"}),
        ("search", "评审", status == "reviewing" and votes.get(account) == ""),
        ("hand-right", "指派", status != "closed"),
        ("off", "关闭", status != "closed"),
        ("magic", "激活", status == "closed"),
        ("split", "拆分", status == "active"),
    ]
    return [{"icon": icon, "text": text} for icon, text, offered in shown if offered]
