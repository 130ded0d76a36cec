"""The tables of the door's database: who may come in by what, who is in, and what was refused.

Instants are whole microseconds since 1970 by the wall clock, also where the house lives in
another year: a session and a code of a second factor know no other time.
"""

import sqlalchemy as sa

METADATA = sa.MetaData()

# SQLite makes only INTEGER PRIMARY KEY an alias of the row id.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT_DAYS = 183
"""Rows of the journal that are younger than this cannot be deleted (等保: six months)."""

CREDENTIALS = sa.Table(
    "credentials",
    METADATA,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("account", sa.Text(), nullable=False, index=True),
    sa.Column("kind", sa.Text(), nullable=False),
    # A hash of a password, the sealed seed of a factor, nothing of an identity.
    sa.Column("secret", sa.LargeBinary(), nullable=False),
    # The keyed hash of issuer and subject, of an identity only.
    sa.Column("identity", sa.Text(), nullable=False, index=True),
    # The step of the last code that was used, of a factor only.
    sa.Column("last_step", BIG, nullable=False),
    sa.Column("made_at", BIG, nullable=False),
    sa.CheckConstraint("kind IN ('password', 'factor', 'identity')", name="credentials_kind"),
    sqlite_with_rowid=False,
)
"""Means of coming in. Only those count whose ids the log names for the account."""

SESSIONS = sa.Table(
    "sessions",
    METADATA,
    sa.Column("token_sha256", sa.LargeBinary(), primary_key=True),
    # Names the session to its holder; opens nothing.
    sa.Column("id", sa.Uuid(), nullable=False, unique=True),
    sa.Column("account", sa.Text(), nullable=False, index=True),
    sa.Column("grant_id", sa.Uuid(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("method", sa.Text(), nullable=False),
    sa.Column("made_at", BIG, nullable=False),
    sa.Column("seen_at", BIG, nullable=False),
    sa.Column("ends_at", BIG, nullable=False),
    sa.Column("begun_position", BIG, nullable=False),
    sa.CheckConstraint("kind IN ('browser', 'token')", name="sessions_kind"),
    sqlite_with_rowid=False,
)
"""Who is in. begun_position: where the log stood when the account's sessions had last ended."""

PENDING = sa.Table(
    "pending",
    METADATA,
    sa.Column("token_sha256", sa.LargeBinary(), primary_key=True),
    sa.Column("account", sa.Text(), nullable=False),
    sa.Column("method", sa.Text(), nullable=False),
    sa.Column("ends_at", BIG, nullable=False),
    sa.Column("begun_position", BIG, nullable=False),
    sqlite_with_rowid=False,
)
"""Who has given the first factor and not the second."""

INVITATIONS = sa.Table(
    "invitations",
    METADATA,
    sa.Column("token_sha256", sa.LargeBinary(), primary_key=True),
    sa.Column("account", sa.Text(), nullable=False, index=True),
    sa.Column("ends_at", BIG, nullable=False),
    sqlite_with_rowid=False,
)

COUNTERS = sa.Table(
    "counters",
    METADATA,
    # A keyed hash: of what was typed, nothing can be read back.
    sa.Column("name", sa.Text(), primary_key=True),
    sa.Column("failures", BIG, nullable=False),
    sa.Column("tried_at", BIG, nullable=False),
    sa.Column("until", BIG, nullable=False),
    sqlite_with_rowid=False,
)
"""Tries that have not been followed by a success, and until when the next one waits."""

JOURNAL = sa.Table(
    "journal",
    METADATA,
    sa.Column("id", BIG, primary_key=True, autoincrement=True),
    sa.Column("minute", BIG, nullable=False),
    sa.Column("account", sa.Text(), nullable=False),
    sa.Column("what", sa.Text(), nullable=False),
    sa.Column("why", sa.Text(), nullable=False),
    sa.Column("times", BIG, nullable=False),
    sa.UniqueConstraint("minute", "account", "what", "why", name="journal_minute"),
)
"""What happened at the door, the same within a minute counted in one row."""

PREFERENCES = sa.Table(
    "preferences",
    METADATA,
    sa.Column("account", sa.Text(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("value", sa.Text(), nullable=False),
    sa.Column("kept_at", BIG, nullable=False),
    sa.PrimaryKeyConstraint("account", "kind", "name"),
    sa.CheckConstraint("kind IN ('choice', 'filter')", name="preferences_kind"),
    sqlite_with_rowid=False,
)
"""How an account wants its pages, and the lists that it keeps. A door that was made before there
was this table gets it when it is next opened."""

KEPT = (CREDENTIALS, JOURNAL, PREFERENCES)
"""What a copy takes along. Who is in, and who is invited, it leaves."""


def create(connection: sa.Connection) -> None:
    """Make the tables that are missing, and what protects the journal."""
    METADATA.create_all(connection)
    _protect(connection)


# A row may only count on; it goes only when it is old. Nothing else changes it.
def _protect(connection: sa.Connection) -> None:
    same = " AND ".join(
        f'NEW."{name}" = OLD."{name}"' for name in ("id", "minute", "account", "what", "why")
    )
    counted = f"{same} AND NEW.times > OLD.times"
    said = "the journal of the door only grows"
    if connection.dialect.name == "sqlite":
        young = f"OLD.minute > CAST(strftime('%s', 'now') AS INTEGER) / 60 - {KEPT_DAYS * 1440}"
        for verb, refused in (("UPDATE", f"NOT ({counted})"), ("DELETE", young)):
            connection.exec_driver_sql(
                f"CREATE TRIGGER IF NOT EXISTS journal_no_{verb.lower()} BEFORE {verb} ON journal "
                f"WHEN {refused} BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
        return
    young = f"OLD.minute > extract(epoch FROM clock_timestamp()) / 60 - {KEPT_DAYS * 1440}"
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{said}'; END$$"
    )
    for verb, when in (
        ("UPDATE", f"FOR EACH ROW WHEN (NOT ({counted}))"),
        ("DELETE", f"FOR EACH ROW WHEN ({young})"),
        ("TRUNCATE", "FOR EACH STATEMENT"),
    ):
        connection.exec_driver_sql(
            f"CREATE OR REPLACE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON journal "
            f"{when} EXECUTE FUNCTION journal_only_grows()"
        )
