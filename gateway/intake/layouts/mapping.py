"""What a person says of a table's columns; it stands above every guess."""

from __future__ import annotations

from gateway.intake.fields import LABELS
from gateway.intake.layouts.described import header_id, shown_headers
from gateway.intake.layouts.matching import concepts
from gateway.intake.quoting import names_people
from gateway.intake.refused import Refused

#: `header_id` of a table -> field -> the column's name as `TableRead.columns` shows it
Mappings = dict[str, dict[str, str]]


def mapped_columns(headers: list[str], mappings: Mappings | None) -> dict[str, int]:
    """Return field -> column of the mapping for this header; empty where there is none.

    Raises `Refused` for a field or a column that does not exist, one column for two fields, and a buyer's column.
    """
    mapping = (mappings or {}).get(header_id(headers), {})
    shown = shown_headers(headers)
    found: dict[str, int] = {}
    for name, header in mapping.items():
        if name not in LABELS:
            raise Refused.because("mapping-field", field=name[:80], known=", ".join(LABELS))
        if header not in shown:
            raise Refused.because("mapping-column", column=header[:80], known=", ".join(shown)[:400])
        index = shown.index(header)
        if index in found.values():
            raise Refused.because("mapping-twice", column=header[:80])
        if _is_buyers(headers[index]):
            raise Refused.because("mapping-personal", column=header[:80])
        found[name] = index
    return found


def _is_buyers(header: str) -> bool:
    fits = concepts(header)
    best = max(fits, key=lambda name: fits[name], default="")
    return best == "_person" or (not best and names_people([header]))
