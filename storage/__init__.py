"""Everything that is kept: tables, migrations, repositories, unit of work, inbox, outbox, audit."""
