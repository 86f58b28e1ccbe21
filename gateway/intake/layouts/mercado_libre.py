"""Translates the headers of Mercado Libre's "Ventas" from Spanish into Portuguese.

Known from files of Chile, and from programs that read those of Argentina, Mexico, Colombia, Peru and Uruguay.
"""

from __future__ import annotations

from typing import Final

from gateway.intake.layouts.columns import HEADER_SEARCH_ROWS, key
from gateway.intake.layouts.names import currency_in
from gateway.intake.layouts.translated import InPortuguese, translated
from gateway.intake.tables import RawTable

#: The name in Portuguese -> those in Spanish
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "N.º de venda": ("# de venta", "N.º de venta", "Nº de venta"),
    "Data da venda": ("Fecha de venta",),
    "Descrição do status": ("Descripción del estado",),
    "Pacote de diversos produtos": ("Paquete de varios productos",),
    "Receita por produtos": ("Ingresos por productos", "Ingresos"),  # the second one in exports of some years ago
    "Tarifa de venda e impostos": ("Cargo por venta e impuestos",),
    "Tarifa de venda": ("Cargo por venta",),
    "Custo fixo": ("Costo fijo",),
    "Custo por oferecer parcelamento": ("Costo por ofrecer cuotas",),
    "Impostos": ("Impuestos",),
    "Receita por envio": ("Ingresos por envío",),
    "Tarifas de envio": ("Costos de envío",),
    "Descontos e bônus": ("Descuentos y bonificaciones",),
    "Descontos": ("Descuentos",),
    "Cancelamentos e reembolsos": ("Anulaciones y reembolsos", "Anulaciones"),
    "Total": ("Total",),
    "Venda por publicidade": ("Venta por publicidad",),
    "# de anúncio": ("# de publicación",),
    "Título do anúncio": ("Título de la publicación",),
    "Tipo de anúncio": ("Tipo de publicación",),
    "Preço unitário de venda do anúncio": ("Precio unitario de venta de la publicación", "Precio unitario"),
    "Motivo do resultado": ("Motivo del resultado",),
    "Data a caminho": ("Fecha en camino",),
}
NAMES: Final = tuple(spanish for names in _NAMES.values() for spanish in names)
_IN_PORTUGUESE: Final = {key(spanish): name for name, names in _NAMES.items() for spanish in names}
_NEEDED: Final = ("N.º de venda", "Data da venda", "Receita por produtos")
#: Names that stand in no other table of sales in Spanish.
_ITS_OWN: Final = frozenset(
    ("Receita por produtos", "# de anúncio", "Título do anúncio", "Pacote de diversos produtos", "Receita por envio")
)


def in_portuguese(table: RawTable) -> InPortuguese | None:
    """Return the table with the names that the layout knows; None where it is not this export in Spanish."""
    for row, cells in enumerate(table.top.head(HEADER_SEARCH_ROWS).rows()):
        names = [_IN_PORTUGUESE.get(key(cell)) if cell else None for cell in cells]
        known = {name for name in names if name is not None}
        if all(name in known for name in _NEEDED) and len(known & _ITS_OWN) > 1:
            places: dict[str, str] = {}  # column -> its name in Portuguese, with the currency that it names
            codes = {code for cell in cells if cell and (code := currency_in(cell)) is not None}
            seen: set[str] = set()
            for index, (name, cell) in enumerate(zip(names, cells, strict=True)):
                if name is not None and name not in seen:
                    seen.add(name)
                    code = currency_in(str(cell))
                    places[str(index)] = name if code is None else f"{name} ({code})"
            currency = codes.pop() if len(codes) == 1 else None
            return translated(table, row, places, currency, is_documented=False)
    return None
