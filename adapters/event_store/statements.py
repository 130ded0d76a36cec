"""What is said to PostgreSQL: one statement reads for a batch, one writes it.

Arrays and `unnest` make a statement the same whatever the size of the batch, so that it is
prepared once.
"""

from __future__ import annotations

from typing import LiteralString

from psycopg.sql import SQL, Identifier

from adapters.event_store.schema import Tables


class Statements:
    """The statements of one log."""

    def __init__(self, tables: Tables) -> None:
        names = {
            "events": Identifier(tables.events.name),
            "commands": Identifier(tables.commands.name),
            "claims": Identifier(tables.claims.name),
            "tracking": Identifier(tables.tracking.name),
        }

        def statement(text: LiteralString) -> bytes:
            return SQL(text).format(**names).as_bytes(None)

        self.lock = statement("SELECT pg_advisory_xact_lock(%b::bigint)")
        self.read = statement(
            """
            SELECT (SELECT max(position) FROM {events}),
              (SELECT recorded_at FROM {events} ORDER BY position DESC LIMIT 1),
              ARRAY(SELECT (SELECT max(version) FROM {events} e WHERE e.stream_id = w.id)
                FROM unnest(%b::uuid[]) WITH ORDINALITY w(id, n) ORDER BY n),
              (SELECT json_agg(json_build_array(c.actor, c.command_id, c.request_hash, c.first,
                c.last, c.recorded_at, c.versions))::text
                FROM {commands} c JOIN unnest(%b::text[], %b::uuid[]) w(actor, id)
                ON c.actor = w.actor AND c.command_id = w.id)
            """
        )
        self.holders = statement(
            "SELECT name, stream_id FROM {claims} WHERE name = ANY(%b::text[])"
        )
        self.tracked = statement(
            "SELECT application_name, notification_id FROM {tracking} "
            "WHERE application_name = ANY(%b::text[])"
        )
        self.insert = statement(
            """
            WITH stored AS (INSERT INTO {events}
                SELECT %b::bigint + n, s, v, t, d, m, %b::bigint, h
                FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[], %b::bytea[],
                  %b::bytea[]) WITH ORDINALITY w(s, v, t, d, m, h, n)),
              answered AS (INSERT INTO {commands}
                SELECT a, c, r, f, l, %b::bigint, v
                FROM unnest(%b::text[], %b::uuid[], %b::text[], %b::bigint[], %b::bigint[],
                  %b::text[]) w(a, c, r, f, l, v))
            SELECT pg_notify(%b::text, %b::text)
            """
        )
        self.take = statement(
            """
            INSERT INTO {claims} SELECT * FROM unnest(%b::text[], %b::uuid[], %b::bigint[])
            ON CONFLICT (name) DO UPDATE
            SET stream_id = excluded.stream_id, position = excluded.position
            """
        )
        self.free = statement("DELETE FROM {claims} WHERE name = ANY(%b::text[])")
        self.track = statement(
            """
            INSERT INTO {tracking} SELECT * FROM unnest(%b::text[], %b::bigint[])
            ON CONFLICT (application_name)
            DO UPDATE SET notification_id = excluded.notification_id
            """
        )
        self.leaf = statement("SELECT leaf_hash FROM {events} WHERE position = %s")
        self.command = statement(
            "SELECT first, last FROM {commands} WHERE actor = %s AND command_id = %s"
        )
