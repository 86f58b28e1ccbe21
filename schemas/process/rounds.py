"""Rounds of background jobs: every log line of a round has its ids, also the one that says why it failed."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from schemas.process.log_context import job, raised_in


class Round:
    """One round of the job `name`, as a context manager: an error in it ends the round, and the job goes on.

    `tell` logs an error of the `caught` kinds, with the ids of the work that raised it, or else those of the round.
    The error is then swallowed and kept in `error`. Errors of other kinds pass through.
    """

    __slots__ = ("_caught", "_context", "_tell", "error")

    def __init__(self, name: str, tell: Callable[[Exception], object], *caught: type[Exception]) -> None:
        self._context = job(name)
        self._tell = tell
        self._caught = caught or (Exception,)
        self.error: Exception | None = None

    def __enter__(self) -> Self:
        self._context.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        try:
            if isinstance(error, self._caught):
                self.error = error
                with raised_in(error):
                    self._tell(error)
        finally:
            self._context.__exit__(kind, error, traceback)
        return self.error is not None
