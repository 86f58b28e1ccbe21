"""Webhooks: for admins. Who is told of events, and the log of what was told."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.operations import webhooks
from gateway.problems.problem import not_found
from gateway.routes.answers import json_answer
from gateway.routes.refusals import OF_A_BODY, OF_ONE
from gateway.shapes.webhooks import (
    DeliveryPage,
    DeliveryQuery,
    DeliveryShape,
    SendAgain,
    SentAgain,
    WebhookChange,
    WebhookList,
    WebhookMade,
    WebhookRotate,
    WebhookShape,
    WebhookWanted,
)
from projections.reads import webhooks as reads


def routes() -> list[BaseRoute]:
    one = "/api/webhooks/{webhook_id}"
    return [
        resource(
            "/api/webhooks",
            GET=Operation(every, Role.ADMIN, "reads", WebhookList),
            POST=Operation(create, Role.ADMIN, "commands", WebhookMade, 201, (*OF_A_BODY, "wrong-status")),
        ),
        resource(
            one,
            GET=Operation(read, Role.ADMIN, "reads", WebhookShape, errors=("not-found",)),
            PATCH=Operation(change, Role.ADMIN, "commands", WebhookShape, 200, OF_ONE),
            DELETE=Operation(remove, Role.ADMIN, "commands", None, 204, ("not-found",)),
        ),
        resource(f"{one}/rotate", POST=Operation(rotate, Role.ADMIN, "commands", WebhookMade, 200, OF_ONE)),
        resource(f"{one}/again", POST=Operation(again, Role.ADMIN, "commands", SentAgain, 202, OF_ONE)),
        resource(
            f"{one}/deliveries",
            GET=Operation(deliveries, Role.ADMIN, "reads", DeliveryPage, errors=("not-found", "invalid")),
        ),
        resource(
            f"{one}/deliveries/{{delivery_id}}",
            GET=Operation(delivery, Role.ADMIN, "reads", DeliveryShape, errors=("not-found",)),
        ),
    ]


async def every(request: Request) -> Response:
    """List the webhooks, without their secrets."""
    found = await reads.every(request.state.services.shown)
    return json_answer(WebhookList.model_validate({"items": found}))


async def create(request: Request, body: WebhookWanted) -> Response:
    """Register a webhook. It gets events from now on. Only this answer shows its secret.

    Each event is a POST of a CloudEvent in JSON, signed with HMAC-SHA256: docs/webhooks.md says how to check it.
    """
    made = await webhooks.make(request, body)
    return json_answer(WebhookMade.model_validate(made), 201, {"Location": f"/api/webhooks/{made.webhook_id}"})


async def read(request: Request, webhook_id: UUID) -> Response:
    """Read a webhook, and how it does."""
    return await _webhook(request, webhook_id)


async def change(request: Request, webhook_id: UUID, body: WebhookChange) -> Response:
    """Change a webhook's address or types, pause it or let it go on. What waits for it is tried at once."""
    await webhooks.change(request, webhook_id, body)
    return await _webhook(request, webhook_id)


async def rotate(request: Request, webhook_id: UUID, body: WebhookRotate) -> Response:
    """Give a webhook another secret at once. Only this answer ever shows it."""
    return json_answer(WebhookMade.model_validate(await webhooks.rotate(request, webhook_id, body)))


async def remove(request: Request, webhook_id: UUID) -> Response:
    """End a webhook: nothing is sent to it any more, what waits is dropped, and its log goes."""
    await webhooks.remove(request, webhook_id)
    return Response(status_code=204)


async def again(request: Request, webhook_id: UUID, body: SendAgain) -> Response:
    """Send deliveries again, whether they arrived or were given up: with the same ids, beside the order of plans."""
    return json_answer(SentAgain(count=await webhooks.again(request, webhook_id, body)), 202)


async def deliveries(request: Request, webhook_id: UUID, query: DeliveryQuery) -> Response:
    """List a webhook's deliveries of the last 30 days, newest first."""
    pool = request.state.services.shown
    if await reads.get(pool, webhook_id) is None:
        raise not_found("webhook", f"'{webhook_id}'")
    page = await reads.deliveries(pool, webhook_id, query.state, cursor=query.cursor, limit=query.limit)
    return json_answer(DeliveryPage.model_validate(page))


async def delivery(request: Request, webhook_id: UUID, delivery_id: UUID) -> Response:
    """Read a delivery: what is sent, and every try with the beginning of the answer."""
    found = await reads.delivery(request.state.services.shown, webhook_id, delivery_id)
    if found is None:
        raise not_found("delivery", f"'{delivery_id}'")
    return json_answer(DeliveryShape.model_validate(found))


async def _webhook(request: Request, webhook_id: UUID) -> Response:
    found = await reads.get(request.state.services.shown, webhook_id)
    if found is None:
        raise not_found("webhook", f"'{webhook_id}'")
    return json_answer(WebhookShape.model_validate(found))
