"""Writes the modules beside this one that are made from schemas/avro: `python -m schemas.typed`, or `make events`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from schemas.catalogue import newest, versions
from schemas.lifecycle import PLAN
from schemas.topics import declared
from schemas.typed.generator import modules

HERE: Final = Path(__file__).parent
#: What is written by hand.
BY_HAND: Final = frozenset({"__init__.py", "__main__.py", "generator.py", "source.py"})


def files() -> dict[str, str]:
    """Return the name of each file that is made, and what it holds."""
    schemas = {type_: newest(type_).raw for type_ in versions()}
    topics = {topic.name: topic.events for topic in declared().values()}
    decisions = {PLAN.kind: [rule.event for rule in PLAN.rules.values()]}
    return {f"{name}.py": source for name, source in sorted(modules(schemas, topics, decisions).items())}


def write(folder: Path) -> None:
    """Write each file, and delete those of events that there are no more."""
    made = files()
    for old in folder.glob("*.py"):
        if old.name not in BY_HAND | made.keys():
            old.unlink()
    for name, source in made.items():
        (folder / name).write_text(source, "utf-8")


if __name__ == "__main__":
    write(HERE)
    sys.exit(0)
