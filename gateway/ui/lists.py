"""Filters, order and page of a list, as the URL has them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import QueryParams

from projections.plans import reads as plans
from projections.reads.due import DUE
from projections.tasks import reads as tasks
from schemas.channels import CHANNELS
from schemas.lifecycle import PlanStatus, TaskStatus
from schemas.phase1 import ORIGINS
from schemas.plan import PRIORITIES

MAX_TEXT = 200
#: Parameters about where and how a list is shown, not about its rows.
_ABOUT = frozenset({"path", "view", "cursor"})


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the reader asked of the list at `PATH`: each field but `cursor`, the place, is a filter."""

    PATH: ClassVar[str]

    def url(self, path: str = "", **changes: str) -> str:
        """Return the list's address with some values changed; any change but the cursor's starts at the top."""
        return address(path or self.PATH, self.asked() | changes)

    def file(self, form: str) -> str:
        """Return the address of the same rows as a file."""
        return self.url(f"{self.PATH}.{form}")

    def asked(self) -> dict[str, str]:
        """Return what narrows the list."""
        return {name: value for name, value in asdict(self).items() if value and name != "cursor"}


@dataclass(frozen=True, slots=True)
class ListView:
    """What the reader asked of a list. Unknown values are dropped, so that an old link still works."""

    path: str
    status: str = ""
    channel: str = ""
    priority: str = ""
    assignee: str = ""
    plan: str = ""
    q: str = ""
    sort: str = ""
    view: str = ""
    overdue: str = ""  # "1": what has waited too long for a person
    partial: str = ""  # "1": plans of which not every channel was analysed
    stalled: str = ""  # "1": plans that are stalled
    next: str = ""  # "1": plans whose next phase waits for a person
    origin: str = ""  # where a plan's Phase 1 is from
    due: str = ""  # of tasks, one of DUE
    team: str = ""  # its id
    cursor: str = ""

    def url(self, **changes: str) -> str:
        """Return the list's address with some values changed; any change but the cursor's starts at the top."""
        values = {n: getattr(self, n) for n in self.__slots__ if n not in {"path", "cursor"}} | changes
        return address(self.path, values)

    def file(self, form: str) -> str:
        """Return the address of the same rows as a file."""
        return replace(self, path=f"{self.path}.{form}", view="").url()

    def asked(self) -> dict[str, str]:
        """Return what narrows and orders the rows."""
        return {name: value for name, value in asdict(self).items() if value and name not in _ABOUT}

    @property
    def narrowed(self) -> bool:
        """Return whether any filter is set; the order is none."""
        narrowing = (self.channel, self.priority, self.assignee, self.plan, self.q, self.partial, self.team)
        return any((self.status, self.overdue, self.stalled, self.next, self.origin, self.due, *narrowing))


def of_plans(query: QueryParams) -> ListView:
    """Read the plan list's state from the URL."""
    return ListView(
        "/plans",
        status=_one_of(query, "status", tuple(PlanStatus)),
        channel=_one_of(query, "channel", CHANNELS),
        priority=_one_of(query, "priority", PRIORITIES),
        q=text(query, "q"),
        sort=_one_of(query, "sort", [s for s in plans.ORDERS if s != plans.DEFAULT_ORDER]),
        overdue=_one_of(query, "overdue", ("1",)),
        partial=_one_of(query, "partial", ("1",)),
        stalled=_one_of(query, "stalled", ("1",)),
        next=_one_of(query, "next", ("1",)),
        origin=_one_of(query, "origin", ORIGINS),
        team=_uuid(query, "team"),
        cursor=text(query, "cursor", 2000),
    )


def of_tasks(query: QueryParams) -> ListView:
    """Read the task list's state from the URL."""
    return ListView(
        "/tasks",
        status=_one_of(query, "status", (*TaskStatus, "active")),
        channel=_one_of(query, "channel", CHANNELS),
        priority=_one_of(query, "priority", PRIORITIES),
        assignee=text(query, "assignee"),
        plan=_uuid(query, "plan"),
        q=text(query, "q"),
        sort=_one_of(query, "sort", [s for s in tasks.ORDERS if s != tasks.DEFAULT_ORDER]),
        view=_one_of(query, "view", ("board",)),
        due=_one_of(query, "due", DUE) or ("overdue" if query.get("overdue") == "1" else ""),  # as old links say it
        cursor=text(query, "cursor", 2000),
    )


def of_costs(query: QueryParams) -> ListView:
    """Read the state of the list of costs from the URL."""
    return ListView("/costs", q=text(query, "q", 120), cursor=text(query, "cursor", 2000))


def address(path: str, values: Mapping[str, str]) -> str:
    """Return the address of a list with the values that are set."""
    kept = {name: value for name, value in values.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def text(query: QueryParams, name: str, limit: int = MAX_TEXT) -> str:
    """Return a text of the URL without outer blanks, cut at `limit`."""
    return query.get(name, "").strip().replace("\0", "")[:limit]


def _one_of(query: QueryParams, name: str, known: Collection[str]) -> str:
    value = query.get(name, "")
    return value if value in known else ""


def _uuid(query: QueryParams, name: str) -> str:
    try:
        return str(UUID(query.get(name, "")))
    except ValueError:
        return ""
