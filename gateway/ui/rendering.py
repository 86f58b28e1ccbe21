"""Templates to responses: one environment, one base context. The gateway adds the security headers."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gateway.figures.rules import rule_of
from gateway.ui import amounts, comes_back, flash, formats, i18n, navigation, preferences, signed_in, states
from gateway.ui.comes_back import PART_HEADER
from gateway.ui.figures import nav_counts, verdict
from gateway.ui.words import (
    check_words,
    evidence_words,
    failure_words,
    figure_words,
    own_words,
    proof_words,
    reading_words,
    repair_words,
    wording,
)
from gateway.ui.words.lifecycle_words import PLAN_BUTTONS
from gateway.ui.words.script_words import script_words
from gateway.ui.words.sentences import of_frame
from gateway.ui.written import written, written_in
from schemas.channels import CHANNELS, channel_name
from schemas.dead_letters import without_code
from schemas.lifecycle import APPROVED, OF
from schemas.numbers import those_in
from schemas.plan import PRIORITIES
from schemas.process.version import Build, build
from schemas.written import ERASED

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
_ERASED: Final = i18n.mark("[erased]")


def _in_words(value: Any) -> Any:
    """Return what a template shows: of a text whose key is erased it says so in the reader's language."""
    return value.replace(ERASED, i18n.gettext(_ERASED)) if isinstance(value, str) and ERASED in value else value


@cache
def environment() -> Environment:
    """Return the template environment: escapes everything, knows every formatter, fails on unknown names."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        finalize=_in_words,
    )
    env.newstyle_gettext = True  # type: ignore[attr-defined]  # the functions below take the values
    env.globals.update(_globals())
    env.filters.update(_filters())
    return env


def _globals() -> dict[str, Any]:
    return {
        "_": i18n.on_page,
        "gettext": i18n.on_page,
        "ngettext": i18n.plural_on_page,
        "static": static_url,
        "look": states.look,
        "roles": states.ROLE,
        "written": written,
        "written_in": written_in,
        "key_scopes": states.SCOPE,
        "channels": CHANNELS,
        "channel_name": channel_name,
        "priorities": PRIORITIES,
        "event_words": wording.event,
        "js_words": script_words,
        "rule_words": wording.rule,
        "rule_ahead_words": wording.rule_ahead,
        "layout_words": wording.layout,
        "check_words": check_words,
        "approved": APPROVED,
        "proof_words": proof_words,
        "rule_of": rule_of,
        "failure_words": failure_words.failure,
        "actor_words": wording.actor,
        "own_words": own_words.said,
        "evidence_words": evidence_words.said,
        "repair_words": repair_words.said,
        "figures": figure_words,
        "languages": i18n.LOCALES,
        "build": build,
        "build_text": lambda told: str(Build(told.version, told.commit)),
        "form_key": lambda: str(uuid4()),
        "lives": OF,
        "plan_buttons": PLAN_BUTTONS,
    }


def _filters() -> dict[str, Any]:
    return {
        "place": reading_words.place,
        "remark": reading_words.remark,
        "time": formats.time_tag,
        "as_of": formats.as_of,
        "until": formats.until,
        "lasting": formats.lasting,
        "brl": amounts.brl,
        "number": amounts.number,
        "counted": amounts.counted,
        "figure": amounts.figure,
        "bare": amounts.bare,
        "sign": amounts.sign,
        "percent": amounts.percent,
        "month": amounts.month,
        "day": amounts.day,
        "size": formats.size,
        "those_in": those_in,
        "span": formats.span,
        "short": formats.short_id,
        "channel_name": channel_name,
        "json_text": formats.pretty_json,
        "moment": formats.moment,
        "iso_day": formats.iso_day,
        "pick_json": formats.pick_json,
        "commands": formats.commands,
        "without_code": without_code,
    }


@cache
def static_url(name: str) -> str:
    """Return a static file's address with its content's hash, so that it may be kept for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def wants_part(request: Request) -> bool:
    """Say whether only the inside of <main> is asked for."""
    return request.headers.get(PART_HEADER) == "main"


async def render(
    request: Request, template: str, *, status: int = 200, tasks_of: UUID | None = None, **values: Any
) -> Response:
    """Return a page (or its inside) in the browser's language.

    `tasks_of`: the one plan whose tasks it shows; they are offered to those who see it.
    """
    i18n.use(preferences.read(request).language)  # the line about the system is worded before the page is
    counts = await nav_counts(request) if signed_in.principal(request) else {}
    told = of_frame(await verdict(request)) if signed_in.principal(request) and "sentence" not in values else None
    services = request.state.services
    everybody = await services.access.people.known()
    seeing = everybody.keys() if tasks_of is None else await services.access.people.who_see(tasks_of)
    found = {
        "counts": counts,
        "system_says": told,
        "trace_page": services.settings.trace_page,
        "grafana_url": services.settings.grafana_url,
        "everybody": everybody,
        "assignable": [(handle, one.name) for handle, one in everybody.items() if not one.ended and handle in seeing],
    }
    return render_without_counts(request, template, status=status, **found, **values)


def render_without_counts(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Return a page without asking the database for the navigation's badges."""
    preferred = preferences.read(request)
    i18n.use(preferred.language)
    refused = comes_back.which(request)
    said = flash.read(request) if refused is None else refused.said
    who = signed_in.principal(request)
    context = {
        "layout": "part.html" if wants_part(request) else "page.html",
        "path": request.url.path,
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "principal": who,
        "pages": () if who is None else tuple(p for p in navigation.pages_for(who) if not p.rare),
        "may_open": lambda address: who is not None and navigation.may_open(address, who),
        "may_upload": signed_in.may_upload(request),
        "may_decide": signed_in.may_decide(request),
        "may_override": signed_in.may_override(request),
        "may_work": signed_in.may_work(request),
        "may_sign_out": signed_in.may_sign_out(request),
        "can": partial(signed_in.actions, request),
        "csrf": signed_in.csrf(request),
        "preferences": asdict(preferred),
        "flash": said,
        "came_back": refused is not None,
        "counts": {},
        "system_says": None,
        "everybody": {},
        "assignable": (),
        "locale": i18n.current(),
        **values,
    }
    page = environment().get_template(template).render(context)
    if refused is not None:
        page, status = refused.in_page(page), 422 if status == 200 else status
    response = HTMLResponse(page, status)
    response.headers["Vary"] = "Cookie, X-Part"
    if said is not None:
        response.delete_cookie(flash.COOKIE, path="/")
    return response


def go(request: Request, path: str, said: flash.Flash | None = None, *, refused: bool = False) -> Response:
    """Return the redirect that follows a POST, carrying its result.

    A form that was `refused`, as those are of which a failure is said, comes back as it was written.
    """
    if said is not None and (refused or said.tone == "fail"):
        form = comes_back.refused(request, said)
        if form is not None:
            return comes_back.ComesBack(path, form)
    response = RedirectResponse(path, 303)
    before = comes_back.which(request)
    said = before.said if said is None and before is not None else said
    if said is not None:
        flash.store(response, said, secure=signed_in.is_https(request))
    return response
