"""Shows the unsure columns of a document, to be mapped and confirmed. The browser sends the file with each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.intake import IGNORE, Mappings, Refused
from gateway.problems.answers import problem_of
from gateway.problems.problem import not_found
from gateway.shapes.uploads import TableSeen, UploadPreview
from gateway.ui import i18n, preferences
from gateway.ui.column_choices import CURRENCIES, field_words, first_picks, groups, kind_told, lacking
from gateway.ui.i18n import gettext as _
from gateway.ui.pages.uploaded import uploaded
from gateway.ui.problems import in_words
from gateway.ui.rendering import render
from gateway.ui.words.proposal_words import in_words_of
from gateway.uploads.document_read import DocumentRead
from gateway.uploads.mapping_form import of_picks
from gateway.uploads.multipart import MAX_FIELDS, Form
from gateway.uploads.not_sure import ColumnsNotSure, preview, preview_of_plan
from gateway.uploads.proposing import Proposal, offered, propose
from gateway.uploads.upload_team import team_of
from gateway.uploads.uploading import accept, arrived, read_arrived
from gateway.uploads.wanted import Wanted
from projections.plans import reads as plans
from projections.reads import documents

#: The most dropdowns of a form: a table with more columns is mapped by the API.
MAX_PICKS: Final = 400


async def look(request: Request) -> Response:
    """Show the columns, and the sums by the form's mapping. Nothing is stored."""
    i18n.use(preferences.read(request).language)
    async with arrived(request, MAX_FIELDS + MAX_PICKS, lenient=True, of_sales=False) as (form, wanted):
        read, complaint = await _read(request, form, wanted)
        seen, picks = preview(read), picks_of(form)
        if wanted.propose:
            return await _proposed(request, form, wanted, picks)
        if not picks and not wanted.mappings:  # the dropdowns show what was guessed: the sums are those of that
            picks = guesses(seen, wanted)
            if picks:
                read = await read_arrived(request, form, wanted, picks)
            else:  # nothing is asked: all that was read is shown, to be corrected
                picks = taken_for(seen.tables)
    # the columns stay as they were guessed, the sums are those of the mapping
    sums = preview(read)
    seen = seen.model_copy(update={"channels": sums.channels, "goods": sums.goods, "sure": read.sure})
    return await page(request, seen, wanted, form.filename, picks, complaint)


async def of_plan(request: Request, plan_id: UUID) -> Response:
    """Show the columns of a plan's document as they were read, to be corrected; the person sends the file again."""
    i18n.use(preferences.read(request).language)
    db = request.state.services.shown
    plan, found = await plans.get(db, plan_id), await documents.figures_of_plan(db, plan_id)
    if plan is None or found is None:
        raise not_found("plan with a document", str(plan_id))
    seen = preview_of_plan(found)
    said = next((one.told_currency for one in seen.tables if one.told_currency), "")
    team = await team_of(request.state.services.pool, plan_id) or ""
    wanted = Wanted(plan.channels, plan.priority, plan.title, currency=said, team=team)
    return await page(request, seen, wanted, plan.filename, taken_for(seen.tables), "", plan_id=plan_id)


def taken_for(tables: Sequence[TableSeen]) -> Mappings:
    """Return the field that each column was taken for, sure or not."""
    return {one.header_id: first_picks(one, of_goods=False) for one in tables if one.header_id and one.columns}


async def _proposed(request: Request, form: Form, wanted: Wanted, picks: Mappings) -> Response:
    """Show the page with an agent's proposal, or unchanged with the reason why there is none."""
    bare = await read_arrived(request, form, wanted, {})
    seen = preview(bare)
    own = guesses(seen, wanted)
    said = await propose(request, form, wanted, bare)
    picked = with_proposal(picks or own, own, said.columns)
    read, complaint = await _read(request, form, replace(wanted, mappings=picked, complaints=()))
    sums = preview(read)
    seen = seen.model_copy(update={"channels": sums.channels, "goods": sums.goods, "sure": read.sure})
    return await page(request, seen, wanted, form.filename, picked, complaint, proposal=said)


def with_proposal(picks: Mappings, own: Mappings, proposed: Mappings) -> Mappings:
    """Return the picks with the proposal in place of our guesses. The person's choices stay."""
    found: Mappings = {}
    for header_id, columns in picks.items():
        chosen = {column: field for column, field in columns.items() if field != own.get(header_id, {}).get(column)}
        said = {
            column: field
            for column, field in proposed.get(header_id, {}).items()
            if column in columns and column not in chosen and field not in chosen.values()
        }
        rest = {column: IGNORE if field in said.values() else field for column, field in columns.items()}
        found[header_id] = rest | said | chosen
    return found


async def confirm(request: Request) -> Response:
    """Make the plan by the form's mapping; an invalid mapping is shown with its mistakes."""
    i18n.use(preferences.read(request).language)
    async with arrived(request, MAX_FIELDS + MAX_PICKS, lenient=True, of_sales=False) as (form, wanted):
        # every button sends the dropdowns
        asked = replace(wanted, mappings={}, complaints=()) if wanted.anyway else wanted
        read, complaint = await _read(request, form, asked)
        if not complaint and (read.sure or asked.anyway):
            return await uploaded(request, lambda: accept(request, form, asked, read))
    if not complaint and wanted.channels:
        complaint = _("The columns still do not tell enough for figures.")
    return await page(request, preview(read), wanted, form.filename, picks_of(form), complaint, status=422)


async def ask(request: Request, found: ColumnsNotSure) -> Response:
    """Show the columns of an upload that was refused for them."""
    asked = found.wanted
    wanted = Wanted(asked.channels, asked.priority, asked.title, currency=asked.currency, team=asked.team)
    seen = preview(found.read)
    picks = guesses(seen, wanted)
    return await page(request, seen, wanted, found.filename, picks, "", status=422, looked=False)


async def page(  # noqa: PLR0913 - what the page shows
    request: Request,
    seen: UploadPreview,
    wanted: Wanted,
    filename: str,
    picks: Mappings,
    complaint: str,
    *,
    status: int = 200,
    looked: bool = True,
    proposal: Proposal | None = None,
    plan_id: UUID | None = None,
) -> Response:
    """Return the page with the tables that ask, and those that were mapped here. `looked`: the sums are theirs.

    Of tables that do not ask, the form tells what their columns were taken for: what is left so is no mapping.
    Who asks for no channel tells of costs or stock, and is asked about those alone.
    """
    of_goods = not wanted.channels
    tables = [table for table in seen.tables if table.asks or table.header_id in picks]
    shown = {
        table.header_id: first_picks(table, of_goods=of_goods) | picks.get(table.header_id, {}) for table in tables
    }
    return await render(
        request,
        "mapping.html",
        status=status,
        seen=seen,
        tables=tables,
        taken={one.header_id: _as_read(one, of_goods=of_goods) for one in tables if not one.asks},
        asked=any(one.asks for one in tables),
        plan_id=plan_id,
        of_goods=of_goods,
        ignored=IGNORE,
        told={header_id for header_id, columns in shown.items() if set(columns.values()) != {IGNORE}},
        kinds={header_id: kind_told(columns, of_goods=of_goods) for header_id, columns in shown.items()},
        currencies=CURRENCIES,
        wanted=wanted,
        filename=filename,
        complaint=complaint,
        lacking=lacking(shown.values()),
        looked=looked,
        picked=lambda table, column: shown[table.header_id][column.header],
        groups=groups(of_goods=of_goods),
        ignore=IGNORE,
        offered=await offered(request),
        proposal=None if proposal is None else in_words_of(proposal),
        proposed={} if proposal is None else proposal.columns,
    )


def _as_read(table: TableSeen, *, of_goods: bool) -> dict[str, str]:
    """Return what columns were taken for without a person: what a person said before is said again with each change."""
    people = {column.header for column in table.columns if column.by == "person"}
    picks = first_picks(table, of_goods=of_goods)
    return {column: field for column, field in picks.items() if column not in people}


def guesses(seen: UploadPreview, wanted: Wanted) -> Mappings:
    """Return the mapping that the dropdowns show at first: what each column of a table that asks was taken for."""
    return {table.header_id: first_picks(table, of_goods=not wanted.channels) for table in seen.tables if table.asks}


def picks_of(form: Form) -> Mappings:
    """Return what the dropdowns say, with or without sense."""
    try:
        return of_picks(form.fields.get("pick", []))
    except ValueError:
        return {}


async def _read(request: Request, form: Form, wanted: Wanted) -> tuple[DocumentRead, str]:
    """Read the document by the form's mapping; if that is invalid, say why and read without it."""
    if wanted.complaints:
        return await read_arrived(request, form, wanted, {}), complaint_of(picks_of(form), wanted.complaints)
    try:
        return await read_arrived(request, form, wanted, wanted.mappings), ""
    except Refused as refused:
        if not wanted.mappings or not refused.code.startswith("mapping-"):
            raise
        return await read_arrived(request, form, wanted, {}), ": ".join(in_words(problem_of(refused)))


def complaint_of(picks: Mappings, otherwise: tuple[str, ...]) -> str:
    """Say in the reader's language which field has two columns, or else repeat the API's reason."""
    words: dict[str, Any] = field_words()
    for columns in picks.values():
        counts = Counter(field for field in columns.values() if field != IGNORE)
        for field, count in counts.items():
            if count > 1 and field in words:
                names = ", ".join(column for column, one in columns.items() if one == field)
                return _(
                    "“%(field)s” is given to several columns (%(columns)s): choose one.",
                    field=words[field],
                    columns=names,
                )
    return "; ".join(otherwise)
