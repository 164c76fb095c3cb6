"""The topics, made before anything uses them: names from the catalogue, the rest from the settings."""

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import TopicAlreadyExistsError

from huanxin.settings import Settings
from schemas.catalogue import TOUCHED_CASES, TOUCHED_CELLS, dead_letter_topic, event_types, topic

MAX_MESSAGE_BYTES = 1_048_576
_FOREVER = {"retention.ms": "-1", "retention.bytes": "-1"}
EVENT_CONFIG = {
    **_FOREVER,  # a rebuild replays all there ever was
    "message.timestamp.type": "LogAppendTime",  # received_at is the broker's clock, not a source's
    "max.message.bytes": str(MAX_MESSAGE_BYTES),
}
DEAD_LETTER_CONFIG = {**_FOREVER, "max.message.bytes": str(2 * MAX_MESSAGE_BYTES)}
TOUCHED_CONFIG = {"retention.ms": str(7 * 86_400_000)}  # asks for a recompute; the state lies in ClickHouse


def topic_configs() -> dict[str, dict[str, str]]:
    """Topic → its configuration."""
    configs: dict[str, dict[str, str]] = {}
    for event_type in event_types():
        configs[topic(event_type)] = EVENT_CONFIG
        configs[dead_letter_topic(event_type)] = DEAD_LETTER_CONFIG
    return configs | {TOUCHED_CELLS: TOUCHED_CONFIG, TOUCHED_CASES: TOUCHED_CONFIG}


def ensure_topics(settings: Settings) -> list[str]:
    """Create the topics that are missing; returns their names. Existing ones stay as they are."""
    admin = KafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap, client_id="huanxin-topics")
    try:
        missing = sorted(set(topic_configs()) - set(admin.list_topics()))
        new = [
            NewTopic(name, num_partitions=settings.partitions, replication_factor=settings.replication, topic_configs=config)
            for name, config in topic_configs().items()
            if name in missing
        ]
        if new:
            try:
                admin.create_topics(new, timeout_ms=15_000)
            except TopicAlreadyExistsError:
                return ensure_topics(settings)  # another process was faster with some of them
        return missing
    finally:
        admin.close()
