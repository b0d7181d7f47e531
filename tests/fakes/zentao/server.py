"""The socket: one thread per connection, every request counted, faults applied."""

from __future__ import annotations

import socket
import struct
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.fakes.zentao.application import Application
from tests.fakes.zentao.faults import Effect, Fault, Faults
from tests.fakes.zentao.hooks import send_pending
from tests.fakes.zentao.state import State
from tests.fakes.zentao.web import HTML, Answer, Request, empty

BEFORE = {Effect.HANG, Effect.RESET, Effect.LOGIN_PAGE, Effect.CRASH}


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that arrived.

    :param account: whose token it carried; "" without a living one.
    :param status: what was answered; 0 when nothing was.
    """

    method: str
    path: str
    query: dict[str, str]
    account: str
    body: bytes
    status: int

    @property
    def line(self) -> str:
        """Method and path, as tests count them."""
        return f"{self.method} {self.path}"


class Server:
    """Listens on the loopback; can go down and come up again on its port."""

    def __init__(self, state: State, faults: Faults) -> None:
        self.state = state
        self.faults = faults
        self.application = Application(state)
        self.seen: list[Seen] = []
        self._port = 0
        self._http: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self._sockets: set[socket.socket] = set()
        self._guard = threading.Lock()

    @property
    def port(self) -> int:
        """The port, kept while it is down."""
        return self._port

    def up(self) -> None:
        """Listen (on the same port as before)."""
        if self._http is not None:
            return
        self._http = _Listener(("127.0.0.1", self._port), _handler(self))
        self._port = self._http.server_address[1]
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def down(self) -> None:
        """Stop listening and cut every connection: the next ones are refused."""
        http, self._http = self._http, None
        if http is None:
            return
        http.shutdown()
        with self._guard:
            for connection in self._sockets:
                cut(connection)
        http.server_close()
        if self._thread is not None:
            self._thread.join(timeout=90)

    def joined(self, connection: socket.socket) -> None:
        """A connection began."""
        with self._guard:
            self._sockets.add(connection)

    def left(self, connection: socket.socket) -> None:
        """A connection ended."""
        with self._guard:
            self._sockets.discard(connection)

    def answer(self, request: Request) -> tuple[Answer, Fault | None] | None:
        """What to send and the fault that meets it; None to cut the connection."""
        line = f"{request.method} {request.path}"
        fault = self.faults.meets(line)
        self.faults.wait(self.faults.delay)
        account = self._account(request)
        if fault is not None and fault.effect in BEFORE:
            answer = self._before(fault)
            if answer is not None or fault.effect is Effect.RESET:
                self._count(request, account, answer)
                return None if answer is None else (answer, fault)
        answer = self._work(request)
        if fault is not None and fault.effect is Effect.EMPTY:
            answer = empty()
        self._count(request, account, answer)
        if fault is not None and fault.effect is Effect.HANG_AFTER:
            self.faults.wait(fault.seconds)
        return None if fault is not None and fault.effect is Effect.LOSE_REPLY else (answer, fault)

    def _before(self, fault: Fault) -> Answer | None:
        if fault.effect is Effect.HANG:
            self.faults.wait(fault.seconds)
            return None
        if fault.effect is Effect.LOGIN_PAGE:
            location = "/index.php?m=user&f=login&t=json&referer="
            return Answer(302, b"", HTML, {"Location": location})
        return empty(500) if fault.effect is Effect.CRASH else None

    def _work(self, request: Request) -> Answer:
        people = self.state.people
        token = request.headers.get("token", "")
        lists = self.application.lists(request)
        session = people.session(token)
        people.enter(token, list_read=lists, strict=self.state.version.strict_lists)
        try:
            with self.state.lock:
                answer = self.application.handle(request)
                pending, self.state.pending = self.state.pending, []
            send_pending(self.state, pending)
        finally:
            people.leave(session, list_read=lists)
        return answer

    def _account(self, request: Request) -> str:
        session = self.state.people.session(request.headers.get("token", ""))
        return session.account if session else ""

    def _count(self, request: Request, account: str, answer: Answer | None) -> None:
        status = answer.status if answer is not None else 0
        query = dict(request.query)
        seen = Seen(request.method, request.path, query, account, request.body, status)
        with self._guard:
            self.seen.append(seen)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that a test cuts are no errors."""


def cut(connection: socket.socket) -> None:
    """Reset a connection instead of closing it politely."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def setup(self) -> None:
            super().setup()
            server.joined(self.connection)

        def finish(self) -> None:
            server.left(self.connection)
            try:
                super().finish()
            except OSError:
                # What could not be flushed keeps the socket open as long as anything reads it.
                self.close_connection = True
            finally:
                self.rfile.close()

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else b""
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request.of(self.command, self.path, headers, body)
            found = server.answer(request)
            if found is None:
                self.close_connection = True
                cut(self.connection)
                return
            self._send(*found)

        def _send(self, answer: Answer, fault: Fault | None) -> None:
            effect = fault.effect if fault is not None else None
            body = answer.body[: len(answer.body) // 2] if effect is Effect.HALF else answer.body
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Set-Cookie", "zentaosid=0000000000; path=/")
            self.send_header("Set-Cookie", "lang=zh-cn; path=/")
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if effect is Effect.CUT:
                self.wfile.write(body[: len(body) // 2])
                self.wfile.flush()
                self.close_connection = True
                cut(self.connection)
                return
            self.wfile.write(body)

        do_GET = do_POST = _serve  # noqa: N815 the names that http.server calls
        do_PUT = do_DELETE = _serve  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 its name
            """Requests are counted, not printed."""

    return Handler
