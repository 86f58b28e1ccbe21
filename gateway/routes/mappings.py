"""What people said of columns: list, change, forget."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.http.door import Operation, resource
from gateway.problems.problem import not_found
from gateway.routes.answers import json_answer
from gateway.shapes.uploads import MappingList, MappingOf, MappingShape, MappingWanted
from gateway.uploads import mapping_store
from gateway.uploads.mapping_change import Change, changed_mapping, forget_mapping


def routes() -> list[BaseRoute]:
    errors = ("bad-request", "not-found", "too-large", "unsupported-media-type", "invalid")
    return [
        resource("/api/mappings", GET=Operation(find, Role.VIEWER, "reads", MappingList)),
        resource(
            "/api/mappings/{header_id}",
            PUT=Operation(change, Role.ANALYST, "commands", MappingShape, 200, errors, scope=KeyScope.UPLOAD),
            DELETE=Operation(
                forget, Role.ANALYST, "commands", None, 204, ("not-found", "invalid"), scope=KeyScope.UPLOAD
            ),
        ),
    ]


async def find(request: Request) -> Response:
    """List the mappings of columns, the one used last first.

    A mapping is used for every document of its team that has the same header; one without a team, for documents of no
    team, and of teams that have said nothing of the header. You see your teams' and those without a team.
    """
    found = await mapping_store.find_all(request.state.services.shown)
    return json_answer(MappingList.model_validate({"items": found}))


async def change(request: Request, header_id: str, query: MappingOf, body: MappingWanted) -> Response:
    """Change what the columns of a header mean. Plans that were made before do not change."""
    kept = await changed_mapping(request, header_id, Change(body.columns, body.currency, body.channel), query.team)
    return json_answer(MappingShape.model_validate(kept))


async def forget(request: Request, header_id: str, query: MappingOf) -> Response:
    """Forget a mapping: the next document with this header is read by its names and content alone."""
    if not await forget_mapping(request, header_id, query.team):
        raise not_found("mapping of a header", f"'{header_id[:80]}'")
    return Response(status_code=204)
