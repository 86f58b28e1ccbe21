"""The application: routes, what wraps them, and the services they use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway.http.hosts import AllowedHosts
from gateway.http.request_id import RequestId
from gateway.http.shortcut import Shortcut
from gateway.problems.answers import problem_of
from gateway.problems.problem import Problem
from gateway.routes import api_routes
from gateway.routes.plans import PATH
from gateway.running import running
from gateway.settings import Settings
from gateway.ui.problems import problem_page
from gateway.ui.routes import ui_routes
from schemas.process.database_away import DATABASE_FAILS


def create_app(settings: Settings) -> Starlette:
    """Return the gateway. Its services live from the start to the end of its lifespan, as `app.state.services`."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with running(settings) as app.state.services:
            yield

    routes = all_routes()
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(RequestId),
            Middleware(AllowedHosts, hosts=settings.allowed_hosts),
            Middleware(Shortcut, route=_one_plan(routes)),
        ],
        exception_handlers={HTTPException: _refuse, Exception: _refuse},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.problem_page = problem_page
    return app


def all_routes() -> list[BaseRoute]:
    """Return every route: the API first, because it gets most requests, then the pages."""
    return [*api_routes(), *ui_routes()]


def _one_plan(routes: list[BaseRoute]) -> Route:
    """Return the route of one plan: what is read and decided most."""
    return next(one for one in routes if isinstance(one, Route) and one.path == PATH + "/{plan_id}")


async def _refuse(request: Request, error: Exception) -> Response:
    """Answer what no route has answered: unknown addresses, and mistakes outside of the routes."""
    problem = problem_of(error)
    path = request.url.path
    if not path.startswith("/api/") and "text/html" in request.headers.get("accept", ""):
        await _recognise(request)
        return problem_page(request, problem)
    return problem.response(path, request.state.request_id)


async def _recognise(request: Request) -> None:
    """Identify the caller for an error page's navigation; strangers get none, and nobody while the database is away."""
    with suppress(Problem, TimeoutError, *DATABASE_FAILS):
        identity = await request.app.state.services.access.identify(request)
        if identity is not None and identity.sign_in is not None:
            request.state.principal, request.state.csrf = identity.principal, identity.sign_in.csrf
