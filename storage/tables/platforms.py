"""The companies of chat platforms, and the codes that link a person's accounts."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text, UniqueConstraint

from storage.tables.base import id_column, metadata, ref_column, workspace_column
from storage.types import Json, UtcDateTime

tenants = Table(
    "tenants",
    metadata,
    id_column(),
    workspace_column(),
    Column("platform", String(16), nullable=False),
    Column("tenant", String(128), nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("platform", "tenant"),
    UniqueConstraint("workspace_id", "platform"),
)

link_codes = Table(
    "link_codes",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("person_id", "people"),
    Column("hash", String(64), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    UniqueConstraint("workspace_id", "hash"),
)

# ``token`` and ``refresh`` are sealed. Without a token it is the one of the settings. An ended
# installation keeps its row, so that the administrator sees when it ended.
slack_installations = Table(
    "slack_installations",
    metadata,
    id_column(),
    workspace_column(),
    Column("team", String(32), nullable=False),
    Column("app", String(32), nullable=False),
    Column("bot_user", String(32), nullable=False),
    Column("bot", String(32), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("token", Text),
    Column("refresh", Text),
    Column("expires_at", UtcDateTime),
    Column("refreshing_until", UtcDateTime),
    Column("installed_by", String(32), nullable=False),
    Column("installed_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    UniqueConstraint("workspace_id"),
)

# What Slack said last about a person: only what changed there since is taken over.
slack_profiles = Table(
    "slack_profiles",
    metadata,
    id_column(),
    workspace_column(),
    Column("slack_id", String(32), nullable=False),
    Column("profile", Json, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    UniqueConstraint("workspace_id", "slack_id"),
)
