"""Rights at a real broker, given as `marketplace acls` lists them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest

from schemas.rights import CODES, Kind, Right

_KINDS: Final = {Kind.TOPIC: 2, Kind.GROUP: 3, Kind.CLUSTER: 4}
_LITERAL: Final = 3
_ALLOW: Final = 3


async def grant(brokers: str, user: str, rights: Iterable[Right]) -> None:
    """Give a user these rights, by a door where nobody has to say who he is."""
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    try:
        for right in rights:
            place = (_KINDS[right.kind], right.name, _LITERAL)
            asked = CreateAclsRequest(*place, f"User:{user}", "*", CODES[right.operation], _ALLOW)
            answer: Any = await admin._send_request(asked)
            assert [code for code, _ in answer.creation_responses] == [0]
    finally:
        await admin.close()
