"""What an earlier version of a story said, where the server cannot be asked for it (v1).

Its history holds the whole old and new text of every change, so the changes are taken back from
the newest on until the version is reached.
"""

from __future__ import annotations

from domain.errors import NotFoundError
from trackers.zentao.remote import RemoteStory

_TEXTS = ("title", "spec", "verify")


def text_of_version(remote: RemoteStory, version: int) -> dict[str, str]:
    """Title, spec and verify of a version before the current one.

    :raises NotFoundError: the history does not reach back to it.
    """
    story = remote.story
    texts = {name: str(getattr(story, name)) for name in _TEXTS}
    current = story.version
    for item in reversed(remote.actions):
        changes = item.action.changes or {}
        if current <= version:
            break
        texts |= {name: changes[name][0] for name in _TEXTS if name in changes}
        if changes.get("version", ("", ""))[1] == str(current):
            current -= 1
    if current > version:
        raise NotFoundError("story.unknown_version", ref=story.ref, version=version)
    return texts
