"""People: for admins. And everybody's own sign-ins."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.http.door import Operation, resource
from gateway.operations import people
from gateway.routes.answers import json_answer
from gateway.routes.refusals import OF_A_BODY, OF_ONE
from gateway.services.services import Services
from gateway.shapes.keys import LinkWanted
from gateway.shapes.people import (
    OwnChange,
    OwnShape,
    PeopleList,
    PersonChange,
    PersonErased,
    PersonErasure,
    PersonLinkMade,
    PersonShape,
    PersonWanted,
    SignInList,
)


def routes() -> list[BaseRoute]:
    one = "/api/people/{handle}"
    return [
        resource(
            "/api/people",
            GET=Operation(every, Role.ADMIN, "reads", PeopleList),
            POST=Operation(make, Role.ADMIN, "commands", PersonShape, 201, OF_A_BODY),
        ),
        # no handle is "me"
        resource(
            "/api/people/me",
            GET=Operation(own, Role.VIEWER, "reads", OwnShape, 200, ("not-found",)),
            PATCH=Operation(change_own, Role.VIEWER, "commands", OwnShape, 200, OF_ONE, scope=KeyScope.TASKS),
        ),
        resource(
            one,
            PATCH=Operation(change, Role.ADMIN, "commands", PersonShape, 200, (*OF_ONE, "wrong-status")),
            DELETE=Operation(end, Role.ADMIN, "commands", None, 204, ("not-found", "wrong-status")),
        ),
        resource(f"{one}/link", POST=Operation(link, Role.ADMIN, "commands", PersonLinkMade, 201, OF_ONE)),
        resource(
            f"{one}/erasure",
            POST=Operation(erase, Role.ADMIN, "commands", PersonErased, 200, (*OF_ONE, "wrong-status")),
        ),
        resource("/api/sign-ins", GET=Operation(sign_ins, Role.VIEWER, "reads", SignInList)),
        resource(
            "/api/sign-ins/{sign_in_id}",
            DELETE=Operation(end_sign_in, Role.VIEWER, "commands", None, 204, ("not-found",), scope=KeyScope.ADMIN),
        ),
    ]


async def every(request: Request) -> Response:
    """List the people; those who have ended come last."""
    services: Services = request.state.services
    return json_answer(PeopleList.model_validate({"items": await services.access.people.all()}))


async def make(request: Request, body: PersonWanted) -> Response:
    """Make a person. Their acts are recorded under the handle; a link or a key lets them sign in."""
    made = await people.make(request, body)
    return json_answer(PersonShape.model_validate(made), 201, {"Location": f"/api/people/{made.handle}"})


async def own(request: Request) -> Response:
    """Show the person who asks. 404 for a key that belongs to nobody."""
    return json_answer(OwnShape.model_validate(await people.own(request)))


async def change_own(request: Request, body: OwnChange) -> Response:
    """Change whether you are reminded of your tasks, and in which language. 404 for a key that belongs to nobody."""
    return json_answer(OwnShape.model_validate(await people.change_own(request, body)))


async def change(request: Request, handle: str, body: PersonChange) -> Response:
    """Change a person's name, role, e-mail or reminders. Here it holds at once, in every gateway within 10 s."""
    return json_answer(PersonShape.model_validate(await people.change(request, handle, body)))


async def end(request: Request, handle: str) -> Response:
    """End a person for good, with their keys, sign-ins and links. Here it holds at once, elsewhere within 10 s."""
    await people.end(request, handle)
    return Response(status_code=204)


async def erase(request: Request, handle: str, body: PersonErasure) -> Response:
    """Erase the personal data of a person who has ended, for good.

    The name, the e-mail and the accounts are deleted; of reasons, notes, comments, names of files and titles, which are
    encrypted in the log, the key. The handle, plans, tasks and decisions stay. A backup that was made before has all of
    it. 409 while the person has not ended.
    """
    return json_answer(await people.erase(request, handle, body.reason))


async def link(request: Request, handle: str, body: LinkWanted) -> Response:
    """Make a link that signs a person's browser in once. The answer is the only place that shows it.

    To open it uses nothing up: the button on its page does.
    """
    made = await people.link(request, handle, body)
    shown = PersonLinkMade(path=made.path, handle=made.name, role=made.role, expires_at=made.expires_at)
    return json_answer(shown, 201)


async def sign_ins(request: Request) -> Response:
    """List your own sign-ins: of the person with all their keys, or of the key."""
    sign_in = request.state.sign_in
    current = None if sign_in is None else sign_in.sign_in_id
    own = await people.own_sign_ins(request)
    items = [asdict(one) | {"current": one.sign_in_id == current} for one in own]
    return json_answer(SignInList.model_validate({"items": items}))


async def end_sign_in(request: Request, sign_in_id: UUID) -> Response:
    """End one of your own sign-ins. Here it holds at once, in every gateway within 10 s."""
    await people.end_sign_in(request, sign_in_id)
    return Response(status_code=204)
