"""How a statement is narrowed to the plans that somebody sees."""

from __future__ import annotations

import pytest

from projections.reads.seen import EVERYBODYS, NARROWED, NoPlace, narrowed


def test_a_table_that_tells_of_plans_is_narrowed_and_named_as_before() -> None:
    text, takes = narrowed("select p.title from rm.plan p where p.status = $1", 1, few=False)
    assert takes == ("teams",)
    assert text.startswith("with plan as not materialized (select x.* from rm.plan x where exists (")
    assert "pt.team_id = any ($2::uuid[])" in text
    assert text.endswith(" select p.title from plan p where p.status = $1")


def test_few_plans_are_named_one_by_one() -> None:
    text, takes = narrowed("select * from rm.task", 0, few=True)
    assert takes == ("plans",)
    assert "where x.plan_id = any ($1::uuid[])" in text


def test_its_own_table_expressions_follow() -> None:
    text, _ = narrowed("  with recursive a as (select 1 from rm.task) select * from a", 0, few=True)
    assert text.startswith("with recursive task as not materialized (")
    assert text.endswith("), a as (select 1 from task) select * from a")


def test_texts_and_remarks_are_left_as_they_are() -> None:
    said = "select 'rm.plan'::regclass, 'it''s rm.task' -- from rm.timeline\n from rm.slo_hour"
    assert narrowed(said, 0, few=False) == (said, ())


def test_a_table_may_be_called_by_a_letter_at_the_end() -> None:
    assert narrowed("select count(*) from rm.timeline e", 0, few=True)[0].endswith(" select count(*) from timeline e")
    assert narrowed("select 1 from rm.slo_hour e-- as ever", 0, few=True)[1] == ()


def test_what_counts_every_plan_is_not_there() -> None:
    text, _ = narrowed("select exists (select from pg_trigger where tgrelid = 'rm.task'::regclass)", 0, few=False)
    assert text.startswith("with pg_trigger as not materialized (select t.* from pg_catalog.pg_trigger t where false) ")


@pytest.mark.parametrize(
    "query",
    [
        "select * from decide.outbox",
        "select * from flow.webhook",
        "select decide.erase($1)",
        "select rm.plan.title from rm.plan",
        "select * from rm.unit_cost join decide.unit_cost using (sku_key)",
        "select * from RM.plan",
        'select * from rm."plan"',
        'select * from "rm".plan',
        "select * from rm . plan",
        "select * from rm.plan_2",
        # a quote in a remark, or one that is escaped otherwise, would hide the table that follows
        "select /* it's */ title from rm.plan where title = 'a'",
        "select E'it\\'s' from rm.plan where title = 'a'",
        "select $$it's$$ from rm.plan where title = 'a'",
    ],
)
def test_what_has_no_place_is_not_read(query: str) -> None:
    with pytest.raises(NoPlace):
        narrowed(query, 0, few=False)


def test_a_function_that_looks_at_no_plan_may_be_called() -> None:
    assert narrowed("select flow.is_read($1, $2)", 2, few=False) == ("select flow.is_read($1, $2)", ())


def test_no_table_has_two_places() -> None:
    assert not set(NARROWED) & EVERYBODYS
