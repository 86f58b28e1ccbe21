"""What came of an opportunity, in words: each fact has its sentence, and nothing is said that is not known."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args
from uuid import UUID

import pytest

from gateway.ui import i18n
from gateway.ui.words import proof_words as words
from projections.outcomes.reads import HitRate, Outcome
from streams.analysis.proof.bridge import StepKind
from streams.analysis.proof.measure import Why
from streams.analysis.proof.metrics import BY_OPPORTUNITY, METRICS
from streams.analysis.proof.outcome import Acted, Verdict

DAY = date(2026, 3, 31)
ONE = Outcome(
    UUID(int=1), "shopee", "shopee-returns", UUID(int=2), DAY, DAY, DAY, DAY, 0, "rules", "rules-2", "Reduzir",
    "product_return_rate", ["SKU-1"], "ratio", 0.12, 0.03, 0.06, "improved", "", 1500.0, 1240.0, "done", 1, 1, [],
)  # fmt: skip


@pytest.fixture(autouse=True)
def portuguese() -> None:
    i18n.use("pt_BR")


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def test_it_says_what_was_measured_how_it_moved_and_what_came() -> None:
    assert words.measured(ONE) == "devoluções de SKU-1: 12,0% → 6,0%"
    assert plain(words.worth(ONE)) == "R$ 1.240,00 dos R$ 1.500,00 por mês prometidos"
    assert words.target(ONE) == "meta: 3,0%"
    assert words.acted(ONE) == "As tarefas foram feitas a tempo."
    assert words.why(ONE) == ""


def test_what_is_not_known_is_not_said() -> None:
    unknown = replace(ONE, current=None, target=None, came=None, verdict="unknown", why="not-now")
    assert words.measured(unknown) == "devoluções de SKU-1: era 12,0%"
    assert words.measured(replace(ONE, baseline=None)) == words.measured(replace(ONE, metric="")) == ""
    assert plain(words.worth(unknown)) == "R$ 1.500,00 por mês prometidos"
    assert words.worth(replace(unknown, promised=None)) == words.target(unknown) == ""
    assert words.why(unknown) == "O documento novo não traz este número."


def test_what_got_worse_is_a_loss_and_what_nobody_promised_stands_alone() -> None:
    assert plain(words.worth(replace(ONE, came=-300.0))) == "R$ 300,00 por mês perdidos"
    assert plain(words.worth(replace(ONE, promised=None))) == "R$ 1.240,00 por mês"


def test_many_products_are_three_and_a_number() -> None:
    assert words.measured(replace(ONE, skus=list("ABCDE"))).startswith("devoluções de A, B, C e mais 2:")
    assert words.measured(replace(ONE, skus=[])) == "devoluções: 12,0% → 6,0%"


def test_days_are_written_as_people_write_them() -> None:
    assert words.day("2026-03-31") == words.day(DAY) == "31/03/2026"
    i18n.use("en")
    assert words.day(DAY) == "31 Mar 2026"


def test_rules_have_names_and_models_keep_theirs() -> None:
    rate = HitRate("rules", "returns", 1, 1, 0, 0, 0, 0, 0, 0, None, None)
    assert words.analyst(rate) == "Produtos que voltam demais"
    assert words.analyst(replace(rate, source="agent", analyst="gpt-5-mini")) == "gpt-5-mini"
    assert (rate.rate, replace(rate, measured=0).rate) == (1.0, None)


def test_everything_that_can_be_found_has_its_words() -> None:
    assert words.METRICS.keys() == METRICS.keys() | BY_OPPORTUNITY.keys()
    assert words.WHY.keys() == set(get_args(Why))
    assert words.ACTED.keys() == set(get_args(Acted))
    assert words.VERDICTS.keys() == set(get_args(Verdict))
    assert words.STEPS.keys() == set(get_args(StepKind))
    assert words.verdict("later") == words.VERDICTS["unknown"]
    assert words.step("later") == "later"


def test_each_rule_of_the_docs_has_its_name_where_its_hit_rate_stands() -> None:
    doc = (Path(__file__).parents[4] / "docs" / "analysis.md").read_text("utf-8")
    table = doc.split("## The rules")[1].split("| rule | when | worth |")[1].split("\n\n", maxsplit=1)[0]
    rules = re.findall(r"^\| `([a-z-]+)` \|", table, flags=re.MULTILINE)
    assert len(rules) > 20
    assert [rule for rule in rules if words.rule(rule) == rule] == []
