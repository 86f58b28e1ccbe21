"""On an English page each text that rules or an agent wrote is named as Portuguese, and what a person typed is not."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final
from uuid import UUID

import orjson
import pytest

from schemas.plan import WRITTEN_IN
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

#: Text -> where it stands.
OPPORTUNITY: Final = {**seed.OPPORTUNITY, "title": "T-oportunidade", "what": "T-fazer"}
OPPORTUNITY["evidence"] = [{"metric": "", "value": 0.2, "unit": "ratio", "text": "T-prova", "skus": []}]
STEP: Final = {**seed.PHASE["tasks"][0], "title": "T-passo", "what": "T-como"}  # type: ignore[index]
PHASES: Final = [
    {"number": n, "name": f"T-fase-{n}", "weeks": f"T-semanas-{n}", "investment": f"T-custo-{n}"}
    | {"expected_impact": f"T-efeito-{n}", "tasks": [STEP]}
    for n in (1, 2)
]
OF_PHASE_1: Final = {"T-primeira", "T-dias", "T-gasto", "T-ganho"}
OF_TASK: Final = {"T-tarefa", "T-detalhe"}
PROPOSED: Final = {"T-oportunidade", "T-fazer", "T-prova", "T-passo", "T-como", "T-resumo", "T-limite"} | {
    text for phase in PHASES for text in phase.values() if isinstance(text, str)
}
VOID: Final = frozenset({"input", "meta", "link", "br", "img", "hr", "use", "path", "rect", "line", "circle"})


class Texts(HTMLParser):
    """Collect each text of ours on a page, with the language of the element that it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None]] = []
        self.found: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("lang")))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] == "title":  # the name of a window is of one language: its page's
            return
        language = next((lang for _, lang in reversed(self.open) if lang), None)
        self.found += [(word.strip(",.·"), language) for word in data.split() if word.startswith("T-")]


@pytest.fixture
async def planted(gateway: Running, origin: str) -> tuple[UUID, UUID]:
    await gateway.pool.execute("truncate rm.plan, rm.task, rm.plan_channel")
    plan = await seed.add_plan(gateway.pool, status="executing", version=5)
    await seed.add_channel(gateway.pool, plan, "shopee")
    phase1: dict[str, object] = {
        "origin": origin,
        "rule": "R5",
        "name": "T-primeira",
        "weeks": "T-dias",
        "investment": "T-gasto",
    }
    phase1 |= {"expected_impact": "T-ganho", "reason": "", "tasks": []}
    proposed = [orjson.dumps(one).decode() for one in ([OPPORTUNITY], PHASES, phase1)]
    await gateway.pool.execute(
        "update rm.plan set opportunities = $2::jsonb, phases = $3::jsonb, phase1 = $4::jsonb, phase1_at = now()"
        " where plan_id = $1",
        plan,
        *proposed,
    )
    await gateway.pool.execute(
        "update rm.plan_channel set source = 'agent', summary = 'T-resumo', limits = '[\"T-limite\"]',"
        " opportunities = $2::jsonb, phases = $3::jsonb where plan_id = $1",
        plan,
        *proposed[:2],
    )
    task = await seed.add_task(gateway.pool, plan, title="T-tarefa", what="T-detalhe")
    await gateway.pool.execute(
        "update rm.task set phase = 1, opportunity_id = 'shopee-returns' where task_id = $1", task
    )
    return plan, task


@pytest.mark.parametrize("origin", ["agent", "operator"])
async def test_each_text_says_its_language(gateway: Running, planted: tuple[UUID, UUID], origin: str) -> None:
    plan, task = planted
    seen: dict[str, set[str | None]] = {}
    async with gateway.client(**{"accept-language": "en", "accept": "text/html"}) as reader:
        for path in ("/", "/tasks", "/tasks?view=board", f"/tasks/{task}", f"/plans/{plan}"):
            page = Texts()
            page.feed((await reader.get(path)).text)
            assert page.found, path
            for text, language in page.found:
                seen.setdefault(text, set()).add(language)
    assert seen.keys() == PROPOSED | OF_PHASE_1 | OF_TASK
    typed = OF_PHASE_1 | OF_TASK if origin == "operator" else set()
    assert {text for text, said in seen.items() if WRITTEN_IN in said} == seen.keys() - typed
    assert {text: said for text, said in seen.items() if text not in typed and said != {WRITTEN_IN}} == {}
