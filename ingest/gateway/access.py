"""Who is asking: each source has a key, sent as a bearer token (RFC 6750) or used to sign the request (`signature`)."""

import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import NamedTuple

from fastapi import Request

from ingest.gateway.nonces import Nonces
from ingest.gateway.refusal import Refusal
from ingest.gateway.signature import SCHEME, Signature
from ingest.sources import Source


class Claim(NamedTuple):
    """A source whose key was right. `body` is the SHA-256 that it signed for; a bearer's body is not signed."""

    source: Source
    body: str | None

    def confirm(self, digest: str) -> None:
        """Raises 401 where the body is not the one that was signed for; `digest` is the SHA-256 of what came."""
        if self.body is not None and not hmac.compare_digest(self.body, digest):
            raise _unknown("body_mismatch", "签名中的正文摘要与收到的正文不符")


class Access:
    """Finds the source that a request's key belongs to."""

    def __init__(self, registered: Mapping[str, Source], keys: Mapping[str, str], nonces: Nonces | None = None) -> None:
        self._keys = [
            (registered[source_id], key.encode()) for source_id, key in keys.items() if source_id in registered and key
        ]
        self._by_source = {source.id: (source, key) for source, key in self._keys}
        self._nonces = nonces or Nonces()

    async def source(self, request: Request) -> Source:
        """The asking source, for a route that reads its body itself later. Raises 401 without a known key.

        A coroutine, so that it does not queue for a thread behind others.
        """
        claim = self.claim(request)
        if claim.body is not None:
            claim.confirm(hashlib.sha256(await request.body()).hexdigest())
        return claim.source

    def claim(self, request: Request) -> Claim:
        """Who the headers say is asking. Raises 401 without a known key; the body is the caller's to confirm."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return Claim(self._bearer(given), None)
        if scheme.upper() == SCHEME:
            return self._signed(request, given)
        raise _unknown("no_key", "请在 Authorization 中携带密钥:Bearer <密钥>,或使用 HMAC-SHA256 签名")

    def _bearer(self, given: str) -> Source:
        """Every key is compared, each in constant time."""
        found = [source for source, key in self._keys if hmac.compare_digest(key, given.encode())]
        if not found:
            raise _unknown("unknown_key", "密钥不正确")
        return found[0]

    def _signed(self, request: Request, given: str) -> Claim:
        signature = Signature.parse(given)
        if signature is None:
            raise _unknown("malformed_signature", "签名须包含 source、timestamp、nonce、body、signature 五项")
        if not signature.is_current(time.time()):
            raise _unknown("stale_signature", "签名时间与服务器时间相差超过 5 分钟,请校准时钟")
        source, key = self._by_source.get(signature.source, (None, b"no such source"))
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        if not signature.is_made_with(key, request.method, target) or source is None:
            raise _unknown("wrong_signature", "签名不正确")
        if not self._nonces.is_new(source.id, signature.nonce):
            raise _unknown("replayed", "该 nonce 已使用过:每次请求须使用新的 nonce 并重新签名")
        return Claim(source, signature.body)


def _unknown(reason: str, detail: str) -> Refusal:
    return Refusal(401, reason, detail, headers={"WWW-Authenticate": f"Bearer, {SCHEME}"})
