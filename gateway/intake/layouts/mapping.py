"""A person's mapping of a table's columns, which comes before every guess."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.intake.fields import ADDED_UP, ANY_TABLE, CHOICES, IGNORE, PROPOSED, Mappings, fits, place_of
from gateway.intake.layouts.described import header_id, shown_headers
from gateway.intake.layouts.matching import concepts
from gateway.intake.quoting import names_people
from gateway.intake.refused import Refused


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping put on a header: field -> column, and the columns that are not to be used.

    `added`: further columns of the one field whose columns are added up. `proposed`: the fields of it that an agent
    proposes.
    """

    fields: dict[str, int] = field(default_factory=dict)
    ignored: frozenset[int] = frozenset()
    proposed: frozenset[str] = frozenset()
    added: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.fields or self.ignored)


def mapped_columns(headers: list[str], mappings: Mappings | None) -> Mapped:
    """Return the mapping for this header; false where there is none.

    Raises `Refused` for a field or a column that does not exist, two columns for one field, and a buyer's column.
    """
    shown = shown_headers(headers)
    mapping = _mapping_for(headers, shown, mappings or {})
    found: dict[str, int] = {}
    ignored: set[int] = set()
    proposed: set[str] = set()
    added: set[int] = set()
    for header, said in mapping.items():
        index, name = place_of(header, shown), said.removeprefix(PROPOSED)
        if name not in CHOICES and name != IGNORE:
            raise Refused.because("mapping-field", field=name[:80], known=", ".join((*CHOICES, IGNORE)))
        if index is None:
            raise Refused.because("mapping-column", column=header[:80], known=", ".join(shown)[:400])
        if name == IGNORE:
            ignored.add(index)
            continue
        if said.startswith(PROPOSED) and _is_buyers(headers[index]):
            continue  # an agent does not make a buyer's column one that is read
        if name in found and name != ADDED_UP:
            raise Refused.because("mapping-twice", field=name, columns=f"{shown[found[name]]}, {shown[index]}"[:200])
        if _is_buyers(headers[index]):
            raise Refused.because("mapping-personal", column=header[:80])
        if name in found:
            added.add(index)
            continue
        found[name] = index
        proposed |= {name} if said.startswith(PROPOSED) else set()
    return Mapped(found, frozenset(ignored), frozenset(proposed), frozenset(added))


def _mapping_for(headers: list[str], shown: list[str], mappings: Mappings) -> dict[str, str]:
    anywhere = mappings.get(ANY_TABLE, {})
    return anywhere if anywhere and fits(anywhere, shown) else mappings.get(header_id(headers), {})


def demand_no_buyers(mapping: dict[str, str]) -> None:
    """Raise `Refused` where a mapped column identifies buyers."""
    for header, name in mapping.items():
        if name != IGNORE and _is_buyers(header):
            raise Refused.because("mapping-personal", column=header[:80])


def _is_buyers(header: str) -> bool:
    fitting = concepts(header)
    best = max(fitting, key=lambda name: fitting[name], default="")
    return best == "_person" or (not best and names_people([header]))
