"""Open Data Contract Standard 3.0 (https://bitol-io.github.io/open-data-contract-standard/v3.0.2/): one document per type."""

from collections.abc import Mapping
from typing import Any

from schemas.catalogue import table, topic
from schemas.contracts.json_schema import data_schema
from schemas.event import EventData

_LOGICAL = {
    "date": "date",
    "date-time": "date",
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}


def open_data_contract(model: type[EventData]) -> dict[str, Any]:
    """The type's contract, from its model: fields, key, units, code systems, personal data, where it lies."""
    schema = data_schema(model)
    required = set(schema.get("required", ()))
    return {
        "apiVersion": "v3.0.2",
        "kind": "DataContract",
        "id": f"urn:huanxin:contract:{model.event_type}",
        "name": model.event_type,
        "version": f"{model.version}.0.0",
        "status": "active",
        "domain": "以旧换新",
        "dataProduct": "huanxin",
        "description": {
            "purpose": (model.__doc__ or "").strip(),
            "limitations": "Personal fields reach the store only as a keyed token and a masked form.",
        },
        "servers": [
            {"server": "kafka", "type": "kafka", "host": "${HUANXIN_KAFKA_HOST}:${HUANXIN_KAFKA_PORT}", "format": "json"},
        ],
        "schema": [
            {
                "name": table(model.event_type),
                "logicalType": "object",
                "physicalName": topic(model.event_type),
                "properties": [
                    _property(name, field, name in required, model.key) for name, field in schema["properties"].items()
                ],
            }
        ],
    }


def _property(name: str, field: Mapping[str, Any], required: bool, key: tuple[str, ...]) -> dict[str, Any]:
    options = [option for option in field.get("anyOf", [field]) if option.get("type") != "null"]
    marks = {mark: value for option in (*options, field) for mark, value in option.items() if mark.startswith("x-")}
    kind = options[0].get("format") or options[0].get("type") or "string"
    found: dict[str, Any] = {
        "name": name,
        "logicalType": _LOGICAL.get(kind, kind),
        "required": required,
        "classification": "restricted" if "x-personal" in marks else "internal",
    }
    if name in key:
        found |= {"primaryKey": True, "primaryKeyPosition": key.index(name) + 1}
    if "description" in field:
        found["description"] = field["description"]
    custom = {mark: value for mark, value in marks.items() if mark != "x-labels"}
    if custom:
        found["customProperties"] = [{"property": mark.removeprefix("x-"), "value": value} for mark, value in custom.items()]
    return found
