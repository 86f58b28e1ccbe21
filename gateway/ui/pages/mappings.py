"""`/mappings`: people's mappings of columns, to be seen, changed and deleted."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from gateway.intake import IGNORE, Refused
from gateway.problems.answers import problem_of
from gateway.problems.problem import Problem
from gateway.ui import flash, forms, i18n, preferences
from gateway.ui.column_choices import CURRENCIES, field_words, groups
from gateway.ui.i18n import gettext as _
from gateway.ui.once import unchanged
from gateway.ui.pages.mapping import complaint_of
from gateway.ui.problems import in_words
from gateway.ui.rendering import go, render
from gateway.uploads import mapping_store
from gateway.uploads.mapping_change import Change, changed_mapping, forget_mapping
from gateway.uploads.mapping_form import of_picks
from projections.reads.paging import BadCursor

PAGE = "/mappings"


async def show(request: Request) -> Response:
    """Show the mappings, the one used last first."""
    i18n.use(preferences.read(request).language)
    cursor = request.query_params.get("cursor", "")[:2000]
    try:
        found = await mapping_store.page(request.state.services.shown, cursor or None)
    except BadCursor:
        return go(request, PAGE)
    return await render(
        request,
        "mappings.html",
        found=found,
        cursor=cursor,
        fields=field_words(),
        groups=groups(),
        ignore=IGNORE,
        currencies=CURRENCIES,
    )


async def change(request: Request, header_id: str) -> Response:
    """Store the mapping of the dropdowns; an invalid one changes nothing."""
    form = await forms.begin(request)
    try:
        picks, was = of_picks(forms.texts(form, "pick")), of_picks(forms.texts(form, "was")).get(header_id, {})
    except ValueError:
        picks, was = {}, {}
    columns = {name: field for name, field in picks.get(header_id, {}).items() if was.get(name) != field}
    written = {name: forms.text(form, name, 40) for name in ("currency", "channel") if name in form}
    changed = Change(columns, **forms.edited(form, written))
    if changed == Change():
        return go(request, PAGE, unchanged())
    try:
        await changed_mapping(request, header_id, changed, _team(form))
    except (Problem, Refused) as error:
        problem = problem_of(error)
        if problem.kind == "not-found":
            raise
        wrong = tuple(e["message"] for e in problem.extra.get("errors", ()))
        text = complaint_of(picks, wrong) if wrong else ": ".join(in_words(problem))
        return go(request, PAGE, flash.Flash("fail", _("Nothing was changed. %(why)s", why=text)))
    said = _("Changed. The next document with these columns is read like this; plans that there are stay.")
    return go(request, PAGE, flash.Flash("done", said))


async def forget(request: Request, header_id: str) -> Response:
    """Delete a mapping."""
    form = await forms.begin(request)
    await forget_mapping(request, header_id, _team(form))
    return go(request, PAGE, flash.Flash("done", _("Forgotten. The next document with these columns asks again.")))


def _team(form: FormData) -> str:
    """Return the id of the team that the form says the mapping is of; empty for the company's."""
    return forms.text(form, "team", 40)
