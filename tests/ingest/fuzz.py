"""Malformed requests, made the same way on every run: broken bytes, broken envelopes, broken data, broken headers.

Each is wrong for certain, so that nothing of it may ever be accepted.
"""

import gzip
import json
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from ingest.gateway.body import BATCH, LINES, SINGLE
from schemas.catalogue import event_types, example
from schemas.envelope import Envelope

SEED = 20150302


class Malformed(NamedTuple):
    """One request of the corpus."""

    name: str
    event_type: str
    media: str
    body: bytes
    headers: dict[str, str]


def corpus() -> list[Malformed]:
    """All of them, each with a name of its own."""
    return [*_broken_bytes(), *_broken_envelopes(), *_broken_data(), *_broken_headers(), *_broken_collections()]


def _single(name: str, event_type: str, body: Any, **headers: str) -> Malformed:
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Malformed(f"{event_type}: {name}", event_type, SINGLE, content, headers)


def _broken_bytes() -> Iterator[Malformed]:
    dice = random.Random(SEED)
    for event_type in event_types():
        whole = json.dumps(example(event_type), ensure_ascii=False).encode()
        for cut in sorted(dice.sample(range(1, len(whole) - 1), 12)):
            yield _single(f"cut after {cut} bytes", event_type, whole[:cut])
        for place in sorted(dice.sample(range(1, len(whole) - 1), 8)):
            yield _single(f"no UTF-8 at {place}", event_type, whole[:place] + b"\xff\xfe" + whole[place:])
        yield _single("a byte order mark of another encoding", event_type, b"\xff\xfe" + whole)
        yield _single("UTF-16", event_type, whole.decode().encode("utf-16"))
        yield _single(
            "GB18030", event_type, json.dumps(example(event_type) | {"subject": "阳城县"}, ensure_ascii=False).encode("gb18030")
        )
        yield _single("two documents", event_type, whole + whole)
        yield _single("a trailing comma", event_type, whole[:-1] + b",}")
        yield _single("single quotes", event_type, whole.replace(b'"', b"'"))
        yield _single("a comment", event_type, b"/* */" + whole)
        yield _single("a control character in a text", event_type, whole.replace(b'"1.0"', b'"1.\x000"'))
        yield _single("half a surrogate", event_type, whole.replace(b'"1.0"', b'"\\ud800"'))


def _broken_envelopes() -> Iterator[Malformed]:
    wrong: tuple[tuple[str, Any], ...] = (
        ("null", None),
        ("a list", []),
        ("an object", {"a": 1}),
        ("a number", 7),
        ("true", True),
        ("empty", ""),
        ("very long", "x" * 10_000),
        ("a control character", "\x00"),
        ("SQL", "'; DROP TABLE landing.ledger; --"),
        ("a path", "../../etc/passwd"),
    )
    for event_type in event_types():
        for name in ("specversion", "source", "type", "time", "data"):
            without = example(event_type)
            del without[name]
            yield _single(f"without {name}", event_type, without)
            for what, value in wrong:
                yield _single(f"{name} is {what}", event_type, example(event_type) | {name: value})
        for name, values in {
            "id": (None, [], {}, 7, "", "x" * 201),
            "revision": (None, 0, -1, 1.5, "1", True, 2**31, 10**30, [], {}),
            "dataversion": (0, 256, "1", 1.5, 99),
            "time": (
                "yesterday",
                "2024-02-30T00:00:00+08:00",
                "2024-05-02",
                "2024-05-02T11:33:39",
                "45407",
                "9999-12-31T00:00:00Z",
            ),
            "reportedat": (7, "45407", "2024-13-01T00:00:00Z"),
            "datacontenttype": ("text/xml", 7),
        }.items():
            for value in values:
                yield _single(f"{name} is {value!r:.30}", event_type, example(event_type) | {name: value})
    assert Envelope.model_fields.keys() >= {"id", "revision", "dataversion", "reportedat", "datacontenttype"}


def _broken_data() -> Iterator[Malformed]:
    for event_type, model in event_types().items():
        valid = example(event_type)["data"]
        yield _single("an unknown field", event_type, _with(event_type, colour="red"))
        yield _single(
            "another nesting", event_type, _with(event_type, **{name: {"value": value} for name, value in valid.items()})
        )
        for name, field in model.model_fields.items():
            if name == "attachment_hash":
                continue
            yield _single(f"data.{name} is a list", event_type, _with(event_type, **{name: [valid.get(name)]}))
            yield _single(f"data.{name} is an object", event_type, _with(event_type, **{name: {"$gt": ""}}))
            yield _single(f"data.{name} is very long", event_type, _with(event_type, **{name: "9" * 5_000}))
            if field.is_required():
                yield _single(f"data.{name} is null", event_type, _with(event_type, **{name: None}))
                data = {key: value for key, value in valid.items() if key != name}
                yield _single(f"without data.{name}", event_type, example(event_type) | {"data": data})
        yield _single(f"data.{model.day_field} is a serial day", event_type, _with(event_type, **{model.day_field: 45407}))
        yield _single(f"data.{model.day_field} is no day", event_type, _with(event_type, **{model.day_field: "2024-02-30"}))
        yield _single(
            f"data.{model.amount_field or model.day_field} is NaN",
            event_type,
            _with(event_type, **{model.amount_field or model.day_field: "NaN"}),
        )


def _with(event_type: str, **data: Any) -> dict[str, Any]:
    found = example(event_type)
    return found | {"data": found["data"] | data}


def _broken_headers() -> Iterator[Malformed]:
    for event_type in event_types():
        whole = json.dumps(example(event_type)).encode()
        for media in ("", "text/plain", "application/json", "application/cloudevents", "*/*", "multipart/form-data"):
            yield Malformed(f"{event_type}: as {media!r}", event_type, media, whole, {})
        for encoding in ("br", "deflate", "gzip, gzip", "x-gzip", "zstd"):
            yield _single(f"packed as {encoding!r}", event_type, whole, **{"Content-Encoding": encoding})
        packed = gzip.compress(whole, mtime=0)
        for what, body in {
            "no gzip": whole,
            "half a gzip": packed[: len(packed) // 2],
            "a gzip without its sum": packed[:-8],
            "a gzip with a wrong sum": packed[:-8] + bytes(8),
            "two gzips": packed + packed,
            "a gzip of nothing": gzip.compress(b"", mtime=0),
            "a gzip of a gzip": gzip.compress(packed, mtime=0),
        }.items():
            yield _single(what, event_type, body, **{"Content-Encoding": "gzip"})


def _broken_collections() -> Iterator[Malformed]:
    for event_type in event_types():
        whole = example(event_type)
        text = json.dumps(whole).encode()
        for what, body in {
            "one event": text,
            "no array": b'"x"',
            "an empty array": b"[]",
            "an array of nothing": b'[null, 1, [], {}, ""]',
            "an array cut": json.dumps([whole, whole]).encode()[:-5],
            "deep": b"[" * 50_000,
            "deep and closed": b"[" * 5_000 + b"]" * 5_000,
            "infinite": b"[Infinity, NaN]",
            "no key twice but wrong": b'[{"specversion":"1.0","specversion":"0.3"}]',
            "a huge number": b"[" + b"9" * 10_000 + b"]",
        }.items():
            yield Malformed(f"{event_type}: {what} as a batch", event_type, BATCH, body, {})
        for what, body in {
            "an empty body": b"",
            "blank lines": b"\n\r\n \n",
            "an array": json.dumps([whole]).encode(),
            "halves": text[: len(text) // 2] + b"\n" + text[len(text) // 2 :],
            "a form": b"a=1&b=2",
        }.items():
            yield Malformed(f"{event_type}: {what} as lines", event_type, LINES[0], body, {})
