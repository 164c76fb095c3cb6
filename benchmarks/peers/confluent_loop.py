"""A plain loop on confluent-kafka: consume a batch, do the job, insert, commit."""

from confluent_kafka import Consumer

from benchmarks.peers.job import BATCH, GROUP, KAFKA, TOPIC, Table, to_row

table = Table()
consumer = Consumer(
    {"bootstrap.servers": KAFKA, "group.id": GROUP, "auto.offset.reset": "earliest", "enable.auto.commit": False}
)
consumer.subscribe([TOPIC])
while True:
    messages = [message for message in consumer.consume(BATCH, timeout=0.5) if not message.error()]
    if messages:
        table.insert([to_row(m.value(), m.partition(), m.offset(), m.timestamp()[1]) for m in messages])
        consumer.commit(asynchronous=False)
