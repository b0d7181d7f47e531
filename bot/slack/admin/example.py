"""The manifest in the documentation: Socket Mode, which needs nothing to be filled in."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from bot.settings import load_settings
from bot.slack.admin.manifest import manifest
from commands.catalog import build_registry

PATHS = {
    "en": "docs/reference/slack-manifest.json",
    "zh": "docs/reference/slack-manifest.zh-CN.json",
}


def write_examples(root: Path) -> None:
    """Write the manifest of every language below a folder."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"DUBAN_DATA_DIR": folder})
    for locale, path in PATHS.items():
        made = manifest(build_registry(), settings, socket=True, locale=locale)
        text = json.dumps(made.content, ensure_ascii=False, indent=2)
        (root / path).write_text(text + "\n", encoding="utf-8")
