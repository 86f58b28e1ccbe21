"""What can go wrong for a person at a terminal, and the exit status that says so to a script."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, Final

from gateway.cli.as_typed import as_typed, detail_of

#: So many wrong values are in the detail of a problem document; the others are in its `errors`.
DETAILED: Final = 3


class Exit(IntEnum):
    """The exit statuses. `doctor` has its own: 0 ok, 1 degraded, 2 down."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNREACHABLE = 3
    INTERRUPTED = 130


#: What `doctor` and `status` end with, by the status of the health report.
HEALTH_EXIT: Final = {"ok": 0, "degraded": 1, "down": 2}


class Failure(Exception):  # noqa: N818 - it says what it is
    """A command that cannot go on. `hints` say what to do; `document` is what `--json` prints."""

    def __init__(
        self, title: str, detail: str = "", *, exit_status: Exit = Exit.REFUSED, hints: tuple[str, ...] = ()
    ) -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.exit_status = exit_status
        self.hints = hints

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = {"title": self.title, "detail": self.detail}
        return {**found, "hints": list(self.hints)} if self.hints else found


class Unreachable(Failure):
    """The gateway does not answer at its address."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(
            f"The gateway at {url} cannot be reached",
            why,
            exit_status=Exit.UNREACHABLE,
            hints=(
                "Start the system on this machine: marketplace up",
                "Or say where another one is: export MARKETPLACE_URL=http://host:port",
            ),
        )


class Refused(Failure):
    """The gateway answered no, with a problem document (RFC 9457)."""

    def __init__(self, problem: Mapping[str, Any], status: int) -> None:
        hints: tuple[str, ...] = ()
        if status == 401:
            hints = (
                "Give a key: export MARKETPLACE_API_KEY=mrs_...",
                "Make one on the gateway's machine: python -m gateway.access.keys create --name you --role admin",
            )
        elif status == 403 and "neededScope" in problem:
            hints = (f"Use a key that is not limited, or has the scope {problem['neededScope']}.",)
        elif status == 403 and "neededRole" in problem:
            hints = (f"Use a key with the role {problem['neededRole']}: export MARKETPLACE_API_KEY=mrs_...",)
        elif len(errors := problem.get("errors") or ()) > DETAILED:
            hints = tuple(as_typed(f"{one['path']}: {one['message']}") for one in errors[DETAILED:])
        super().__init__(str(problem.get("title", f"Status {status}")), detail_of(problem), hints=hints)
        self.problem = dict(problem)
        self.status = status

    @property
    def document(self) -> dict[str, Any]:
        return self.problem
