"""Reads a table that is no known export: finds its header, guesses its columns, reads it or reports it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from gateway.intake.fields import LABELS, Mappings
from gateway.intake.goods import NAME_OF_GOODS, Goods
from gateway.intake.layouts import plain
from gateway.intake.layouts.account_statement import told_of
from gateway.intake.layouts.advertising import read_spent
from gateway.intake.layouts.advertising_bare import asked
from gateway.intake.layouts.baskets import CARTS, Left, drop_baskets, left_baskets
from gateway.intake.layouts.by_content import assign
from gateway.intake.layouts.called import BY_NAME, SOME
from gateway.intake.layouts.cancel_reasons import drop_declined
from gateway.intake.layouts.channel_words import channel_named_of
from gateway.intake.layouts.columns import Columns, headers_of
from gateway.intake.layouts.copied_rows import without_copies
from gateway.intake.layouts.described import columns_guessed, header_id, shown_headers, titles_above
from gateway.intake.layouts.displaced import Misplaced, displaced, without_odd_units
from gateway.intake.layouts.doubted import doubts
from gateway.intake.layouts.from_to import without_span
from gateway.intake.layouts.funnel import drop_unwon
from gateway.intake.layouts.goods import GoodsTable, goods_table
from gateway.intake.layouts.goods_rows import read_goods
from gateway.intake.layouts.grouped import with_groups
from gateway.intake.layouts.guesses import SURE, UNSURE, Assignment, certainty, may_be_sales
from gateway.intake.layouts.joined_rows import drop_joined
from gateway.intake.layouts.kind_told import kind_told, lists_sales_by_name
from gateway.intake.layouts.kinds import of_returns, told_by_name
from gateway.intake.layouts.lost_numbers import with_known_numbers
from gateway.intake.layouts.mapping import mapped_columns
from gateway.intake.layouts.marked import drop_marked
from gateway.intake.layouts.monthly import MEASURE, MEASURE_ASKED
from gateway.intake.layouts.names import without_line_names, without_program_names
from gateway.intake.layouts.namesakes import copies, with_namesakes
from gateway.intake.layouts.only_ordered import drop_ordered
from gateway.intake.layouts.own_costs import with_own_costs
from gateway.intake.layouts.paid_otherwise import with_paid_otherwise
from gateway.intake.layouts.pasted_pivots import may_be_said
from gateway.intake.layouts.payments_listed import told_of_payments
from gateway.intake.layouts.placed import placed_orders
from gateway.intake.layouts.quotes import drop_unapproved
from gateway.intake.layouts.returned import CAUSES_READ, drop_rejected, listed_orders, read_returned
from gateway.intake.layouts.scaled import with_scale
from gateway.intake.layouts.signatures import DOCUMENTED, channel_of_numbers, export_of, sells_in_reais
from gateway.intake.layouts.statistics import statistics
from gateway.intake.layouts.two_currencies import with_one_currency
from gateway.intake.layouts.unpriced import UNPRICED, is_unpriced
from gateway.intake.layouts.unread_amounts import told_of_unread
from gateway.intake.layouts.untold_shapes import shape_of
from gateway.intake.layouts.written_currency import note_other_currencies, tell_which, with_currency
from gateway.intake.tables import RawTable
from schemas.facts import ColumnRead, TableKind, TableRead

UNKNOWN: Final = "unknown"
SPENT_READ: Final = "O custo de publicidade foi lido: é mostrado com as vendas do mesmo canal, nos dias em que cabe."
SPENT_UNDATED: Final = "O custo de publicidade foi lido, mas a tabela não diz de que dias ele é."
SPENT_UNREAD: Final = (
    "Não está claro qual coluna traz o custo de publicidade, ou um valor dela não foi entendido, ou linhas de "
    "palavras-chave estão somadas a outras: ele não foi usado."
)
ONLY_HEADER: Final = "A tabela tem só o cabeçalho, sem nenhuma linha: nenhum número foi calculado dela."


@dataclass(frozen=True, slots=True)
class Reading:
    """One table understood: `report` for people; one of the others, or none, for the figures."""

    report: TableRead
    lines: pl.DataFrame | None = None
    exposure: pl.DataFrame | None = None
    goods: Goods | None = None
    ads: pl.DataFrame | None = None  # layouts.advertising.SPENT
    returned: pl.DataFrame | None = None  # lines of what came back, without the sales they are of: only their causes
    placed: tuple[pl.DataFrame, list[str]] | None = None  # lines of a list of orders, and what is told of it
    listed: pl.DataFrame | None = None  # orders that came back or were cancelled, as `layouts.returned` lists them
    places: frozenset[int] = frozenset()  # of the columns that were looked into
    period: tuple[date, date] | None = None  # of rows without a day, where the table tells it otherwise


def general(
    table: RawTable, row: int, channels: list[str], mappings: Mappings | None, misplaced: Misplaced | None = None
) -> Reading:
    """Read the table by its columns where they are sure, else report them; `misplaced`: why a header does not fit."""
    if not table.frame.height:
        return Reading(TableRead(table.where, UNKNOWN, 0))
    columns = Columns.below(table, row)
    own_headers = list(columns.headers)
    mapped = mapped_columns(own_headers, mappings)
    columns.headers = without_line_names(without_program_names(with_groups(table, row, columns.headers)))
    sample = columns.frame if table.needed is None else Columns.below(RawTable(table.where, table.top), row).frame
    same = (copies(columns) | statistics(own_headers)) - set(mapped.fields.values())
    assignment = assign(columns.headers, sample, replace(mapped, ignored=mapped.ignored | same))
    assignment, unsettled = with_namesakes(assignment, columns, shown_headers(own_headers))
    assignment, in_several = with_one_currency(assignment, columns.headers, sample, table.currency)
    unsettled += in_several
    is_export = misplaced is not None
    if not mapped:
        misplaced = misplaced or displaced(columns.headers, assignment.profiles, shown_headers(own_headers))
        assignment, odd = without_odd_units(assignment, columns.headers)
        unsettled += odd
    names = [table.where, *titles_above(table, row), table.filename]
    said = [*names[:-1], table.caption]
    unscaled = with_scale(columns, assignment, said)
    sure, unpriced = _certainty(assignment, own_headers, names, in_text=table.free, mapped=bool(mapped))
    left: Left = "" if mapped else left_baskets(columns, assignment, names)
    doubted, why = (False, []) if mapped else doubts(columns, assignment, own_headers, said, names, left)
    sure = min(sure, UNSURE) if doubted or unscaled else sure
    kind, ledger = kind_told(columns, assignment, own_headers, names, mapped=bool(mapped), left=left)
    spent = asked(own_headers, assignment) if kind == "unknown" and not mapped else None
    read_columns = columns_guessed(own_headers, sample, assignment if spent is None else spent)
    is_known = columns.height and not unscaled and not ledger
    goods = goods_table(columns.headers, assignment, kind, mapped=bool(mapped)) if is_known else None
    is_used = is_export or goods is not None or kind in ("returns", "advertising", "unknown")
    if misplaced is not None and is_used:
        return _misplaced(table, columns, own_headers, sample, misplaced, assignment)
    unsettled += [*unscaled, *ledger, *(why if kind == "unknown" else [])]
    by_name = left == "all" or (not ledger and told_by_name(kind, assignment, own_headers))
    if goods is not None:
        columns.warnings += [BY_NAME] if by_name and sure >= SURE else []
        return _of_goods(table, row, columns, goods, sample)
    if not columns.height or kind != "unknown" or sure < SURE:
        notes = [CARTS] if kind == "performance" and left == "all" else told_of(kind, assignment, own_headers)
        notes += [BY_NAME] if by_name and may_be_sales(assignment) else []
        notes += [*([] if mapped else _seen(kind, own_headers, assignment, in_text=table.free)), *unsettled]
        notes = [ONLY_HEADER] if not columns.height and not table.free else notes
        ads, returned, of_aside = _aside(kind, columns, assignment, channels, own_headers)
        notes += of_aside
        may_be = spent is not None or may_be_said(own_headers) or may_be_sales(assignment) or bool(mapped)
        asks = may_be and kind == "unknown" and not table.free and columns.height > 0
        report = TableRead(
            table.where, UNKNOWN, columns.height, [], [], notes, kind, read_columns, header_id(own_headers), asks
        )
        placed = placed_orders(notes, columns, assignment, channels)
        listed = listed_orders(columns, assignment) if kind == "returns" and columns.height else None
        return Reading(report, ads=ads, returned=returned, placed=placed, listed=listed)
    noted = [*unsettled, *([] if mapped else _of_some_returns(assignment, names)), *assignment.notes]
    columns.warnings += [UNPRICED, *noted] if unpriced else noted
    drop_baskets(columns, assignment)
    return _of_sales(table, row, columns, assignment, channels, read_columns)


def _of_some_returns(assignment: Assignment, names: list[str]) -> list[str]:
    """Say that only some of the sales may be of what came back, if a name says so and no column tells which."""
    return [SOME] if "some" in of_returns(assignment, names) and not _tells_returns(assignment) else []


def _seen(kind: str, headers: list[str], assignment: Assignment, *, in_text: bool) -> list[str]:
    """Say what the columns of a table without figures are like, and of which of them a person is asked."""
    measure = [MEASURE_ASKED] if MEASURE in headers else []
    return measure + (shape_of(assignment, headers) if kind == "unknown" and not in_text else [])


def _tells_returns(assignment: Assignment) -> bool:
    return any(assignment.column(name) is not None for name in ("returned_units", "refund"))


def _certainty(
    assignment: Assignment, headers: list[str], names: list[str], *, in_text: bool, mapped: bool
) -> tuple[float, bool]:
    """Return how sure it is that these are sales, and whether they are sales without amounts."""
    sure = certainty(assignment, in_text=in_text and not mapped)
    if sure < SURE and not mapped and lists_sales_by_name(assignment, names):
        return SURE, False
    unpriced = sure < SURE and not mapped and not in_text and is_unpriced(assignment, headers, names)
    return SURE if unpriced else sure, unpriced


def _aside(
    kind: TableKind, columns: Columns, assignment: Assignment, channels: list[str], headers: list[str]
) -> tuple[pl.DataFrame | None, pl.DataFrame | None, list[str]]:
    """Return what advertising cost, what came back, and what is told of it, of a table that has no sales."""
    where, named = columns.table.where, channel_named_of(columns, headers)
    if kind == "returns" and columns.height:
        refused = drop_rejected(columns)
        returned = read_returned(columns, assignment, channels, named)
        has_causes = returned is not None and returned["cause"].null_count() < returned.height
        return None, returned, [*refused, *([CAUSES_READ] if has_causes else [])]
    if kind == "advertising" and columns.height:
        ads = read_spent(columns, assignment, channels, named, [*columns.titles, where])
        return ads, None, [SPENT_UNREAD if ads is None else SPENT_UNDATED if ads["first"].has_nulls() else SPENT_READ]
    return None, None, []


def _misplaced(
    table: RawTable,
    columns: Columns,
    headers: list[str],
    sample: pl.DataFrame,
    why: Misplaced,
    assignment: Assignment,
) -> Reading:
    """Report a table whose header does not fit its rows: a person says what its columns are."""
    read = columns_guessed(headers, sample, why.put(assignment))
    identity, asks = header_id(headers), not table.free and may_be_sales(assignment)
    return Reading(TableRead(table.where, UNKNOWN, columns.height, [], [], [why.told], "unknown", read, identity, asks))


def _of_sales(
    table: RawTable,
    row: int,
    columns: Columns,
    assignment: Assignment,
    channels: list[str],
    read_columns: list[ColumnRead],
) -> Reading:
    """Read sales, and tell the columns that they were read by."""
    headers = headers_of(table, row)
    assignment, period = without_span(columns, assignment)
    order = assignment.column("order_id")
    filled = [header for header, profile in zip(headers, assignment.profiles, strict=True) if profile.filled]
    named = channel_named_of(columns, filled)  # a blank column is of no sale here
    by_numbers = None if named or order is None else channel_of_numbers(columns.cells(order))
    if by_numbers in channels and (table.named_by_file or by_numbers) == by_numbers:
        named, columns.channel_from = by_numbers, "dos números dos pedidos"
    drop_marked(columns, assignment)
    drop_joined(columns, order)
    drop_declined(columns, assignment)
    drop_unapproved(columns, assignment, [table.where, *titles_above(table, row), table.filename])
    drop_unwon(columns, assignment)
    drop_ordered(columns, assignment)
    columns.warnings += told_of_payments(columns, assignment)
    copied = without_copies(columns, order, assignment.column("units"))
    frame = with_known_numbers(with_currency(plain.read(columns, assignment, channels, named), columns), columns)
    frame = with_own_costs(with_paid_otherwise(frame, columns, assignment), columns, assignment)
    if copied is not None:
        copied.tell(columns, frame)
    note_other_currencies(columns, assignment)
    tell_which(frame, columns, assignment)
    by_name = named is not None and not frame.is_empty() and bool((frame["channel"] == named).all())
    layout = export_of(headers, named if by_name and not table.free else None)
    columns.warnings += [DOCUMENTED] if layout else []
    if sells_in_reais(layout):
        frame = frame.with_columns(pl.lit("BRL").alias("assumed_currency"))
    shown, used = shown_headers(headers), {assignment.column(name) for name in LABELS} | columns.places
    checked = {shown[index] for index in columns.totals}
    columns.warnings += told_of_unread(columns, assignment, shown)
    report = TableRead(
        f"{table.where}, cabeçalho na linha {table.number(row)}",
        layout or plain.NAME,
        frame.height,
        [name for i, name in enumerate(shown) if i in used or name in checked],
        columns.missing,
        columns.warnings,
        "sales",
        [
            replace(one, field="total", confidence=1.0, by="name") if one.header in checked else one
            for one in read_columns
        ],
        header_id(headers),
    )
    return Reading(report, lines=frame, places=frozenset(columns.read), period=period)


def _of_goods(table: RawTable, row: int, columns: Columns, found: GoodsTable, sample: pl.DataFrame) -> Reading:
    """Read costs and stock, and tell the columns as what they are here."""
    headers = headers_of(table, row)
    where = f"{table.where}, cabeçalho na linha {table.number(row)}"
    goods = read_goods(columns, found.assignment, where, channel_named_of(columns, headers))
    used = {index for guess in found.assignment.guesses if (index := found.assignment.column(guess)) is not None}
    report = TableRead(
        where,
        NAME_OF_GOODS,
        columns.height,
        [name for index, name in enumerate(shown_headers(headers)) if index in used],
        [],
        columns.warnings,
        found.kind,
        columns_guessed(headers, sample, found.assignment),
        header_id(headers),
    )
    return Reading(report, goods=goods, places=frozenset(columns.read))
