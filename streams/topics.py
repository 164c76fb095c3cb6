"""The topics, made before anything uses them: names from the catalogue, the rest from the settings."""

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import TopicAlreadyExistsError

from huanxin.settings import Settings
from schemas.catalogue import HEARTBEATS, POSITIONS, TOUCHED_CASES, TOUCHED_CELLS, dead_letter_topic, event_types, topic

MAX_MESSAGE_BYTES = 1_048_576
_FOREVER = {"retention.ms": "-1", "retention.bytes": "-1"}
EVENT_CONFIG = {
    **_FOREVER,  # a rebuild replays all there ever was
    "message.timestamp.type": "LogAppendTime",  # received_at is the broker's clock, not a source's
    "max.message.bytes": str(MAX_MESSAGE_BYTES),
}
DEAD_LETTER_CONFIG = {**_FOREVER, "max.message.bytes": str(2 * MAX_MESSAGE_BYTES)}
POSITIONS_CONFIG = {"cleanup.policy": "compact"}  # the last position of each polled source
HEARTBEATS_CONFIG = {"cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime"}  # the last one of each source
TOUCHED_CONFIG = {"retention.ms": str(7 * 86_400_000)}  # asks for a recompute; the state lies in ClickHouse

ONE_HOME = {POSITIONS, TOUCHED_CASES}
"""Topics whose messages must not change their partition: they keep the partitions they have."""


def topic_configs() -> dict[str, dict[str, str]]:
    """Topic → its configuration."""
    configs: dict[str, dict[str, str]] = {}
    for event_type in event_types():
        configs[topic(event_type)] = EVENT_CONFIG
        configs[dead_letter_topic(event_type)] = DEAD_LETTER_CONFIG
    return configs | {
        TOUCHED_CELLS: TOUCHED_CONFIG,
        TOUCHED_CASES: TOUCHED_CONFIG,
        POSITIONS: POSITIONS_CONFIG,
        HEARTBEATS: HEARTBEATS_CONFIG,
    }


def ensure_topics(settings: Settings) -> list[str]:
    """Create the topics that are missing and give those with too few partitions more; returns the names of both.

    Partitions grow live and never shrink; a topic that has more than the settings say keeps them.
    """
    admin = KafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap, client_id="huanxin-topics")
    try:
        there = set(admin.list_topics())
        made = _create(admin, settings, sorted(set(topic_configs()) - there))
        grown = _grow(admin, settings.partitions, sorted((set(topic_configs()) - ONE_HOME) & there))
    except TopicAlreadyExistsError:
        return ensure_topics(settings)  # another process was faster with some of them
    finally:
        admin.close()
    return made + grown


def _create(admin: KafkaAdminClient, settings: Settings, names: list[str]) -> list[str]:
    new = [
        NewTopic(
            name,
            num_partitions=settings.partitions,
            replication_factor=settings.replication,
            topic_configs=topic_configs()[name],
        )
        for name in names
    ]
    if new:
        admin.create_topics(new, timeout_ms=15_000)
    return names


def _grow(admin: KafkaAdminClient, partitions: int, names: list[str]) -> list[str]:
    few = [found["name"] for found in admin.describe_topics(names) if len(found["partitions"]) < partitions] if names else []
    if few:
        admin.create_partitions(dict.fromkeys(few, partitions), timeout_ms=15_000)
    return few
