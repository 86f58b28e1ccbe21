"""Finds lists of reservations of homes or rooms: which of them became sales, and for how much, is not told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gateway.intake.layouts.kinds import plain_name

RESERVED: Final = (
    "Parece uma lista de reservas ou vendas de imóveis, ou de diárias, e não de produtos: nada diz com certeza quais "
    "viraram vendas nem quantas unidades são. Nenhum número foi calculado. Se são vendas, diga em “Ver as colunas” o "
    "que é cada coluna."
)
#: A home that is built or sold, and where in a building or a plot it is.
_HOMES: Final = r"^(empreendimentos?|loteamento|imove(l|is)|inmuebles?|tipo (do |de )?(imovel|inmueble)|property type)$"
_PLACED: Final = (
    r"^(bloco|torre|quadra|apto|apartamento|pavimento|andar|n?umero (do )?apartamento|dormitorios?|bedrooms?)\b"
)
#: A stay has a day on which it begins, and one on which it ends, or a number of nights.
_BEGINS: Final = r"\b(check ?in|arrival date)\b"
_ENDS: Final = r"\b(check ?out|departure date)\b"
_NIGHTS: Final = (
    r"^((total (de |of )?|numero de |number of |n |stays? in .*)?(noites|noches|nights)|diarias|week(end)? nights)\b"
)
_GUESTS: Final = r"\b(hospedes?|huespedes?|guests?|quartos?|habitacion(es)?|rooms?|hotel|adults?|adultos?)\b"


def told_of_reservations(headers: Sequence[str]) -> str:
    """Return what is told where columns tell of homes in a building, or of stays; empty where none does."""
    plain = [plain_name(header).strip() for header in headers]
    homes, stays, nights = (
        all(any(re.search(said, name) for name in plain) for said in both)
        for both in ((_HOMES, _PLACED), (_BEGINS, _ENDS), (_NIGHTS, _GUESTS))
    )
    return RESERVED if homes or stays or nights else ""
