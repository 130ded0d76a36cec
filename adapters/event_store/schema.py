"""The log's tables, written once for SQLite and PostgreSQL.

Everything of one log lies in one SQLite file or one PostgreSQL schema, so that moving a
district is a dump. A prefix sets apart the logs of several applications in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

FORMAT = 1
"""Version of the tables below and of what the leaf hash covers."""

# SQLite makes only INTEGER PRIMARY KEY an alias of the row id.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STREAM = sa.LargeBinary(16).with_variant(postgresql.UUID(as_uuid=True), "postgresql")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one log, and the ones that recorders keep beside it."""

    metadata: sa.MetaData
    log: sa.Table
    events: sa.Table
    commands: sa.Table
    claims: sa.Table
    tracking: sa.Table

    @property
    def protected(self) -> tuple[sa.Table, ...]:
        """Tables whose rows are never changed nor deleted."""
        return (self.log, self.events)


@lru_cache(maxsize=64)
def tables(prefix: str = "") -> Tables:
    """The tables, each name led by `prefix`."""
    metadata = sa.MetaData()
    log = sa.Table(
        f"{prefix}log",
        metadata,
        sa.Column("one", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("log_id", STREAM, nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("anchor", sa.Text()),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.CheckConstraint("one = 1", name=f"{prefix}log_has_one_row"),
    )
    events = sa.Table(
        f"{prefix}events",
        metadata,
        sa.Column("position", BIG, primary_key=True, autoincrement=False),
        sa.Column("stream_id", STREAM, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("metadata", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", BIG, nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(32), nullable=False),
        sa.UniqueConstraint("stream_id", "version", name=f"{prefix}events_stream_version"),
    )
    commands = sa.Table(
        f"{prefix}commands",
        metadata,
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("command_id", STREAM, nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("first", BIG, nullable=False),
        sa.Column("last", BIG, nullable=False),
        sa.Column("recorded_at", BIG, nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        # Ids grow with time, so the index grows at its end, whoever the actor is.
        sa.PrimaryKeyConstraint("command_id", "actor"),
        sqlite_with_rowid=False,
    )
    claims = sa.Table(
        f"{prefix}claims",
        metadata,
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("stream_id", STREAM, nullable=False),
        sa.Column("position", BIG, nullable=False),
        sqlite_with_rowid=False,
    )
    tracking = sa.Table(
        f"{prefix}tracking",
        metadata,
        sa.Column("application_name", sa.Text(), primary_key=True),
        sa.Column("notification_id", BIG, nullable=False),
        sqlite_with_rowid=False,
    )
    return Tables(metadata, log, events, commands, claims, tracking)


def protect(connection: sa.Connection, table: sa.Table) -> None:
    """Have the database refuse UPDATE and DELETE, and TRUNCATE where there is one."""
    name = table.name
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(
            f'CREATE OR REPLACE FUNCTION "{name}_never_changes"() RETURNS trigger '
            f"LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION '{name} is never changed'; END$$"
        )
    for statement in _triggers(table, connection.dialect).values():
        connection.exec_driver_sql(statement)


def unprotected(connection: sa.Connection, tables: Tables) -> list[str]:
    """The triggers of the log that are not there, or are switched off."""
    dialect = connection.dialect
    wanted = {name for table in tables.protected for name in _triggers(table, dialect)}
    return sorted(wanted - set(connection.execute(_STANDING[dialect.name]).scalars()))


_STANDING = {
    "sqlite": sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": sa.text(
        "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE relnamespace = to_regnamespace(current_schema()) AND tgenabled IN ('O', 'A')"
    ),
}


def _triggers(table: sa.Table, dialect: sa.Dialect) -> dict[str, str]:
    """Each trigger that protects the table, with the statement that makes it if need be."""
    name = table.name
    if dialect.name != "sqlite":
        return {
            f"{name}_no_change": f'CREATE OR REPLACE TRIGGER "{name}_no_change" '
            f'BEFORE UPDATE OR DELETE OR TRUNCATE ON "{name}" '
            f'FOR EACH STATEMENT EXECUTE FUNCTION "{name}_never_changes"()'
        }
    refused = {
        "update": f'UPDATE ON "{name}"',
        "delete": f'DELETE ON "{name}"',
        # A connection that leaves recursive triggers off deletes unseen by INSERT OR REPLACE.
        "replace": f'INSERT ON "{name}" WHEN {_taken(table).compile(dialect=dialect)}',
    }
    return {
        f"{name}_no_{what}": f'CREATE TRIGGER IF NOT EXISTS "{name}_no_{what}" BEFORE {when} '
        f"BEGIN SELECT RAISE(ABORT, '{name} is never changed'); END"
        for what, when in refused.items()
    }


def _taken(table: sa.Table) -> sa.ColumnElement[bool]:
    """That a row with one of the new row's keys is there, each found by its index."""
    kinds = sa.PrimaryKeyConstraint | sa.UniqueConstraint
    keys = [key for key in table.constraints if isinstance(key, kinds)]
    return sa.or_(
        *(
            sa.exists().where(
                *(column == sa.literal_column(f'NEW."{column.name}"') for column in key.columns)
            )
            for key in sorted(keys, key=lambda key: len(key.columns))
        )
    )
