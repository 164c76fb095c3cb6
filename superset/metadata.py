"""Superset's metadata database: its schema, one transaction for a whole provisioning, and whether the tree is in it already."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from superset.connectors.sqla.models import SqlaTable
from superset.models.core import Database
from superset.models.dashboard import Dashboard
from superset.models.slice import Slice

from superset import appbuilder, db, security_manager

MODELS: dict[str, Any] = {"dashboards": Dashboard, "charts": Slice, "datasets": SqlaTable, "databases": Database}
"""Kind of asset → its model; what uses others first."""
COLUMNS = {
    "dashboards": ("dashboard_title", "slug", "css", "position_json", "json_metadata", "published"),
    "charts": ("slice_name", "description", "viz_type", "params", "query_context", "datasource_id"),
    "datasets": ("table_name", "schema", "sql", "description", "main_dttm_col", "database_id"),
    "databases": ("database_name", "sqlalchemy_uri", "extra", "expose_in_sqllab", "allow_dml"),
}
"""What the tree decides of each; a change of these in Superset itself is undone by the next provisioning."""


def migrate() -> bool:
    """Bring the metadata database to Superset's newest revision; False where it is there already."""
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from flask_migrate import upgrade

    import superset

    folder = str(Path(superset.__file__).parent / "migrations")
    config = Config()
    config.set_main_option("script_location", folder)
    with db.engine.connect() as connection:
        heads = set(MigrationContext.configure(connection).get_current_heads())
    if heads == set(ScriptDirectory.from_config(config).get_heads()) and security_manager.find_role("Gamma"):
        return False
    upgrade(directory=folder)
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    db.session.commit()
    return True


@contextmanager
def one_transaction() -> Iterator[None]:
    """All or nothing: Superset and its security manager commit as they go, which until the end only flushes."""
    session = db.session()
    commit = session.commit
    session.commit = session.flush
    try:
        yield
        commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.commit


def uuids(contents: dict[str, str], kind: str) -> dict[str, str]:
    """Uuid → digest of the bundle's file, for one kind of asset."""
    files = [text for file, text in contents.items() if file.startswith(f"{kind}/")]
    return {yaml.safe_load(text)["uuid"]: hashlib.sha256(text.encode()).hexdigest()[:16] for text in files}


def holds(contents: dict[str, str]) -> bool:
    """Whether Superset has exactly this bundle, as it was imported: nothing to add, change or remove."""
    for kind in MODELS:
        wanted = uuids(contents, kind)
        found = {str(asset.uuid): asset.external_url for asset in ours(kind)}
        if found != {str(asset.uuid): _mark(kind, asset, wanted.get(str(asset.uuid), "")) for asset in ours(kind)}:
            return False
        if found.keys() != wanted.keys():
            return False
    return True


def remember(contents: dict[str, str]) -> None:
    """Note with each asset which file it was imported from and what it then was, without touching when it was changed."""
    for kind, model in MODELS.items():
        wanted = uuids(contents, kind)
        for asset in ours(kind):
            values = {"external_url": _mark(kind, asset, wanted[str(asset.uuid)]), "changed_on": asset.changed_on}
            db.session.query(model).filter_by(id=asset.id).update(values, synchronize_session=False)


def ours(kind: str) -> list[Any]:
    """The assets of a kind that a bundle brought; others are left alone."""
    model = MODELS[kind]
    return list(db.session.query(model).filter(model.is_managed_externally).populate_existing())


def remove_orphans(contents: dict[str, str]) -> list[str]:
    """Delete what an earlier bundle brought and this one no longer has; dashboards first, databases last."""
    removed = []
    for kind in MODELS:
        kept = uuids(contents, kind)
        for asset in ours(kind):
            if str(asset.uuid) not in kept:
                removed.append(f"{kind.removesuffix('s')} {asset}")
                db.session.delete(asset)
        db.session.flush()
    return removed


def _mark(kind: str, asset: Any, file: str) -> str:
    parts: list[Any] = [getattr(asset, column) for column in COLUMNS[kind]]
    if kind == "datasets":
        parts += sorted((column.column_name, column.type, column.is_dttm) for column in asset.columns)
        parts += sorted((metric.metric_name, metric.expression) for metric in asset.metrics)
    return f"huanxin:{file}:{hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:16]}"
