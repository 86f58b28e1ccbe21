"""Tables of sellers' own: from a database, with the date in three columns, in a PDF, and without problems."""

from __future__ import annotations

import csv
from datetime import UTC
from pathlib import Path
from random import Random
from typing import Final

from fpdf import FPDF

from bench.evaluate.golden.document import Golden
from local.samples import ChannelTruth
from local.samples.catalog import RETURNED, SILENT, items
from local.samples.market import Market, Scenario, market
from local.samples.workbook import WRITTEN, Cell, brazilian, write_workbook

_BUSY: Final = Scenario(fee_rate=0.26, fixed_fee=0.0, has_loser=False, discount=0.0)
_CALM: Final = Scenario(
    fee_rate=0.1, fixed_fee=0.0, shipping=5.0, cancelled=0.01, returned=0.01, returned_worst=0.01, has_loser=False
)
_MONTHS: Final = ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"]
_STATUS: Final = {"sold": "entregue", "returned": "devolvido", "cancelled": "cancelado", "unpaid": "pendente"}


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write the four documents."""
    return [
        _database(folder / "tb_vendas.csv", market(Random(f"database-{seed}"), rows, _BUSY)),
        _three_columns(folder / "vendas_ano_mes_dia.xlsx", market(Random(f"days-{seed}"), rows, _CALM)),
        _calm(folder / "vendas_sem_problemas.csv", Random(f"calm-{seed}"), rows),
        _pdf(folder / "vendas_por_produto.pdf", Random(f"pdf-{seed}")),
    ]


def _database(path: Path, sold: Market) -> Golden:
    """Write names in snake_case, ISO dates, decimal points, and the day's fee spike as a rate of 26 %."""
    header = (
        "id_pedido", "dt_venda", "sku_produto", "nome_produto", "qtd", "preco_unitario", "valor_total_venda",
        "comissao", "valor_frete", "status_pedido", "nome_cliente", "cpf_cliente",
    )  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for order in sold.orders:
            for line in order.lines:
                share = line.revenue / order.revenue
                writer.writerow([
                    f"P{order.number:06d}", f"{order.at:%Y-%m-%d %H:%M:%S}", line.item.sku, line.item.title,
                    line.units, f"{line.price:.2f}", f"{line.revenue:.2f}", f"{order.fee * share:.4f}",
                    f"{order.shipping * share:.4f}", _STATUS[order.status], order.buyer.name, order.buyer.cpf,
                ])  # fmt: skip
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "fees": ""}
    truth = sold.truth(planted=planted, costs=True, returns=True)
    return Golden(path, ["own_store"], "plain", {"own_store": truth})


def _three_columns(path: Path, sold: Market) -> Golden:
    """Write a sheet without SKUs, orders, costs or statuses; its only problem is the product that stopped selling."""
    kept = [order for order in sold.orders if order.status in ("sold", "returned")]
    rows: list[list[Cell]] = [["ANO", "MÊS", "DIA", "PRODUTO", "QTDE", "VALOR FINAL"]]
    rows += [
        [order.at.year, _MONTHS[order.at.month - 1], order.at.day, line.item.title, line.units, line.revenue]
        for order in kept
        for line in order.lines
    ]
    write_workbook(path, {"Vendas": rows})
    lines = [line for order in kept for line in order.lines]
    truth = ChannelTruth(
        revenue=round(sum(line.revenue for line in lines), 2),
        orders=None,
        units=sum(line.units for line in lines),
        planted={"stock-out": SILENT.title},
    )
    return Golden(path, ["own_store"], "plain", {"own_store": truth})


def _calm(path: Path, random: Random, rows: int) -> Golden:
    """Write sales in which nothing is wrong: whatever is found is a false alarm."""
    header = "Pedido;Data;SKU;Produto;Quantidade;Valor Total;Comissão;Frete;Status"
    goods = items()
    lines = [header]
    revenue = units = fees = shipping = 0.0
    for number in range(rows):
        item = goods[number % len(goods)]
        day = 1 + number * 90 // rows
        month, day = (1, day) if day <= 31 else (2, day - 31) if day <= 59 else (3, day - 59)
        count = random.choice((1, 1, 2))
        money, fee, freight = round(item.price * count, 2), round(item.price * count * 0.1, 2), 2.5
        lines.append(
            f"{number:06d};{day:02d}/{month:02d}/2026;{item.sku};{item.title};{count};{brazilian(money)};"
            f"{brazilian(fee)};{brazilian(freight)};Entregue"
        )
        revenue, units, fees, shipping = revenue + money, units + count, fees + fee, shipping + freight
    path.write_text("\r\n".join(lines) + "\r\n", encoding="cp1252")
    truth = ChannelTruth(
        round(revenue, 2), rows, units, cancelled_orders=0, fees=round(fees, 2), shipping=round(shipping, 2)
    )
    return Golden(path, ["own_store"], "plain", {"own_store": truth})


def _pdf(path: Path, random: Random) -> Golden:
    """Write a report with a whole table of products, over two pages."""
    rows = []
    for item in (*items(), RETURNED):
        units = random.randrange(40, 400)
        rows.append((item, units, round(units * item.price, 2), round(units * (0.3 if item is RETURNED else 0.02))))
    page = FPDF()
    page.set_creation_date(WRITTEN.replace(tzinfo=UTC))
    page.add_page()
    page.set_font("Helvetica", size=9)
    page.cell(text="Vendas por produto, janeiro a março", new_x="LMARGIN", new_y="NEXT")
    with page.table(col_widths=(15, 60, 25, 25, 20)) as table:
        for cells in (
            ("SKU", "Produto", "Unidades vendidas", "Receita", "Devoluções"),
            *((i.sku, i.title.replace("”", '"'), str(n), f"R$ {brazilian(m)}", str(b)) for i, n, m, b in rows),
        ):
            row = table.row()
            for cell in cells:
                row.cell(cell)
    page.output(str(path))
    truth = ChannelTruth(
        revenue=round(sum(row[2] for row in rows), 2),
        orders=None,
        units=sum(row[1] for row in rows),
        returned_units=sum(row[3] for row in rows),
        planted={"returns": RETURNED.sku},
    )
    return Golden(path, ["own_store"], "plain", {"own_store": truth})
