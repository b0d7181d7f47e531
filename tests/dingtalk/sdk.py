"""An app made with the official stream SDK only, to try the stand-in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from typing import Any, Self

import dingtalk_stream as sdk

from tests.fakes.dingtalk import FakeDingtalk


class Client(sdk.DingTalkStreamClient):
    """The SDK's client, in a hurry; the tests' network has no route to ask for one's address."""

    RECONNECT_BASE_DELAY_SECONDS = 0.02
    RECONNECT_MAX_DELAY_SECONDS = 0.2
    RECONNECT_JITTER_SECONDS = 0.01

    def get_host_ip(self) -> str:
        return "127.0.0.1"


class Robot(sdk.ChatbotHandler):
    def __init__(self, app: SdkApp) -> None:
        super().__init__()
        self._app = app

    async def process(self, message: Any) -> Any:
        self._app.heard.append(message.data)
        self._app.numbers.append(message.headers.message_id)
        await asyncio.sleep(self._app.delay)
        return self._app.code, None


class Cards(sdk.CallbackHandler):
    def __init__(self, app: SdkApp) -> None:
        super().__init__()
        self._app = app

    async def process(self, message: Any) -> Any:
        self._app.pressed.append(message.data)
        return sdk.AckMessage.STATUS_OK, self._app.card_answer


class Events(sdk.EventHandler):
    def __init__(self, app: SdkApp) -> None:
        super().__init__()
        self._app = app

    async def raw_process(self, event_message: Any) -> sdk.AckMessage:
        headers = event_message.headers
        self._app.events.append((headers.event_type, headers.event_id))
        self._app.event_data.append(event_message.data)
        later = self._app.later > 0
        self._app.later -= later
        ack: Any = sdk.AckMessage()
        ack.code, ack.message = 200, "OK"
        ack.headers.message_id = headers.message_id
        ack.headers.content_type = "application/json"
        ack.data = {"status": "LATER" if later else "SUCCESS", "message": "busy"}
        return ack


class SdkApp:
    """Keeps what it heard; answers as the test says."""

    def __init__(self, dingtalk: FakeDingtalk, secret: str = "") -> None:
        self.heard: list[dict[str, Any]] = []
        self.numbers: list[str] = []
        self.pressed: list[dict[str, Any]] = []
        self.events: list[tuple[str, str]] = []
        self.event_data: list[dict[str, Any]] = []
        self.later = 0
        self.delay = 0.0
        self.code = 200
        self.card_answer: dict[str, Any] = {}
        logger = logging.getLogger("dingtalk-sdk-of-the-tests")
        logger.propagate = False
        logger.addHandler(logging.NullHandler())
        secret = secret or dingtalk.app.client_secret
        self.client = Client(sdk.Credential(dingtalk.app.client_id, secret), logger=logger)
        self.client.register_callback_handler(sdk.ChatbotMessage.TOPIC, Robot(self))
        self.client.register_callback_handler(sdk.CallbackHandler.TOPIC_CARD_CALLBACK, Cards(self))
        self.client.register_all_event_handler(Events(self))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        self._task = self._loop.create_task(self.client.start())
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.run_until_complete(self._loop.shutdown_default_executor())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        # stop() alone does not end a client that is just connecting: it has no socket yet.
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(90)
        assert not self._thread.is_alive(), "the SDK did not stop"
        self._loop.close()
