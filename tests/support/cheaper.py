"""What makes a run of tests cheaper and changes nothing that is tested: garbage, commands, whose code is whose, trust.

A session holds some million objects that live to its end. The collector would walk through them again and again.
A run makes some thousand HTTP clients, each of which would read the same list of authorities: 30 ms. A log line with
a traceback takes 60 ms and more where it is drawn with boxes, colours and values, which no process of the system does.
Three times for each test pytest walks through some hundred loggers, to find those whose lines reach no other.
"""

from __future__ import annotations

import functools
import gc
import logging
import os
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import httpx2
import pytest
import structlog
from _pytest.logging import catching_logs
from httpx._transports import default as transports
from hypothesis.internal import constants_ast
from hypothesis.internal.conjecture import providers

#: New objects until the collector looks at them: more than most tests make.
YOUNG: Final = 50_000
ROOT: Final = str(Path(__file__).parents[2])
#: Where else an HTTP client is told to find the authorities that it trusts.
TRUSTED_ELSEWHERE: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
Read = Callable[..., ssl.SSLContext]


def pytest_configure() -> None:
    gc.set_threshold(YOUNG, 20, 50)
    gc.disable()  # what is imported and collected lives to the end
    providers.is_local_module_file = is_local  # type: ignore[assignment, attr-defined] # held by a test
    transports.create_ssl_context = trust  # type: ignore[attr-defined] # held by a test
    structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback
    httpx2.create_ssl_context = trust2  # the system asks for it by this name
    catching_logs.__enter__ = catch  # type: ignore[method-assign] # held by a test


def shared(read: Read) -> Read:
    """Return what reads for an HTTP client whom it is to trust: who asks for nothing of his own gets what is read."""

    @functools.cache
    def read_once(elsewhere: tuple[str | None, ...]) -> ssl.SSLContext:
        return read(trust_env=any(elsewhere))

    def trust(verify: ssl.SSLContext | str | bool = True, cert: Any = None, trust_env: bool = True) -> ssl.SSLContext:
        if verify is True and cert is None:
            return read_once(tuple(os.environ.get(name) if trust_env else None for name in TRUSTED_ELSEWHERE))
        return read(verify, cert, trust_env)

    return trust


trust: Final = shared(httpx.create_ssl_context)
trust2: Final = shared(httpx2.create_ssl_context)


def is_local(file: str) -> bool:
    """Say of a module's file what Hypothesis says: it asks the disk about every one of the standard library, too."""
    return file.startswith(ROOT) and constants_ast.is_local_module_file(file)


_catch: Final = catching_logs.__enter__


def catch(catching: catching_logs[Any]) -> Any:
    """Catch the lines that pytest does; which loggers pass theirs on to none is asked anew when a logger has come."""
    if catching.level is not None:
        return _catch(catching)
    root = logging.getLogger()
    for logger in (root, *alone(len(root.manager.loggerDict))):
        logger.addHandler(catching.handler)
        catching.attached_loggers.append(logger)
    return catching.handler


@functools.lru_cache(maxsize=1)
def alone(_known: int) -> tuple[logging.Logger, ...]:
    """Return the loggers that pass their lines on to no other, of so many that are known."""
    known = logging.getLogger().manager.loggerDict.values()
    return tuple(one for one in known if isinstance(one, logging.Logger) and not one.propagate)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Set all that was imported and collected aside from the collector; build the command line once, not each time."""
    gc.freeze()
    gc.enable()
    testing = sys.modules.get("typer.testing")
    if testing is not None:  # 50 ms for each `CliRunner.invoke`, where a process builds its commands once
        testing._get_command = functools.cache(testing._get_command)  # type: ignore[attr-defined]
