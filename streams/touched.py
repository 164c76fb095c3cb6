"""Touched cells, packed: one message for each target partition with all the distinct days of a stream that a batch touched."""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date


def pack(event_type: str, days: Iterable[date], partitions: int) -> dict[int, bytes]:
    """Partition of huanxin.touched.cells → message. One cell (a stream's day) always lies in one partition."""
    by_partition: defaultdict[int, list[str]] = defaultdict(list)
    for day in sorted(days):
        by_partition[zlib.crc32(f"{event_type}/{day}".encode()) % partitions].append(day.isoformat())
    return {
        partition: json.dumps({"stream": event_type, "days": found}).encode()
        for partition, found in sorted(by_partition.items())
    }


def unpack(values: Iterable[bytes]) -> Mapping[str, set[date]]:
    """Stream → its distinct days, from many messages."""
    touched: defaultdict[str, set[date]] = defaultdict(set)
    for value in values:
        message = json.loads(value)
        touched[message["stream"]].update(date.fromisoformat(day) for day in message["days"])
    return touched
