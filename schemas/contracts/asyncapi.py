"""AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0): the topics, and the gateway that feeds them."""

from collections.abc import Mapping
from typing import Any

from schemas.catalogue import dead_letter_topic, topic
from schemas.contracts.json_schema import event_schema
from schemas.event import EventData


def asyncapi(models: Mapping[str, type[EventData]]) -> dict[str, Any]:
    """One document for all types: a channel for each topic and each dead-letter topic."""
    channels, operations, messages = {}, {}, {}
    for name, model in models.items():
        messages[name] = {
            "name": name,
            "title": (model.__doc__ or name).strip().splitlines()[0],
            "contentType": "application/cloudevents+json",
            "payload": {"schemaFormat": "application/schema+json;version=draft-2020-12", "schema": event_schema(model)},
        }
        for channel, what in ((topic(name), "events"), (dead_letter_topic(name), "sealed dead letters")):
            channels[channel] = {"address": channel, "description": f"{what} of {name}", "messages": {}}
        channels[topic(name)]["messages"] = {name: {"$ref": f"#/components/messages/{name}"}}
        operations[f"receive.{name}"] = {"action": "receive", "channel": {"$ref": f"#/channels/{topic(name)}"}}
    return {
        "asyncapi": "3.0.0",
        "id": "urn:huanxin",
        "info": {"title": "huanxin (换新)", "version": "1.0.0", "description": "Events of equipment renewal and trade-in."},
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }
