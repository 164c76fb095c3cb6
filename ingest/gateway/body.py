"""Request bodies: size and count are bounded before anything is parsed."""

import json
from collections.abc import Sequence

from fastapi import HTTPException, Request
from pydantic import ValidationError

from huanxin.errors import RejectedError
from ingest.accept import read_envelope
from schemas.envelope import Envelope
from schemas.rejection import rejection

MAX_BYTES = 8 * 1024 * 1024
MAX_EVENTS = 5_000
SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LINES = ("application/jsonl", "application/x-ndjson")

Events = Sequence[Envelope | RejectedError]


async def read_body(request: Request) -> bytes:
    """The whole body. Raises 413 as soon as it is over 8 MiB."""
    if int(request.headers.get("content-length") or 0) > MAX_BYTES:
        raise HTTPException(413, f"a request may have {MAX_BYTES} bytes; send several")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BYTES:
            raise HTTPException(413, f"a request may have {MAX_BYTES} bytes; send several")
    return bytes(body)


def media_type(request: Request) -> str:
    """The request's media type. Raises 415 where it is none of the three."""
    found = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found not in (SINGLE, BATCH, *LINES):
        raise HTTPException(415, f"content-type must be {SINGLE}, {BATCH} or {LINES[0]}")
    return found


def parse(media: str, body: bytes) -> Events:
    """The body's events; one that is none comes as its rejection. Raises 422 where the body as a whole cannot be read."""
    if media == SINGLE:
        return [_single(body)]
    if media == BATCH:
        return _batch(body)
    lines = [line for line in body.splitlines() if line.strip()]
    _bound(len(lines))
    return [read_envelope(line) for line in lines]


def _single(body: bytes) -> Envelope | RejectedError:
    event = read_envelope(body)
    if isinstance(event, RejectedError) and event.stage == "open":
        raise HTTPException(422, "the body is not one JSON document in UTF-8")
    return event


def _batch(body: bytes) -> Events:
    try:
        documents = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(422, "the body is not one JSON document in UTF-8") from None
    if not isinstance(documents, list):
        raise HTTPException(422, f"{BATCH} is a JSON array of events")
    _bound(len(documents))
    return [_envelope(document) for document in documents]


def _envelope(document: object) -> Envelope | RejectedError:
    try:
        return Envelope.model_validate_json(json.dumps(document))
    except ValidationError as error:
        return rejection(error)


def _bound(count: int) -> None:
    if count > MAX_EVENTS:
        raise HTTPException(413, f"a request may have {MAX_EVENTS} events; send several")
    if count == 0:
        raise HTTPException(422, "the body holds no event")
