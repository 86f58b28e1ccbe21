"""The pages that exist, as data: a page is added here once it has a route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.access.roles import Principal, Role
from gateway.access.scopes import OF_ROLES, KeyScope
from gateway.ui.i18n import mark


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation. `count` names the figure of `NavCounts` that is shown beside it.

    `tab`: it has its place at the bottom of a phone, with its `short` word where it has one; the others stand in the
    menu beside these. `role`: who may open it; others are not shown it. `rare`: it is where something leads, and in the
    search, and takes no room in the navigation.
    """

    path: str
    icon: str
    word: str
    count: str = ""
    tab: bool = False
    short: str = ""
    role: Role = Role.VIEWER
    rare: bool = False

    @property
    def scope(self) -> KeyScope:
        """Return the scope that a key which is limited needs, as the door has it: that of the role."""
        return OF_ROLES.get(self.role, KeyScope.READ)

    def active(self, path: str) -> bool:
        """Say whether `path` is this page or lies below it."""
        return path == self.path or (self.path != "/" and path.startswith(self.path + "/"))


PAGES: Final[tuple[Entry, ...]] = (
    Entry("/", "overview", mark("Overview"), tab=True),
    Entry("/plans", "plans", mark("Plans"), "plans_waiting", tab=True),
    Entry("/tasks", "tasks", mark("Tasks"), "tasks_failed", tab=True),
    Entry("/costs", "store", mark("Costs and stock")),
    Entry("/retries", "clock", mark("Retries")),
    Entry("/letters", "inbox", mark("Dead letters"), "dead_letters", tab=True, short=mark("Letters")),
    Entry("/alerts", "bell", mark("Alerts"), "alerts"),
    Entry("/slo", "seal", mark("Objectives")),
    Entry("/system", "wrench", mark("System"), "stalled"),
    Entry("/attempts", "list", mark("Attempts"), rare=True),
    Entry("/set-aside", "alert", mark("Events set aside"), role=Role.OPERATOR, rare=True),
    Entry("/audit", "list", mark("Audit"), role=Role.ADMIN),
    Entry("/webhooks", "globe", mark("Webhooks"), role=Role.ADMIN),
    Entry("/people", "user", mark("People"), role=Role.ADMIN),
    Entry("/teams", "user", mark("Teams"), role=Role.ADMIN),
    Entry("/keys", "key", mark("Keys"), role=Role.ADMIN),
)


def pages_for(who: Principal) -> tuple[Entry, ...]:
    """Return the pages that somebody may open."""
    return tuple(entry for entry in PAGES if who.may(entry.role, entry.scope))


def may_open(address: str, who: Principal) -> bool:
    """Say whether somebody may open the page that an address leads to; what stands in no menu, everybody may."""
    path = address.partition("#")[0].partition("?")[0]
    return all(who.may(entry.role, entry.scope) for entry in PAGES if entry.active(path))
