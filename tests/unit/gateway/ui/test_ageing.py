"""An age in what a page says is an element that the page keeps true; all else in it is text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.ui.formats import Ageing, ageing, lasting
from gateway.ui.words import alert_words, sentences
from gateway.verdict.finding import Finding
from gateway.verdict.judge import judge
from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.stored import to_json
from gateway.verdict.traits import Effect, Value
from gateway.verdict.words.findings import say
from projections.reads.overview import Waiting
from tests.unit.gateway.verdict.examples import EXAMPLES, NOW, QUIET, finding, seen

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
BEGAN = '<time datetime="2026-05-04T11:59:52.300000+00:00" data-for>7.7 s</time>'
GROWS = [kind for kind, traits in TRAITS.items() if Value.AGE in traits.values.values()]


def test_it_knows_when_it_began_and_all_around_it_is_escaped() -> None:
    said = f"<b> for {Ageing(AT).age(7.7)}, & {Ageing(AT).age(7.7)}."
    assert ageing(said) == f"&lt;b&gt; for {BEGAN}, &amp; {BEGAN}."
    assert ageing("<none>") == "&lt;none&gt;"
    assert lasting(7.7, AT) == BEGAN


@pytest.mark.parametrize("kind", GROWS)
def test_each_finding_that_goes_on_says_so_by_an_element(kind: Kind) -> None:
    verdict = judge(EXAMPLES[kind])
    (found,) = [one for one in verdict.findings if one.kind is kind]
    listed = [*sentences.needs(verdict), *sentences.notes(verdict)]
    (need,) = [one for one in listed if one.key == f"{kind}-{found.subject}"]
    ages = sum(say(found, Ageing(NOW)).whole.count(mark) for mark in ("\ue000",))

    assert ages, "its words say for how long"
    assert f"{need.text}{need.advice}".count("data-for") >= ages
    assert found.traits.effect is Effect.NOTE or not any(mark in f"{need.text}{need.advice}" for mark in "\ue000\ue001")


def test_what_goes_on_where_nothing_is_wrong_says_so_too() -> None:
    verdict = judge(seen(replace(QUIET, plans={"awaiting_approval": Waiting(2, 65.0)})))
    began = (NOW - timedelta(seconds=65)).isoformat()
    assert f'<time datetime="{began}" data-for>1 min</time>' in sentences.of_verdict(verdict).text


def alert(state: str, found: Finding) -> Any:
    return SimpleNamespace(state=state, finding=to_json(found))


def test_the_age_of_an_alert_goes_on_until_it_is_over() -> None:
    found = Finding(Kind.RELAY_FAILING, {"age": 30.0}, AT)
    assert f'<time datetime="{AT.isoformat()}" data-for>30 s</time>' in alert_words.said(alert("open", found)).text
    assert alert_words.said(alert("resolved", found)).text == say(found).text
    assert alert_words.said(alert("open", found), seen=False).text == say(found).text
    assert alert_words.said(alert("open", replace(found, since=None))).text == say(found).text
    other = finding(Kind.COMMANDS_REFUSED)
    assert alert_words.said(alert("open", replace(other, since=AT))).text == say(other).text
