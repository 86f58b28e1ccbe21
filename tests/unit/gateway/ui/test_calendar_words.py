"""A calendar of tasks is read by a person: it has that person's words, whenever and wherever it is written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.exports import columns
from gateway.exports.calendar import ENGLISH, CalendarWords
from gateway.exports.writing import Form, writer
from gateway.ui import i18n
from gateway.ui.words import calendar_words
from schemas.lifecycle import TaskStatus
from schemas.plan import PRIORITIES

TASK: dict[str, Any] = {
    "taskId": "00000000-0000-4000-8000-000000000001", "planTitle": "Março", "version": 1, "phase": 2,
    "title": "Tarefa", "what": "Rever fotos", "channel": "mercado_livre", "priority": "high", "status": "started",
    "assignee": "ana", "dueOn": "2026-04-07", "unmatched": ["12,5 %"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def back() -> Iterator[None]:
    yield
    i18n.use(i18n.DEFAULT)


def described(words: CalendarWords, **more: Any) -> list[str]:
    """Return the lines of an entry's description."""
    way = writer(Form.ICS, columns.TASKS, [], url="http://pages", words=words)
    text = (way.begin() + way.rows([TASK | more]) + way.end()).decode().replace("\r\n ", "")
    (line,) = (line for line in text.split("\r\n") if line.startswith("DESCRIPTION:"))
    return line.removeprefix("DESCRIPTION:").replace("\\,", ",").replace("\\;", ";").split("\\n")


def words_in(locale: str) -> CalendarWords:
    i18n.use(locale)
    return calendar_words.now()


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", ["Março · Mercado Livre · In progress", "Priority: High · Phase 2", "-> ana", "without a source"]),
        ("pt_BR", ["Março · Mercado Livre · Em andamento", "Prioridade: Alta · Fase 2", "-> ana", "sem origem"]),
    ],
)
def test_an_entry_is_in_the_readers_language(locale: str, said: list[str]) -> None:
    what, plan, priority, assignee, numbers, page = described(words_in(locale))
    assert [what, plan, priority, assignee] == ["Rever fotos", *said[:3]]
    assert (said[3] in numbers, numbers.startswith("[?] "), "12,5 %" in numbers) == (True, True, True)
    assert page.startswith("http://pages/tasks/")


async def test_it_is_the_language_of_the_request_and_not_of_where_it_is_written() -> None:
    words = words_in("pt_BR")
    i18n.use("en")
    assert "Prioridade: Alta · Fase 2" in await asyncio.to_thread(described, words)


@pytest.mark.parametrize("locale", ["en", "pt_BR"])
def test_every_state_and_priority_has_a_word_of_its_own(locale: str) -> None:
    words = words_in(locale)
    assert set(words.states) == {str(status) for status in TaskStatus}
    assert set(words.priorities) == set(PRIORITIES)
    for said in (words.states, words.priorities):
        assert len(set(said.values())) == len(said)
        assert not set(said.values()) & set(said), "a code is no word"


def test_what_a_later_version_calls_by_a_new_name_keeps_it() -> None:
    shown = described(words_in("pt_BR"), status="paused", priority="urgent", channel="lojinha")
    assert shown[1:3] == ["Março · lojinha · paused", "Prioridade: urgent · Fase 2"]


def test_the_api_has_its_own_names() -> None:
    assert described(ENGLISH)[1:3] == ["Março · mercado_livre · started", "Priority: high · Phase 2"]
