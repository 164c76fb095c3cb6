"""What the OpenAPI document says of request bodies and keys: the routes read them by themselves, so that bounds come first."""

from typing import Any

from ingest.gateway.body import BATCH, LINES, MAX_BYTES, MAX_EVENTS, SINGLE
from ingest.gateway.signature import SCHEME
from schemas.catalogue import event_types, example
from schemas.envelope import Envelope

SECURITY: dict[str, Any] = {"security": [{"bearer": []}, {"hmac": []}]}
SECURITY_SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "The source's key, over TLS."},
    "hmac": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": f"{SCHEME} source=…, timestamp=…, nonce=…, body=…, signature=…, made with the source's key.",
    },
}


def _event_schema() -> dict[str, Any]:
    schema = Envelope.model_json_schema()
    schema["description"] = "A CloudEvents 1.0 envelope; `data` is described by its type's contract."
    schema["properties"]["type"]["examples"] = list(event_types())
    return schema


_EXAMPLES = {name: {"value": example(name)} for name in event_types()}
_FIRST = [example(name) for name in event_types()][:1]
_MANY = {
    "type": "array",
    "minItems": 1,
    "maxItems": MAX_EVENTS,
    "description": "Events of one source, each as in a single request. An item that is no event is rejected by itself.",
    "items": {},
}
EVENTS_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": f"At most {MAX_EVENTS} events and {MAX_BYTES} bytes, unpacked; `Content-Encoding: gzip` is understood.",
        "content": {
            SINGLE: {"schema": _event_schema(), "examples": _EXAMPLES},
            BATCH: {"schema": _MANY, "example": _FIRST},
            **{lines: {"schema": {"description": "One event on each line."}, "example": _FIRST} for lines in LINES},
        },
    }
}
