"""Requests signed with HMAC-SHA256: the key itself never travels, and nobody can send a request a second time.

    Authorization: HMAC-SHA256 source=…, timestamp=…, nonce=…, body=…, signature=…

`timestamp` is in Unix seconds, `nonce` 16 to 64 characters never used before, `body` the SHA-256 of the body as sent, in hex.
What is signed is method, path with query, timestamp, nonce and body, one a line; the signature is in hex (RFC 2104).
"""

import hashlib
import hmac
import re
import secrets
import time
from typing import NamedTuple

SCHEME = "HMAC-SHA256"
WINDOW_SECONDS = 300
"""How far a signature's clock may be off, either way."""

_PART = re.compile(r'\s*([a-z]+)="?([\w.:-]*)"?\s*', re.ASCII)
_SHAPES = {
    "source": r"[a-z0-9][a-z0-9.-]{1,62}",
    "timestamp": r"\d{1,12}",
    "nonce": r"[\w.:-]{16,64}",
    "body": r"[0-9a-f]{64}",
    "signature": r"[0-9a-f]{64}",
}


class Signature(NamedTuple):
    """What a signed request says of itself."""

    source: str
    timestamp: int
    nonce: str
    body: str
    signature: str

    @classmethod
    def parse(cls, parameters: str) -> "Signature | None":
        """The header's part behind the scheme, or None where it is not whole."""
        found: dict[str, str] = {}
        for part in parameters.split(","):
            match = _PART.fullmatch(part)
            if match is None or match[1] in found:
                return None
            found[match[1]] = match[2]
        if found.keys() != _SHAPES.keys() or not all(re.fullmatch(_SHAPES[n], v, re.ASCII) for n, v in found.items()):
            return None
        return cls(found["source"], int(found["timestamp"]), found["nonce"], found["body"], found["signature"])

    def is_current(self, now: float) -> bool:
        """Whether its clock lies within the window."""
        return abs(now - self.timestamp) <= WINDOW_SECONDS

    def is_made_with(self, key: bytes, method: str, target: str) -> bool:
        """Whether this key signed this request; compared in constant time."""
        return hmac.compare_digest(_sign(key, method, target, self.timestamp, self.nonce, self.body), self.signature)


def authorization(source: str, key: str, method: str, target: str, body: bytes) -> str:
    """The header of a request, as a source system makes it."""
    timestamp, nonce, digest = int(time.time()), secrets.token_hex(16), hashlib.sha256(body).hexdigest()
    signature = _sign(key.encode(), method, target, timestamp, nonce, digest)
    return f"{SCHEME} source={source}, timestamp={timestamp}, nonce={nonce}, body={digest}, signature={signature}"


def _sign(key: bytes, method: str, target: str, timestamp: int, nonce: str, body: str) -> str:
    text = "\n".join((method, target, str(timestamp), nonce, body))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
