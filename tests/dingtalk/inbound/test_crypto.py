"""Signatures and encryption, with the vectors that DingTalk publishes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dingtalk.connection.crypto import EventSeal, Sealed, Unsealed, admits, message_sign

STAMP, SECRET = "1577262236757", "this is secret"
SIGN = "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="
NOW = datetime.fromtimestamp(1577262236757 / 1000, UTC)
SEAL = EventSeal("mryue", "Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7", "ding6ccabc44d2c8d38b")
SEALED = Sealed(
    "03044561471240d4a14bb09372dfcfd4fd0e40cb", "1608001896814", "WL4PK6yA",
    "0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDCYxxOK+"
    "HZeKju4yhELOFchzNukR+t8SB/qk4ROMu3",
)  # fmt: skip


def test_the_published_signature() -> None:
    assert message_sign(SECRET, STAMP) == SIGN
    assert admits(SECRET, STAMP, SIGN, NOW)


@pytest.mark.parametrize(
    ("secret", "stamp", "sign", "late"),
    [
        pytest.param("other", STAMP, SIGN, 0, id="another-secret"),
        pytest.param(SECRET, "1577262236758", SIGN, 0, id="another-time"),
        pytest.param(SECRET, STAMP, "x", 0, id="wrong"),
        pytest.param(SECRET, STAMP, "ü" * 44, 0, id="no-ascii"),
        pytest.param(SECRET, STAMP, None, 0, id="missing"),
        pytest.param(SECRET, None, SIGN, 0, id="no-time"),
        pytest.param(SECRET, "soon", SIGN, 0, id="no-number"),
        pytest.param(SECRET, STAMP, SIGN, 3601, id="too-old"),
        pytest.param(SECRET, STAMP, SIGN, -3601, id="from-the-future"),
        pytest.param("", STAMP, message_sign("", STAMP), 0, id="no-secret-set"),
    ],
)
def test_anything_else_is_refused(
    secret: str, stamp: str | None, sign: str | None, late: int
) -> None:
    assert not admits(secret, stamp, sign, NOW + timedelta(seconds=late))


def test_the_published_event() -> None:
    assert SEAL.open(SEALED) == '{"EventType":"check_url"}'


def test_chinese_there_and_back() -> None:
    for text in ("", "success", "群改名为“物流”" * 50):
        sealed = SEAL.seal(text, STAMP, "n")
        assert SEAL.open(sealed) == text
        assert re.fullmatch(r"[0-9a-f]{40}", sealed.signature)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(replace(SEALED, signature="0" * 40), id="signature"),
        pytest.param(replace(SEALED, nonce="other"), id="nonce"),
        pytest.param(replace(SEALED, encrypt=""), id="empty"),
        pytest.param(replace(SEALED, encrypt="no base64!"), id="no-base64"),
    ],
)
def test_what_was_changed_is_refused(broken: Sealed) -> None:
    with pytest.raises(Unsealed):
        SEAL.open(broken)


@pytest.mark.parametrize("text", ["AAAA", "A" * 64, "no base64!", ""])
def test_what_was_signed_but_not_sealed_by_the_key_is_refused(text: str) -> None:
    made = SEAL.seal("x", STAMP, "n")
    signed = EventSeal(SEAL.token, SEAL.aes_key, SEAL.owner)._signature(STAMP, "n", text)
    with pytest.raises(Unsealed):
        SEAL.open(replace(made, encrypt=text, signature=signed))


def test_an_event_for_another_application_is_refused() -> None:
    with pytest.raises(Unsealed):
        replace(SEAL, owner="ding0").open(SEALED)


def test_secrets_do_not_show() -> None:
    assert "mryue" not in repr(SEAL)
    assert "Yue0E" not in repr(SEAL)
