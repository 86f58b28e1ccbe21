"""Translates the headers of eBay's orders report from German. Known from descriptions, not from a file."""

from __future__ import annotations

from typing import Final

from gateway.intake.layouts.columns import HEADER_SEARCH_ROWS, key
from gateway.intake.layouts.translated import InPortuguese, translated
from gateway.intake.tables import RawTable

#: The name in German -> the one that the layout knows
_NAMES: Final = {
    "Verkaufsprotokollnummer": "Sales Record Number",
    "Bestellnummer": "Order Number",
    "Artikelnummer": "Item Number",
    "Angebotstitel": "Item Title",
    "Bestandseinheit": "Custom Label",
    "Verkauft über Basisanzeigen": "Sold Via Promoted Listings",
    "Anzahl": "Quantity",
    "Verkauft für": "Sold For",
    "Verpackung und Versand": "Shipping And Handling",
    "Vom Verkäufer eingezogene Steuern": "Seller Collected Tax",
    "Von eBay eingezogene Steuern": "eBay Collected Tax",
    "Gesamtpreis": "Total Price",
    "Verkauft am": "Sale Date",
    "Bezahlt am": "Paid On Date",
    "Versandt am": "Shipped On Date",
}
_IN_ENGLISH: Final = {key(german): name for german, name in _NAMES.items()}
_NEEDED: Final = frozenset(("Order Number", "Item Number", "Sold For", "Total Price", "Sale Date"))


def in_portuguese(table: RawTable) -> InPortuguese | None:
    """Return the table with the names that the layout knows; None where it is not this export in German."""
    for row, cells in enumerate(table.top.head(HEADER_SEARCH_ROWS).rows()):
        names = [_IN_ENGLISH.get(key(cell)) if cell else None for cell in cells]
        if set(names) >= _NEEDED:
            places: dict[str, str] = {}
            for index, name in enumerate(names):
                if name is not None and name not in places.values():
                    places[str(index)] = name
            return translated(table, row, places, None, is_documented=True)
    return None
