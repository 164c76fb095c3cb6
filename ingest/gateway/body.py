"""Request bodies: size is bounded while a body is read and unpacked, the count before an event is looked at."""

import asyncio
import hashlib
import zlib
from typing import NamedTuple

from fastapi import Request
from pydantic_core import from_json

from huanxin.errors import RejectedError
from ingest.gateway.admission import Place
from ingest.gateway.refusal import Refusal

MAX_BYTES = 8 * 1024 * 1024
MAX_EVENTS = 5_000
READ_SECONDS = 60.0
"""How long a body may take to arrive, so that a slow sender does not keep its place for ever."""

SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LINES = ("application/jsonl", "application/x-ndjson")

_GZIP = 16 + zlib.MAX_WBITS


class Body(NamedTuple):
    """A body as it is to be parsed, and the SHA-256 of what was sent, in hex; empty where nobody asks for it."""

    content: bytes
    digest: str


def media_type(request: Request) -> str:
    """The request's media type. Raises 415 where it is none of the three."""
    found = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found not in (SINGLE, BATCH, *LINES):
        raise Refusal(415, "media_type", f"Content-Type 须为 {SINGLE}、{BATCH} 或 {LINES[0]}")
    return found


async def read_body(request: Request, place: Place, signed: bool) -> Body:
    """The whole body, unpacked. Raises 408, 413, 415 or 422; as soon as it is over 8 MiB, packed or unpacked."""
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip"):
        raise Refusal(415, "content_encoding", "Content-Encoding 只支持 gzip")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 9 or int(length) > MAX_BYTES):
        raise _too_large()
    unpacker = zlib.decompressobj(_GZIP) if encoding == "gzip" else None
    digest = hashlib.sha256()
    content = bytearray()
    more = True
    try:
        async with asyncio.timeout(READ_SECONDS):
            while more:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise Refusal(400, "gone", "连接在正文发送完之前断开")
                part, more = message.get("body", b""), message.get("more_body", False)
                if signed:
                    digest.update(part)
                text = part if unpacker is None else _unpack(unpacker, part, MAX_BYTES + 1 - len(content))
                place.hold(len(text))
                content += text
                if len(content) > MAX_BYTES:
                    raise _too_large()
    except TimeoutError:
        raise Refusal(408, "too_slow", f"正文须在 {READ_SECONDS:.0f} 秒内发送完毕") from None
    if unpacker is not None and (not unpacker.eof or unpacker.unused_data):
        raise Refusal(422, "gzip_invalid", "gzip 正文不完整,或之后还有多余内容")
    return Body(bytes(content), digest.hexdigest() if signed else "")


def _unpack(unpacker: "zlib._Decompress", part: bytes, at_most: int) -> bytes:
    if part and unpacker.eof:
        raise Refusal(422, "gzip_invalid", "gzip 正文不完整,或之后还有多余内容")
    try:
        return unpacker.decompress(part, at_most)
    except zlib.error:
        raise Refusal(422, "gzip_invalid", "正文不是有效的 gzip") from None


def parse(media: str, content: bytes) -> list[object]:
    """The body's documents; a line that is none comes as its rejection.

    Raises 422 where the body as a whole cannot be read, 413 where it holds too many.
    """
    if media == SINGLE:
        return [_json(content)]
    if media == BATCH:
        _bound(content.count(b'"specversion"') or 1)  # every event names it once: too many are seen before anything is parsed
        found = _json(content)
        if not isinstance(found, list):
            raise Refusal(422, "not_an_array", f"{BATCH} 的正文须为事件组成的 JSON 数组")
        _bound(len(found))
        return found
    lines = [line for line in content.splitlines() if line.strip()]
    _bound(len(lines))
    return [_line(line) for line in lines]


def _json(content: bytes) -> object:
    try:
        return from_json(content, allow_inf_nan=False)
    except ValueError:
        raise Refusal(422, "json_invalid", "正文须为一个 UTF-8 编码的 JSON 文档") from None


def _line(line: bytes) -> object:
    try:
        return from_json(line, allow_inf_nan=False)
    except ValueError:
        return RejectedError("open", "json_invalid", "", "not valid JSON")


def _bound(count: int) -> None:
    if count > MAX_EVENTS:
        raise Refusal(413, "too_many_events", f"一次请求最多 {MAX_EVENTS} 个事件,请分批发送")
    if count == 0:
        raise Refusal(422, "empty", "正文中没有事件")


def _too_large() -> Refusal:
    return Refusal(413, "too_large", f"一次请求最多 {MAX_BYTES // 1024 // 1024} MiB(解压后),请分批发送")
