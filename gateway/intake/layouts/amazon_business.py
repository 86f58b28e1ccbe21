"""Amazon's Business Reports: sales and traffic by product, and by day. Known from programs that read them."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.amazon import CHANNEL
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.day_or_month import sure_days
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant
from schemas.given import without_none

PRODUCTS: Final = "amazon.business_products"
DAYS: Final = "amazon.business_days"
_SALES: Final = (
    "Ordered Product Sales | Vendas de produtos pedidos | Ventas de productos pedidos | "
    "Durch bestellte Produkte erzielter Umsatz"
)
_UNITS: Final = "Units Ordered | Unidades pedidas | Unidades encomendadas | Bestellte Einheiten"
_CHILD: Final = (
    "(Child) ASIN | ASIN (child) | (Filho) ASIN | ASIN (filho) | (Untergeordnete) ASIN | (Parent) ASIN | "
    "ASIN (parent) | ASIN (pai) | ASIN"
)
_SKU: Final = ("SKU", "Código SKU")
_DAY: Final = ("Date", "Data", "Fecha", "Datum")  # in English the month may come first
PRODUCTS_REQUIRED: Final = (_CHILD, _SALES, _UNITS)
PRODUCTS_TYPICAL: Final = ("Title", "Título", "Titel", *_SKU, *alternatives(_CHILD), "Sessions", "Total Order Items")
DAYS_REQUIRED: Final = (" | ".join(_DAY), _SALES, _UNITS)
DAYS_TYPICAL: Final = ("Total Order Items", "Total de itens pedidos", "Average Selling Price", "Units Refunded")
ORDERED: Final = (
    "É o relatório de negócios da Amazon: são os pedidos feitos, com os que foram cancelados ou devolvidos depois. "
    "Tarifas, reembolsos e número de pedidos não estão nele."
)


def read_products(table: Columns) -> pl.DataFrame:
    """Return what was ordered of each product. The columns of B2B are parts of the others."""
    table.warnings.append(ORDERED)
    columns = without_none(
        {
            "channel": constant(CHANNEL, table.height),
            "sku": table.text(*_SKU, *alternatives(_CHILD)),
            "title": table.text("Title", "Título", "Titel", optional=True),
            "units": table.number(*alternatives(_UNITS)),
            "revenue": table.number(*alternatives(_SALES)),
            "currency": table.currency,
        }
    )
    return shape.exposure(columns, table.height)


def read_days(table: Columns) -> pl.DataFrame:
    """Return the lines, one for each day; neither orders nor products are known."""
    table.warnings.append(ORDERED)
    columns = without_none(
        {
            "row": table.rows,
            "channel": constant(CHANNEL, table.height),
            "at": sure_days(table, _DAY[0]) if table.has(_DAY[0]) else table.moment(*_DAY),
            "units": table.number(*alternatives(_UNITS)),
            "returned_units": table.number("Units Refunded", "Unidades reembolsadas", optional=True),
            "revenue": table.number(*alternatives(_SALES)),
        }
    )
    return shape.lines(columns, table.height)
