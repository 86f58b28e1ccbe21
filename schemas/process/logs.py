"""Logs of every process, and of the libraries in it, through one pipeline: JSON lines, or colours for a person.

A line has `event`, `level`, `timestamp`, `service` and `pid`; within a request, a record or a job it has the ids of
schemas/process/log_context.py, too. Everything that reaches stderr is one: what the standard library's loggers are told
(aiokafka, Faust, uvicorn, asyncio), warnings, and errors that nobody has caught, whatever their thread.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, TextIO, cast

import structlog
from structlog.stdlib import ProcessorFormatter, add_logger_name

from schemas.process.log_context import add_ids, raised_in
from schemas.process.log_pipe import where_to_log
from schemas.process.repeats import collapse
from schemas.process.settings import one_of

_Pipeline = list[structlog.typing.Processor]
#: Said by every kind of line that nobody else could say.
_UNCAUGHT: Final = "an error that nobody has caught"


def style_of(env: Mapping[str, str]) -> str:
    """Return MARKETPLACE_LOG, without it console on a terminal and json elsewhere. Raises SettingsError."""
    return one_of(env, "MARKETPLACE_LOG", "console" if sys.stderr.isatty() else "json", "json", "console")


def configure(service: str, style: str) -> None:
    """Set up logging, once per process: after its libraries are imported, so that their loggers are there."""
    shared, rendered = _pipeline(service, style)

    def note(text: str) -> str:
        line: Any = {"event": text}
        for processor in (*shared, *rendered):
            line = processor(None, "warning", line)
        return str(line)

    out = cast("TextIO", where_to_log(sys.stderr, note))
    structlog.configure(
        processors=[*shared, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    handler = _Handler(out)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[add_logger_name, *shared],
            processors=[ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    # Faust and aiokafka build a debug record for every message where they may
    logging.disable(logging.INFO)
    logging.captureWarnings(capture=True)
    collapse("aiokafka")
    _catch_the_rest()


def _pipeline(service: str, style: str) -> tuple[_Pipeline, _Pipeline]:
    """Return the processors of every log line, and the renderer."""
    pid = os.getpid()

    def name_process(_logger: object, _method: str, event: Any) -> Any:
        event["service"], event["pid"] = service, pid  # not by a ContextVar: threads of libraries begin without
        return event

    shared: _Pipeline = [
        name_process,
        add_ids,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if style == "console":
        # a traceback shows no values: they can be what a document or a person says
        return shared, [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return shared, [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


class _Handler(logging.StreamHandler[Any]):
    """Writes lines; one that cannot be made, such as of a text that does not fit its values, is said to be missing."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        structlog.get_logger(record.name).error("a log line cannot be made", msg=str(record.msg), exc_info=True)


def _catch_the_rest() -> None:
    log = structlog.get_logger("process")

    def uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, traceback)
        else:
            with raised_in(error):
                log.critical(_UNCAUGHT, exc_info=(kind, error, traceback))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:  # none at the end of the interpreter
            name = args.thread.name if args.thread else ""
            with raised_in(args.exc_value):
                log.error(_UNCAUGHT, thread=name, exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

    def unraisable(args: Any) -> None:
        info = (args.exc_type, args.exc_value, args.exc_traceback) if args.exc_value is not None else None
        log.error(_UNCAUGHT, where=args.err_msg or repr(args.object), exc_info=info)

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable


def tell(text: str, *, failed: bool = False) -> None:
    """Say a sentence to whoever has called a command: plain, or as a log line where MARKETPLACE_LOG is json."""
    if os.environ.get("MARKETPLACE_LOG") == "json":
        log = structlog.get_logger("command")
        (log.error if failed else log.info)(text)
    else:
        print(text, file=sys.stderr)


def answer(text: str) -> None:
    """Print what a command was called for: a line on standard output, or a log line where MARKETPLACE_LOG is json."""
    if os.environ.get("MARKETPLACE_LOG") == "json":
        tell(text)
    else:
        print(text)
