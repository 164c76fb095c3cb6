"""What the faults do to Kafka's topics, and what they ask of them."""

from contextlib import suppress

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from huanxin.chaos.lab import Lab
from huanxin.chaos.load import TYPES
from huanxin.errors import StackError
from huanxin.stack.status import GROUP, lag, left
from schemas.catalogue import topic

EVENT_TOPICS = tuple(topic(event_type) for event_type in TYPES)


def partitions(lab: Lab, *topics: str) -> list[TopicPartition]:
    """The partitions of some topics."""
    with lab.admin() as admin:
        found = admin.describe_topics(list(topics))
    return [TopicPartition(t["name"], p["partition_index"]) for t in found for p in t["partitions"]]


def end_offsets(lab: Lab, *topics: str) -> dict[TopicPartition, int]:
    """Where each partition of some topics (the trial's event topics) ends."""
    consumer = KafkaConsumer(bootstrap_servers=lab.settings.kafka_bootstrap, enable_auto_commit=False)
    try:
        return dict(consumer.end_offsets(partitions(lab, *(topics or EVENT_TOPICS))))
    finally:
        consumer.close()


def begin_offsets(lab: Lab, *topics: str) -> dict[TopicPartition, int]:
    """Where each partition of some topics begins."""
    consumer = KafkaConsumer(bootstrap_servers=lab.settings.kafka_bootstrap, enable_auto_commit=False)
    try:
        return dict(consumer.beginning_offsets(partitions(lab, *(topics or EVENT_TOPICS))))
    finally:
        consumer.close()


def committed(lab: Lab) -> dict[TopicPartition, int]:
    """What the workers' group has committed of the trial's event topics."""
    with lab.admin() as admin:
        groups = admin.list_group_offsets([GROUP])
    return {tp: found.offset for tp, found in groups[GROUP].items() if tp.topic in EVENT_TOPICS}


def members(lab: Lab) -> int:
    """Workers that hold partitions; 0 while they are being dealt out."""
    with lab.admin() as admin:
        group = admin.describe_groups([GROUP])[GROUP]
    return len(group["members"]) if group["group_state"] == "Stable" else 0


def configure(lab: Lab, topic_name: str, **configs: str) -> None:
    """Set some of a topic's settings (dots written as underscores)."""
    named = {name.replace("_", "."): value for name, value in configs.items()}
    with lab.admin() as admin:
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic_name, configs=named)])


def rewind(lab: Lab) -> int:
    """Set the workers' group to the start of every topic it reads; returns the messages that come again.

    No worker may run, and the sessions of its members must be over: call it until it returns some. Kafka's answer for each
    partition is not looked at: what is left afterwards says whether it took them.
    """
    with lab.admin() as admin, suppress(KafkaError, StackError):
        read = [TopicPartition(name, partition) for name, found in lag(lab.settings).items() for partition in found]
        admin.alter_group_offsets(GROUP, {tp: OffsetAndMetadata(0, "", -1) for tp in read})
    return left(lab.settings) or 0


def letters(lab: Lab) -> int:
    """How many dead letters there are."""
    return int(lab.sql("SELECT count() FROM landing.dead_letter FINAL")[0][0])
