"""Sealing: what must be kept but not read goes through AES-256-GCM (NIST SP 800-38D), with what it belongs to as context."""

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huanxin.errors import ConfigurationError, SealError

_NONCE = 12


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals and opens payloads under one key of 32 bytes."""

    key: bytes

    def __post_init__(self) -> None:
        if len(self.key) != 32:
            raise ConfigurationError("the seal key must have 32 bytes; make one with `openssl rand -hex 32`")

    def seal(self, payload: bytes, context: str) -> bytes:
        """Nonce and ciphertext. `context` is authenticated, not stored: the same one opens it."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, payload, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """The payload. Raises SealError where key, context or content differ from the sealing."""
        try:
            return AESGCM(self.key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())
        except (InvalidTag, ValueError) as error:
            raise SealError("the payload cannot be opened: it was sealed with another key or altered") from error
