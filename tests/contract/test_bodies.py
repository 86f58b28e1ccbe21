"""No function body stands twice: what two functions do alike, a third one does for both.

A body is what a function does: its docstring, its own name, and what it calls its parameters and variables are no part
of it. Bodies of fewer nodes than `WORTH` say nothing of their own (`return self._name`), and are let be; two lines hold
as many. A helper in tests may say in three or four lines what it needs, so that they are read without another file.
"""

from __future__ import annotations

import ast
import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from tests.support.sources import PACKAGES, nothing_thrown_away, python

#: Syntax nodes from which on a body is worth a name of its own.
WORTH = 20
WORTH_IN_TESTS = 40
Function = ast.FunctionDef | ast.AsyncFunctionDef
#: The kinds of nodes of a body, in the order of the text.
Form = tuple[type[ast.AST], ...]


class Renamed(ast.NodeTransformer):
    """Calls a function and all that it binds by numbers, in the order in which they are met."""

    def __init__(self, function: Function) -> None:
        self.numbers: dict[str, str] = {function.name: "itself"}
        self.bound = {arg.arg for arg in ast.walk(function.args) if isinstance(arg, ast.arg)} | set(_bound(function))

    def new(self, name: str) -> str:
        if name in self.bound:
            self.numbers.setdefault(name, str(len(self.numbers)))
        return self.numbers.get(name, name)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.new(node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(self.new(node.arg))

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        visited = self.generic_visit(node)
        assert isinstance(visited, ast.ExceptHandler)
        return ast.ExceptHandler(visited.type, visited.name and self.new(visited.name), visited.body)


def _bound(function: Function) -> Iterator[str]:
    for node in ast.walk(function):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                yield name


def body_of(function: Function) -> list[ast.stmt]:
    match function.body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return function.body


@cache
def functions(source: str) -> list[tuple[Form, Function]]:
    """Return every function whose body is worth it, with the body's form."""
    kinds: list[type[ast.AST]] = []
    found: list[tuple[int, int, Function]] = []

    def walk(node: ast.AST) -> None:
        """Take down what is in a node, each part once: a function in another one is a part of that, too."""
        kinds.append(type(node))
        for name in node._fields:
            begin, parts = len(kinds), getattr(node, name)
            if isinstance(parts, ast.AST):
                walk(parts)
            elif isinstance(parts, list):
                function = node if name == "body" and isinstance(node, Function) else None
                docstring = len(parts) - len(body_of(function)) if function else 0
                for n, part in enumerate(parts):
                    if isinstance(part, ast.AST):
                        walk(part)
                    if n < docstring:
                        begin = len(kinds)
                if function and len(kinds) - begin >= WORTH:
                    found.append((begin, len(kinds), function))

    walk(ast.parse(source))
    return [(tuple(kinds[begin:end]), function) for begin, end, function in found]


def said(function: Function) -> str:
    """Return a function's body without names of its own."""
    copied = copy.deepcopy(function)
    renamed = Renamed(copied)
    return "\n".join(ast.dump(renamed.visit(statement)) for statement in body_of(copied))


def twice(sources: Mapping[str, str], worth: int) -> set[frozenset[str]]:
    """Return the functions, as "file: name", whose bodies are the same and of `worth` nodes or more."""
    alike: dict[Form, list[tuple[str, Function]]] = defaultdict(list)
    with nothing_thrown_away():
        for file, source in sources.items():
            for form, function in functions(source):
                if len(form) >= worth:
                    alike[form].append((f"{file}: {function.name}", function))
    found: dict[str, list[str]] = defaultdict(list)
    for several in alike.values():
        if len(several) > 1:  # of another form it says something else, whatever it says
            for place, function in several:
                found[said(function)].append(place)
    return {frozenset(places) for places in found.values() if len(places) > 1}


@pytest.fixture(scope="module", autouse=True)
def forgetting() -> Iterator[None]:
    """Let go of all trees at the end."""
    yield
    functions.cache_clear()


def test_no_function_body_stands_twice() -> None:
    assert twice(python(*PACKAGES, "deploy"), WORTH) == set()


def test_no_body_of_a_test_or_its_helper_stands_twice() -> None:
    found = twice(python(*PACKAGES, "deploy", "tests"), WORTH_IN_TESTS)
    assert found == set()


ONE = '''
async def rest(self, seconds: float) -> None:
    """Wait."""
    with suppress(TimeoutError):
        await asyncio.wait_for(self._stopping.wait(), seconds)
'''
TREE = """
def numbers(value):
    if isinstance(value, dict):
        return [n for v in value.values() for n in numbers(v)]
"""


@pytest.mark.parametrize(
    "other",
    [
        ONE,
        ONE.replace("rest", "_pause").replace("Wait.", "Wait for a while."),
        ONE.replace("seconds", "at_most"),
        ONE.replace("def rest(self, seconds: float)", "def rest(self: Any, seconds: int = 3, *more: str)"),
        f"class Other:\n{ONE.replace(chr(10), chr(10) + '    ')}",
    ],
    ids=["as it is", "another name", "another parameter", "another signature", "in a class"],
)
def test_a_body_that_is_planted_is_found(other: str) -> None:
    assert len(twice({"gateway/one.py": ONE, "streams/other.py": other}, WORTH)) == 1


def test_variables_and_the_functions_own_name_are_no_difference() -> None:
    other = """
def _all(data):
    if isinstance(data, dict):
        return [found for part in data.values() for found in _all(part)]
"""
    assert twice({"a.py": TREE, "b.py": other}, WORTH) == {frozenset({"a.py: numbers", "b.py: _all"})}


@pytest.mark.parametrize(
    "other",
    [
        ONE.replace("TimeoutError", "OSError"),
        ONE.replace("_stopping", "_changed"),
        ONE.replace("seconds)", "2 * seconds)"),
    ],
    ids=["another error", "another attribute", "another value"],
)
def test_what_does_something_else_is_let_be(other: str) -> None:
    assert twice({"a.py": ONE, "b.py": other}, WORTH) == set()


def test_what_says_nothing_of_its_own_is_let_be() -> None:
    short = "def name(self):\n    return self._names.get(self.key)\n"
    assert twice({"a.py": short, "b.py": short}, WORTH) == set()
