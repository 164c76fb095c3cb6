"""Touched documents, packed: one message with all the documents of a stream that a batch brought.

Which cases they belong to is asked of the warehouse, which also knows the cases that an earlier revision named. All go to one
partition, whatever the topic has: a case is reached from several documents, and two evaluations of it must not run at once.
"""

import base64
import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

PARTITION = 0
MOST = 10_000
"""Documents of a message."""

Document = tuple[str, date, bytes]
"""Stream (CloudEvents type), day and document id."""

_DAY, _DOCUMENT = struct.Struct(">H"), struct.Struct(">H16s")
_EPOCH = date(1970, 1, 1)


def pack_documents(event_type: str, days: Sequence[int], ids: Sequence[bytes]) -> Iterator[bytes]:
    """The messages for a batch's documents, a quarter of a megabyte each at most; `days` count from 1970-01-01."""
    packed = {number: _DAY.pack(number) for number in set(days)}
    distinct = sorted({packed[number] + document for number, document in zip(days, ids, strict=True)})
    for start in range(0, len(distinct), MOST):
        documents = base64.b64encode(b"".join(distinct[start : start + MOST]))
        yield json.dumps({"stream": event_type, "documents": documents.decode()}).encode()


def unpack_documents(values: Iterable[bytes]) -> list[Document]:
    """The distinct documents of many messages."""
    found: set[Document] = set()
    for value in values:
        message = json.loads(value)
        for day, document in _DOCUMENT.iter_unpack(base64.b64decode(message["documents"])):
            found.add((message["stream"], _EPOCH + timedelta(days=day), document))
    return sorted(found)
