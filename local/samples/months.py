"""Two periods of one shop, one after the other: in the second, what the first one's plan advises was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

DAYS: Final = 30
_HEADER: Final = "Data;Pedido;SKU;Produto;Quantidade;Valor total;Tarifa;Frete;Unidades devolvidas;Reembolso"


@dataclass(frozen=True, slots=True)
class Period:
    """How the shop does: every how many orders the bottle comes back, and what the channel takes."""

    name: str
    returned_every: int
    fee_share: float
    bottles_a_day: int


@dataclass(frozen=True, slots=True)
class Sale:
    """What one order sells, at which price (BRL a unit), and how many units of it come back."""

    sku: str
    title: str
    units: int
    price: float
    back: int


#: The bottle's returns halve, and fees fall: first above Shopee's table, which has 32 % of these sales, then below it.
BEFORE: Final = Period("antes", returned_every=8, fee_share=0.36, bottles_a_day=8)
AFTER: Final = Period("depois", returned_every=16, fee_share=0.31, bottles_a_day=8)
BOTTLE: Final = "GAR-1L"
PRICE: Final = 50.0


def write(folder: Path, first_day: date, period: Period) -> Path:
    """Write thirty days of sales from `first_day` on; the same days give the same content."""
    path = folder / f"vendas_{period.name}.csv"
    rows = [_HEADER, *(";".join(row) for n in range(DAYS) for row in _day(first_day + timedelta(days=n), n, period))]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def _day(at: date, n: int, period: Period) -> Iterator[list[str]]:
    for order in range(period.bottles_a_day):
        back = (n * period.bottles_a_day + order) % period.returned_every == 0
        yield _row(at, f"G{order}", period, Sale(BOTTLE, "Garrafa térmica 1 L", 1, PRICE, 1 if back else 0))
    for order in range(10):
        yield _row(at, f"C{order}", period, Sale("CAN-300", "Caneca 300 ml", 2, 30.0, 1 if order == n % 10 == 0 else 0))
    for order in range(6):
        yield _row(at, f"T{order}", period, Sale("TAB-M", "Tábua de corte M", 1, 80.0, 0))


def _row(at: date, order: str, period: Period, sale: Sale) -> list[str]:
    revenue = sale.units * sale.price
    *told, refund = (
        f"{amount:.2f}".replace(".", ",")
        for amount in (revenue, revenue * period.fee_share, 3.0, sale.back * sale.price)
    )
    number = f"{at:%Y%m%d}{order}"
    return [f"{at:%d/%m/%Y}", number, sale.sku, sale.title, str(sale.units), *told, str(sale.back), refund]
