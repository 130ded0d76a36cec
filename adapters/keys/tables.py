"""The tables of the key database. It is none of the log's: its backups are short-lived."""

import sqlalchemy as sa

METADATA = sa.MetaData()

SUBJECT_KEYS = sa.Table(
    "subject_keys",
    METADATA,
    sa.Column("subject", sa.Uuid(), primary_key=True),
    sa.Column("version", sa.SmallInteger(), primary_key=True, autoincrement=False),
    # NULL once destroyed; the row stays and says so.
    sa.Column("wrapped", sa.LargeBinary()),
    sa.Column("created_at", sa.Text(), nullable=False),
    sa.Column("destroyed_at", sa.Text()),
    sa.CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="subject_keys_state"),
    sqlite_with_rowid=False,
)
"""Data keys. A document with free text is a subject of its own."""

DOCUMENT_LINKS = sa.Table(
    "document_links",
    METADATA,
    sa.Column("subject", sa.Uuid(), primary_key=True),
    sa.Column("document", sa.Uuid(), primary_key=True),
    sqlite_with_rowid=False,
)
"""Which persons a document names: its key goes with the key of any of them."""

HOUSE_KEYS = sa.Table(
    "house_keys",
    METADATA,
    sa.Column("name", sa.Text(), primary_key=True),
    sa.Column("wrapped", sa.LargeBinary(), nullable=False),
)
"""Keys of nobody in particular: `tokens`, from which those of keyed hashes are derived."""

DESTRUCTIONS = sa.Table(
    "destructions",
    METADATA,
    sa.Column("one", sa.SmallInteger(), primary_key=True, autoincrement=False),
    sa.Column("generation", sa.BigInteger(), nullable=False),
    sa.CheckConstraint("one = 1", name="destructions_has_one_row"),
)
"""How often keys were destroyed. Caches that saw another number are stale."""
