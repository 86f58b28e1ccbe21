"""A loop that works until it is stopped tells of its errors with ids: by a round of its job, or within a record."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tests.support.sources import PACKAGES, python

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
#: Loops that log in a handler of their own, with whose context they do.
WITHIN = {
    "streams/analysis/item.py: while_database_is_away": "the record whose analysis waits",
    "streams/broker/publisher.py: publish": "the records that led to what is sent",
    "streams/hosts/lane_host.py: _see_to": "the record of the item",
    "streams/retries/genuine.py: judged": "the record that is judged",
}


def logs(node: ast.AST) -> bool:
    """Say whether anything in a node writes a log line."""
    called = (ast.unparse(part.func) for part in ast.walk(node) if isinstance(part, ast.Call))
    return any(name.partition(".")[0] == "log" and name.partition(".")[2] in LEVELS for name in called)


def telling_loops(tree: ast.AST) -> Iterator[str]:
    """Yield the coroutines that catch an error within an endless loop, and log it themselves."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        loops = [node for node in ast.walk(function) if isinstance(node, ast.While)]
        handlers = [node for loop in loops for node in ast.walk(loop) if isinstance(node, ast.ExceptHandler)]
        if any(map(logs, handlers)):
            yield function.name


def found(sources: Mapping[str, str]) -> set[str]:
    return {f"{file}: {name}" for file, source in sources.items() for name in telling_loops(ast.parse(source))}


def test_no_loop_tells_of_an_error_outside_of_every_context() -> None:
    assert found(python(*PACKAGES)) == WITHIN.keys()


PLANTED = """
async def run(self):
    while True:
        try:
            await self._session()
        except OSError as error:
            log.warning("away", error=str(error))
"""


def test_a_loop_that_is_planted_is_found() -> None:
    assert found({"gateway/x.py": PLANTED}) == {"gateway/x.py: run"}
    rounds = PLANTED.replace("log.warning", "tell")
    assert found({"gateway/x.py": rounds}) == set()
