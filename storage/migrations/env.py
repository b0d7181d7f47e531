"""Alembic's entry: runs the migrations on the connection that ``storage.migrate`` opened."""

from __future__ import annotations

from alembic import context

from storage.migrations_support import configure_options

context.configure(connection=context.config.attributes["connection"], **configure_options())
with context.begin_transaction():
    context.run_migrations()
