"""Workspace, people, products, channels; inbox, outbox, events, audit."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.tables.base import ID_LENGTH, id_column, metadata, ref_column, workspace_column
from storage.types import Json, UtcDateTime

workspaces = Table(
    "workspaces",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("locale", String(8), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("country", String(8), nullable=False),
    Column("settings", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

people = Table(
    "people",
    metadata,
    id_column(),
    workspace_column(),
    Column("handle", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("locale", String(8), nullable=False),
    Column("zone", String(64)),
    Column("email", Text),
    Column("external", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("quiet_start", String(5)),
    Column("quiet_end", String(5)),
    Column("sample", Boolean, nullable=False),
    Column("joined_to", String(26)),
    UniqueConstraint("workspace_id", "handle"),
)

identities = Table(
    "identities",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("person_id", "people"),
    Column("platform", String(16), nullable=False),
    Column("tenant", String(128), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("external_id", String(255), nullable=False),
    UniqueConstraint("platform", "tenant", "kind", "external_id"),
)

products = Table(
    "products",
    metadata,
    id_column(),
    workspace_column(),
    Column("key", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("tracker", String(16), nullable=False),
    Column("tracker_ref", String(64)),
    Column("settings", Json, nullable=False),
    Column("sample", Boolean, nullable=False),
    UniqueConstraint("workspace_id", "key"),
)

roles = Table(
    "roles",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("person_id", "people"),
    ref_column("product_id", "products", nullable=True),
    Column("role", String(16), nullable=False),
    Index("ix_roles_person_id", "workspace_id", "person_id"),
)

channels = Table(
    "channels",
    metadata,
    id_column(),
    workspace_column(),
    Column("platform", String(16), nullable=False),
    Column("external_id", String(255), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    ref_column("product_id", "products", nullable=True, on_delete="SET NULL"),
    ref_column("person_id", "people", nullable=True),
    Column("locale", String(8), nullable=False),
    Column("zone", String(64)),
    Column("digest_at", String(5)),
    Column("standup_at", String(5)),
    Column("sample", Boolean, nullable=False),
    UniqueConstraint("workspace_id", "platform", "external_id"),
)

absences = Table(
    "absences",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("person_id", "people"),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_absences_last", "workspace_id", "last"),
)

company_days = Table(
    "company_days",
    metadata,
    workspace_column(),
    Column("day", Date, nullable=False),
    Column("working", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("workspace_id", "day"),
)

counters = Table(
    "counters",
    metadata,
    workspace_column(),
    Column("name", String(96), nullable=False),
    Column("value", Integer, nullable=False),
    UniqueConstraint("workspace_id", "name"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("event_id", String(255), primary_key=True),
    workspace_column(),
    Column("received_at", UtcDateTime, nullable=False),
    Column("answer", Json, nullable=False),
    Index("ix_inbox_received_at", "received_at"),
)

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    workspace_column(),
    Column("lane", String(96), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("payload", Json, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("handle", Json),
    Column("error", Text),
    Column("dedupe", String(255)),
    Column("begun_at", UtcDateTime),
    UniqueConstraint("workspace_id", "dedupe"),
    Index("ix_outbox_status_due_at", "status", "due_at"),
    Index("ix_outbox_lane", "lane", "status", "id"),
)

cards = Table(
    "cards",
    metadata,
    workspace_column(),
    Column("key", String(128), nullable=False),
    Column("destination", String(96), nullable=False),
    Column("handle", Json, nullable=False),
    UniqueConstraint("workspace_id", "key", "destination"),
)

events = Table(
    "events",
    metadata,
    id_column(),
    workspace_column(),
    Column("stream", String(96), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("type", String(64), nullable=False),
    Column("actor", String(ID_LENGTH)),
    Column("at", UtcDateTime, nullable=False),
    Column("payload", Json, nullable=False),
    ref_column("product_id", "products", nullable=True),
    UniqueConstraint("workspace_id", "stream", "seq"),
)

audit = Table(
    "audit",
    metadata,
    workspace_column(),
    Column("seq", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(ID_LENGTH)),
    Column("via", String(16), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("old", Json),
    Column("new", Json),
    Column("why", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("workspace_id", "seq"),
    Index("ix_audit_subject", "workspace_id", "subject"),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    workspace_column(),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("workspace_id"),
)

files = Table(
    "files",
    metadata,
    id_column(),
    workspace_column(),
    Column("name", Text, nullable=False),
    Column("mime", String(128), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(ID_LENGTH)),
)

tokens = Table(
    "tokens",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("person_id", "people"),
    Column("hash", String(64), nullable=False, unique=True),
    Column("note", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)
