"""Requests, answers and ways to fail, as ZenTao's entries have them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, urlsplit

HTML = "text/html; Language=UTF-8;charset=UTF-8"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent; the body is kept raw."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
        """From the request line and headers (names in lower case)."""
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return cls(method, parts.path, query, headers, body)

    def json(self) -> dict[str, Any]:
        """The body as an object; everything that is none reads as empty, as in PHP."""
        try:
            value = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def upload(self, name: str) -> tuple[str, bytes] | None:
        """File name and bytes of a multipart field."""
        head = f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        for part in message.iter_parts():
            if part.get_param("name", header="content-disposition") == name:
                data = part.get_payload(decode=True)
                return part.get_filename() or "", data if isinstance(data, bytes) else b""
        return None

    def form(self, name: str) -> str:
        """A plain field of a multipart body."""
        found = self.upload(name)
        return found[1].decode() if found else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sends back."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def v1(value: Any, status: int = 200) -> Answer:
    """A v1 answer: compact JSON, ``<`` and ``>`` escaped."""
    return Answer(status, _compact(value).encode())


def v2(value: Any, status: int = 200) -> Answer:
    """A v2 answer: pretty JSON."""
    return Answer(status, json.dumps(value, ensure_ascii=False, indent=4).encode())


def result_fail(message: Any) -> Answer:
    """The form's own failure: 200, as if it were a page."""
    text = _compact({"result": "fail", "message": message})
    return Answer(200, text.encode(), HTML)


def empty(status: int = 200, content_type: str = HTML) -> Answer:
    """No body at all."""
    return Answer(status, b"", content_type)


def glued(*values: Any, status: int) -> Answer:
    """Several JSON documents one after the other: an entry that failed and went on."""
    return Answer(status, "".join(_compact(value) for value in values).encode())


def _compact(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003C").replace(">", "\\u003E")


class Stop(Exception):
    """Ends the handling with an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Invalid(Exception):
    """What the model refuses.

    :param message: text, list or object, as ZenTao words it.
    :param blank: a required field was sent empty, which versions answer differently.
    """

    def __init__(self, message: Any, *, blank: bool = False) -> None:
        super().__init__(str(message))
        self.message = message
        self.blank = blank


class Crash(Exception):
    """An uncaught PHP error: 500 with an empty body."""
