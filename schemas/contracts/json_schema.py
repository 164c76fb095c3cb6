"""JSON Schema (draft 2020-12) of an event as a source sends it: the CloudEvents envelope with the type's `data`."""

from typing import Any

from schemas.catalogue import EXAMPLES, example
from schemas.envelope import Envelope
from schemas.event import EventData

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def data_schema(model: type[EventData]) -> dict[str, Any]:
    """The schema of `data`; `x-personal`, `x-unit`, `x-code-system` and `x-labels` carry the fields' marks."""
    schema = model.model_json_schema()
    for field in schema["properties"].values():
        field.pop("title", None)
    return schema


def event_schema(model: type[EventData]) -> dict[str, Any]:
    """The whole event's schema, with how ids are made of it (`x-natural-key`, `x-day`, `x-amount`)."""
    schema = Envelope.model_json_schema()
    schema["properties"] |= {"type": {"const": model.event_type}, "data": data_schema(model)}
    return {
        "$schema": DIALECT,
        "$id": f"urn:huanxin:event:{model.event_type}:{model.version}",
        **schema,
        "title": model.event_type,
        "description": (model.__doc__ or "").strip(),
        "x-version": model.version,
        "x-natural-key": list(model.key),
        "x-day": model.day_field,
        "x-amount": model.amount_field or None,
        **({"examples": [example(model.event_type)]} if (EXAMPLES / f"{model.event_type}.json").exists() else {}),
    }
