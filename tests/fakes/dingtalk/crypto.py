"""How the platform signs and encrypts what it posts, in HTTP mode."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import struct
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


def sign(secret: str, stamp: str) -> str:
    """The ``sign`` header of messages to the robot."""
    made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


def sign_time(secret: str, stamp: str) -> str:
    """The ``x-ddpaas-signature`` header of presses on cards.

    See open.dingtalk.com/document/development/event-callback-card.
    """
    made = hmac.new(secret.encode(), stamp.encode(), hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


def signature(token: str, stamp: str, nonce: str, encrypted: str) -> str:
    """The ``msg_signature`` of events."""
    joined = "".join(sorted([token, stamp, nonce, encrypted]))
    return hashlib.sha1(joined.encode()).hexdigest()


def encrypt(key: str, owner: str, text: str) -> str:
    """An event for the owner of the key (43 characters)."""
    raw = base64.b64decode(key + "=")
    message = text.encode()
    plain = os.urandom(16) + struct.pack(">I", len(message)) + message + owner.encode()
    padding = BLOCK - len(plain) % BLOCK
    made = Cipher(algorithms.AES256(raw), modes.CBC(raw[:16])).encryptor()
    whole = made.update(plain + bytes([padding]) * padding) + made.finalize()
    return base64.b64encode(whole).decode()


def decrypt(key: str, encrypted: str) -> tuple[str, str]:
    """The text and its owner."""
    raw = base64.b64decode(key + "=")
    made = Cipher(algorithms.AES256(raw), modes.CBC(raw[:16])).decryptor()
    plain = made.update(base64.b64decode(encrypted)) + made.finalize()
    plain = plain[: -plain[-1]]
    (length,) = struct.unpack(">I", plain[16:20])
    return plain[20 : 20 + length].decode(), plain[20 + length :].decode()


def answered(key: str, token: str, owner: str, body: Any) -> bool:
    """Whether an app answered an event with a sealed ``success``."""
    try:
        wanted = signature(token, str(body["timeStamp"]), body["nonce"], body["encrypt"])
        good = hmac.compare_digest(wanted, body["msg_signature"])
        return good and decrypt(key, body["encrypt"]) == ("success", owner)
    except (KeyError, TypeError, ValueError, json.JSONDecodeError):
        return False
