"""A request of our own that the broker does not know is an error of Kafka's, as everybody expects one."""

from __future__ import annotations

from typing import Any, cast

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import IncompatibleBrokerVersion
from aiokafka.protocol.api import Request

from streams.broker.asking import ask
from streams.broker.protocol import LogDirs, LogDirsQuestion


class Admin:
    """A client of a broker that knows the question in these versions: aiokafka itself chooses one of them."""

    def __init__(self, lowest: int, highest: int) -> None:
        self._versions = {LogDirs.API_KEY: (lowest, highest)}
        self.asked: list[tuple[Any, int | None]] = []

    async def _send_request(self, request: Request[Any], node: int | None) -> str:
        self.asked.append((request.prepare(self._versions), node))
        return "answer"


async def test_the_answer_is_that_of_the_node_which_is_asked() -> None:
    admin = Admin(0, LogDirsQuestion.API_VERSION)
    assert await ask(cast("AIOKafkaAdminClient", admin), LogDirs(), 7) == "answer"
    [(question, node)] = admin.asked
    assert (type(question), node) == (LogDirsQuestion, 7)


async def test_a_broker_without_the_request_is_told_as_incompatible_with_its_reason() -> None:
    older = Admin(0, LogDirsQuestion.API_VERSION - 1)
    with pytest.raises(IncompatibleBrokerVersion, match="LogDirs"):
        await ask(cast("AIOKafkaAdminClient", older), LogDirs())
