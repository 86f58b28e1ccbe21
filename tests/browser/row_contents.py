"""What plans hold: opportunities with their evidence, phases with tasks, and how a table was read."""

from __future__ import annotations

from typing import Any


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
