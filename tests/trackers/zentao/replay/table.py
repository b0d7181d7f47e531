"""All recordings of requests with their scenes."""

from __future__ import annotations

from tests.trackers.zentao.replay.administration import ADMIN_SCENES
from tests.trackers.zentao.replay.hooks import HOOK_SCENES
from tests.trackers.zentao.replay.reading import READING_SCENES
from tests.trackers.zentao.replay.scenes import Scene
from tests.trackers.zentao.replay.second import SECOND_SCENES
from tests.trackers.zentao.replay.stories import STORY_SCENES

SCENES: dict[str, Scene] = {
    **STORY_SCENES,
    **READING_SCENES,
    **ADMIN_SCENES,
    **SECOND_SCENES,
    **HOOK_SCENES,
}
