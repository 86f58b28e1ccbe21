"""Whole ids from the short ones that people type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from gateway.cli.client import PLANS, TASKS, Client
from gateway.cli.failures import Failure
from schemas.events import ID_TEXT

WHOLE: Final = re.compile(ID_TEXT)
START: Final = re.compile(r"[0-9a-f][0-9a-f-]{3,35}")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of id. `see`: the command that lists them; `searched`: how many of the newest are searched, 0 for all."""

    one: str
    several: str
    see: str
    searched: int = 0


#: The API finds plans by the start of their id.
PLAN: Final = Kind("plan", "plans", "marketplace plans")
TASK: Final = Kind("task", "tasks", "marketplace tasks", 2000)
DELIVERY: Final = Kind("delivery", "deliveries", "marketplace webhooks log NAME", 1000)


def plan_id(client: Client, text: str) -> str:
    """Return the whole id of a plan. Raises Failure where the start fits none or several."""
    return _whole(text, PLAN, lambda short: _ids(client.pages(PLANS, {"q": short}, 200), "planId"))


def plan_id_if_given(client: Client, text: str) -> str:
    """Return the whole id of a plan, '' where nothing was given. Raises Failure as `plan_id`."""
    return plan_id(client, text) if text else ""


def task_id(client: Client, text: str) -> str:
    """Return the whole id of a task. Raises Failure where the start fits none or several."""
    return _whole(text, TASK, lambda _: _ids(client.pages(TASKS, {}, TASK.searched), "taskId"))


def delivery_id(client: Client, at: str, text: str) -> str:
    """Return the whole id of a delivery of the webhook `at` an address. Raises Failure as `task_id`."""
    return _whole(text, DELIVERY, lambda _: _ids(client.pages(f"{at}/deliveries", {}, DELIVERY.searched), "deliveryId"))


def only(start: str, candidates: Iterable[str], kind: Kind) -> str:
    """Return the one candidate that begins with `start`. Raises Failure for none and for several."""
    found = list(islice((one for one in candidates if one.startswith(start)), 6))
    if len(found) == 1:
        return found[0]
    if found:
        more = ", ..." if len(found) > 5 else ""
        raise Failure(
            f"Several {kind.several} begin with {start}", f"{', '.join(found[:5])}{more}. Give more of the id."
        )
    where = f" among the newest {kind.searched}" if kind.searched else ""
    raise Failure(f"There is no {kind.one} {start}{where}", f"See what there is: {kind.see}")


def _whole(text: str, kind: Kind, candidates: Callable[[str], Iterable[str]]) -> str:
    """Return the whole id; `candidates` are asked for by the start, and for a whole one not at all."""
    short = _checked(text, kind)
    return short if WHOLE.fullmatch(short) else only(short, candidates(short), kind)


def _ids(rows: Iterable[dict[str, Any]], name: str) -> Iterable[str]:
    return (str(row[name]) for row in rows)


def _checked(text: str, kind: Kind) -> str:
    short = text.strip().lower().rstrip("…")
    if not START.fullmatch(short):
        raise Failure(f"'{text}' is not the id of a {kind.one}", "Give the id, or its first characters, at least four.")
    return short
