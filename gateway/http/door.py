"""The one door: each route is declared here with its scope and role, and each request is checked here.

The order: authentication, role and scope, rate limit, whether the caller may see the target, the shape of query and
body. Then the handler runs. Its signature says what it takes: path parameters by name, `query` and `body` as shapes.
The OpenAPI document is made from the same signatures.
"""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from uuid import UUID

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from gateway.access.authenticate import Identity, anonymous, forbidden, out_of_scope
from gateway.access.csrf import FIELD, HEADER, demand_same_origin, demand_token
from gateway.access.roles import Principal, Role
from gateway.access.scopes import OF_ROLES, KeyScope, opens
from gateway.access.visible_plans import demand_seen
from gateway.http.bodies import answer_and_linger, media_type, parse_json, read_all
from gateway.http.counting import count, count_named, named_in, named_in_form
from gateway.http.signatures import Handler, signature_of
from gateway.http.tracing import RequestTrace, traced
from gateway.problems.answers import problem_of
from gateway.problems.in_the_way import have_it_judged
from gateway.problems.problem import Problem, Silent, invalid, not_found
from gateway.shapes.shape import Given, Taken
from schemas.process.database_away import DATABASE_FAILS

log = structlog.get_logger("gateway")

#: The limits that an operation can count against (gateway/access/limits.py).
LimitName = Literal["reads", "commands", "uploads", "streams", "login"]
#: Addresses that need no key; a hook needs a signature. A test asks all routes: no other is open.
OPEN_PATHS: Final = frozenset(
    {
        "/health/live",
        "/health/ready",
        "/login",
        "/login/oidc",
        "/login/oidc/back",
        "/login/oidc/ended",
        "/login/oidc/leave",
        "/api/hooks/pagerduty",
    }
)
#: Addresses that a key may use whatever its scopes: a sign-in can always be ended.
EVERY_SCOPE: Final = frozenset({"/logout"})
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SAFE: Final = frozenset({"GET", "HEAD"})
_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of a path: its handler, and who may call it. `role` None is for OPEN_PATHS only.

    `streams`: the handler reads the body itself (and checks the CSRF token of a page), or its answer has no end; so it
    has no time limit. `page`: for people; a refusal leads to the login page. `limit` None is for probes: a supervisor
    whose probe has to wait would restart this process.
    """

    handler: Handler
    role: Role | None
    limit: LimitName | None = "reads"
    answer: type[Given] | None = None
    status: int = 200
    errors: tuple[str, ...] = ()
    streams: bool = False
    page: bool = False
    hidden: bool = False  # not in the OpenAPI document
    media: str = "application/json"  # of the answer
    files: tuple[str, ...] = ()  # what the answer can be instead, where it is a file
    also: tuple[int, type[Given], str] | None = None  # another answer that it may give, and when
    takes: str = ""  # of the body, where the handler reads it itself
    scope: KeyScope | None = None  # where it does not follow from the rest: see `scope_of`


class Resource:
    """All operations of one path, as an ASGI application."""

    def __init__(self, path: str, operations: dict[str, Operation]) -> None:
        for method, operation in operations.items():
            if operation.role is None and path not in OPEN_PATHS:
                raise ValueError(f"{method} {path} demands no role, and is not one of the open paths")
            if operation.role is not None and path not in EVERY_SCOPE and scope_of(method, operation) is None:
                raise ValueError(f"{method} {path} changes something, and does not say of which scope it is")
        self.path = path
        self.operations = operations
        self.scopes = {o: None if path in EVERY_SCOPE else scope_of(m, o) for m, o in operations.items()}
        self.signatures = {o: signature_of(o.handler, path) for o in operations.values()}
        self._allow = ", ".join(sorted({*operations, *(["HEAD"] if "GET" in operations else [])}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        request = Request(scope, receive, send)
        state = request.state  # each look at it costs as much as what is looked for
        services = state.services = scope["app"].state.services
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        operation = self.operations.get(method)
        request_id = scope["state"]["request_id"]
        extra: list[tuple[bytes, bytes]] = []
        with traced(scope, self.path, request_id) as trace:
            state.traceparent = trace.traceparent
            try:
                response = await self._serve(request, operation, extra)
            except Silent:
                return
            except Exception as error:  # every failure has an answer
                with suppress(*DATABASE_FAILS):  # whoever asks again meets it again
                    await have_it_judged(services.pool, error)
                response = _refusal(request, operation, error, trace)
            status = response.status_code
            trace.answered(status)
            response.raw_headers.extend(extra)
            try:
                if scope["state"].get("unread", False):
                    await answer_and_linger(response, scope, receive, send)
                else:
                    await response(scope, receive, send)
            finally:
                seconds = time.perf_counter() - began
                services.metrics.request(method, self.path, status, seconds, trace.recorded)

    async def _serve(self, request: Request, operation: Operation | None, extra: list[tuple[bytes, bytes]]) -> Response:
        if operation is None:
            detail = f"{self.path} knows {self._allow}."
            raise Problem("method-not-allowed", detail, headers={"Allow": self._allow})
        state = request.state
        services = state.services
        signature = self.signatures[operation]
        identity = await services.access.identify(request) if operation.role is not None else None
        state.principal = identity.principal if identity else None
        state.sign_in = sign_in = identity.sign_in if identity else None
        state.csrf = sign_in.csrf if sign_in else ""
        if operation.role is not None:
            state.services = _for(_allowed(identity, operation.role, self.scopes[operation]), services)
        if operation.limit is not None:
            await count(request, operation.limit, 1, extra)
        arguments = {name: _path_value(request, name, kind) for name, kind in signature.path.items()}
        if identity is not None and arguments:
            await demand_seen(services.pool, identity.principal, arguments)
        if signature.query is not None:
            arguments["query"] = _query(request, signature.query)
        elif not operation.page and request.scope["query_string"]:
            raise invalid(("", "this address takes no query parameters"))
        if request.method not in _SAFE:
            await count_named(request, operation.limit, await _check_write(request, operation), extra)
        if signature.body is not None:
            arguments["body"] = body = await _json(request, signature.body, services.settings)
            await count_named(request, operation.limit, named_in(body), extra)
        if operation.streams:
            return await operation.handler(request, **arguments)
        async with asyncio.timeout(services.settings.request_timeout):
            return await operation.handler(request, **arguments)


def scope_of(method: str, operation: Operation) -> KeyScope | None:
    """Return the scope of an operation; None if the operation itself has to name one.

    An operation for admins or operators has the scope of that role. Otherwise the scope follows from the rate limit.
    """
    if operation.scope is not None:
        return operation.scope
    if operation.role is not None and operation.role in OF_ROLES:
        return OF_ROLES[operation.role]
    if operation.limit == "uploads":
        return KeyScope.UPLOAD
    return KeyScope.READ if method in _SAFE or operation.limit == "reads" else None


def _allowed(identity: Identity | None, needed: Role, scope: KeyScope | None) -> Principal:
    """Return the caller. Raises Problem 401 or 403."""
    if identity is None:
        raise anonymous()
    if not identity.principal.role.includes(needed):
        raise forbidden(identity.principal, needed)
    if scope is not None and not opens(identity.principal.scopes, scope):
        raise out_of_scope(identity.principal, scope)
    return identity.principal


def _for(principal: Principal, services: Any) -> Any:
    """Return the services, limited to the plans that the caller may see."""
    return replace(services, viewer=principal) if principal.confined else services


def resource(path: str, **operations: Operation) -> Route:
    """Declare a path: `resource("/api/x", GET=Operation(...), POST=Operation(...))`."""
    return Route(path, Resource(path, operations), name=path)


def page(path: str, handler: Handler, role: Role | None, *, method: Literal["GET", "POST"] = "GET") -> Route:
    """Declare a page for people. POST takes a form with a field `csrf_token`; refusals lead to the login page."""
    return pages(path, GET=(handler, role)) if method == "GET" else pages(path, POST=(handler, role))


def pages(path: str, *, scope: KeyScope | None = None, **handlers: tuple[Handler, Role | None]) -> Route:
    """Declare a page with several methods: `pages("/login", GET=(form, None), POST=(sign_in, None))`.

    `scope`: of the POST, if it does not follow from the role; without a POST, of the page itself.
    """
    return resource(
        path,
        **{
            method: Operation(
                handler,
                role,
                limit="reads" if method == "GET" else "login" if role is None else "commands",
                page=True,
                hidden=True,
                media="text/html",
                scope=None if method == "GET" and "POST" in handlers else scope,
            )
            for method, (handler, role) in handlers.items()
        },
    )


def _path_value(request: Request, name: str, kind: type) -> Any:
    text = request.path_params[name]
    if kind is not UUID:
        return text
    if _UUID.fullmatch(text) is None:
        what = name.removesuffix("_id")
        raise not_found(what, f"'{text[:80]}': ids look like 3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a")
    return UUID(text)


def _query(request: Request, shape: type[Taken]) -> Taken:
    values: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        values.setdefault(name, []).append(value)
    return shape.model_validate(values)


async def _json(request: Request, shape: type[Taken], settings: Any) -> Taken:
    if media_type(request) != "application/json":
        raise Problem(
            "unsupported-media-type",
            "Send JSON, with 'Content-Type: application/json'.",
            headers={"Accept": "application/json"},
        )
    raw = await read_all(request, settings.max_json_bytes, settings.body_timeout)
    request.state.raw_body = raw
    return shape.model_validate(parse_json(raw))


async def _check_write(request: Request, operation: Operation) -> int:
    """Check that a browser's write comes from one of our pages; return how many targets its form names.

    A request with an API key of its own needs no such proof.
    """
    sign_in, named = request.state.sign_in, 1
    if sign_in is None and not operation.page:
        return named
    demand_same_origin(request.headers)
    token: object = request.headers.get(HEADER)
    if operation.page and not operation.streams:
        form = await _form(request)  # read with our limits; the handler's request.form() gives the same
        token, named = token or form.get(FIELD), named_in_form(form)
    if sign_in is not None and (token is not None or not operation.streams):
        demand_token(sign_in, token)
    return named


async def _form(request: Request) -> Any:
    settings = request.state.services.settings
    if media_type(request) not in _FORMS:
        raise Problem("unsupported-media-type", "Send a form.")
    raw = await read_all(request, settings.max_json_bytes, settings.body_timeout)
    request._body = raw  # noqa: SLF001 - what request.body() would keep, read with our limits
    return await request.form()


def _refusal(request: Request, operation: Operation | None, error: Exception, trace: RequestTrace) -> Response:
    problem = problem_of(error)
    request_id = request.state.request_id
    if problem.status >= 500:
        trace.failed(error)
        if problem.kind == "internal":
            log.error("request failed", path=request.url.path, exc_info=error)
        else:
            log.warning("not available", cause=f"{type(error).__name__}: {error}"[:300])
    if problem.kind == "unauthenticated":
        request.state.services.metrics.auth_failures.inc()
    render = getattr(request.app.state, "problem_page", None)
    if operation is not None and operation.page and render is not None:
        rendered: Response = render(request, problem)
        return rendered
    return problem.response(request.url.path, request_id)
