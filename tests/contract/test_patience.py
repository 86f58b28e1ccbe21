"""No test is decided by a margin of time: what is waited for has as long as any machine may need, in one place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

import pytest

from tests.support.patience import PATIENCE_S
from tests.support.sources import python

#: Calls that wait for something, with the place of their limit in seconds among the arguments (99: it has to be named).
WAITS = {"until": 1, "eventually": 1, "wait_for": 1, "wait_for_tasks": 1, "timeout": 0, "wait": 99, "join": 0}
LIMITS = {"within_s", "timeout"}
CLOCKS = {"monotonic", "perf_counter", "time"}
#: What is no wait for something that is to come: it is to be over by then, or its clock is a test's own.
SHORT_S = 3.0


def constants(tree: ast.Module) -> dict[str, float]:
    """Return the numbers to which a module gives names."""
    found: dict[str, float] = {}
    pairs: list[tuple[ast.expr, ast.expr]]
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.expr() as value):
                pairs = [(ast.Name(id=name), value)]
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                pairs = [*zip(names, values, strict=True)]
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pairs = [(ast.Name(id=name), value)]
            case _:
                continue
        for target, value in pairs:
            seconds = number(value, found)
            if isinstance(target, ast.Name) and seconds is not None:
                found[target.id] = seconds
    return found


def number(node: ast.AST, named: Mapping[str, float]) -> float | None:
    """Return the seconds that an expression is: a number, a name of one, or what is computed of those."""
    match node:
        case ast.Constant(value=int() | float() as seconds):
            return seconds
        case ast.Name(id=name):
            return named.get(name)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() as op, right=right):
            sides = number(left, named), number(right, named)
            if sides[0] is None or sides[1] is None:
                return None
            match op:
                case ast.Add():
                    return sides[0] + sides[1]
                case ast.Sub():
                    return sides[0] - sides[1]
                case ast.Mult():
                    return sides[0] * sides[1]
                case ast.Div():
                    return sides[0] / sides[1] if sides[1] else None
    return None


def impatient(source: str) -> Iterator[int]:
    """Yield the lines that wait for something for less than PATIENCE_S, and longer than a moment."""
    tree = ast.parse(source)
    named = constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = node.args[WAITS[name] : WAITS[name] + 1] if name in WAITS else []
            given += [keyword.value for keyword in node.keywords if keyword.arg in LIMITS and name in WAITS]
            if any(is_impatient(number(one, named)) for one in given):
                yield node.lineno
        elif isinstance(node, ast.BinOp):
            if isinstance(node.op, ast.Add) and is_now(node.left) and is_impatient(number(node.right, named)):
                yield node.lineno
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Lt | ast.LtE):
            # how long it has been: against what is not known here, as a promise of the system, it is a margin too
            most = number(node.comparators[0], named)
            if is_since(node.left) and (is_impatient(most) or (most is None and not is_patience(node.comparators[0]))):
                yield node.lineno
        elif isinstance(node, ast.For) and is_impatient(slept(node)):
            yield node.lineno
        elif isinstance(node, ast.arguments):
            pairs = [*zip(reversed(node.args), reversed(node.defaults), strict=False)]
            pairs += [(arg, default) for arg, default in zip(node.kwonlyargs, node.kw_defaults, strict=True) if default]
            for arg, default in pairs:
                if arg.arg in LIMITS and is_impatient(number(default, named)):
                    yield default.lineno


def is_now(node: ast.expr) -> bool:
    """A call of a clock: what is added to it is a limit."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS


def is_since(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and is_now(node.left)


def is_patience(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "PATIENCE_S"


def slept(loop: ast.For) -> float:
    """Return for how many seconds a loop over a range looks again and again."""
    match loop.iter:
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(times))]):
            return sum(times * seconds for seconds in map(pause, ast.walk(loop)))
    return 0.0


def pause(node: ast.AST) -> float:
    match node:
        case ast.Call(func=ast.Attribute(attr="sleep"), args=[ast.Constant(value=int() | float() as seconds)]):
            return seconds
    return 0.0


def is_impatient(seconds: object) -> bool:
    return isinstance(seconds, int | float) and SHORT_S < seconds < PATIENCE_S


def test_nobody_waits_for_less_than_any_machine_may_need() -> None:
    found = [f"{file}:{line}" for file, source in python("tests").items() for line in impatient(source)]
    assert found == []


LIMIT = re.compile(r"^ *@?(?:pytestmark = )?pytest\.mark\.timeout\((\d+)\)", re.MULTILINE)


def test_no_test_is_given_less_than_all_are(pytestconfig: pytest.Config) -> None:
    """A limit of its own is for a test that takes long. A short one is red on a busy machine."""
    usual = int(pytestconfig.getini("timeout"))
    limits = {file: [int(limit) for limit in LIMIT.findall(source)] for file, source in python("tests").items()}
    assert [file for file, seconds in limits.items() if any(one <= usual for one in seconds)] == []
    assert any(limits.values())


@pytest.mark.parametrize(
    "planted",
    [
        "await until(lambda: hook.got, 8)",
        "async with asyncio.timeout(10): ...",
        "await asyncio.wait_for(task, 5)",
        "await load.wait(plans, ['approved'], within_s=30)",
        "deadline = time.monotonic() + 30",
        "deadline = asyncio.get_running_loop().time() + 15",
        "for _ in range(200): await asyncio.sleep(0.05)",
        "for _ in range(600):\n        if await seen(): return\n        time.sleep(0.05)",
        "def until(condition, within_s: float = 15.0): ...",
        "def until(condition, *, timeout: float = 15.0): ...",
        "assert time.monotonic() - began < 10",
        "assert time.monotonic() - began < 3 * Server.grace",
        "SOON_S = 30.0\nasync def test():\n    async with asyncio.timeout(SOON_S): ...",
        "SOON_S: Final = 2.0\nasync def test():\n    await asyncio.wait_for(task, 3 * SOON_S)",
        "SOON_S, LATE_S = 0.05, 15.0\nasync def test():\n    deadline = time.monotonic() + LATE_S",
    ],
)
def test_a_short_wait_is_found(planted: str) -> None:
    source = planted if planted.startswith(("def", "SOON_S")) else f"async def test():\n    {planted}\n"
    assert list(impatient(source))
