"""Sends requests of our own to a broker, in whichever version it has in common with us."""

from __future__ import annotations

from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import IncompatibleBrokerVersion
from aiokafka.protocol.api import Request


async def ask(admin: AIOKafkaAdminClient, request: Request[Any], node: int | None = None) -> Any:
    """Return the answer of a node, or of any. Raises KafkaError: IncompatibleBrokerVersion where none is known."""
    try:
        return await admin._send_request(request, node)  # noqa: SLF001 - the only way to send a request of one's own
    except NotImplementedError as error:  # aiokafka and the broker have no version of the request in common
        raise IncompatibleBrokerVersion(*error.args) from error
