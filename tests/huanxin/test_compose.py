"""The compose file by itself: every variable, path, port and host it names is there, and services start in order.

No container engine runs here; what can be known without one is checked.
"""

import re
from fnmatch import fnmatch
from typing import Any

import pytest

from huanxin.settings import CHECKOUT
from tests.huanxin.compose import compose, listed

SERVICES = compose().services
ONE_SHOT = {"access", "migrate", "provision"}
PUBLISHED = {"gateway": "18080", "superset": "8088"}
OUTWARD = {"connectors", "connect"}
"""They reach the departments' databases."""
UNPROBED = {"connectors"}
"""Its jobs try again for ever, and it has no port: whether it reads is seen by the sources' freshness."""
PROBED = {**PUBLISHED, "worker": "16066", "clickhouse": "8123", "kafka": "9092", "connect": "8083"}
DATA = {
    "kafka": compose().environment("kafka")["KAFKA_LOG_DIRS"],
    "clickhouse": "/var/lib/clickhouse",
    "postgres": "/var/lib/postgresql/data",
    "connect": "/kafka/data",
}
PORTS = {"kafka": {"9092"}, "clickhouse": {"8123", "9000"}, "postgres": {"5432"}, "redis": {"6379"}}
"""The ports on which the official images listen."""
ADDRESS = re.compile(r"\b(?P<host>[a-z]+):(?P<port>\d{4,5})\b")
DOCKERFILES = ["Dockerfile", "docker/superset.Dockerfile"]


def depends_on(service: str) -> set[str]:
    """Everything that runs, or has run, before a service starts."""
    direct = set(SERVICES[service].get("depends_on", {}))
    return direct.union(*(depends_on(other) for other in direct))


def addresses(service: str) -> set[tuple[str, str]]:
    """Host and port of each other service that a service's environment names."""
    environment = compose().environment(service)
    found = {(m["host"], m["port"]) for value in environment.values() for m in ADDRESS.finditer(value)}
    for name, host in environment.items():
        if name.endswith("_HOST") and name not in ("HUANXIN_HOST", "CAPTURE_HOST"):  # its own, and a department's
            prefix = name.removesuffix("HOST")
            ports = [value for other, value in environment.items() if other.startswith(prefix) and other.endswith("PORT")]
            assert ports, f"{service} is told {name} and no port"
            found |= {(host, port) for port in ports}
    return {(host, port) for host, port in found if host != service}


def test_required_variables_are_listed_empty() -> None:
    assert {name for name in compose().required if listed()[name].value} == set(), "a secret must not lie in the tree"


def test_other_variables_are_listed_with_their_one_default() -> None:
    assert compose().defaults == {name: {listed()[name].value} for name in compose().defaults}


def test_nothing_listed_is_unused() -> None:
    of_compose_itself = {"COMPOSE_PROFILES"}
    assert set(listed()) == compose().required | set(compose().defaults) | of_compose_itself


def test_every_variable_is_explained() -> None:
    assert [name for name, line in listed().items() if len(line.comment) < 10] == []
    assert [n for n in sorted(compose().required) if not re.search(r"openssl rand|sha256sum", listed()[n].comment)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_mounts_exist_and_files_are_read_only(service: str) -> None:
    for mount in SERVICES[service].get("volumes", []):
        source, target, *mode = mount.split(":")
        assert target.startswith("/")
        if source.startswith("./"):
            assert (CHECKOUT / source).is_file()
            assert mode == ["ro"]
        else:
            assert source in compose().volumes


def test_every_volume_is_written_by_one_service() -> None:
    used = [mount.split(":") for service in SERVICES.values() for mount in service.get("volumes", [])]
    written = [mount[0] for mount in used if not mount[0].startswith("./") and mount[2:] != ["ro"]]
    assert sorted(written) == sorted(compose().volumes)


@pytest.mark.parametrize("dockerfile", DOCKERFILES)
def test_what_an_image_copies_is_in_the_tree_and_in_the_build(dockerfile: str) -> None:
    lines = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = [line[1:] for line in lines if line.startswith("!")]
    for line in (CHECKOUT / dockerfile).read_text(encoding="utf-8").splitlines():
        if line.startswith("COPY ") and "--from=" not in line:
            for source in line.split()[1:-1]:
                assert (CHECKOUT / source).exists(), f"{dockerfile} copies {source}"
                assert any(fnmatch(source, pattern) or source.startswith(f"{pattern}/") for pattern in kept), (
                    f".dockerignore hides {source}"
                )


def test_dockerfiles_are_the_ones_that_are_built() -> None:
    builds = [service["build"] for service in SERVICES.values() if "build" in service]
    assert {build.get("dockerfile", "Dockerfile") for build in builds} == set(DOCKERFILES)
    assert {build["context"] for build in builds} == {"."}


def test_only_gateway_and_superset_are_published() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert {name: [port.split(":")[-1] for port in ports] for name, ports in published.items()} == {
        name: [port] for name, port in PUBLISHED.items()
    }
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_everything_stands_in_the_internal_network_and_in_no_other_that_it_does_not_need() -> None:
    assert {name for name, network in compose().networks.items() if (network or {}).get("internal")} == {"backend"}
    for name, service in SERVICES.items():
        further = {"edge"} if name in PUBLISHED else {"departments"} if name in OUTWARD else set()
        assert set(service["networks"]) == {"backend"} | further, name


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_what_it_names(service: str) -> None:
    for host, port in addresses(service):
        assert port in PORTS[host], f"{service} names {host}:{port}"
        assert host in depends_on(service), f"{service} must wait for {host}"


def test_the_addresses_are_seen_at_all() -> None:
    assert addresses("gateway") == {("kafka", "9092"), ("clickhouse", "9000")}
    assert addresses("provision") == {("postgres", "5432"), ("redis", "6379"), ("clickhouse", "8123")}
    assert addresses("superset") == {("postgres", "5432"), ("redis", "6379")}


def test_kafka_tells_clients_the_address_they_use() -> None:
    kafka = compose().environment("kafka")
    assert kafka["KAFKA_ADVERTISED_LISTENERS"] == "PLAINTEXT://kafka:9092"
    assert kafka["KAFKA_LISTENERS"] == "PLAINTEXT://:9092,CONTROLLER://:9093"
    assert kafka["KAFKA_CONTROLLER_QUORUM_VOTERS"] == f"{kafka['KAFKA_NODE_ID']}@kafka:9093"


def test_superset_and_postgres_agree() -> None:
    postgres = compose().environment("postgres")
    user, password, database = (postgres[f"POSTGRES_{name}"] for name in ("USER", "PASSWORD", "DB"))
    uri = f"postgresql+psycopg2://{user}:{password}@postgres:5432/{database}"
    assert compose().environment("superset")["HUANXIN_SUPERSET_DATABASE_URI"] == uri
    assert SERVICES["postgres"]["healthcheck"]["test"][1:] == ["pg_isready", "-U", user, "-d", database]


@pytest.mark.parametrize(("service", "folder"), DATA.items())
def test_data_lie_in_a_volume(service: str, folder: str) -> None:
    assert f"{service}:{folder}" in SERVICES[service]["volumes"]


def test_files_land_in_a_volume_that_the_image_has_a_folder_for() -> None:
    folder = compose().environment("watch")["HUANXIN_DROP"]
    assert SERVICES["watch"]["volumes"] == [f"drop:{folder}"]
    made = next(line for line in (CHECKOUT / "Dockerfile").read_text().splitlines() if "install -d -o huanxin " in line)
    assert folder in made.split(), "the volume would belong to root"


@pytest.mark.parametrize("service", SERVICES)
def test_services_start_in_order_and_stay(service: str) -> None:
    entry: dict[str, Any] = SERVICES[service]
    assert entry["restart"] == ("no" if service in ONE_SHOT else "unless-stopped")
    assert ("healthcheck" in entry) == (service not in ONE_SHOT | UNPROBED)
    for other, how in entry.get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
        assert how == {"condition": wanted}, f"{service} → {other}"


def test_nothing_runs_before_the_schema_and_no_page_before_its_assets() -> None:
    assert {name for name in SERVICES if "migrate" in depends_on(name)} == {
        "gateway",
        "worker",
        "watch",
        "connectors",
        "provision",
        "superset",
    }
    assert "provision" in depends_on("superset")


@pytest.mark.parametrize(("service", "port"), PROBED.items())
def test_health_checks_ask_the_right_port(service: str, port: str) -> None:
    assert re.findall(r":(\d{4,5})\b", " ".join(SERVICES[service]["healthcheck"]["test"])) == [port]


def bytes_of(text: str) -> int:
    """512m, 256mb or 1g in bytes."""
    number, unit = re.fullmatch(r"(\d+)([mg])b?", text).groups()  # type: ignore[union-attr]
    return int(number) << {"m": 20, "g": 30}[unit]


def test_memory_is_bounded_and_caches_fit_into_it() -> None:
    limits = {name: bytes_of(service["mem_limit"]) for name, service in SERVICES.items()}
    for service in ("kafka", "connect"):
        heap = re.search(r"-Xmx(\w+)", compose().environment(service)["KAFKA_HEAP_OPTS"])
        assert heap
        assert bytes_of(heap[1]) * 3 // 2 <= limits[service]
    redis = SERVICES["redis"]["command"]
    assert bytes_of(redis[redis.index("--maxmemory") + 1]) * 5 // 4 <= limits["redis"]
    assert sum(limits.values()) <= 16 << 30, "docs/operations.md asks for a server of 16 GiB"
