"""A Faust worker that ends within a time limit after SIGTERM, even while its servers are away.

Faust commits and leaves its group before it ends, and waits for the broker with that: for ever, where it is gone.
"""

from __future__ import annotations

import signal as signals
import threading
from collections.abc import Callable
from typing import Any, Final

import faust
import structlog

from streams.broker.publisher import end_process

log = structlog.get_logger("worker")

#: How long a worker may take to end; below the time after which supervisors kill (local 20 s, docker-compose.yml 30 s).
#: Ending without more ado loses nothing: what is not acknowledged is not committed, and comes again.
STOP_GRACE_S: Final = 15.0


class BoundedWorker(faust.Worker):
    """A worker that ends within `grace_s` of the first SIGTERM or SIGINT: by itself, or else by `end`."""

    def __init__(
        self, *args: Any, grace_s: float = STOP_GRACE_S, end: Callable[[], object] = end_process, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.spinner = None  # it writes control characters between the log lines
        self._grace_s = grace_s
        self._end = end
        self._limit: threading.Timer | None = None

    def _schedule_shutdown(self, signal: signals.Signals) -> None:
        if self._limit is None:
            # a thread: it fires although the event loop is blocked, or closed already
            self._limit = threading.Timer(self._grace_s, self._too_late)
            self._limit.daemon = True
            self._limit.start()
        super()._schedule_shutdown(signal)

    def _too_late(self) -> None:
        log.warning(
            "does not end by itself, ending at once: what is not acknowledged comes again", after_s=self._grace_s
        )
        self._end()
