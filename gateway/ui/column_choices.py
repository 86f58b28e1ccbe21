"""The choices of a column's dropdown: the fields of sales, and those of costs and stock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from gateway.intake import IGNORE, choosable_fields
from gateway.intake.fields import CHOICES, GOODS_LABELS, SHARED, as_goods
from gateway.shapes.uploads import TableSeen
from gateway.ui import i18n
from gateway.ui.i18n import gettext as _

#: The fields of which one is enough to say what was sold.
_OF_WHAT: Final = {"order_id", "sku", "title", "at", "year", "month"}
#: The currencies that a form offers for costs without one.
CURRENCIES: Final = ("BRL", "USD", "EUR", "ARS", "MXN", "COP", "CLP")


class Group(NamedTuple):
    """Fields that belong together, each with its name in the reader's language."""

    word: str
    fields: dict[str, str]


def field_words() -> dict[str, str]:
    """Return field -> its name in the reader's language, in the order in which to show them."""
    language = "pt" if i18n.current() == "pt_BR" else "en"
    return {choice["field"]: choice[language] for choice in choosable_fields()}


def groups(*, of_goods: bool = False) -> list[Group]:
    """Return the groups of fields that a table can have.

    `of_goods`: a person sent it as costs or stock, so it has none of sales.
    """
    words = field_words()
    goods = {name: word for name, word in words.items() if name in GOODS_LABELS}
    if of_goods:
        return [Group(_("Costs and stock"), {name: words[name] for name in SHARED} | goods)]
    sales = {name: word for name, word in words.items() if name not in GOODS_LABELS}
    return [Group(_("Sales"), sales), Group(_("Costs and stock"), goods)]


def first_picks(table: TableSeen, *, of_goods: bool) -> dict[str, str]:
    """Return column -> the field that it was taken for.

    A field that nobody can choose, and a second column of the same field, as known exports have, are shown as not used.
    """
    if not of_goods:
        return _once(table)
    taken = {column.header: column.field or IGNORE for column in table.columns}
    found = as_goods(taken)
    return {column: found.get(column, IGNORE) for column in taken}


def _once(table: TableSeen) -> dict[str, str]:
    taken: dict[str, str] = {}
    for column in table.columns:
        free = column.field in CHOICES and column.field not in taken.values()
        taken[column.header] = column.field if free else IGNORE
    return taken


def kind_told(picks: Mapping[str, str], *, of_goods: bool) -> str:
    """Return the kind of a table by a person's mapping of its columns; "" for costs or stock."""
    said = set(picks.values())
    if "ad_cost" in said:
        return "advertising"
    if "revenue" not in said:
        for field, kind in (("cost", "costs"), ("stock", "stock")):
            if field in said:
                return kind
    return "" if of_goods else "sales"


def lacking(picks: Iterable[Mapping[str, str]]) -> str:
    """Return what tables of sales lack, a column of `amount` or of `what` was sold; "" for both, or for neither."""
    said = [set(columns.values()) for columns in picks]
    amount = any("revenue" in fields or {"price", "units"} <= fields for fields in said)
    what = any(fields & _OF_WHAT for fields in said)
    if amount == what:
        return ""
    return "what" if amount else "amount"
