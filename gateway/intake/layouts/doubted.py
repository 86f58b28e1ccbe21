"""Says of what looks like sales whether a person has to say if it is, and why."""

from __future__ import annotations

from gateway.intake.layouts.baskets import MAY_BE_CARTS, Left
from gateway.intake.layouts.both_ways import told_of_both_ways
from gateway.intake.layouts.called import NOT_SPENT
from gateway.intake.layouts.cfop import told_of_entries
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.doubts import may_be_else, told_of_carriage, told_of_spending
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.income_statement import told_of_statement
from gateway.intake.layouts.planned import told_of_plans
from gateway.intake.layouts.purchases import told_of_purchases
from gateway.intake.layouts.quotes import told_of_quotes
from gateway.intake.layouts.ranked import told_of_first_few, told_of_ranks
from gateway.intake.layouts.receivables import told_of_receivables
from gateway.intake.layouts.reservations import told_of_reservations


def doubts(
    table: Columns, assignment: Assignment, headers: list[str], said: list[str], names: list[str], left: Left
) -> tuple[bool, list[str]]:
    """Say whether a person has to say if these are sales, and what they are told of it.

    `said`: what stands above the table; `names`: that, with the file's name as the last one.
    """
    why = [
        told_of_spending(assignment, names[:-1], names[-1]),
        told_of_carriage(assignment, headers),
        told_of_entries(table),
        told_of_both_ways(table, assignment),
        told_of_plans(table, assignment),
        told_of_ranks(table, assignment),
        told_of_first_few(assignment, names),
        told_of_reservations(headers),
        told_of_receivables(headers),
        told_of_quotes(table, assignment, names),
        told_of_purchases(assignment, headers, said),
        MAY_BE_CARTS if left == "some" else "",
        *told_of_statement(table.table.frame),  # its results are no rows that sum up others
    ]
    told = [one for one in why if one]
    return may_be_else(assignment, headers, said, names[-1]) or told not in ([], [NOT_SPENT]), told
