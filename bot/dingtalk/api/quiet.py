"""Libraries that would write tickets, keys and people's words into the log."""

from __future__ import annotations

import logging

import httpx


class Quiet(logging.Filter):
    """Keeps tickets and people's words out of the log, whatever the SDK writes there."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Leave the SDK's fixed words and the type of the error."""
        error = record.exc_info[0] if record.exc_info else None
        words = str(record.msg).partition("%")[0].partition(",")[0].strip()
        record.sdk = words[:60]
        record.reason = error.__name__ if error else ""
        record.msg, record.args = "dingtalk.stream", ()
        record.exc_info = record.exc_text = None
        return True


def quiet_logger(name: str, level: int) -> logging.Logger:
    """A logger for a library that would write too much."""
    logger = logging.getLogger(name)
    logger.setLevel(level)
    if not any(isinstance(f, Quiet) for f in logger.filters):
        logger.addFilter(Quiet())
    return logger


class Bare(logging.Filter):
    """Keeps what stands behind the ``?`` of addresses out of the log: tokens, and ways to answer.

    The library names each address at INFO, which nobody sees unless they turn that on.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Leave the addresses without their queries."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                str(a.copy_with(query=None)) if isinstance(a, httpx.URL) else a for a in record.args
            )
        return True


def bare_addresses() -> None:
    """Let the HTTP library write addresses without their queries, from now on."""
    logger = logging.getLogger("httpx")
    if not any(isinstance(f, Bare) for f in logger.filters):
        logger.addFilter(Bare())
