"""A request of an operator without a server: the database answers as it is told, and what is audited is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from gateway.audit.writing import Entry


class Acting:
    """`request` is the request; `asked` what the database was asked, `told` what was audited, `woken` how often.

    `answers`: the first of these names that a statement has in it -> what the database says to it.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: ModuleType, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[Any, ...]] = []
        self.told: list[Entry] = []
        self.woken = 0
        services = SimpleNamespace(publishing=SimpleNamespace(wake=self._wake), pool=self)
        principal = SimpleNamespace(name="ana")
        self.request: Any = SimpleNamespace(
            state=SimpleNamespace(services=services, principal=principal, request_id="r1")
        )
        monkeypatch.setattr(module, "audited", self._audited)
        monkeypatch.setattr(module, "text", self._text)

    def _wake(self) -> None:
        self.woken += 1

    @asynccontextmanager
    async def _audited(self, request: Any) -> AsyncIterator[Any]:
        assert request is self.request
        before = len(self.told)
        try:
            yield SimpleNamespace(db=self, tell=self.told.append)
        except BaseException:
            del self.told[before:]  # the entries stand or fall with the transaction
            raise

    async def _text(self, _request: Any, reason: str) -> str:
        return reason.strip()

    async def fetchval(self, statement: str, *given: Any) -> Any:
        self.asked.append(given)
        for name, answer in self.answers.items():
            if name in statement:
                return answer
        return None

    fetch = execute = fetchval
