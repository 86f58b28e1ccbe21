"""A request of our own that the broker does not know is an error of Kafka's, as everybody expects one."""

from __future__ import annotations

from typing import Any, cast

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import IncompatibleBrokerVersion
from aiokafka.protocol.api import Request

from streams.broker.asking import ask
from streams.broker.protocol import LogDirs


class Admin:
    """A client of a broker that knows its questions by number of version, or has none in common with us."""

    def __init__(self, knows: bool) -> None:
        self._knows = knows
        self.asked: list[tuple[Request[Any], int | None]] = []

    async def _send_request(self, request: Request[Any], node: int | None) -> str:
        self.asked.append((request, node))
        if not self._knows:
            raise NotImplementedError("no version of DescribeLogDirs in common")
        return "answer"


async def test_the_answer_is_that_of_the_node_which_is_asked() -> None:
    admin, question = Admin(knows=True), LogDirs()
    assert await ask(cast("AIOKafkaAdminClient", admin), question, 7) == "answer"
    assert admin.asked == [(question, 7)]


async def test_a_broker_without_the_request_is_told_as_incompatible_with_its_reason() -> None:
    with pytest.raises(IncompatibleBrokerVersion, match="DescribeLogDirs"):
        await ask(cast("AIOKafkaAdminClient", Admin(knows=False)), LogDirs())
