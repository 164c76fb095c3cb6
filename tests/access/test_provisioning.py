"""Provisioning can be trusted: on a metadata database and a small tree of its own, against the session's ClickHouse."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from huanxin.settings import CHECKOUT
from huanxin.stack import superset
from tests.conftest import Stack
from warehouse.seats import seats

pytestmark = pytest.mark.stack

ASSETS = CHECKOUT / "superset" / "assets"
SECOND = """\
uuid: 9c6f2d34-3b1e-4f7a-9d52-7e0b5c4affff
like: notes
name: 第二张图
description: 与第一张同一个数据集
"""
PAGE = """\
uuid: 3f0b8f6a-51c4-4f0f-8a3d-1c9a7a6e0001
title: 总览驾驶舱
slug: overview
order: 1
rows:
  - [{chart: notes, width: 6, height: 8}, {chart: second, width: 6, height: 8}]
"""
Steps = dict[str, dict[str, Any]]
WRITTEN = ("dashboards", "charts", "datasets", "databases", "users", "roles", "rules")


@pytest.fixture(scope="module")
def steps(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Steps:
    home = tmp_path_factory.mktemp("provisioning")
    tree = home / "assets"
    for file in ("databases/clickhouse.yaml", "datasets/page_notes.yaml", "charts/notes.yaml"):
        (tree / file).parent.mkdir(parents=True)
        shutil.copy(ASSETS / file, tree / file)
    (tree / "charts" / "second.yaml").write_text(SECOND, "utf-8")
    (tree / "dashboards").mkdir()
    (tree / "dashboards" / "overview.yaml").write_text(PAGE, "utf-8")
    shutil.copy(stack.settings.home / "data" / "superset" / "superset.db", home / "superset.db")
    environment = {**os.environ, **superset.environment(stack.settings)} | {
        "SUPERSET_HOME": str(home),
        "HUANXIN_SUPERSET_DATABASE_URI": f"sqlite:///{home / 'superset.db'}?check_same_thread=false",
        "HUANXIN_SUPERSET_CACHE_DIR": str(home / "cache"),
    }
    done = subprocess.run(
        [str(stack.settings.superset_venv / "bin" / "python"), str(Path(__file__).with_name("provision_steps.py")), str(tree),
         str(home / "superset.db")],
        env=environment, capture_output=True, text=True, timeout=1800,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {line["step"]: line for line in lines}


def names(step: dict[str, Any], kind: str) -> set[str]:
    return {row[3] if kind in ("dashboards", "charts", "datasets") else row[1] for row in step[kind]}


def written(step: dict[str, Any]) -> dict[str, Any]:
    return {kind: step[kind] for kind in WRITTEN}


def test_what_left_the_tree_is_gone_and_the_rest_is_there(steps: Steps) -> None:
    assert steps["first"]["error"] == ""
    assert names(steps["first"], "charts") == {"数据截至与各来源报送情况", "第二张图"}
    assert names(steps["first"], "dashboards") == {"总览驾驶舱"}


def test_a_second_run_changes_nothing(steps: Steps) -> None:
    assert steps["again"]["error"] == ""
    assert written(steps["again"]) == written(steps["first"]), "not one id, name or time of change differs"


def test_renaming_renames(steps: Steps) -> None:
    assert names(steps["renamed"], "charts") == {"数据截至与各来源报送情况", "新名称"}
    assert {row[0] for row in steps["renamed"]["charts"]} == {row[0] for row in steps["first"]["charts"]}


def test_a_change_made_in_superset_is_undone(steps: Steps) -> None:
    assert names(steps["changed in Superset"], "charts") == {"数据截至与各来源报送情况", "新名称"}


@pytest.mark.parametrize(
    ("step", "file", "reason"),
    [
        ("broken YAML", "superset/assets/charts/second.yaml", "is not YAML"),
        ("unknown dataset", "superset/assets/charts/second.yaml", "names a dataset that is not there: none"),
        ("broken SQL", "superset/assets/charts/notes.yaml", "no"),
    ],
)
def test_what_is_broken_is_named_and_leaves_the_old_pages(steps: Steps, step: str, file: str, reason: str) -> None:
    assert file in steps[step]["error"]
    assert reason in steps[step]["error"]
    assert written(steps[step]) == written(steps["changed in Superset"])


def test_deleting_deletes(steps: Steps) -> None:
    assert steps["mended"]["error"] == steps["deleted"]["error"] == ""
    assert names(steps["deleted"], "charts") == {"数据截至与各来源报送情况"}


def test_without_its_metadata_superset_shows_nothing(steps: Steps) -> None:
    answers = steps["lost"]["answers"]
    assert len(answers) == 2
    assert 200 not in answers.values()


def test_one_command_restores_pages_roles_and_rules(steps: Steps) -> None:
    before, after = steps["deleted"], steps["restored"]
    assert after["error"] == ""
    for kind in ("dashboards", "charts", "datasets"):
        assert {(row[1], row[3]) for row in after[kind]} == {(row[1], row[3]) for row in before[kind]}
    assert {(row[1], row[3]) for row in after["rules"]} == {(row[1], row[3]) for row in before["rules"]}
    ours = {"领导", "数据组", "审计", *(f"部门·{seat.name}" for seat in seats() if seat.is_department)}
    assert {row[1] for row in after["users"]} == {"admin", *(seat.id for seat in seats())}
    assert {(row[1], row[2]) for row in after["roles"] if row[1] in ours} == {
        (row[1], row[2]) for row in before["roles"] if row[1] in ours
    }
    assert ours <= names(after, "roles")
    assert all("nobody@" in row[3] for row in after["databases"]), "the restored database holds no password"
