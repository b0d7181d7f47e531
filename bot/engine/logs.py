"""DBOS's log, quiet and in our form."""

from __future__ import annotations

import logging

import structlog


class _ToStructlog(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger("dbos").log(
            record.levelno, "engine.dbos", message=record.getMessage(), exc_info=record.exc_info
        )


def quiet() -> None:
    """Send DBOS's warnings and errors to structlog, and nothing to the console.

    DBOS adds a console handler of its own only where there is none yet.
    """
    logger = logging.getLogger("dbos")
    if not any(isinstance(handler, _ToStructlog) for handler in logger.handlers):
        logger.handlers[:] = [_ToStructlog()]
    logger.propagate = False
    logger.setLevel(logging.WARNING)
