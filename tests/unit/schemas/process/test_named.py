"""An error's kind is said once, whether or not its library says it, too."""

from __future__ import annotations

from socket import AF_INET, AF_INET6

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaTimeoutError, NoBrokersAvailable

from schemas.process.named import named


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("no"), "ValueError: no"),
        (KafkaTimeoutError("not in 2 s"), "KafkaTimeoutError: not in 2 s"),
        (NoBrokersAvailable(), "NoBrokersAvailable"),
        (
            KafkaConnectionError(
                f"Unable to bootstrap from {[('10.0.0.1', 9092, AF_INET), ('b.example.com', 9093, AF_INET6)]}"
            ),
            "KafkaConnectionError: Unable to bootstrap from 10.0.0.1:9092, b.example.com:9093",
        ),
        (TimeoutError(), "TimeoutError"),
        (OSError(111, "refused"), "OSError: [Errno 111] refused".replace("OSError", "ConnectionRefusedError")),
    ],
)
def test_the_kind_stands_once(error: Exception, text: str) -> None:
    assert named(error) == text


def test_a_long_message_is_cut() -> None:
    assert named(ValueError("x" * 900), 20) == "ValueError: xxxxxxxx"
