"""All settings, read once: HUANXIN_… variables, then `huanxin.toml`, then the local stack's choices, then the defaults here."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

CHECKOUT = Path(__file__).resolve().parent.parent


class Secrets(BaseModel):
    """Keys and passwords. Locally the stack makes them once (`secrets.json`, mode 0600); in production they are variables."""

    model_config = ConfigDict(frozen=True)

    pseudonym_key: str = ""
    """Hex, 32 bytes or more; makes ids and tokens. It must never change while the data lives."""
    seal_key: str = ""
    """Hex, 32 bytes; seals dead letters (AES-256-GCM)."""
    clickhouse_admin: str = ""
    clickhouse_worker: str = ""
    clickhouse_reader: str = ""
    clickhouse_quality: str = ""
    seats_key: str = ""
    """Hex, 32 bytes; the departments' and groups' passwords in ClickHouse and Superset follow from it."""
    superset_secret: str = ""
    superset_admin: str = ""
    superset_leader: str = ""
    source_keys: dict[str, str] = Field(default_factory=dict)
    """Source id → its bearer key for the gateway."""
    databases: dict[str, str] = Field(default_factory=dict)
    """Source id → SQLAlchemy URL of its exchange database."""


class Settings(BaseSettings):
    """The platform's settings; every field is HUANXIN_<FIELD> in the environment (secrets: HUANXIN_SECRETS__<FIELD>)."""

    model_config = SettingsConfigDict(
        env_prefix="HUANXIN_", env_nested_delimiter="__", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    home: Path = CHECKOUT / ".huanxin"
    """Data, logs and run files of the local stack."""
    runtime: Path = CHECKOUT / ".huanxin" / "runtime"
    """Servers fetched from package registries; shared by all stacks of a checkout."""
    superset_venv: Path = CHECKOUT / ".venv-superset"
    quality_venv: Path = CHECKOUT / ".venv-quality"

    host: str = "127.0.0.1"
    """The address the local stack binds."""
    kafka_port: int = 19092
    kafka_controller_port: int = 19093
    clickhouse_native_port: int = 19000
    clickhouse_http_port: int = 18123
    gateway_port: int = 18080
    superset_port: int = 18088
    worker_port: int = 16066

    kafka_host: str = "127.0.0.1"
    clickhouse_host: str = "127.0.0.1"
    superset_metadata_uri: str = ""
    """SQLAlchemy URI of Superset's metadata; empty means SQLite in the home."""
    redis_url: str = ""

    partitions: int = Field(default=3, ge=1, le=1000)
    """Partitions of each event topic."""
    replication: int = Field(default=1, ge=1)
    workers: int = Field(default=1, ge=1, le=64)
    """Worker processes of the local stack."""
    gateways: int = Field(default=1, ge=1, le=64)
    """Gateway processes; they share one port."""
    chunk_events: int = Field(default=10_000, ge=1)
    """The most events that one landing batch holds."""
    aggregate: bool = True
    """Whether workers recompute touched cells; without, only `huanxin rebuild` counts."""
    aggregate_interval_seconds: float = Field(default=0.2, ge=0)
    """How long touched cells are gathered before each is recomputed once."""
    dead_letter_limit: float = Field(default=0.2, gt=0, le=1)
    """The share of dead letters among a partition's last 1,000 records that stops it; 1 never does."""
    supervise: bool = True
    """Whether workers judge the cases that events touch; without, only `huanxin rules run` does."""
    match_interval_seconds: float = Field(default=0.5, ge=0)
    """How long touched cases are gathered before each is judged once."""
    match_most_documents: int = Field(default=5_000, ge=1)
    """Touched documents above which all cases are judged at once."""
    judge_all_seconds: float = Field(default=3600, ge=1)
    """How often all cases are judged by all rules: silence opens findings then."""
    clock_skew_seconds: int = 86400
    """How far in the future an event's time may lie."""

    drop: Path | None = None
    """The folder whose files `huanxin watch` takes in; by default `drop` in the home."""
    drop_settle_seconds: float = Field(default=2.0, ge=0)
    """How long a dropped file must stand still before it counts as complete."""

    kafka_heap: str = "512m"
    log_level: str = "INFO"
    secrets: Secrets = Secrets()

    @property
    def kafka_bootstrap(self) -> str:
        """host:port of the broker."""
        return f"{self.kafka_host}:{self.kafka_port}"

    @property
    def drop_folder(self) -> Path:
        """Where sources' files land: one folder per source id."""
        return self.drop or self.home / "drop"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls, CHECKOUT / "huanxin.toml"),
            _Chosen(settings_cls),
        )


class _Chosen(PydanticBaseSettingsSource):
    """What `huanxin up` chose on this machine: free ports and fresh secrets, kept in the home."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        raise NotImplementedError  # pydantic asks for the method; __call__ returns all values at once

    def __call__(self) -> dict[str, Any]:
        home = Path(self.current_state.get("home") or CHECKOUT / ".huanxin")
        found = read_json(home / "ports.json")
        secrets = read_json(home / "secrets.json")
        return {**found, **({"secrets": secrets} if secrets else {})}


def read_json(path: Path) -> dict[str, Any]:
    """The file's object, or an empty one where there is no file."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


@cache
def settings() -> Settings:
    """The process's settings."""
    return Settings()
