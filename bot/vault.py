"""Secrets of others (platform tokens), encrypted at rest."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from domain.errors import UserError


class Vault:
    """Seals and opens texts with the installation's secret keys.

    :param keys: ``DUBAN_SECRET_KEYS``: the first one seals, each of them opens. They may be any
        texts; Fernet's own keys are derived from them.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(k)) for k in keys])

    def seal(self, text: str) -> str:
        """The text encrypted, as printable ASCII."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The text again; ``UserError`` when none of the keys fits."""
        try:
            return self._fernet.decrypt(sealed.encode("ascii")).decode()
        except (InvalidToken, UnicodeEncodeError) as error:
            raise UserError("cli.no_key_fits") from error

    def reseal(self, sealed: str) -> str:
        """The same text sealed with the first key; ``UserError`` when none of the keys fits."""
        return self.seal(self.open(sealed))


def _derived(key: str) -> bytes:
    """A Fernet key from a key of any form. The keys are long and random, so one hash is enough."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"duban vault\0" + key.encode()).digest())
