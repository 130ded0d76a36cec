"""Settings from the environment: `TENLINES_*`, or a `.env` file beside the process."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where things lie. What is empty lies in `data_dir`.

    database_url: the log, SQLite file or PostgreSQL (`?schema=NAME` for the district's own).
    views_url: the following views; on PostgreSQL beside the log, else a file of their own, so
        that a rebuild does not slow the writer.
    keys_url, master_key: the keys of data subjects, never in the log's database, and the file
        of the key that wraps them.
    """

    model_config = SettingsConfigDict(env_prefix="TENLINES_", env_file=".env", extra="ignore")

    data_dir: Path = Path("var")
    database_url: str = ""
    views_url: str = ""
    keys_url: str = ""
    master_key: Path | None = None
    log_level: str = "INFO"

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
