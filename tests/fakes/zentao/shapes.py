"""How rows look in answers: v1's user objects and UTC times, v2's plain columns (facts §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from tests.fakes.zentao.markup import decode_title
from tests.fakes.zentao.rows import Row
from tests.fakes.zentao.state import State

STORY_PEOPLE: Final = ("openedBy", "assignedTo", "lastEditedBy", "reviewedBy", "closedBy")
STORY_TIMES: Final = (
    "openedDate", "assignedDate", "reviewedDate", "lastEditedDate", "closedDate",
)  # fmt: skip


class Shapes:
    """Renders the rows of one server for one request.

    :param local_times: ``?timeFormat=local``: v1 leaves times as they are stored.
    """

    def __init__(self, state: State, *, local_times: bool = False) -> None:
        self._state = state
        self._local = local_times

    # -- pieces --------------------------------------------------------------------------------

    def person(self, value: str) -> dict[str, Any] | None:
        """A user object; null when empty, unknown or more than one."""
        names = [name for name in str(value).split(",") if name]
        found = self._state.people.accounts.get(names[0]) if len(names) == 1 else None
        if found is None:
            return None
        row = found.row
        return {
            "id": row["id"],
            "account": row["account"],
            "avatar": row["avatar"],
            "realname": row["realname"],
        }

    def people(self, value: str) -> list[dict[str, Any]]:
        """A list of user objects."""
        found = (self.person(name) for name in value.split(",") if name)
        return [person for person in found if person]

    def time(self, value: str) -> str | None:
        """A time as v1 shows it."""
        if self._local:
            return value or None
        return self._state.utc(value)

    def dressed(
        self, row: Mapping[str, Any], *, people: Iterable[str] = (), times: Iterable[str] = ()
    ) -> dict[str, Any]:
        """A row with user objects and UTC times in the named columns."""
        shown = dict(row)
        for name in people:
            shown[name] = self.person(shown[name])
        for name in times:
            shown[name] = self.time(shown[name])
        return shown

    # -- stories -------------------------------------------------------------------------------

    def story_columns(self, story: Row, *, escaped: bool) -> dict[str, Any]:
        """All columns as v2 shows them."""
        shown = story.full()
        number = shown["id"]
        title = self._state.spec(story).title
        shown["title"] = title if escaped else decode_title(title)
        if self._state.version.old:
            value = shown["estimate"]
            shown["estimate"] = int(value) if value == int(value) else value
            return shown
        shown["estimate"] = f"{shown['estimate']:.2f}"
        shown["root"] = shown["parent"] or number
        shown["path"] = f",{shown['parent']},{number}," if shown["parent"] else f",{number},"
        return shown

    def story_v1(
        self, story: Row, *, escaped: bool, accounts: bool = False, local: bool = False
    ) -> dict[str, Any]:
        """A story of v1, without its text.

        ``accounts`` leaves people as plain accounts (change, activate), ``local`` also the times.
        """
        shown = self.story_columns(story, escaped=escaped)
        if not accounts:
            for name in STORY_PEOPLE:
                shown[name] = self.person(shown[name])
            shown["mailto"] = self.people(shown["mailto"])
            shown["deleted"] = bool(shown["deleted"])
        elif self._state.version.old:
            shown["deleted"] = str(shown["deleted"])
        if not local:
            for name in STORY_TIMES:
                shown[name] = self.time(shown[name])
        return shown

    def story_text(self, story: Row) -> dict[str, Any]:
        """What a single story has beyond its columns."""
        text = self._state.spec(story)
        shown: dict[str, Any] = {
            "spec": text.spec,
            "verify": text.verify,
            "files": self.files_of("story", story["id"]),
            "stages": [],
            "executions": self.executions_of(story),
            "tasks": self.tasks_of(story),
            "children": self.children_of(story),
        }
        if not self._state.version.old:
            shown |= {"docVersions": [], "hasOtherTypeChild": "", "hasSameTypeChild": ""}
        return shown

    def plan_titles(self, story: Row) -> dict[str, str]:
        """The story's plan, by id, when it exists."""
        number = story["plan"]
        plan = self._state.plans.get(int(number)) if number.isdigit() else None
        return {number: plan.title} if plan else {}

    def reviewers(self, story: Row) -> dict[str, list[str]]:
        """Who is asked and who has not voted yet."""
        votes = self._state.reviewers(story)
        names = sorted(votes)
        return {"reviewer": names, "notReview": [name for name in names if not votes[name]]}

    def children_of(self, story: Row) -> list[dict[str, Any]]:
        """Stories below this one."""
        if not story.get("isParent"):
            return []
        rows = [row for row in self._state.stories if row["parent"] == story["id"]]
        return [self.story_v1(row, escaped=True) | {"parent": [story["id"]]} for row in rows]

    def executions_of(self, story: Row) -> Any:
        """Sprints by id; an empty list when there are none."""
        shown = {
            str(number): {
                "project": row["project"], "id": number, "name": row["name"],
                "status": row["status"], "type": row["type"], "multiple": row["multiple"],
            }
            for number, stories in self._state.linked.items()
            if story["id"] in stories and (row := self._state.executions.get(number)) is not None
        }  # fmt: skip
        return shown or []

    def tasks_of(self, story: Row) -> list[dict[str, Any]]:
        """Tasks for the story, newest first."""
        rows = [row for row in self._state.tasks if row["story"] == story["id"]]
        return [
            {
                "id": row["id"], "name": row["name"], "type": row["type"],
                "status": row["status"], "assignedTo": self.person(row["assignedTo"]),
            }
            for row in reversed(rows)
        ]  # fmt: skip

    def files_of(self, kind: str, number: int) -> Any:
        """Attached files by id; an empty list when there are none."""
        shown = {
            str(file_id): {key: value for key, value in entry.items() if key != "data"}
            for file_id, entry in self._state.files.items()
            if (entry["objectType"], entry["objectID"]) == (kind, number)
        }
        return shown or []
