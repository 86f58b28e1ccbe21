"""Tells the kind of a table that is no known export: by its columns, by a balance in it, or by its names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.intake.layouts.account_statement import booked, credited, is_of_account
from gateway.intake.layouts.advertising import is_advertising
from gateway.intake.layouts.advertising_bare import AD_COST
from gateway.intake.layouts.baskets import Left
from gateway.intake.layouts.called import CREDIT_NOTES
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.doubts import may_be_sold
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.kinds import kind_by_titles, kind_of, names_sales, plain_name
from gateway.intake.layouts.stock_ledger import told_of_ledger
from gateway.intake.layouts.suppliers import ordered_from_suppliers
from schemas.facts import TableKind


def kind_told(
    table: Columns, assignment: Assignment, headers: list[str], names: list[str], *, mapped: bool, left: Left
) -> tuple[TableKind, list[str]]:
    """Return the table's kind, and what is told of a ledger of stock.

    A person's mapping makes it advertising only by its cost.
    """
    if AD_COST in assignment.guesses:
        return "advertising", []
    if mapped:
        return "unknown", []
    kind = "performance" if left == "all" else _of_names(assignment, headers, names[:-1], names[-1])
    above = map(plain_name, (table.table.caption, *table.table.headings))
    if kind == "unknown" and any(re.search(rf"\b({CREDIT_NOTES})\b", one) for one in above):
        return "returns", []
    ledger = told_of_ledger(table, assignment) if kind in ("unknown", "stock") else []
    return "stock" if ledger else kind, ledger


def lists_sales_by_name(assignment: Assignment, names: Sequence[str]) -> bool:
    """Say whether each row is numbered, with a day and a total, in a sheet or file that is called after sales."""
    if min(assignment.confidence(name) for name in ("order_id", "at", "revenue")) < SURE:
        return False
    numbers = assignment.profiles[assignment.guesses["order_id"].index]
    bare = not any(assignment.has(name) for name in ("_supplier", "_cost", "_budget", "_payout", "_target"))
    return bare and numbers.distinct == 1 and any(names_sales(plain_name(name)) for name in names)


def _of_names(assignment: Assignment, headers: list[str], titles: list[str], file: str) -> TableKind:
    """Return the kind that columns or names tell."""
    kind = kind_of(assignment)
    bought = None not in ordered_from_suppliers(assignment, headers) and assignment.column("revenue") is not None
    if kind == "stock" and bought:
        return "unknown"  # the warehouse is where the goods arrive
    accounts = (credited(assignment, headers), booked(assignment, headers, (*titles, file)))
    if kind == "costs" and accounts != (None, None):
        return "payouts"
    if kind == "prices" and may_be_sold(assignment, headers, titles, file):
        return "unknown"
    if kind == "unknown" and is_advertising(assignment, headers, titles):
        return "advertising"
    if is_of_account(kind, assignment, headers):
        return "payouts"
    above = [titles[0], " ".join(titles[1:])]
    return kind_by_titles(assignment, headers, above, file) if kind == "unknown" else kind
