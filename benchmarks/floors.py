"""The least that the web costs: JSON in and JSON out, and the same with one committed row."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

from anyio.to_thread import run_sync
from sqlalchemy import Text, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.ids import new_id
from storage.database import normal_url
from storage.postgres import postgres_engine
from storage.sqlite import sqlite_writer

ANSWER = {"reply": {"text": "CR-1 登记了", "cards": [{"title": "CR-1"}]}, "failed": False}

Record = Callable[[dict[str, Any]], None]


def bare(record: Record | None = None) -> ASGIApp:
    """An ASGI handler without any framework.

    :param record: called in a worker thread before the answer.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        data = b""
        more = True
        while more:
            message = await receive()
            data += message.get("body", b"")
            more = message.get("more_body", False)
        body = json.loads(data)
        if record is not None:
            await run_sync(record, body)
        answer = json.dumps({**ANSWER, "text": body["text"]}, ensure_ascii=False).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(answer)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return app


class _Base(DeclarativeBase):
    pass


class _Entry(_Base):
    __tablename__ = "bench_entry"
    id: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[str]


def one_insert(url: str) -> Record:
    """One row by the ORM and its commit: SQLite with one writer, PostgreSQL with a pool of 8."""
    address = normal_url(make_url(url))
    sqlite = address.get_backend_name() == "sqlite"
    engine = sqlite_writer(address) if sqlite else postgres_engine(address, 8)
    lock = threading.Lock() if sqlite else nullcontext()
    _Base.metadata.create_all(engine)

    def record(body: dict[str, Any]) -> None:
        with lock, Session(engine) as session:
            entry = _Entry(id=new_id(), text=body["text"], at=datetime.now(UTC).isoformat())
            session.add(entry)
            session.commit()

    return record
