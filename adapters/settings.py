"""Settings from the environment: `TENLINES_*`, or a `.env` file beside the process."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url

from adapters.event_store.engine import DEFAULT_SCHEMA

RATES: Mapping[str, tuple[int, int]] = {
    "read": (1200, 60),
    "write": (300, 60),
    "search": (300, 60),
    "export": (30, 3600),
    "reveal": (60, 3600),
    # Of all requests: a whole street office may sit behind one address.
    "address": (12_000, 60),
}
"""How many requests in how many seconds: of an account by what they are, and of an address."""
_RATE = re.compile(r"([1-9]\d{0,6})/([1-9]\d{0,4})")


class Settings(BaseSettings):
    """Where things lie. What is empty lies in `data_dir`.

    database_url: the log, SQLite file or PostgreSQL (`?schema=NAME` for the district's own).
    views_url: the following views; on PostgreSQL beside the log, else a file of their own, so
        that a rebuild does not slow the writer.
    keys_url, master_key: the keys of data subjects, never in the log's database, and the file
        of the key that wraps them.
    door_url: passwords, sessions and the journal of the door; on PostgreSQL a schema beside the
        log's, else a file of its own.
    breached_passwords: a file of the SHA-1 hashes of passwords that nobody may choose, in the form
        and the order in which Pwned Passwords is published by hash. None by default.
    oidc_issuer, oidc_client, oidc_secret, oidc_name: an identity provider, how this district is
        known to it, the file of the word they share, and what people call it. None by default.
    lines_dir: a folder of line files that `lines check` and `init` take besides those shipped.
    rates: how often somebody may ask, where it is not as in RATES: `write=600/60 address=off`
        for six hundred in a minute and any number, `off` alone for no limit at all.
    """

    model_config = SettingsConfigDict(env_prefix="TENLINES_", env_file=".env", extra="ignore")

    data_dir: Path = Path("var")
    database_url: str = ""
    views_url: str = ""
    keys_url: str = ""
    master_key: Path | None = None
    door_url: str = ""
    breached_passwords: Path | None = None
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: Path | None = None
    oidc_name: str = ""
    lines_dir: Path | None = None
    rates: str = ""
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(str.upper)
    ] = "INFO"

    @field_validator("rates")
    @classmethod
    def _rates(cls, told: str) -> str:
        rates_of(told)
        return told

    @property
    def limits(self) -> Mapping[str, tuple[int, int]]:
        """How many requests of each kind in how many seconds; none of what is not limited."""
        return rates_of(self.rates)

    @property
    def log_url(self) -> str:
        """The log's database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'log.db'}"

    @property
    def following_url(self) -> str:
        """The database of the following views."""
        if self.views_url:
            return self.views_url
        if self.log_url.startswith("sqlite"):
            return f"{self.log_url.removesuffix('.db')}-views.db"
        return self.log_url

    @property
    def key_url(self) -> str:
        """The database of the keys."""
        return self.keys_url or f"sqlite:///{self.data_dir / 'keys.db'}"

    @property
    def master_key_path(self) -> Path:
        """The file of the master key."""
        return self.master_key or self.data_dir / "master.key"

    @property
    def entrance_url(self) -> str:
        """The database of the door."""
        if self.door_url:
            return self.door_url
        if self.log_url.startswith("sqlite"):
            return f"sqlite:///{self.data_dir / 'door.db'}"
        return beside(self.log_url)


def rates_of(told: str) -> dict[str, tuple[int, int]]:
    """The limits, where they differ from RATES as `Settings.rates` tells. Raises ValueError."""
    if told.strip() == "off":
        return {}
    found = dict(RATES)
    for part in told.split():
        kind, _, rate = part.partition("=")
        if kind not in RATES:
            raise ValueError(f"{kind!r} is no kind of request; there are {', '.join(RATES)}")
        if rate == "off":
            found.pop(kind, None)
            continue
        shape = _RATE.fullmatch(rate)
        if shape is None:
            raise ValueError(f"{part!r} is no limit; one is write=300/60, or write=off")
        found[kind] = (int(shape[1]), int(shape[2]))
    return found


def beside(log_url: str) -> str:
    """The schema beside the one of a log on PostgreSQL, named after it."""
    place = make_url(log_url)
    schema = str(place.query.get("schema", DEFAULT_SCHEMA))
    place = place.update_query_dict({"schema": f"{schema}_door"})
    return place.render_as_string(hide_password=False)
