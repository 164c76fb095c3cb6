"""Production and the local stack are one thing: the same versions, broker settings, topics, users and variables."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from huanxin.settings import CHECKOUT, Secrets, Settings
from huanxin.stack import clickhouse, connect, kafka, programs, superset
from huanxin.stack.runtime import CLICKHOUSE_LOCK, CONNECT_LOCK, KAFKA_LOCK, LOCKS, coordinates
from streams.app import create_app
from streams.topics import topic_configs
from tests.huanxin.compose import compose

SERVICES = compose().services
PLATFORM = ("migrate", "gateway", "worker", "watch", "connectors")
NEEDED = {
    "migrate": {"clickhouse_admin"},
    "gateway": {"pseudonym_key", "clickhouse_worker", "source_keys"},
    "worker": {"pseudonym_key", "seal_key", "clickhouse_worker"},
    "watch": {"pseudonym_key", "clickhouse_worker"},
    "connectors": {"pseudonym_key", "clickhouse_worker"},  # and the databases' addresses, where there are any
}
"""Service → the secrets that it uses; it is given these and no others."""
PLACE = {
    "node.id", "process.roles", "controller.quorum.voters", "controller.listener.names", "listener.security.protocol.map",
    "listeners", "advertised.listeners", "log.dirs", "heap.opts",
}  # fmt: skip
"""Broker settings that say where the broker is, not how it behaves."""


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings by default, whatever this shell or checkout has set."""
    monkeypatch.setenv("HUANXIN_HOME", "/nonexistent")
    return Settings(secrets=Secrets())


def test_versions() -> None:
    versions = set(re.findall(r"org\.apache\.kafka:[a-z_0-9.-]+:([0-9.]+)", coordinates(KAFKA_LOCK)))
    assert versions == {SERVICES["kafka"]["image"].removeprefix("apache/kafka:")}
    (debezium,) = re.findall(r"io\.debezium:debezium-connector-postgres:([^+\s]+)", coordinates(CONNECT_LOCK))
    assert SERVICES["connect"]["image"] == f"quay.io/debezium/connect:{debezium}"
    library = json.loads((CLICKHOUSE_LOCK / "package.json").read_text())["dependencies"]["@chdb/lib-linux-x64-gnu"]
    assert SERVICES["clickhouse"]["image"] == "clickhouse/clickhouse-server:" + ".".join(library.split(".")[:2])
    dockerfile = (CHECKOUT / "docker" / "superset.Dockerfile").read_text()
    lock = dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", (LOCKS / "superset.txt").read_text(), re.MULTILINE))
    assert f"FROM apache/superset:{lock['apache-superset']}\n" in dockerfile
    assert {"clickhouse-connect", "psycopg2-binary"} <= set(lock)


def test_broker_settings() -> None:
    variables = compose().environment("kafka")
    given = {name.removeprefix("KAFKA_").lower().replace("_", "."): value for name, value in variables.items()}
    assert {name: value for name, value in given.items() if name not in PLACE} == {**kafka.BROKER, **kafka.SINGLE}


def test_kafka_connect_runs_the_same_connector_with_the_same_settings() -> None:
    mounts = dict(mount.split(":")[:2][::-1] for mount in SERVICES["connect"]["volumes"])
    _, worker, connector = SERVICES["connect"]["entrypoint"]
    assert CHECKOUT / mounts[connector] == connect.CONNECTOR
    lines = (CHECKOUT / mounts[worker]).read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    place = {"bootstrap.servers", "listeners", "offset.storage.file.filename", "plugin.path"}
    assert {name: value for name, value in given.items() if name not in place} == connect.WORKER
    assert given["bootstrap.servers"] == "kafka:9092"
    assert mounts["/kafka/data"] == "connect"
    assert given["offset.storage.file.filename"].startswith("/kafka/data/")
    wanted = set(re.findall(r"\$\{env:(\w+)\}", connect.CONNECTOR.read_text(encoding="utf-8")))
    assert wanted == {name for name in compose().environment("connect") if name.startswith("CAPTURE_")}


def test_the_broker_takes_the_topics() -> None:
    variables = compose().environment("kafka")
    largest = max(int(config.get("max.message.bytes", 0)) for config in topic_configs().values())
    assert largest <= int(variables["KAFKA_MESSAGE_MAX_BYTES"]) <= int(variables["KAFKA_REPLICA_FETCH_MAX_BYTES"])


def test_topics_come_from_the_same_command_with_one_number_of_partitions() -> None:
    assert SERVICES["migrate"]["command"] == ["migrate"]
    assert len({compose().environment(service)["HUANXIN_PARTITIONS"] for service in PLATFORM}) == 1


def test_the_platform_runs_the_local_programs(local: Settings) -> None:
    started = {tuple(program.command[-1:]) for program in programs.programs(local)} | {("worker",)}
    for service in ("gateway", "worker", "watch"):
        assert tuple(SERVICES[service]["command"]) in started
    assert 'ENTRYPOINT ["huanxin"]' in (CHECKOUT / "Dockerfile").read_text()


def test_the_image_has_the_folder_that_workers_write_to() -> None:
    """Faust makes the last folder of its path and no other."""
    dockerfile = (CHECKOUT / "Dockerfile").read_text()
    (home,) = re.findall(r"HUANXIN_HOME=(\S+)", dockerfile)
    made = next(line.split()[-1] for line in dockerfile.splitlines() if "install -d -o huanxin " in line)
    settings = Settings(home=home, secrets=Secrets(pseudonym_key="00" * 32, seal_key="00" * 32))
    assert create_app(settings).conf.datadir.parent == Path(made)


@pytest.mark.parametrize("service", PLATFORM)
def test_every_variable_is_a_setting(service: str) -> None:
    names = {name for name in compose().environment(service) if name.startswith("HUANXIN_")}
    fields = {f"HUANXIN_{name.upper()}" for name in Settings.model_fields}
    secrets = {f"HUANXIN_SECRETS__{name.upper()}" for name in Secrets.model_fields}
    assert names <= fields | secrets


@pytest.mark.parametrize("service", PLATFORM)
def test_the_settings_read_from_the_variables(service: str, local: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in compose().environment(service).items():
        monkeypatch.setenv(name, '{"some.source": "key"}' if name.endswith("SOURCE_KEYS") else value)
    settings = Settings()
    assert settings.kafka_bootstrap == "kafka:9092"
    assert (settings.clickhouse_host, settings.clickhouse_native_port) == ("clickhouse", 9000)
    assert settings.host == "0.0.0.0"  # noqa: S104  the container's own network
    ports = {"gateway": settings.gateway_port, "worker": settings.worker_port}
    probe = " ".join(SERVICES[service].get("healthcheck", {}).get("test", ()))
    assert service not in ports or f"127.0.0.1:{ports[service]}/" in probe
    assert {name for name, value in settings.secrets if value} == NEEDED[service]


def test_clickhouse_reads_the_same_files(local: Settings) -> None:
    mounts = dict(mount.split(":")[:2] for mount in SERVICES["clickhouse"]["volumes"])
    assert mounts["./warehouse/access/server.xml"].startswith("/etc/clickhouse-server/config.d/")
    assert mounts["./docker/clickhouse.xml"].startswith("/etc/clickhouse-server/config.d/")
    users = compose().environment("clickhouse")["HUANXIN_CLICKHOUSE_USERS"]
    assert SERVICES["access"]["command"] == ["access", "users-file", users]
    assert users.startswith(mounts["access"] + "/")
    assert not users.startswith(("/etc/clickhouse-server/users.d/", "/etc/clickhouse-server/users.xml")), "the image's own"
    assert users.rpartition("/")[0] != "/etc/clickhouse-server", "its users.d would be read with it"


def test_clickhouse_users() -> None:
    names = {name for name in compose().environment("clickhouse") if name.startswith("HUANXIN_")}
    assert names == set(clickhouse.environment(Settings(secrets=Secrets())))
    files = [ET.parse(clickhouse.ACCESS / file) for file in ("server.xml", "users.xml")]  # noqa: S314  our own files
    assert names == {element.attrib["from_env"] for file in files for element in file.iter() if "from_env" in element.attrib}
    users = files[1].find("users")
    assert users is not None
    assert {user.tag for user in users} == {"default", *(f"huanxin_{user}" for user in clickhouse.USERS)}


def test_clickhouse_has_no_other_users() -> None:
    root = ET.parse(CHECKOUT / "docker" / "clickhouse.xml").getroot()  # noqa: S314  our own file
    directories = root.find("user_directories")
    assert directories is not None
    assert directories.attrib == {"remove": "remove"}, "the image's users.xml lets `default` in without a password"


def test_superset_variables(local: Settings) -> None:
    files = [file for file in superset.SUPERSET.rglob("*") if file.suffix in (".py", ".yaml")]
    read = {name for file in files for name in re.findall(r"\bHUANXIN_[A-Z_]+[A-Z]\b", file.read_text(encoding="utf-8"))}
    given = {*compose().environment("provision"), *compose().environment("superset")} - {"TZ"}
    assert {name for name in given if name.startswith("HUANXIN_")} <= read
    # Redis takes the place of the cache folder, and an https address is production's alone.
    assert set(superset.environment(local)) - given == {"HUANXIN_SUPERSET_CACHE_DIR"}
    assert given - set(superset.environment(local)) == {"HUANXIN_PUBLIC_URL"}
    assert compose().environment("superset").items() <= compose().environment("provision").items()


def test_superset_has_the_seats_key_and_no_user_of_the_platform() -> None:
    for service in ("provision", "superset"):
        variables = compose().environment(service)
        assert variables["HUANXIN_SEATS_KEY"] == "<HUANXIN_SECRETS__SEATS_KEY>"
        assert not any("CLICKHOUSE" in value for value in variables.values())


def test_superset_lies_where_its_variables_say() -> None:
    lines = (CHECKOUT / "docker" / "superset.Dockerfile").read_text().splitlines()
    (folder,) = (line.split()[2] for line in lines if line.startswith("COPY superset "))
    for service in ("provision", "superset"):
        variables = compose().environment(service)
        assert (variables["PYTHONPATH"], variables["SUPERSET_CONFIG_PATH"]) == (folder, f"{folder}/superset_config.py")
    assert SERVICES["provision"]["command"] == ["python", f"{folder}/provision.py"]
    assert (superset.SUPERSET / "provision.py").exists()
    assert (superset.SUPERSET / "superset_config.py").exists()


def test_superset_is_served_alike(local: Settings) -> None:
    def parts(command: list[str]) -> list[str]:
        return ["gunicorn", *command[1:]]

    ours, locally = parts(SERVICES["superset"]["command"]), parts(superset.command(local))
    address = locally.index("-b") + 1
    assert ours[address] == "0.0.0.0:8088"
    locally[address] = ours[address]
    assert ours == locally
