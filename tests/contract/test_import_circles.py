"""No modules import each other in a circle, also not by an import within a function or for the type checker."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tests.support.sources import python

PACKAGES = ("schemas", "streams", "projections", "gateway")


def module_of(file: str) -> str:
    """Return the module's name: `a/b.py` and `a/b/__init__.py` are both a.b."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported(file: str, tree: ast.AST, modules: frozenset[str]) -> Iterator[str]:
    """Yield the modules that a module names in its imports, wherever they stand in it."""
    here = module_of(file).split(".")
    package = here if file.endswith("/__init__.py") else here[:-1]
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=name, names=names, level=level):
                above = package[: len(package) - level + 1] if level else []
                base = ".".join([*above, *([name] if name else [])])
                for alias in names:
                    part = f"{base}.{alias.name}"
                    yield part if part in modules else base


def graph_of(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Return module -> the modules of these that it imports."""
    modules = frozenset(map(module_of, sources))
    return {module_of(file): set(imported(file, ast.parse(text), modules)) & modules for file, text in sources.items()}


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules of which each leads to each other one: what is left without loose ends, split."""
    left = {module: set(others) for module, others in graph.items()}
    while loose := [module for module in left if not (left[module] & left.keys()) or not _led_to(left, module)]:
        for module in loose:
            del left[module]
    found: list[list[str]] = []
    while left:
        start = next(iter(left))
        group = _reached(left, start) & {module for module in left if start in _reached(left, module)}
        if group:
            found.append(sorted(group))
        for module in group or {start}:
            del left[module]
    return sorted(found)


def _led_to(graph: Mapping[str, set[str]], module: str) -> bool:
    return any(module in others for others in graph.values())


def _reached(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """Return the modules that lead on from a module; itself among them only by a circle."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        new = (graph[ahead.pop()] & graph.keys()) - found
        found |= new
        ahead += new
    return found


def test_no_modules_import_each_other() -> None:
    graph = graph_of(python(*PACKAGES))
    assert len(graph) > 800
    assert circles(graph) == []


def test_a_circle_is_found_wherever_its_imports_stand() -> None:
    planted = {
        "a/__init__.py": "",
        "a/one.py": "import json\nfrom a.two import run\n",
        "a/two.py": "def run():\n    from . import three\n    return three\n",
        "a/three.py": "if TYPE_CHECKING:\n    import a.one\n",
        "a/before.py": "from a import one\n",
        "a/after.py": "",
        "a/b/__init__.py": "from a.b.four import four\nfrom ..after import x",
        "a/b/four.py": "from ..b import other\n",
        "a/self.py": "import a.self\n",
    }
    assert circles(graph_of(planted)) == [["a.b", "a.b.four"], ["a.one", "a.three", "a.two"], ["a.self"]]
