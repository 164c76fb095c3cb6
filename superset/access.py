"""The two sign-ins: `admin`, who looks after Superset, and `leader`, who sees the pages and nothing else."""

import os

from superset.connectors.sqla.models import SqlaTable
from werkzeug.security import check_password_hash, generate_password_hash

from superset import db, security_manager

LEADERS = "领导"
PERMISSIONS = [
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
    ("can_this_form_get", "ResetMyPasswordView"),
    ("can_this_form_post", "ResetMyPasswordView"),
]
"""No SQL Lab, no exploring, no lists, no writing but the state of a filter and one's own password."""


def ensure_admin() -> None:
    """The administrator, with the password the environment gives."""
    _ensure_user("admin", "管理员", "Admin", os.environ["HUANXIN_SUPERSET_ADMIN_PASSWORD"])


def ensure_leader(datasets: set[str]) -> None:
    """The role 领导, with exactly PERMISSIONS and the datasets of these uuids (what it had beyond is revoked), and its user."""
    role = security_manager.find_role(LEADERS) or security_manager.add_role(LEADERS)
    wanted = [pvm for pair in PERMISSIONS if (pvm := security_manager.find_permission_view_menu(*pair))]
    for dataset in db.session.query(SqlaTable).filter(SqlaTable.uuid.in_(datasets)):
        wanted.append(security_manager.add_permission_view_menu("datasource_access", dataset.perm))
    if set(role.permissions) != set(wanted):
        role.permissions = wanted
    db.session.commit()
    _ensure_user("leader", "领导", LEADERS, os.environ["HUANXIN_SUPERSET_LEADER_PASSWORD"])


def _ensure_user(username: str, name: str, role_name: str, password: str) -> None:
    user, role = security_manager.find_user(username), security_manager.find_role(role_name)
    if user is None:
        user = security_manager.add_user(username, name, "", f"{username}@huanxin.local", role, password=password)
        if not user:
            raise RuntimeError(f"the user {username} could not be made: see the lines above")
    if not check_password_hash(user.password, password):
        user.password = generate_password_hash(password)
    user.roles, user.active = [role], True
    db.session.commit()
