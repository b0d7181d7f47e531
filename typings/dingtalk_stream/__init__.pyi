# The parts of dingtalk-stream 0.24.4b1 that are used here, read in its source.

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, ClassVar

class Credential:
    client_id: str
    client_secret: str
    def __init__(self, client_id: str, client_secret: str) -> None: ...

class Headers:
    CONTENT_TYPE_APPLICATION_JSON: ClassVar[str]
    app_id: str | None
    connection_id: str | None
    content_type: str | None
    message_id: str | None
    time: int | None
    topic: str | None
    extensions: dict[str, Any]
    event_born_time: int | None
    event_corp_id: str | None
    event_id: str | None
    event_type: str | None
    event_unified_app_id: str | None

class _Message:
    spec_version: str
    type: str
    headers: Headers
    data: Any
    extensions: dict[str, Any]

class EventMessage(_Message): ...
class CallbackMessage(_Message): ...
class SystemMessage(_Message): ...

class AckMessage:
    STATUS_OK: ClassVar[int]
    STATUS_BAD_REQUEST: ClassVar[int]
    STATUS_NOT_IMPLEMENT: ClassVar[int]
    STATUS_SYSTEM_EXCEPTION: ClassVar[int]
    code: int
    headers: Headers
    message: str
    data: Any
    def __init__(self) -> None: ...
    def to_dict(self) -> dict[str, Any]: ...

class SystemHandler:
    dingtalk_client: DingTalkStreamClient
    logger: logging.Logger
    def pre_start(self) -> None: ...
    async def process(self, message: SystemMessage) -> tuple[int, Any]: ...
    async def raw_process(self, system_message: SystemMessage) -> AckMessage | None: ...

class EventHandler:
    dingtalk_client: DingTalkStreamClient
    logger: logging.Logger
    def pre_start(self) -> None: ...
    async def process(self, event: EventMessage) -> tuple[int, Any]: ...
    async def raw_process(self, event_message: EventMessage) -> AckMessage | None: ...

class CallbackHandler:
    TOPIC_CARD_CALLBACK: ClassVar[str]
    dingtalk_client: DingTalkStreamClient
    logger: logging.Logger
    def pre_start(self) -> None: ...
    async def process(self, message: CallbackMessage) -> tuple[int, Any]: ...
    async def raw_process(self, callback_message: CallbackMessage) -> AckMessage | None: ...

class ChatbotHandler(CallbackHandler): ...

class ChatbotMessage:
    TOPIC: ClassVar[str]
    DELEGATE_TOPIC: ClassVar[str]
    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> Any: ...

class CardCallbackMessage:
    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> Any: ...

class DingTalkStreamClient:
    OPEN_CONNECTION_API: ClassVar[str]
    RECONNECT_BASE_DELAY_SECONDS: float
    RECONNECT_MAX_DELAY_SECONDS: float
    RECONNECT_JITTER_SECONDS: float
    credential: Credential
    logger: logging.Logger
    websocket: Any
    event_handler: Any
    system_handler: Any
    callback_handler_map: dict[str, Any]
    websocket_connect_options: dict[str, Any]
    _stop_event: asyncio.Event | None
    def __init__(
        self,
        credential: Credential,
        logger: logging.Logger | None = ...,
        websocket_connect_options: Mapping[str, Any] | None = ...,
    ) -> None: ...
    def register_all_event_handler(self, handler: EventHandler) -> None: ...
    def register_callback_handler(self, topic: str, handler: CallbackHandler) -> None: ...
    def pre_start(self) -> None: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def keepalive(self, ws: Any, ping_interval: int = ...) -> None: ...
    def open_connection(self) -> dict[str, str] | None: ...
    def get_host_ip(self) -> str: ...
    def _reconnect_delay(self, attempt: int) -> float: ...
    async def _wait_before_retry(self, delay: float) -> None: ...
