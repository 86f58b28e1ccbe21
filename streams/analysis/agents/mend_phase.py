"""Reads the phases of an answer. A phase's number is taken from a number or a name, never from its position."""

from __future__ import annotations

import re
from typing import Any

from schemas.plan import Phase, PhaseTask

from . import values
from .fields import Fields
from .mend_opportunity import read_id, read_priority, read_title
from .names import plain
from .phase_names import PHASE_NUMBER_LIMIT, phase_number
from .repairs import Action, Problem
from .shape import (
    IMPACT_LIMIT,
    INVESTMENT_LIMIT,
    NAME_LIMIT,
    PHASES_LIMIT,
    TASKS_LIMIT,
    TITLE_LIMIT,
    WEEKS_LIMIT,
)

_KEY_NUMBER = re.compile(r"(?:fase|phase|etapa|stage|step)?[\s_-]*(\d{1,2})")


def read_phases(answer: Fields, channel: str, ids: dict[str, str]) -> list[Phase]:
    """Return the phases, those without tasks too where they have a name.

    `ids` leads from the answer's opportunity ids to the plan's.
    """
    if "phases" not in answer:
        answer.add("phases", Problem.MISSING, Action.LEFT_EMPTY)
    phases: list[Phase] = []
    taken: set[int] = set()
    for path, item, key in answer.items("phases", PHASES_LIMIT, "phase"):
        if isinstance(item, list) and key is not None:  # {"Fase 1": ["task", ...]}
            answer.add(path, Problem.WRONG_TYPE, Action.READ_AS, found="list", result="tasks")
            item = {"tasks": item}  # noqa: PLW2901 - the same phase, in its right shape
        if not isinstance(item, dict):
            answer.add(path, Problem.NOTHING_IN_IT, Action.DROPPED, found=item)
            continue
        phase = _phase(answer.inside(item, "phase", path), key, channel, ids, taken)
        if phase is None:
            answer.add(path, Problem.NOTHING_IN_IT, Action.DROPPED)
        else:
            phases.append(phase)
    return phases


def _phase(fields: Fields, key: str | None, channel: str, ids: dict[str, str], taken: set[int]) -> Phase | None:
    given_name = fields.text("name", NAME_LIMIT, optional=True)
    number = _number(fields, given_name, key, taken)
    weeks = fields.text("weeks", WEEKS_LIMIT)
    tasks = _tasks(fields, channel, ids)
    investment = fields.text("investment", INVESTMENT_LIMIT)
    impact = fields.text("expected_impact", IMPACT_LIMIT)
    fields.finish()
    name = given_name
    if not name and key is not None and len(plain(key)) > len("fase 1"):
        name = fields.as_text("name", key, NAME_LIMIT)
        fields.add("name", Problem.MISSING, Action.FROM_KEY_TEXT, result=name)
    if not tasks:
        if not name:
            return None
        fields.add("tasks", Problem.NO_TASKS, Action.KEPT_GIVEN)
    if not name:
        name = "Fase" if number is None else f"Fase {number}"
        fields.add("name", Problem.MISSING, Action.FROM_NUMBER, result=name)
    if number is not None:
        taken.add(number)
    return Phase(number, name, weeks, tasks, investment, impact)


def _number(fields: Fields, name: str, key: str | None, taken: set[int]) -> int | None:
    given = fields.take("number")
    number = _given_number(fields, given)
    named = phase_number(name)
    if number is not None:
        if named is not None and named != number:
            if number in taken and named not in taken:  # the name tells which of the two it is
                fields.add("number", Problem.NUMBER_TAKEN, Action.FROM_NAME, found=number, result=named)
                return named
            fields.add("number", Problem.NUMBER_CONFLICT, Action.KEPT_GIVEN, found=name, result=number)
    elif named is not None:
        number = named
        fields.add("number", Problem.NO_NUMBER, Action.FROM_NAME, result=number)
    elif key is not None and (from_key := _key_number(key)) is not None:
        number = from_key
        fields.add("number", Problem.NO_NUMBER, Action.FROM_KEY, result=number)
    else:
        fields.add("number", Problem.NO_NUMBER, Action.LEFT_UNNUMBERED)
    if number in taken:
        fields.add("number", Problem.NUMBER_TAKEN, Action.LEFT_UNNUMBERED, found=number)
        return None
    return number


def _given_number(fields: Fields, given: Any) -> int | None:
    if given is None or isinstance(given, bool):
        return None
    figure = values.figure(given)
    if figure is None and isinstance(given, str):
        figure = values.figure_in_text(given) if given.strip().isdecimal() else phase_number(given)
    if figure is None or figure != int(figure) or not 1 <= figure <= PHASE_NUMBER_LIMIT:
        fields.add("number", Problem.NOT_A_NUMBER, Action.IGNORED, found=given)
        return None
    if not isinstance(given, int):
        fields.add("number", Problem.WRONG_TYPE, Action.READ_AS, found=given, result=int(figure))
    return int(figure)


def _key_number(key: str) -> int | None:
    found = _KEY_NUMBER.fullmatch(plain(key))
    if found is None:
        return phase_number(key)
    return int(found.group(1)) if 1 <= int(found.group(1)) <= PHASE_NUMBER_LIMIT else None


def _tasks(fields: Fields, channel: str, ids: dict[str, str]) -> list[PhaseTask]:
    tasks = []
    for path, item, _ in fields.items("tasks", TASKS_LIMIT, "task"):
        task = _task(fields, item, path, channel, ids)
        if task is None:
            fields.add(path, Problem.NOTHING_IN_IT, Action.DROPPED)
        else:
            tasks.append(task)
    return tasks


def _task(fields: Fields, item: Any, path: str, channel: str, ids: dict[str, str]) -> PhaseTask | None:
    if isinstance(item, str):
        title = fields.as_text(path, item, TITLE_LIMIT)
        if not title:
            return None
        fields.add(path, Problem.WRONG_TYPE, Action.READ_AS, found="text", result="title")
        return PhaseTask(title, "", channel)
    if not isinstance(item, dict):
        return None
    inner = fields.inside(item, "task", path)
    title, what = read_title(inner)
    if not title:
        return None
    priority = read_priority(inner)
    link = read_id(inner, "opportunity_id")
    if link and link not in ids:
        inner.add("opportunity_id", Problem.UNKNOWN_ID, Action.UNLINKED, found=link)
    inner.finish()
    return PhaseTask(title, what, channel, priority, ids.get(link))
