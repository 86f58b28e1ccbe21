"""A day is written in one way, and everywhere the same."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError
from starlette.datastructures import QueryParams

from gateway.shapes import days
from gateway.shapes.audit import AuditQuery
from gateway.shapes.tasks import TaskWork
from gateway.ui.pages import audit

WRONG = ["9999-12-31", "0001-01-01", "1999-12-31", "3000-01-01", "20261130", "2026-W01-1", "2026-02-30", "2026-1-1"]
WRONG += ["tomorrow", " 2026-11-30", "2026-11-30\n", "\u0662026-11-30"]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        days.day(text)
    for shape in (
        lambda: AuditQuery.model_validate({"day": [text]}),
        lambda: TaskWork.model_validate({"action": "reschedule", "dueOn": text}),
    ):
        with pytest.raises(ValidationError, match="YYYY-MM-DD"):
            shape()
    if text == text.strip():
        assert audit.read(QueryParams({"day": text})).day == ""


@pytest.mark.parametrize("text", ["2000-01-01", "2026-11-30", "2999-12-31"])
def test_a_day(text: str) -> None:
    assert days.day(text) == date.fromisoformat(text)
    assert AuditQuery.model_validate({"day": [text]}).day == text
    assert TaskWork.model_validate({"action": "reschedule", "dueOn": text}).due_on == days.day(text)
    assert audit.read(QueryParams({"day": text})).wanted().day == days.day(text)
