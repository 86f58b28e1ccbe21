"""Finds the columns by which a list is of what suppliers sell to the shop: its purchase orders, and who they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.kinds import plain_name

#: A column that numbers purchase orders, or tells their day or amount, and one of who sells to the shop.
_ORDERED: Final = re.compile(
    r"^p ?o$|^p ?o (number|nos?|num|nr|id|ref|reference|date|amount|total|value|status|line)\b|"
    r"\b(number|no|numero|n|num|data|date|fecha) (do |da |de |of |del )?p ?o\b|"
    r"\b(purchase orders?|(ordem|ordens|orden|ordenes|pedidos?|nota fiscal|nf|factura) (de )?compras?)\b"
)
_SUPPLIER: Final = re.compile(
    r"^(suppliers?|vendors?|fornecedor|proveedor)( (id|code|name|no|number|nome|nombre|codigo))?$|"
    r"^(id|nome|nombre|codigo) (do |del )?(fornecedor|proveedor)$"
)


def ordered_from_suppliers(assignment: Assignment, headers: Sequence[str]) -> tuple[int | None, int | None]:
    """Return the column of purchase orders, and that of suppliers; None for one that is not there."""
    plain = [plain_name(header).strip() for header in headers]
    filled = [index for index, profile in enumerate(assignment.profiles) if profile.filled]
    order = next((index for index in filled if _ORDERED.search(plain[index])), None)
    called = (index for index in filled if _SUPPLIER.search(plain[index]))
    meant = (index for index, name in assignment.others.items() if name == "_supplier" and index in filled)
    return order, next(iter((*called, *meant)), None)
