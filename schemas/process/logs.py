"""Structured logs: JSON lines, or colours for a person."""

from __future__ import annotations

import logging
import os
import sys

import structlog

from schemas.process.repeats import collapse


def configure(service: str) -> None:
    """Set up logging once per process; MARKETPLACE_LOG is json or console (default: console on a terminal)."""
    style = os.environ.get("MARKETPLACE_LOG") or ("console" if sys.stderr.isatty() else "json")
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if style == "console" else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service, pid=os.getpid())
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    # Faust and aiokafka build a debug record for every message where they may
    logging.disable(logging.INFO)
    collapse("aiokafka")
