"""The form for a Phase 1 of one's own: what is offered, what is sent, and what is wrong with it, in words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from starlette.datastructures import FormData

from gateway.shapes.added_tasks import AddedTask
from gateway.shapes.phase1 import GivenPhase1
from gateway.ui.phase1_form import SPARE, Row, complaints, form_of, written
from schemas.phase1 import phase1_of
from schemas.plan import OPERATOR_TASK_LIMIT
from tests.support.events import opportunity, phase, phase_task

FIELDS = ("title", "what", "channel", "priority", "opportunity")


def sent(*rows: tuple[str, str, str, str, str], **more: str) -> FormData:
    """Return the form as a browser sends it: every row has every field."""
    fields = [(name, value) for row in rows for name, value in zip(FIELDS, row, strict=True)]
    return FormData([*fields, *({"reason": "pressa"} | more).items()])


def row(title: str = "Fotos", what: str = "", **more: str) -> tuple[str, str, str, str, str]:
    values = {"channel": "shopee", "priority": "high", "opportunity": ""} | more
    return title, what, values["channel"], values["priority"], values["opportunity"]


def words(form: FormData) -> list[str]:
    try:
        GivenPhase1.model_validate(written(form).document())
    except ValidationError as error:
        return complaints(error.errors())
    return []


def test_it_offers_what_an_approval_would_make_and_rows_for_more() -> None:
    ahead = phase1_of({"phases": [], "opportunities": [opportunity(1)], "channels": ["mercado_livre"]})
    form = form_of(ahead)
    assert form.rows == (Row("Oportunidade 1", "Fazer 1", "mercado_livre", "high", "mercado_livre-1"),)
    assert form.shown == (*form.rows, *[Row()] * SPARE)
    assert GivenPhase1.model_validate(form.document() | {"reason": "x"}).tasks[0].opportunity_id == "mercado_livre-1"


@pytest.mark.parametrize(("there", "shown"), [(19, 20), (20, 20), (30, 20)])
def test_it_never_offers_more_rows_than_may_be_sent(there: int, shown: int) -> None:
    own = phase(1, [phase_task(n) for n in range(there)])
    ahead = phase1_of({"phases": [own], "opportunities": [], "channels": ["mercado_livre"]})
    assert len(form_of(ahead).shown) == shown == OPERATOR_TASK_LIMIT


def test_rows_that_are_left_out_and_empty_ones_are_not_sent() -> None:
    form = sent(row("Um", "a\r\nb"), row("Dois"), row("", " "), row("Três", opportunity="x-1"), drop="2")
    assert [(t.title, t.what, t.opportunity) for t in written(form).rows] == [("Um", "a\nb", ""), ("Três", "", "x-1")]
    assert words(form) == []


@pytest.mark.parametrize(
    ("form", "says"),
    [
        (sent(row("", "como")), "Task 1: What is to be done is missing."),
        (sent(row(), row("x" * 201)), "Task 2: What is to be done has more than 200 characters."),
        (sent(row("Um", "x" * 2001)), "Task 1: How has more than 2000 characters."),
        (sent(row("Um", "\x00")), "Task 1: How cannot be taken like this."),
        (sent(row(channel="ebay")), "Task 1: Channel cannot be taken like this."),
        (sent(row(priority="urgent")), "Task 1: Priority cannot be taken like this."),
        (sent(), "Write at least one task: what is to be done is enough."),
        (sent(*[row()] * 21), "At most 20 tasks are possible."),
        (sent(row(), reason=" "), "Reason is missing."),
        (sent(row(), impact="x" * 300), "Expected impact has more than 200 characters."),
    ],
)
def test_what_is_wrong_is_said_in_words(form: FormData, says: str) -> None:
    assert words(form) == [says]


def test_a_day_that_cannot_be_taken_is_told_with_those_that_can() -> None:
    with pytest.raises(ValidationError) as refused:
        AddedTask.model_validate({"title": "Um", "dueOn": "1999-01-01"})

    assert complaints(refused.value.errors()) == ["Choose a day of the years 2000 to 2999, or none."]


def test_every_mistake_is_told_once() -> None:
    form: Any = sent(row("", "a"), row("", "b"), reason="")
    assert words(form) == [
        "Task 1: What is to be done is missing.",
        "Task 2: What is to be done is missing.",
        "Reason is missing.",
    ]
