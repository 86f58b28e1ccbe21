"""What several events say alike is named by its words: whoever says the same finds the same name."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any
from uuid import UUID

from projections.plans.rows import plan_analyzed
from projections.rows import as_json
from projections.timeline.apart import apart
from projections.timeline.projection import digest_of
from projections.timeline.rows import plan_body

PLAN, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
SAID = {"opportunities": [{"title": "Reduzir devoluções", "worth_brl": 10.0}], "phases": [{"number": 1}]}
WORDS = as_json(SAID)


def row(plan: str) -> dict[str, Any]:
    return {"plan_id": plan, "body": None, "opportunity_count": None, **{n: as_json(v) for n, v in SAID.items()}}


def test_a_name_is_written_as_postgres_writes_a_uuid() -> None:
    assert digest_of(WORDS.encode()) == str(UUID(bytes=blake2b(WORDS.encode(), digest_size=16).digest()))


def test_a_row_leaves_its_words_to_the_body_of_its_own_plan_alone() -> None:
    digest = digest_of(WORDS.encode())
    body = {"plan_id": PLAN, "digest": digest, "said": WORDS}
    folded = {plan_body.name: [body], plan_analyzed.name: [row(PLAN), row(OTHER)]}

    own, other = apart(folded, plan_analyzed.name)[plan_analyzed.name]

    assert (own["body"], own["opportunities"], own["phases"]) == (digest, "[]", "[]")
    assert (own["opportunity_count"], own["worth_brl"]) == (1, 10.0)
    assert other == row(OTHER)
