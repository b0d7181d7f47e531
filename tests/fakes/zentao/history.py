"""How an object's actions are shown inside its own answer (facts §8)."""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.zentao.state import Action, Change, State
from tests.fakes.zentao.words import RESULTS, STAGES, STATUSES, TOLD, field_name, label, pick, say

TEXTS: Final = frozenset({"title", "spec", "verify", "desc"})
VERDICTS: Final = {
    "reviewpassed": "pass",
    "reviewclarified": "clarify",
    "reviewreverted": "revert",
    "reviewrejected": "reject",
}


class History:
    """Renders the actions of one server; ``v1`` decides about names, sentences and labels."""

    def __init__(self, state: State, lang: str, *, v1: bool) -> None:
        self._state = state
        self._lang = lang
        self._v1 = v1

    def of(self, kind: str, number: int) -> list[dict[str, Any]]:
        """The object's actions, oldest first."""
        return [self._action(entry) for entry in self._state.history.get((kind, number), [])]

    def _actor(self, account: str) -> str:
        if account == "system":
            return say("system", self._lang)
        return self._state.people.realname(account) if self._v1 else account

    def _action(self, entry: Action) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": entry.id,
            "objectType": entry.kind,
            "objectID": entry.object_id,
            "product": f",{entry.product},",
            "project": entry.project,
            "execution": entry.execution,
            "actor": self._actor(entry.actor),
            "action": entry.action,
            "date": entry.date,
            "comment": entry.comment,
            "files": [],
            "extra": self._extra(entry),
            "read": 0,
            "efforted": 0,
            "vision": "rnd",
            "history": [self._change(entry, change) for change in entry.history],
        }
        if self._v1:
            shown["desc"] = self._sentence(entry)
        return shown

    def _extra(self, entry: Action) -> str:
        if entry.action in {"linkstory", "unlinkstory"}:
            numbers = entry.extra.split(",")
            return ", ".join(_story_link(number) for number in numbers)
        if entry.action in {"linked2plan", "unlinkedfromplan"}:
            plan = self._state.plans.get(int(entry.extra))
            link = f"/index.php?m=productplan&f=view&t=json&planID={entry.extra}"
            return f"<a href='{link}' >{plan.title if plan else ''}</a>\n"
        if entry.action == "linked2project":
            link = f"/index.php?m=project&f=view&t=json&projectID={entry.project}"
            name = self._name(self._state.projects.get(entry.project))
            return f"<a href='{link}' data-app=\"project\">{name}</a>\n"
        if entry.action == "linked2execution":
            link = f"/index.php?m=execution&f=view&t=json&executionID={entry.execution}"
            name = self._name(self._state.executions.get(entry.execution))
            return f"<a href='{link}' data-app='execution'>{name}</a>\n"
        return entry.extra

    @staticmethod
    def _name(row: dict[str, Any] | None) -> str:
        return row["name"] if row is not None else ""

    def _sentence(self, entry: Action) -> str:
        head = f"{entry.date}, 由 <strong>{self._actor(entry.actor)}</strong> "
        extra = self._extra(entry)
        if entry.action in VERDICTS:
            result = label(RESULTS, VERDICTS[entry.action], self._lang)
            return f"{head}判定，结果为 <strong>{result}</strong>。"
        if entry.action == "reviewed":
            result = label(RESULTS, entry.extra.split(",")[0].lower(), self._lang)
            return f"{head}记录评审意见，评审意见为 <strong>{result}</strong>。"
        if entry.action == "linked2project":
            return f"{head}关联到项目 <strong>{extra}</strong>。"
        if entry.action == "linked2execution":
            return f"{head}关联到迭代 <strong>{extra}</strong>。"
        told = pick(TOLD.get(entry.action, (entry.action, entry.action)), self._lang)
        return f"{head}{told}。\n"

    def _change(self, entry: Action, change: Change) -> dict[str, Any]:
        old, new = self._value(change.field, change.old), self._value(change.field, change.new)
        labelled = change.field in {"status", "stage", "changedBy", "reviewers"}
        shown = {
            "id": change.id,
            "action": entry.id,
            "field": change.field,
            "old": old,
            "oldValue": old if labelled else "",
            "new": new,
            "newValue": new if labelled else "",
            "diff": _diff(old, new) if change.field in TEXTS else "",
        }
        if self._v1:
            shown["fieldName"] = field_name(change.field, self._lang)
        return shown

    def _value(self, name: str, value: Any) -> str:
        if name == "status":
            return label(STATUSES, str(value), self._lang)
        if name == "stage":
            return label(STAGES, str(value), self._lang)
        if name in {"changedBy", "reviewers"}:
            return ",".join(
                self._state.people.realname(part) for part in str(value).split(",") if part
            )
        if name == "estimate":
            return f"{value:g}"
        return str(value)


def _story_link(number: str) -> str:
    link = f"/index.php?m=story&f=storyView&t=json&storyID={number}"
    return f"<a href='{link}' data-size='lg' data-toggle='modal' >#{number} </a>\n"


def _diff(old: str, new: str) -> str:
    olds, news = old.split("\n"), new.split("\n")
    lines: list[str] = []
    for index in range(max(len(olds), len(news))):
        before = olds[index] if index < len(olds) else None
        after = news[index] if index < len(news) else None
        if before == after:
            continue
        if before:
            lines.append(f"{index + 1:03d}- <del>{before}</del>")
        if after:
            lines.append(f"{index + 1:03d}+ <ins>{after}</ins>")
    return "\n".join(lines)
