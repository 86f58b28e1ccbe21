"""Structured logs: JSON lines, or colours for a person. Each line has what finds it again: request and trace ids."""

from __future__ import annotations

import logging
import os
import sys

import structlog

from schemas.process.repeats import collapse


def configure(style: str) -> None:
    """Set up logging, once per process; a style that is empty means console on a terminal, else json."""
    console = style == "console" or (not style and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service="gateway", pid=os.getpid())
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    # aiokafka builds a debug record for every message where it may
    logging.disable(logging.INFO)
    collapse("aiokafka")
