"""Translates the headers of Tiendanube, as Nuvemshop is called in Spanish, into Portuguese."""

from __future__ import annotations

from typing import Final

from gateway.intake.layouts.columns import HEADER_SEARCH_ROWS, key
from gateway.intake.layouts.nuvemshop import REQUIRED
from gateway.intake.layouts.translated import InPortuguese, translated
from gateway.intake.tables import RawTable

#: The name in Spanish -> that in Portuguese
NAMES: Final[dict[str, str]] = {
    "Número de orden": "Número do Pedido",
    "Fecha": "Data",
    "Estado de la orden": "Status do Pedido",
    "Estado del pago": "Status do Pagamento",
    "Estado del envío": "Status do Envio",
    "Moneda": "Moeda",
    "Subtotal de productos": "Subtotal",
    "Descuento": "Desconto",
    "Costo de envío": "Valor do Frete",
    "Total": "Total",
    "Fecha de pago": "Data de pagamento",
    "Fecha de envío": "Data de envio",
    "Nombre del producto": "Nome do Produto",
    "Precio del producto": "Valor do Produto",
    "Cantidad del producto": "Quantidade Comprada",
    "SKU": "SKU",
    "Canal": "Canal",
}
_IN_PORTUGUESE: Final = {key(spanish): portuguese for spanish, portuguese in NAMES.items()}


def in_portuguese(table: RawTable) -> InPortuguese | None:
    """Return the table with the names that the layout knows; None where it is not this export in Spanish."""
    for row, cells in enumerate(table.top.head(HEADER_SEARCH_ROWS).rows()):
        places: dict[str, str] = {}
        for index, cell in enumerate(cells):
            name = _IN_PORTUGUESE.get(key(cell)) if cell else None
            if name is not None and name not in places.values():
                places[str(index)] = name
        if all(name in places.values() for name in REQUIRED):
            return translated(table, row, places, None, is_documented=False)
    return None
