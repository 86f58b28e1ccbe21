"""The pages of the navigation, as data. A new page is added here once it has a route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.access.roles import Principal, Role
from gateway.access.scopes import OF_ROLES, KeyScope
from gateway.ui.i18n import mark


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation. `count` names the figure of `NavCounts` that is shown beside it.

    `tab`: on a phone it is at the bottom, with its `short` word if it has one; the others are in the menu beside the
    tabs. `role`: the least role that may open it; others do not see it. `rare`: links and the search lead to it, and it
    takes no room in the navigation.
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
        """Return the scope that a limited key needs, as at the door: that of the role."""
        return OF_ROLES.get(self.role, KeyScope.READ)

    def active(self, path: str) -> bool:
        """Return whether `path` is this page or below it."""
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
    Entry("/rules", "rules", mark("Rules"), rare=True),
    Entry("/set-aside", "alert", mark("Events set aside"), role=Role.OPERATOR, rare=True),
    Entry("/audit", "list", mark("Audit"), role=Role.ADMIN),
    Entry("/webhooks", "globe", mark("Webhooks"), role=Role.ADMIN),
    Entry("/people", "user", mark("People"), role=Role.ADMIN),
    Entry("/teams", "user", mark("Teams"), role=Role.ADMIN),
    Entry("/keys", "key", mark("Keys"), role=Role.ADMIN),
)


def pages_for(who: Principal) -> tuple[Entry, ...]:
    """Return the pages that a caller may open."""
    return tuple(entry for entry in PAGES if who.may(entry.role, entry.scope))


def may_open(address: str, who: Principal) -> bool:
    """Return whether a caller may open the page at an address. A page in no menu is open to everybody who signed in."""
    path = address.partition("#")[0].partition("?")[0]
    return all(who.may(entry.role, entry.scope) for entry in PAGES if entry.active(path))
