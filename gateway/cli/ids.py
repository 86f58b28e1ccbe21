"""Whole ids from the short ones that people type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from gateway.cli.client import PLANS, TASKS, Client
from gateway.cli.failures import Failure

WHOLE: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
START: Final = re.compile(r"[0-9a-f][0-9a-f-]{3,35}")
#: The API finds plans by the start of their id; tasks are looked for among so many of the newest.
TASKS_SEARCHED: Final = 2000


def plan_id(client: Client, text: str) -> str:
    """Return the whole id of a plan. Raises Failure where the start fits none or several."""
    short = _checked(text, "plan")
    if WHOLE.fullmatch(short):
        return short
    rows = client.pages(PLANS, {"q": short}, 200)
    return only(short, (str(row["planId"]) for row in rows), "plan")


def plan_id_if_given(client: Client, text: str) -> str:
    """Return the whole id of a plan, '' where nothing was given. Raises Failure as `plan_id`."""
    return plan_id(client, text) if text else ""


def task_id(client: Client, text: str) -> str:
    """Return the whole id of a task. Raises Failure where the start fits none or several."""
    short = _checked(text, "task")
    if WHOLE.fullmatch(short):
        return short
    rows = client.pages(TASKS, {}, TASKS_SEARCHED)
    return only(short, (str(row["taskId"]) for row in rows), "task")


def only(start: str, candidates: Iterable[str], kind: str) -> str:
    """Return the one candidate that begins with `start`. Raises Failure for none and for several."""
    found = list(islice((one for one in candidates if one.startswith(start)), 6))
    if len(found) == 1:
        return found[0]
    if found:
        more = ", ..." if len(found) > 5 else ""
        raise Failure(f"Several {kind}s begin with {start}", f"{', '.join(found[:5])}{more}. Give more of the id.")
    where = f" among the newest {TASKS_SEARCHED}" if kind == "task" else ""
    raise Failure(f"There is no {kind} {start}{where}", f"See what there is: marketplace {kind}s")


def _checked(text: str, kind: str) -> str:
    short = text.strip().lower().rstrip("…")
    if not START.fullmatch(short):
        raise Failure(f"'{text}' is not the id of a {kind}", "Give the id, or its first characters, at least four.")
    return short
