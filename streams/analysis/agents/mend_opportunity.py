"""Reads the opportunities of an answer, with their evidence."""

from __future__ import annotations

from typing import Any

from schemas.plan import Evidence, Opportunity, Priority

from . import values
from .fields import Fields
from .repairs import Action, Problem
from .shape import (
    EVIDENCE_LIMIT,
    EVIDENCE_TEXT_LIMIT,
    ID_LIMIT,
    METRIC_LIMIT,
    OPPORTUNITIES_LIMIT,
    SKU_LIMIT,
    SKUS_LIMIT,
    TITLE_LIMIT,
    WHAT_LIMIT,
)


def read_opportunities(answer: Fields, channel: str) -> tuple[list[Opportunity], dict[str, str]]:
    """Return the opportunities, and from each id of the answer to the id in the plan (`<channel>-<n>`)."""
    if "opportunities" not in answer:
        answer.add("opportunities", Problem.MISSING, Action.LEFT_EMPTY)
    opportunities: list[Opportunity] = []
    ids: dict[str, str] = {}
    for path, item, key in answer.items("opportunities", OPPORTUNITIES_LIMIT, "opportunity"):
        number = len(opportunities) + 1
        read = _opportunity(answer, item, path, f"{channel}-{number}", channel)
        if read is None:
            continue
        opportunity, given = read
        given = given or (key or "")
        if given in ids:
            answer.add(f"{path}.id", Problem.DUPLICATE_ID, Action.NUMBERED, found=given, result=opportunity.id)
        elif given:
            ids[given] = opportunity.id
        opportunities.append(opportunity)
    return opportunities, ids


def _opportunity(answer: Fields, item: Any, path: str, own_id: str, channel: str) -> tuple[Opportunity, str] | None:
    if isinstance(item, str) and item.strip():
        answer.add(path, Problem.WRONG_TYPE, Action.READ_AS, found="text", result="title")
        title = answer.as_text(path, item, TITLE_LIMIT)
        if title:
            answer.add(path, Problem.PRIORITY_UNKNOWN, Action.SET_NORMAL)
            return Opportunity(own_id, channel, title, "", "normal"), ""
    if not isinstance(item, dict):
        answer.add(path, Problem.NOTHING_IN_IT, Action.DROPPED)
        return None
    fields = answer.inside(item, "opportunity", path)
    title, what = read_title(fields)
    if not title:
        answer.add(path, Problem.NOTHING_IN_IT, Action.DROPPED)
        return None
    given = read_id(fields)
    if not given:
        fields.add("id", Problem.MISSING, Action.NUMBERED)
    priority = read_priority(fields)
    evidence, unchecked = _evidence(fields)
    worth = fields.number("worth_brl")
    fields.finish()
    if unchecked:
        what = fields.as_text("what", "\n".join(part for part in (what, *unchecked) if part), WHAT_LIMIT)
    return Opportunity(own_id, channel, title, what, priority, evidence, worth), given


def read_title(fields: Fields) -> tuple[str, str]:
    """Return title and description; a missing title is taken from the description's first sentence."""
    title = fields.text("title", TITLE_LIMIT, optional=True)
    if not title and "what" not in fields:
        return "", ""
    what = fields.text("what", WHAT_LIMIT)
    if not title and what:
        first = what.splitlines()[0].split(". ")[0].strip()
        title = first if len(first) <= TITLE_LIMIT else first[: TITLE_LIMIT - 1].rstrip() + "…"
        fields.add("title", Problem.NO_TITLE, Action.FROM_TEXT, result=title)
    return title, what


def read_id(fields: Fields, field: str = "id") -> str:
    """Return an id as it was given: a text, or a whole number read as one; "" for none."""
    value = fields.take(field)
    if isinstance(value, list) and len(value) == 1:
        fields.add(field, Problem.WRONG_TYPE, Action.READ_AS, found="list", result=value[0])
        value = value[0]
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**9 else ""
        fields.add(field, Problem.WRONG_TYPE, Action.READ_AS, found="number", result=value)
    if isinstance(value, str):
        text = fields.as_text(field, value, ID_LIMIT)
        if not text:
            fields.add(field, Problem.NULL, Action.LEFT_EMPTY)
        return text
    if value is not None:
        fields.add(field, Problem.WRONG_TYPE, Action.DROPPED)
    return ""


def read_priority(fields: Fields) -> Priority:
    """Return the priority; `normal`, recorded, where none could be read."""
    given = fields.take("priority")
    priority = values.priority(given)
    if priority is None:
        fields.add(
            "priority",
            Problem.MISSING if given is None else Problem.PRIORITY_UNKNOWN,
            Action.SET_NORMAL,
            found=given,
        )
        return "normal"
    if given != priority:
        fields.add("priority", Problem.PRIORITY, Action.READ_AS, found=given, result=priority)
    return priority


def _evidence(fields: Fields) -> tuple[list[Evidence], list[str]]:
    """Return the evidence that has a figure, and as texts what has none."""
    found: list[Evidence] = []
    unchecked: list[str] = []
    for path, item, _ in fields.items("evidence", EVIDENCE_LIMIT, "evidence"):
        evidence = _one(fields, item, path) if isinstance(item, dict) else None
        if evidence is not None:
            found.append(evidence)
            continue
        text = fields.as_text(path, item, EVIDENCE_TEXT_LIMIT) if item is not None else ""
        fields.add(path, Problem.EVIDENCE, Action.INTO_TEXT if text else Action.DROPPED)
        if text:
            unchecked.append(text)
    return found, unchecked


def _one(fields: Fields, item: dict[str, Any], path: str) -> Evidence | None:
    inner = fields.inside(item, "evidence", path)
    given_unit = inner.take("unit")
    raw = inner.take("value")
    as_percent = values.is_percent(given_unit)
    unit = values.unit(given_unit)
    if raw is None or unit is None or "metric" not in inner:
        return None
    number = values.figure(raw)
    if number is None and isinstance(raw, str):
        number = values.figure_in_text(raw)
        as_percent = as_percent and "%" not in raw
        if number is not None:
            inner.add("value", Problem.NUMBER_AS_TEXT, Action.READ_AS, found=raw, result=number)
    metric = inner.text("metric", METRIC_LIMIT)
    if number is None or not metric:
        return None
    if as_percent:
        number /= 100
    if unit != given_unit:
        inner.add("unit", Problem.UNIT, Action.READ_AS, found=given_unit, result=unit)
    text = inner.text("text", EVIDENCE_TEXT_LIMIT)
    skus = _skus(inner)
    inner.finish()
    return Evidence(metric, number, unit, text, skus)


def _skus(inner: Fields) -> list[str]:
    skus: list[str] = []
    for path, item, _ in inner.items("skus", SKUS_LIMIT, "sku"):
        sku = inner.as_text(path, item, SKU_LIMIT) if type(item) in (str, int) else ""
        if sku:
            skus.append(sku)
        else:
            inner.add(path, Problem.NOTHING_IN_IT, Action.DROPPED)
    return skus
