"""Rows of the read models as the projections would write them: plans in every state, with hostile texts among them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from tests.support import figures

SPACE = UUID("6f1f5f0e-5a51-4b8c-9f55-6a3a5f2f4b11")
JSON = {"also_serves", "opportunities", "phases", "phase1", "repairs", "limits", "outcomes", "data", "facts"}
#: Texts that would do harm if they were ever taken for markup.
HOSTILE = '<script>window.hacked = 1</script><img src=x onerror="window.hacked=1">'


def uid(*parts: object) -> UUID:
    """The same id for the same parts, so that tests can name rows."""
    return uuid5(SPACE, "/".join(map(str, parts)))


AWAITING, PARTIAL, ANALYZING = uid("awaiting"), uid("partial"), uid("analyzing")
EXECUTING, COMPLETED, REJECTED = uid("executing"), uid("completed"), uid("rejected")
CANCELLED, NASTY, EMPTY = uid("cancelled"), uid("nasty"), uid("empty")
#: A plan with every kind of figure, and a channel in its document that nobody chose.
FIGURES = uid("figures")


def evidence(metric: str, value: float, unit: str, text: str, skus: list[str]) -> dict[str, Any]:
    return {"metric": metric, "value": value, "unit": unit, "text": text, "skus": skus}


def opportunity(
    channel: str,
    number: int,
    title: str,
    what: str,
    priority: str = "normal",
    worth: float | None = None,
    proof: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    return {
        "id": f"{channel}-{number}",
        "channel": channel,
        "title": title,
        "what": what,
        "priority": priority,
        "evidence": proof or [],
        "worth_brl": worth,
    }


def task(channel: str, title: str, what: str, priority: str = "normal") -> dict[str, Any]:
    return {"title": title, "what": what, "channel": channel, "priority": priority, "opportunity_id": None}


USED = ["N.º de venda", "Data da venda", "Unidades", "Receita por produtos (BRL)", "SKU", "SKU", "Título do anúncio"]


def table_read(
    where: str, layout: str, rows: int, used: list[str], missing: list[str], *warnings: str
) -> dict[str, Any]:
    report = {"where": where, "layout": layout, "rows": rows}
    return report | {"columns_used": used, "columns_missing": missing, "warnings": warnings}


MELI = [
    opportunity(
        "mercado_livre",
        1,
        "Reduzir devoluções do tênis Runner 42",
        "Rever a tabela de medidas e as fotos do anúncio: 3 SKUs concentram as devoluções do período.",
        "high",
        18432.9,
        [
            evidence(
                "return_rate",
                0.184,
                "ratio",
                "18,4% das unidades vendidas voltaram; a média do canal é 4,1%",
                ["TEN-RUN-42-PT", "TEN-RUN-42-AZ", "TEN-RUN-41-PT"],
            ),
            evidence("refunds", 18432.9, "BRL", "reembolsados no período por devolução", []),
        ],
    ),
    opportunity(
        "mercado_livre",
        2,
        "Migrar anúncios de baixa margem de Premium para Clássico",
        "12 anúncios Premium perdem dinheiro depois da tarifa; no Clássico ficariam positivos.",
        "high",
        7250.0,
        [
            evidence(
                "fee_share",
                0.191,
                "ratio",
                "da receita vai para tarifas nestes anúncios",
                [f"KIT-{i:03d}" for i in range(11)],
            )
        ],
    ),
    opportunity(
        "mercado_livre",
        3,
        "Recuperar ruptura da cafeteira Aroma 6x",
        "Sem vendas há 23 dias depois de 140 unidades por mês.",
        "normal",
        5120.45,
        [evidence("days_without_sales", 23, "days", "sem vendas de um antigo campeão", ["CAF-ARO-6"])],
    ),
]
SHOPEE = [
    opportunity(
        "shopee",
        1,
        "Rever cupom do vendedor acima de 15%",
        "O cupom consome a margem em 38 pedidos.",
        "normal",
        2210.0,
        [evidence("discount_depth", 0.172, "ratio", "de desconto médio nos pedidos com cupom", ["CAM-BAS-M"])],
    ),
    opportunity(
        "shopee", 2, "Testar frete grátis só acima de R$ 79", "O texto do documento sugere que o frete pesa.", "low"
    ),
]
PHASES: list[dict[str, Any]] = [
    {
        "number": 1,
        "name": "Fase 1 - Ganhos rápidos",
        "weeks": "Semanas 1-4",
        "investment": "R$ 1.500 em fotos",
        "expected_impact": "R$ 25 mil no trimestre",
        "tasks": [
            task("mercado_livre", "Refazer tabela de medidas", "Medir 3 numerações e publicar.", "high"),
            task("mercado_livre", "Trocar tipo de 12 anúncios", "De Premium para Clássico.", "high"),
            task("shopee", "Limitar cupom a 10%", "Criar campanha nova e encerrar a atual."),
        ],
    },
    {
        "number": None,
        "name": "Estruturar reposição",
        "weeks": "",
        "investment": "",
        "expected_impact": "",
        "tasks": [task("mercado_livre", "Definir estoque mínimo", "Para os 20 SKUs de maior giro.")],
    },
]


async def insert(db: asyncpg.Connection, table: str, **values: Any) -> None:
    """Insert one row."""
    columns = ", ".join(f'"{c}"' for c in values)
    places = ", ".join(f"${i}" for i in range(1, len(values) + 1))
    args = [json.dumps(v) if name in JSON else v for name, v in values.items()]
    await db.execute(f"insert into {table} ({columns}) values ({places})", *args)


class Seed:
    """Writes plans with their events as if they had happened some minutes ago."""

    def __init__(self, db: asyncpg.Connection) -> None:
        self.db = db
        self.now = datetime.now(UTC)
        self._offset = 0

    def at(self, **ago: float) -> datetime:
        return self.now - timedelta(**ago)

    async def plan(self, plan_id: UUID, status: str, **values: Any) -> None:
        row: dict[str, Any] = {
            "plan_id": plan_id,
            "version": 2,
            "status": status,
            "title": "Vendas de março",
            "filename": "vendas-marco.xlsx",
            "media_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "size_bytes": 1_482_233,
            "sha256": plan_id.hex * 2,
            "channels": ["mercado_livre", "shopee"],
            "priority": "normal",
            "uploaded_by": "Ana",
            "uploaded_at": self.at(minutes=12),
            "changed_at": self.at(minutes=2),
            "trace_id": plan_id.hex,
        } | values
        await insert(self.db, "rm.plan", **row)
        await insert(
            self.db,
            "decide.head",
            stream=f"plan-{plan_id}",
            kind="plan",
            plan_id=plan_id,
            status=status,
            version=row["version"],
            reserved=1 if status == "analyzing" else 0,
        )
        await self.event(
            plan_id,
            "plan.uploaded",
            f"plan-{plan_id}",
            1,
            "Ana",
            {"filename": row["filename"], "title": row["title"], "channels": row["channels"]},
            row["uploaded_at"],
        )

    async def document(self, plan_id: UUID, tables: list[dict[str, Any]], warnings: list[str]) -> None:
        facts = {"media_type": "text/csv", "title": "t", "tables": tables, "channels": [], "text": ""}
        await insert(
            self.db,
            "decide.document",
            document_id=plan_id,
            plan_id=plan_id,
            sha256=plan_id.hex * 2,
            channels=["mercado_livre", "shopee"],
            facts=facts | {"warnings": warnings},
        )

    async def event(
        self, plan_id: UUID, type_: str, stream: str, version: int, actor: str, data: dict[str, Any], at: datetime
    ) -> None:
        self._offset += 1
        await insert(
            self.db,
            "rm.timeline",
            event_id=uid(stream, type_, version),
            plan_id=plan_id,
            type=type_,
            stream=stream,
            version=version,
            occurred_at=at,
            recorded_at=at + timedelta(milliseconds=4),
            actor=actor,
            causation_id=str(uid("cause", stream, version)),
            trace_id=plan_id.hex,
            topic=f"{type_.partition('.')[0]}.events",
            partition=3,
            offset=self._offset,
            data=data,
        )

    async def channel(self, plan_id: UUID, channel: str, status: str = "analyzed", **values: Any) -> None:
        row: dict[str, Any] = {"source": "rules", "model": "rules-1", "summary": ""} | values
        await insert(
            self.db,
            "rm.plan_channel",
            plan_id=plan_id,
            channel=channel,
            version=1,
            status=status,
            changed_at=self.at(minutes=11),
            **row,
        )
        type_ = f"plan.channel.{status}"
        data = {
            "channel": channel,
            "opportunities": values.get("opportunities", []),
            "reason": values.get("reason", ""),
        }
        await self.event(plan_id, type_, f"plan-{plan_id}.{channel}", 1, "system:analysis", data, self.at(minutes=11))

    async def task(self, plan_id: UUID, position: int, status: str, title: str, **values: Any) -> UUID:
        task_id = uid(plan_id, "task", position)
        row: dict[str, Any] = {
            "what": "Faça assim.",
            "channel": "mercado_livre",
            "priority": "normal",
            "assignee": "",
            "created_at": self.at(minutes=5),
            "changed_at": self.at(minutes=3),
        } | values
        await insert(
            self.db,
            "rm.task",
            task_id=task_id,
            plan_id=plan_id,
            version=1,
            position=position,
            phase=1,
            title=title,
            status=status,
            **row,
        )
        await self.event(
            plan_id,
            "task.created",
            f"task-{task_id}",
            1,
            "system:phase1",
            {"title": title, "task_id": str(task_id)},
            self.at(minutes=5),
        )
        return task_id


def phase1(origin: str, rule: str, tasks: int) -> dict[str, Any]:
    return {
        "origin": origin,
        "rule": rule,
        "name": "Fase 1 - Otimizações de Impacto Rápido",
        "weeks": "Semanas 1-4",
        "investment": "Baixo: horas da equipe",
        "expected_impact": "Até R$ 30.803,35 por mês, pela soma das oportunidades",
        "tasks": [{"task_id": str(i)} for i in range(tasks)],
    }


async def fill(database_url: str) -> None:
    """Put a marketplace's morning into an empty, migrated database."""
    db = await asyncpg.connect(database_url)
    try:
        seed = Seed(db)
        await _decided(seed)
        await _undecided(seed)
        await _costs(db)
        await _objectives(db)
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
        " tasks_failed, queue_delay, retries, dead_letters, oldest_s)"
        " select 'minute', date_trunc('minute', now()) - n * interval '1 minute', 60, 0, n % 7, (n * 3) % 5,"
        "        (n * 3) % 5, case when n = 9 then 1 else 0 end,"
        "        jsonb_build_object('25', 20, case when n % 9 = 0 then '250' else '50' end, 1), n % 4, 2,"
        "        jsonb_build_object('analyzing', n % 13, 'awaiting_approval', 90000)"
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
