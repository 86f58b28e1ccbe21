"""What a person writes into a dead letter is kept, and a mistake in it has a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.datastructures import FormData

from gateway.ui import i18n, letter_form
from gateway.ui.words import failure_words
from projections.dead_letters.reads import LetterDetail
from schemas.dead_letters import without_code
from schemas.wire import UNREADABLE


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: a comma is missing. "b": 2'),
        ('{"a": }', "line 1, column 7: a value is missing"),
        ("{'a': 1}", "line 1, column 2: a name in double quotes is missing"),
        ('{"a" 1}', "line 1, column 6: a colon is missing"),
        ('{"a": 1} x', "line 1, column 10: there is more after its end"),
        ("[1, 2]", "it is not an object"),
    ],
)
def test_says_where_and_why_it_is_no_json(text: str, says: str) -> None:
    with pytest.raises(letter_form.NotJson, match=re.escape(says)) as refused:
        letter_form.read(text)

    assert str(refused.value).startswith(says)


def test_says_it_in_portuguese() -> None:
    i18n.use("pt_BR")
    with pytest.raises(letter_form.NotJson, match="linha 1, coluna 7: falta um valor"):
        letter_form.read('{"a": }')


def test_takes_what_a_form_brings() -> None:
    form = FormData([("type", "plan.uploaded"), ("payload", '{\r\n"a": 1}'), ("reason", "porque sim")])
    written = letter_form.of_form(form)

    assert written == letter_form.Written("plan.uploaded", '{\n"a": 1}', "porque sim")
    assert letter_form.read(written.payload) == {"a": 1}


def letter(**changed: Any) -> LetterDetail:
    values = {"type": "plan.rejected", "edit_type": "", "edit": None, "data": None, "key": "k"} | changed
    return cast("LetterDetail", SimpleNamespace(**values))


def test_begins_with_the_edit_then_the_payload_then_the_schemas_fields() -> None:
    read = letter_form.of_letter(letter(data={"a": 1}))
    edited = letter_form.of_letter(letter(data={"a": 1}, edit={"a": 2}, edit_type="plan.approved"))
    unread = letter_form.of_letter(letter())
    as_other = letter_form.of_letter(letter(data={"a": 1}), "plan.cancelled")

    assert (read.payload, read.made) == ('{\n  "a": 1\n}', False)
    assert (edited.type, edited.made) == ("plan.approved", False)
    assert '"a": 2' in edited.payload
    assert (unread.type, unread.made) == ("plan.rejected", True)
    assert '"correlation_id": "k"' in unread.payload
    assert (as_other.type, as_other.made) == ("plan.cancelled", True)


def test_every_code_of_what_nobody_can_read_has_words() -> None:
    assert set(failure_words.FAILURES) >= UNREADABLE


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("KafkaTimeoutError: KafkaTimeoutError: Request timed out", "Request timed out"),
        ("KafkaTimeoutError", ""),
        ("KafkaTimeoutErrors are many", "KafkaTimeoutErrors are many"),
        ("no broker", "no broker"),
    ],
)
def test_a_message_does_not_repeat_its_code(message: str, said: str) -> None:
    assert without_code(message, "KafkaTimeoutError") == said
