"""A marketplace's morning: plans in every state, costs, and a month of objectives, in an empty database."""

from __future__ import annotations

from datetime import date, timedelta

import asyncpg

from tests.browser.attempt_rows import add_attempts
from tests.browser.row_contents import MELI, PHASES, SHOPEE, USED, evidence, opportunity, table_read
from tests.browser.rows import (
    ANALYZING,
    AWAITING,
    CANCELLED,
    COMPLETED,
    EMPTY,
    EXECUTING,
    FIGURES,
    HOSTILE,
    NASTY,
    PARTIAL,
    REJECTED,
    Seed,
    insert,
    phase1,
    uid,
)
from tests.browser.webhook_rows import add_webhooks
from tests.support import figures


async def fill(database_url: str) -> None:
    """Put a marketplace's morning into an empty, migrated database."""
    db = await asyncpg.connect(database_url)
    try:
        seed = Seed(db)
        await _decided(seed)
        await _undecided(seed)
        await _costs(db)
        await _objectives(db)
        await add_webhooks(db)
        await add_attempts(db)
    finally:
        await db.close()


async def _objectives(db: asyncpg.Connection) -> None:
    """A month of working days with one bad afternoon, and an hour of which some minutes are not known."""
    await db.execute(
        "insert into rm.slo_hour (hour, measure, partition, le_ms, n, last_at)"
        " select h, m, 0, le, n, h + interval '10 minutes' from generate_series("
        "        date_trunc('hour', now()) - interval '29 days', date_trunc('hour', now()) - interval '8 hours',"
        "        interval '7 hours') h,"
        " (values ('uploaded', 0, 40), ('approved', 0, 36), ('phase1', 250, 30), ('phase1', 500, 6), ('queue', 25, 30),"
        "         ('queue', 50, 6)) v (m, le, n)"
    )
    await db.execute(
        "insert into rm.slo_hour (hour, measure, partition, le_ms, n, last_at)"
        " select date_trunc('hour', now()) - interval '5 days 2 hours', m, 1, le, n, now() - interval '5 days'"
        "   from (values ('phase1', 10000, 31), ('phase1', 60000, 9), ('queue', 2500, 3), ('stalled', 500, 9),"
        "                ('stalled', 2500, 1), ('recovered', 10000, 9)) v (m, le, n)"
    )
    await db.execute(
        "insert into rm.slo_missed (hour, measure, plan_id, version, took_ms, at)"
        " select date_trunc('hour', now()) - interval '5 days 2 hours', 'phase1', p.plan_id, 4, 5200 + 900 * n,"
        "        now() - interval '5 days'"
        "   from (select plan_id, row_number() over (order by plan_id)::int as n from rm.plan) p"
    )
    await db.execute(
        "insert into flow.marketplace_metrics (step, at, seen_s, down_s, plans_in, approvals, phase1_made,"
        " tasks_failed, queue_delay, retries, dead_letters, oldest_s, plans_completed, tasks_completed,"
        " channels_analyzed, channels_failed, phase1_time)"
        " select 'minute', date_trunc('minute', now()) - n * interval '1 minute', 60, 0, n % 7, (n * 3) % 5,"
        "        (n * 3) % 5, case when n = 9 then 1 else 0 end,"
        "        jsonb_build_object('25', 20, case when n % 9 = 0 then '250' else '50' end, 1), n % 4, 2,"
        "        jsonb_build_object('analyzing', n % 13, 'awaiting_approval', 90000), n % 3 / 2, n % 5,"
        "        n % 6, case when n % 11 = 0 then 1 else 0 end,"
        "        jsonb_build_object('500', 9, case when n % 9 = 0 then '5000' else '2500' end, 1)"
        "   from generate_series(1, 60) n where n not between 20 and 26"
    )
    await db.execute(
        "insert into flow.marketplace_metrics (step, at, seen_s, down_s)"
        " select 'hour', h, 3600, case when extract(hour from h) = 3 then 2 else 0 end"
        "   from generate_series(date_trunc('hour', now()) - interval '20 days', now(), interval '1 hour') h"
    )


async def _costs(db: asyncpg.Connection) -> None:
    """A cost with its history, and a product of which only the stock is known."""
    await db.executemany(
        "insert into rm.unit_cost (sku_key, valid_from, version, sku, title, unit_cost, packaging, tax_rate, currency,"
        " document, recorded_by, recorded_at)"
        " values ($1, $2, 1, upper($1), $3, $4, $5, $6, 'BRL', 'custos.xlsx', 'ana', now())",
        [
            ("ten-run-00", date(2026, 3, 1), "Tênis de corrida leve", 98.5, 3.2, 0.06),
            ("ten-run-00", date(2026, 1, 1), "Tênis de corrida leve", 91.0, None, None),
        ],
    )
    await db.execute(
        "insert into rm.stock_level (sku_key, channel, counted_on, version, sku, title, quantity, document,"
        " recorded_by, recorded_at) values ('x9', 'shopee', '2026-03-31', 1, 'X9', '', 12, 'estoque.csv', 'ana', now())"
    )


async def _undecided(seed: Seed) -> None:
    await seed.plan(
        ANALYZING,
        "analyzing",
        version=1,
        title="Magalu e Amazon, abril",
        filename="orders-april.csv",
        channels=["magalu", "amazon"],
        uploaded_at=seed.at(seconds=9),
        changed_at=seed.at(seconds=4),
        priority="high",
    )
    await seed.channel(
        ANALYZING, "magalu", summary="Sem tabelas reconhecidas.", limits=["O documento não traz tarifas."]
    )
    both = MELI + SHOPEE
    await seed.plan(
        AWAITING,
        "awaiting_approval",
        title="Vendas de março: Mercado Livre e Shopee",
        priority="high",
        opportunities=both,
        phases=PHASES,
        analyzed_at=seed.at(minutes=11),
    )
    await seed.channel(
        AWAITING,
        "mercado_livre",
        opportunities=MELI,
        summary=("R$ 412.880,10 em 3.214 pedidos de 1 a 31 de março. As tarifas levam 16,2% da receita."),
        limits=[
            "Custos dos produtos não estão no documento: a margem vem sem eles.",
            "Há 14 linhas com total ilegível.",
        ],
    )
    await seed.channel(
        AWAITING,
        "shopee",
        source="agent",
        model="gpt-5-mini",
        opportunities=SHOPEE,
        summary="R$ 58.120,00 em 890 pedidos.",
        repairs=[
            {"path": "phases[0].number", "problem": "was missing", "action": "read from the name"},
            {"path": "opportunities[1].priority", "problem": "was 'baixa'", "action": "taken as low"},
        ],
    )
    await seed.event(
        AWAITING,
        "plan.analyzed",
        f"plan-{AWAITING}",
        2,
        "system:analysis",
        {"opportunities": both, "partial": False},
        seed.at(minutes=10.99),
    )
    await seed.plan(
        PARTIAL,
        "awaiting_approval",
        title="Relatório trimestral",
        filename="relatorio-q1.pdf",
        partial=True,
        media_type="application/pdf",
        channels=["shopee", "tiktok_shop"],
        opportunities=SHOPEE,
        analyzed_at=seed.at(hours=3),
        uploaded_at=seed.at(hours=3, minutes=1),
    )
    await seed.channel(PARTIAL, "shopee", opportunities=SHOPEE, summary="Pedidos estáveis.")
    await seed.channel(
        PARTIAL,
        "tiktok_shop",
        "failed",
        source="",
        model="",
        code="agent-unavailable",
        reason="The provider did not answer within 60 s, three times.",
    )
    await seed.plan(
        EMPTY,
        "awaiting_approval",
        title="Notas soltas",
        filename="notas.txt",
        media_type="text/plain",
        size_bytes=812,
        channels=["own_store"],
        analyzed_at=seed.at(minutes=40),
        uploaded_at=seed.at(minutes=41),
    )
    await seed.document(EMPTY, [], ["O texto é longo; só o começo foi lido."])
    await seed.document(
        AWAITING,
        [
            table_read("planilha “Vendas BR”, cabeçalho na linha 6", "mercado_livre.vendas", 1840, USED, ["Comissão"]),
            table_read("planilha “Ajuda”", "unknown", 12, [], [], "as linhas ficaram de fora."),
        ],
        ["Só as primeiras linhas foram lidas."],
    )
    await _figures(seed)
    await seed.document(NASTY, [table_read(HOSTILE, HOSTILE, 1, [HOSTILE, "A" * 80], [HOSTILE], HOSTILE)], [HOSTILE])
    await seed.channel(EMPTY, "own_store", limits=["O documento não tem tabelas."], summary="Nada a medir.")
    nasty = [
        opportunity(
            "amazon",
            1,
            f"Oportunidade {HOSTILE}",
            HOSTILE,
            "high",
            10.0,
            [evidence("x", 1, "count", HOSTILE, [HOSTILE, "A" * 80])],
        )
    ]
    await seed.plan(
        NASTY,
        "awaiting_approval",
        title=f"Título {HOSTILE}",
        filename=f'"><script>hacked=1</script>{"x" * 90}.csv',
        channels=["amazon", "canal_novo"],
        opportunities=nasty,
        analyzed_at=seed.at(minutes=50),
        uploaded_at=seed.at(minutes=51),
        uploaded_by=HOSTILE,
    )
    await seed.channel(
        NASTY,
        "amazon",
        opportunities=nasty,
        summary=HOSTILE,
        limits=[HOSTILE],
        repairs=[{"path": HOSTILE, "problem": HOSTILE, "action": HOSTILE}],
    )
    await seed.event(NASTY, "plan.something.new", f"plan-{NASTY}", 2, HOSTILE, {"</pre>": HOSTILE}, seed.at(minutes=50))


async def _figures(seed: Seed) -> None:
    found = [dict(o, evidence=o["evidence"]) for o in MELI]
    steps = [
        {"title": "Refazer a tabela de medidas", "what": "Medir.", "channel": "mercado_livre", "priority": "high",
         "opportunity_id": "mercado_livre-1"},
    ]  # fmt: skip
    later = PHASES[0] | {"number": 2, "name": "Fase 2 - Fotos", "tasks": steps}
    await seed.plan(
        FIGURES,
        "awaiting_approval",
        title="Primeiro trimestre",
        opportunities=found,
        phases=[PHASES[0], later],
        analyzed_at=seed.at(minutes=30),
        uploaded_at=seed.at(minutes=31),
    )
    await seed.channel(
        FIGURES,
        "mercado_livre",
        source="agent",
        model="gpt-5-mini",
        opportunities=found,
        summary="Devoluções do tênis Runner 42 pesam mais que o resto.",
    )
    await seed.channel(FIGURES, "shopee", summary="Nada a corrigir.")
    await insert(
        seed.db,
        "decide.document",
        document_id=FIGURES,
        plan_id=FIGURES,
        sha256=FIGURES.hex * 2,
        channels=["mercado_livre", "shopee"],
        facts=figures.DOCUMENT.to_dict(),
    )


async def _decided(seed: Seed) -> None:
    reached = {
        "version": 4,
        "decided_by": "Bruno",
        "decided_at": seed.at(minutes=6),
        "analyzed_at": seed.at(minutes=11),
        "phase1_at": seed.at(minutes=6) + timedelta(milliseconds=38),
    }
    await seed.plan(
        EXECUTING,
        "executing",
        title="Shopee, semana 14",
        opportunities=MELI + SHOPEE,
        **reached,
        phase1=phase1("fallback", "high-priority-opportunities", 5),
    )
    await seed.channel(EXECUTING, "mercado_livre", opportunities=MELI, summary="Três oportunidades com figuras.")
    await seed.channel(EXECUTING, "shopee", summary="Nada a corrigir nesta semana.")
    await seed.event(
        EXECUTING,
        "plan.approved",
        f"plan-{EXECUTING}",
        3,
        "Bruno",
        {"reason": "Começar pelas devoluções"},
        seed.at(minutes=6),
    )
    await seed.event(
        EXECUTING,
        "plan.phase1.created",
        f"plan-{EXECUTING}",
        4,
        "system:phase1",
        {"tasks": [1, 2, 3, 4, 5], "origin": "fallback", "rule": "high-priority-opportunities"},
        seed.at(minutes=6),
    )
    await seed.task(
        EXECUTING,
        1,
        "completed",
        "Refazer tabela de medidas do Runner 42",
        assignee="Carla",
        opportunity_id="mercado_livre-1",
        priority="high",
        ended_at=seed.at(minutes=1),
        note="Publicada hoje cedo",
    )
    await seed.task(
        EXECUTING,
        2,
        "started",
        "Trocar 12 anúncios de Premium para Clássico",
        assignee="Diego",
        opportunity_id="mercado_livre-2",
        priority="high",
        started_at=seed.at(minutes=2),
    )
    await seed.task(
        EXECUTING,
        3,
        "failed",
        "Repor estoque da cafeteira Aroma 6x",
        assignee="Diego",
        note="Fornecedor sem prazo",
        ended_at=seed.at(minutes=2),
    )
    commented = await seed.task(
        EXECUTING,
        4,
        "assigned",
        "Limitar o cupom do vendedor a 10%",
        channel="shopee",
        assignee="Carla",
        opportunity_id="shopee-1",
        also_serves=["mercado_livre-2", "shopee-2"],
    )
    await insert(
        seed.db,
        "rm.task_comment",
        event_id=uid("comment"),
        task_id=commented,
        plan_id=EXECUTING,
        actor="Carla",
        comment="Espero o fim da campanha atual.",
        at=seed.at(minutes=2),
    )
    await seed.task(EXECUTING, 5, "open", "Definir estoque mínimo dos 20 SKUs de maior giro", priority="low")
    await seed.plan(
        COMPLETED,
        "completed",
        title="Amazon, fevereiro",
        channels=["amazon"],
        **reached,
        priority="low",
        uploaded_at=seed.at(days=2),
        ended_at=seed.at(hours=20),
        phase1=phase1("agent", "phase-number-1", 1),
    )
    await seed.task(
        COMPLETED, 1, "completed", "Atualizar títulos em inglês", channel="amazon", ended_at=seed.at(hours=20)
    )
    await seed.plan(
        REJECTED,
        "rejected",
        title="Americanas, teste",
        channels=["americanas"],
        version=3,
        decided_by="Bruno",
        decided_at=seed.at(hours=1),
        analyzed_at=seed.at(hours=2),
        ended_at=seed.at(hours=1),
        reason="Documento do ano errado",
        uploaded_at=seed.at(hours=2),
    )
    await seed.plan(
        CANCELLED,
        "cancelled",
        title="Shein, duplicado",
        channels=["shein"],
        version=3,
        decided_by="Ana",
        decided_at=seed.at(hours=4),
        ended_at=seed.at(hours=4),
        reason="Enviado por engano",
        uploaded_at=seed.at(hours=5),
    )
