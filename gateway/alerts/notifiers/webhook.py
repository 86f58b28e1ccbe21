"""Sends messages to any webhook as JSON, signed, so that the receiver knows who sent it and when."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from pydantic.alias_generators import to_camel

from gateway.alerts.message import Message
from gateway.alerts.notifiers.base import post

TIMESTAMP: Final = "X-Marketplace-Timestamp"
SIGNATURE: Final = "X-Marketplace-Signature"
MESSAGE_ID: Final = "X-Marketplace-Message"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Sends to one webhook. With an empty `secret` nothing is signed."""

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    gathers: bool = True
    acknowledges: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.url, self.secret)

    async def send(self, message: Message) -> str:
        content = orjson.dumps(body(message))
        return await post(self.url, content, signed(self.secret, message.message_id, content))


def body(message: Message) -> dict[str, Any]:
    """Return the body of a webhook, in the names of the API."""
    told = message.to_json()
    items = [{to_camel(name): value for name, value in item.items()} for item in told.pop("items")]
    return {**{to_camel(name): value for name, value in told.items()}, "alerts": items}


def signed(secret: str, message_id: str, content: bytes) -> dict[str, str]:
    """Return the headers of a webhook: the time, the message's id, and a signature of content and time.

    Without a secret there is no signature.
    """
    headers = {TIMESTAMP: str(int(time.time())), MESSAGE_ID: message_id}
    if secret:
        headers[SIGNATURE] = signature(secret, headers[TIMESTAMP], content)
    return headers


def signature(secret: str, at: str, content: bytes) -> str:
    """Return the signature of a webhook: HMAC over the timestamp, a dot and the bytes of the body."""
    return "v1=" + hmac.new(secret.encode(), at.encode() + b"." + content, hashlib.sha256).hexdigest()
