"""Laws that hold for every answer, however strange."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from streams.analysis.agents import shape
from streams.analysis.agents.answer import AnswerParts, mend, read_answer
from streams.analysis.agents.errors import AnswerUnusable
from streams.analysis.agents.names import ALIASES
from streams.analysis.agents.phase_names import PHASE_NUMBER_LIMIT
from streams.analysis.agents.repairs import Repairs
from streams.analysis.agents.shape import AnswerShape

from .canonical import CANONICAL, as_text, back_to_json

_OTHER_KEYS = [
    "titulo",
    "descricao",
    "prioridade",
    "fases",
    "oportunidades",
    "tarefas",
    "fase1",
    "1",
    "status",
    "plano",
]
_KEYS = st.sampled_from([*sorted({key for kind in ALIASES.values() for key in kind.values()}), *_OTHER_KEYS])
_TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "alta",
            "Fase 1",
            "Phase two",
            "R$ 1.234,56",
            "12%",
            "o1",
            "BRL",
            "%",
            "a\nb",
            "- a\n- b",
            "<b>x</b>",
            "\x00",
            "\ud800",
        ]
    ),
)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-3, 120),
    st.floats(),
    st.sampled_from([10**400, 1e308]),
    _TEXTS,
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(_KEYS, st.text(max_size=5)), inner, max_size=6)
    ),
    max_leaves=25,
)


def _distorted() -> st.SearchStrategy[Any]:
    """The canonical answer with some of its values replaced, removed, renamed or added."""

    @st.composite
    def distort(draw: st.DrawFn) -> Any:
        value = json.loads(json.dumps(CANONICAL))
        for _ in range(draw(st.integers(0, 4))):
            spots: list[tuple[Any, Any]] = []
            todo = [value]
            while todo:
                one = todo.pop()
                keys = list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else []
                spots += [(one, key) for key in keys]
                todo += [one[key] for key in keys]
            holder, key = draw(st.sampled_from(spots))
            match draw(st.sampled_from(["replace", "remove", "rename", "add"])):
                case "replace":
                    holder[key] = draw(_VALUES)
                case "remove":
                    del holder[key]
                case "rename" if isinstance(holder, dict):
                    holder[draw(_KEYS)] = holder.pop(key)
                case _ if isinstance(holder, dict):
                    holder[draw(_KEYS)] = draw(_VALUES)
            if not spots or not value:
                break
        return value

    return distort()


def _read(text: str, finish_reason: str | None = None) -> AnswerParts | None:
    try:
        return read_answer(text, "shopee", finish_reason=finish_reason)
    except AnswerUnusable:
        return None


def _is_canonical(value: Any) -> bool:
    try:
        AnswerShape.model_validate(value)
    except ValidationError:
        return False
    return True


def _within_limits(parts: AnswerParts) -> None:
    assert parts.opportunities or any(p.tasks for p in parts.phases)
    assert [o.id for o in parts.opportunities] == [f"shopee-{n}" for n in range(1, len(parts.opportunities) + 1)]
    ids = {o.id for o in parts.opportunities}
    numbers = [p.number for p in parts.phases if p.number is not None]
    assert len(set(numbers)) == len(numbers)
    assert all(1 <= n <= PHASE_NUMBER_LIMIT for n in numbers)
    texts = [(parts.summary, shape.SUMMARY_LIMIT), *((t, shape.LIMITS_TEXT_LIMIT) for t in parts.limits)]
    for o in parts.opportunities:
        texts += [(o.title, shape.TITLE_LIMIT), (o.what, shape.WHAT_LIMIT)]
        texts += [(e.text, shape.EVIDENCE_TEXT_LIMIT) for e in o.evidence]
        assert o.title
        assert o.priority in ("high", "normal", "low")
        assert all(abs(e.value) <= shape.VALUE_LIMIT and e.unit in shape.UNITS for e in o.evidence)
        assert o.worth_brl is None or abs(o.worth_brl) <= shape.VALUE_LIMIT
    for p in parts.phases:
        texts += [(p.name, shape.NAME_LIMIT), (p.weeks, shape.WEEKS_LIMIT)]
        texts += [(p.investment, shape.INVESTMENT_LIMIT), (p.expected_impact, shape.IMPACT_LIMIT)]
        for t in p.tasks:
            texts += [(t.title, shape.TITLE_LIMIT), (t.what, shape.WHAT_LIMIT)]
            assert t.title
            assert t.opportunity_id is None or t.opportunity_id in ids
    for text, limit in texts:
        assert len(text) <= limit
        assert shape.UNWANTED.search(text) is None
        text.encode()


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.text(), _VALUES.map(as_text), _VALUES.map(repr), _distorted().map(as_text)),
    st.sampled_from([None, "stop", "length"]),
)
def test_any_text_gives_parts_within_the_limits_or_is_unusable(text: str, finish_reason: str | None) -> None:
    parts = _read(text, finish_reason)
    if parts is not None:
        _within_limits(parts)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, len(as_text(CANONICAL)) - 1), st.sampled_from([None, "length"]))
def test_a_cut_anywhere_gives_a_recorded_part_of_the_plan_or_is_unusable(at: int, finish_reason: str | None) -> None:
    parts = _read(as_text(CANONICAL)[:at], finish_reason)
    if parts is not None:
        _within_limits(parts)
        assert any(r.problem == "the answer was cut off" for r in parts.repairs)
        assert all(o.title in ("Reduzir devoluções", "Rever fretes") for o in parts.opportunities)


@settings(max_examples=400, deadline=None)
@given(_distorted())
def test_every_deviation_is_recorded_and_nothing_else_is(value: Any) -> None:
    parts = _read(as_text(value))
    if parts is not None:
        assert bool(parts.repairs) == (not _is_canonical(value))


@settings(max_examples=400, deadline=None)
@given(st.one_of(_distorted(), _VALUES))
def test_reading_what_was_read_changes_nothing(value: Any) -> None:
    first = _read(as_text(value))
    if first is not None:
        again = _read(back_to_json(first))
        assert again is not None
        assert (again.summary, again.opportunities, again.phases, again.limits) == (
            first.summary,
            first.opportunities,
            first.phases,
            first.limits,
        )


@settings(max_examples=200, deadline=None)
@given(_distorted())
def test_the_mending_leaves_a_canonical_answer_alone(value: Any) -> None:
    if _is_canonical(value):
        repairs = Repairs()
        mended = mend(json.loads(as_text(value)), "shopee", repairs)
        assert not len(repairs)
        assert mended == _read(as_text(value))


@settings(max_examples=200, deadline=None)
@given(_distorted())
def test_the_same_answer_is_read_the_same_way(value: Any) -> None:
    assert _read(as_text(value)) == _read(as_text(value))
