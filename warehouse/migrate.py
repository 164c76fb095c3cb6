"""Brings ClickHouse to the tree's schema: the numbered SQL files of `warehouse/migrations/`, each once, in order."""

from pathlib import Path

from clickhouse_migrations.clickhouse_cluster import ClickhouseCluster

from huanxin.errors import ConfigurationError
from huanxin.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"


def migration_files(folder: Path = MIGRATIONS) -> list[Path]:
    """The migrations in order. Raises ConfigurationError where a name has no number or two share one."""
    files = sorted(folder.glob("*.sql"))
    numbers = [file.name.partition("_")[0] for file in files]
    wrong = [file.name for file, number in zip(files, numbers, strict=True) if not (number.isdigit() and len(number) == 3)]
    doubled = sorted({number for number in numbers if numbers.count(number) > 1})
    if wrong or doubled:
        raise ConfigurationError(f"migrations are named NNN_what.sql, each number once; wrong: {wrong}, doubled: {doubled}")
    return files


def migrate(settings: Settings) -> list[str]:
    """Apply what is missing, as the admin user; returns the names applied. Running twice changes nothing."""
    migration_files()
    cluster = ClickhouseCluster(
        db_host=settings.clickhouse_host,
        db_port=str(settings.clickhouse_native_port),
        db_user="huanxin_admin",
        db_password=settings.secrets.clickhouse_admin,
    )
    applied = cluster.migrate("ops", MIGRATIONS, create_db_if_no_exists=True, multi_statement=True, lock=False)
    return [str(migration.version) for migration in applied]
