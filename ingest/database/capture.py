"""Takes the changes that Debezium has put into Kafka: publishes their events, then commits how far it has read.

A crash between the two takes some changes again, which has no effect.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import structlog
from kafka import KafkaConsumer

from ingest.accept import Intake
from ingest.database.changes import Changes
from ingest.database.exchange import Captured
from ingest.database.refusals import Refusal
from schemas.catalogue import CHANGES

GROUP = "huanxin-capture"
log = structlog.get_logger()


def topic_of(table: Captured) -> str:
    """The topic in which Debezium puts a registered table's changes."""
    return f"{CHANGES}.{table.schema_name or 'public'}.{table.table}"


class Capture:
    """Reads the changes of all captured sources, by topic."""

    def __init__(
        self, bootstrap: str, changes: Mapping[str, Changes], intake: Intake, note: Callable[[Sequence[Refusal]], None]
    ) -> None:
        self._changes = changes
        self._intake = intake
        self._note = note
        self._consumer = KafkaConsumer(
            bootstrap_servers=bootstrap,
            group_id=GROUP,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_records=1_000,
            metadata_max_age_ms=2_000,
        )
        names = "|".join(re.escape(name) for name in changes)
        self._consumer.subscribe(pattern=f"^({names})$")  # a table's topic appears with its first change

    def take(self, timeout_seconds: float = 1.0) -> int:
        """One fetch; returns the events accepted. Raises UnavailableError: take again, nothing is lost."""
        accepted = 0
        for tp, records in self._consumer.poll(timeout_ms=int(timeout_seconds * 1000)).items():
            changes = self._changes[tp.topic]
            found = [(record, event) for record in records for event in changes.events(record.value)]
            results = self._intake.accept([event for _, event in found])
            self._note(
                [
                    Refusal(changes.source.id, changes.row_key(record.value), result)
                    for (record, _), result in zip(found, results, strict=True)
                    if result.status == "rejected"
                ]
            )
            accepted += sum(result.status == "accepted" for result in results)
            log.info("changes taken", topic=tp.topic, partition=tp.partition, changes=len(records), accepted=accepted)
        self._consumer.commit()
        return accepted

    def rewind(self) -> None:
        """Go back to what was committed last: after a failure, what was fetched is fetched again."""
        for tp in self._consumer.assignment():
            committed = self._consumer.committed(tp)
            if committed is None:
                self._consumer.seek_to_beginning(tp)
            else:
                self._consumer.seek(tp, committed)

    def close(self) -> None:
        """Leave the group."""
        self._consumer.close()
