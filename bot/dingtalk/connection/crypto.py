"""How DingTalk signs and encrypts what it posts (facts, section 5)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import struct
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

WINDOW = 3600.0
"""Seconds by which a message's timestamp may differ from now, in either direction."""
_BLOCK = 32
_NUMBER = re.compile(r"[0-9]{1,16}\Z")


def message_sign(secret: str, timestamp: str) -> str:
    """The header ``sign`` of a robot message.

    :param timestamp: milliseconds since 1970, as the header says them.
    """
    made = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(made.digest()).decode("ascii")


def admits(secret: str, timestamp: str | None, sign: str | None, now: datetime) -> bool:
    """Whether a robot message was signed with our secret within the window; never raises."""
    if not secret or not timestamp or not sign or not _NUMBER.match(timestamp):
        return False
    if abs(now.timestamp() - int(timestamp) / 1000) > WINDOW:
        return False
    expected = message_sign(secret, timestamp).encode()
    return hmac.compare_digest(expected, sign.encode("utf-8", "replace"))


class Unsealed(Exception):
    """What came was not sealed for us."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted text with what it was signed with."""

    signature: str
    timestamp: str
    nonce: str
    encrypt: str


@dataclass(frozen=True, slots=True)
class EventSeal:
    """Seals and opens events: SHA-1 over the sorted parts, AES-256-CBC, lengths in bytes.

    :param aes_key: ``EncodingAESKey``, 43 characters; :param owner: the application's key.
    """

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    owner: str

    def open(self, sealed: Sealed) -> str:
        """The text inside; raises :class:`Unsealed` for what is not signed or not for us."""
        expected = self._signature(sealed.timestamp, sealed.nonce, sealed.encrypt)
        given = sealed.signature.encode("utf-8", "replace")
        if not hmac.compare_digest(expected.encode(), given):
            raise Unsealed
        try:
            return self._inside(base64.b64decode(sealed.encrypt, validate=True))
        except (ValueError, struct.error, UnicodeDecodeError, binascii.Error) as error:
            raise Unsealed from error

    def seal(self, text: str, timestamp: str, nonce: str) -> Sealed:
        """A text sealed for DingTalk."""
        message = text.encode()
        head = os.urandom(16) + struct.pack(">I", len(message))
        plain = head + message + self.owner.encode()
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        data = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        encrypt = base64.b64encode(data).decode("ascii")
        return Sealed(self._signature(timestamp, nonce, encrypt), timestamp, nonce, encrypt)

    def _inside(self, data: bytes) -> str:
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(data) + decryptor.finalize()
        padding = plain[-1] if plain else 0
        if not 1 <= padding <= _BLOCK:
            raise ValueError
        plain = plain[:-padding]
        (length,) = struct.unpack(">I", plain[16:20])
        message, owner = plain[20 : 20 + length], plain[20 + length :]
        if len(message) != length or not hmac.compare_digest(owner, self.owner.encode()):
            raise ValueError
        return message.decode()

    def _signature(self, timestamp: str, nonce: str, encrypt: str) -> str:
        joined = "".join(sorted([self.token, timestamp, nonce, encrypt]))
        return hashlib.sha1(joined.encode()).hexdigest()  # noqa: S324 (DingTalk's choice)

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES256(key), modes.CBC(key[:16]))
