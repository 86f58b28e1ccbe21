"""Problems in the reader's language; a kind without words here keeps those of the API."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.problems.problem import Problem
from gateway.ui import comes_back, i18n, preferences
from gateway.ui.flash import Flash
from gateway.ui.i18n import gettext as _
from gateway.ui.rendering import render_without_counts, wants_part
from gateway.ui.words.content_words import words_for
from gateway.ui.words.problem_words import BREAKERS, DOWNLOADS, KINDS, REFUSALS

#: Statuses of refusals that a person can answer with another form.
_MENDED: Final = frozenset({400, 409, 422})


def in_words(problem: Problem) -> tuple[str, str]:
    """Return title and advice in the current language."""
    code = str(problem.extra.get("code", ""))
    of_content = words_for(code, str(problem.extra.get("content", "")))
    known = of_content or REFUSALS.get(code) or BREAKERS.get(code) or DOWNLOADS.get(code) or KINDS.get(_kind(problem))
    return (_(known[0]), _(known[1])) if known else (problem.title, problem.detail)


def _kind(problem: Problem) -> str:
    return "out-of-scope" if "neededScope" in problem.extra else problem.kind


def problem_page(request: Request, problem: Problem) -> Response:
    """Return the page for a refusal; who is not signed in is led to the login page and back."""
    if problem.kind == "unauthenticated":
        return _to_login(request)
    i18n.use(preferences.read(request).language)
    title, text = in_words(problem)
    said = Flash("fail", f"{title}. {text}")
    form = comes_back.refused(request, said) if problem.status in _MENDED else None
    if form is not None and form.page:
        return comes_back.ComesBack(form.page, form)
    # scripts that sent a form put the message above it, and leave the form as it is
    above = {"flash": said} if request.method == "POST" and wants_part(request) else {}
    response = render_without_counts(
        request,
        "error.html",
        status=problem.status,
        title=title,
        text=text,
        back=_previous(request),
        again=_again(request, problem),
        **above,
    )
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def _to_login(request: Request) -> Response:
    wanted = _address(request) if request.method == "GET" else "/"
    login = request.url.replace(path="/login", query="").include_query_params(next=wanted)
    return RedirectResponse(f"/login?{login.query}" if wanted != "/" else "/login", 303)


def _again(request: Request, problem: Problem) -> str:
    """Return the address of a page that can be had in a moment; "" of any other, of a file and of what a form sent.

    A page is read again by itself: a file would be written, and its download noted, each time.
    """
    is_page = request.method == "GET" and not PurePosixPath(request.url.path).suffix
    return _address(request) if problem.status == 503 and is_page else ""


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _previous(request: Request) -> str:
    return "/" if request.method == "GET" else request.url.path.rsplit("/", 1)[0] or "/"
