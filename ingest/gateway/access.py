"""Who is asking: each source has a key of its own, sent as a bearer token (RFC 6750)."""

import hmac
from collections.abc import Mapping

from fastapi import HTTPException, Request

from ingest.sources import Source


class Access:
    """Finds the source that a request's key belongs to."""

    def __init__(self, registered: Mapping[str, Source], keys: Mapping[str, str]) -> None:
        self._keys = [
            (registered[source_id], key.encode()) for source_id, key in keys.items() if source_id in registered and key
        ]

    async def source(self, request: Request) -> Source:
        """The asking source. Raises 401 without a known key. Every key is compared, each in constant time.

        A coroutine, so that it does not queue for a thread behind requests that wait for Kafka.
        """
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        found = [source for source, key in self._keys if hmac.compare_digest(key, given.encode())]
        if scheme.lower() != "bearer" or not found:
            raise HTTPException(401, "send your source's key as Authorization: Bearer …", {"WWW-Authenticate": "Bearer"})
        return found[0]
