"""Accounts, roles and row-level rules: `admin`, and one account and role for each department and group of departments.yaml.

What was granted beyond this file is revoked at each provisioning; an account that left departments.yaml can no longer sign in.
"""

import os
from collections.abc import Iterable

from flask_appbuilder.security.sqla.models import PermissionView
from seats import Seat, password, seats
from superset.connectors.sqla.models import RowLevelSecurityFilter, SqlaTable
from werkzeug.security import check_password_hash, generate_password_hash

from superset import db, security_manager

PAGES = [
    *(("can_read", view) for view in ("Dashboard", "Chart", "CurrentUserRestApi", "Theme")),
    *((action, "DashboardFilterStateRestApi") for action in ("can_read", "can_write")),
    ("can_read", "DashboardPermalinkRestApi"),
    ("can_get", "OpenApi"),
    ("can_dashboard", "Superset"),
    ("can_log", "Superset"),
    ("can_time_range", "Api"),
    ("can_query_form_data", "Api"),
    ("can_language_pack", "Superset"),
    ("can_userinfo", "UserDBModelView"),
]
"""No SQL Lab, no exploring, no lists, no export, no writing but the state of a filter."""
SQL_LAB = [
    *((action, "SQLLab") for action in ("can_read", "can_execute_sql_query", "can_get_results", "can_format_sql")),
    *(
        (action, "TabStateView")
        for action in ("can_get", "can_post", "can_put", "can_delete", "can_activate", "can_delete_query")
    ),
    ("can_post", "TableSchemaView"),
    ("can_read", "Database"),
    ("can_read", "Query"),
    ("can_sqllab", "Superset"),
    ("can_sqllab_history", "Superset"),
    ("menu_access", "SQL Lab"),
    ("menu_access", "SQL Editor"),
    ("menu_access", "Query Search"),
]
"""The data team alone: it reads what its ClickHouse user may, within that user's limits."""
RULE = "本部门的行·"
"""How the names of our row-level rules begin."""


def ensure_admin() -> None:
    """The administrator, with the password the environment gives."""
    _ensure_user("admin", "管理员", "Admin", os.environ["HUANXIN_SUPERSET_ADMIN_PASSWORD"])


def ensure_seats(datasets: set[str]) -> None:
    """Every seat's role, account and, for a department, its rule over the datasets of these uuids."""
    tables = db.session.query(SqlaTable).filter(SqlaTable.uuid.in_(datasets)).order_by(SqlaTable.id).all()
    pages = _permissions([*PAGES, *(("datasource_access", table.perm) for table in tables)])
    lab = _permissions([*SQL_LAB, *(("database_access", base.perm) for base in {table.database for table in tables})])
    for seat in seats():
        _ensure_role(seat.role, pages | lab if seat.id == "data" else pages)
        given = os.environ["HUANXIN_SUPERSET_LEADER_PASSWORD"] if seat.id == "leader" else password("superset", seat.id)
        _ensure_user(seat.id, seat.name, seat.role, given)
    _ensure_rules([seat for seat in seats() if seat.is_department], tables)
    _close_others({"admin", *(seat.id for seat in seats())})


def _permissions(pairs: Iterable[tuple[str, str]]) -> set[PermissionView]:
    return {security_manager.add_permission_view_menu(*pair) for pair in pairs}


def _ensure_role(name: str, permissions: set[PermissionView]) -> None:
    role = security_manager.find_role(name) or security_manager.add_role(name)
    if set(role.permissions) != permissions:
        role.permissions = list(permissions)


def _ensure_user(username: str, name: str, role_name: str, given: str) -> None:
    user, role = security_manager.find_user(username), security_manager.find_role(role_name)
    if user is None:
        user = security_manager.add_user(username, name, "", f"{username}@huanxin.local", role, password=given)
        if not user:
            raise RuntimeError(f"the user {username} could not be made: see the lines above")
    if not check_password_hash(user.password, given):
        user.password = generate_password_hash(given)
    if user.roles != [role] or not user.active:
        user.roles, user.active = [role], True


def _ensure_rules(departments: list[Seat], tables: list[SqlaTable]) -> None:
    """Superset's own row-level security over each dataset with a column `department`: a second wall before ClickHouse's."""
    rows = [table for table in tables if any(column.column_name == "department" for column in table.columns)]
    found = {
        rule.name: rule
        for rule in db.session.query(RowLevelSecurityFilter).filter(RowLevelSecurityFilter.name.like(RULE + "%"))
    }
    for seat in departments:
        names = ", ".join(f"'{name}'" for name in seat.names)
        wanted = {
            "filter_type": "Regular",
            "group_key": "department",
            "clause": f"department IN ({names})",
            "tables": rows,
            "roles": [security_manager.find_role(seat.role)],
        }
        rule = found.pop(RULE + seat.name, None)
        if rule is None:
            rule = RowLevelSecurityFilter(name=RULE + seat.name)
            db.session.add(rule)
        for key, value in wanted.items():
            now = getattr(rule, key)
            if (sorted(one.id for one in now) != sorted(one.id for one in value)) if isinstance(value, list) else now != value:
                setattr(rule, key, value)
    for rule in found.values():
        db.session.delete(rule)


def _close_others(kept: set[str]) -> None:
    """Accounts with one of our roles that the tree does not name: they cannot sign in, and have no role."""
    ours = {seat.role for seat in seats()} | {"Admin"}
    for user in security_manager.get_all_users():
        if user.username not in kept and any(role.name in ours or role.name.startswith("部门·") for role in user.roles):
            user.roles, user.active = [], False
