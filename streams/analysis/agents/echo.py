"""Remove from an agent's answer what only repeats the prompt: instructions and field descriptions are no plan. Pure.

It is found by comparing with the prompt's own strings, whatever its language.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from schemas.plan import Opportunity, Phase, PhaseTask

from .errors import AnswerUnusable
from .instructions import own_words
from .names import ALIASES, plain
from .repairs import Action, Problem, Repairs

#: Longer texts count as repeated by their runs of so many words ...
RUN: Final = 5
#: ... if so large a share of these stands in the prompt.
SHARE: Final = 0.5

_WORD = re.compile(r"\w+")
#: What the form is described with; a text of one such word says nothing.
_TYPES: Final = frozenset({"text", "texts", "string", "object", "list", "number", "null"})
_FIELDS: Final = frozenset(field for kind in ALIASES.values() for field in kind.values())


def is_repeated(text: str) -> bool:
    """Return whether a text is taken from the prompt: as a whole, or for the most part."""
    words = _words(text)
    if len(words) <= 1:
        return bool(words) and (words[0] in _TYPES or "_".join(words) in _FIELDS)
    ours, runs = _ours()
    if f" {' '.join(words)} " in ours:
        return True
    own = [tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1)]
    return len(own) >= RUN - 1 and sum(run in runs for run in own) >= SHARE * len(own)


def without_echo(
    summary: str, opportunities: list[Opportunity], phases: list[Phase], limits: list[str], repairs: Repairs
) -> tuple[str, list[Opportunity], list[Phase], list[str]]:
    """Return the parts of an answer without repetitions of the prompt; each removal is recorded.

    Raises AnswerUnusable where no opportunity and no task is left, or where most of their titles were repeated.
    """
    taken = _Taken(repairs)
    kept = [o for n, one in enumerate(opportunities) if (o := taken.opportunity(one, f"opportunities[{n}]"))]
    ids = {o.id for o in kept}
    left = [p for n, one in enumerate(phases) if (p := taken.phase(one, f"phases[{n}]", ids))]
    titles = len(opportunities) + sum(len(phase.tasks) for phase in phases)
    if taken.titles and (taken.titles * 2 >= titles or not (kept or any(phase.tasks for phase in left))):
        raise AnswerUnusable("echo")
    spots = [text for n, text in enumerate(limits) if taken.text(text, f"limits[{n}]")]
    return taken.text(summary, "summary"), kept, left, spots


class _Taken:
    """Takes repeated texts out; `titles` counts those without which nothing is left of their object."""

    def __init__(self, repairs: Repairs) -> None:
        self._repairs = repairs
        self.titles = 0

    def text(self, text: str, path: str) -> str:
        if not text or not is_repeated(text):
            return text
        self._repairs.add(path, Problem.ECHO, Action.DROPPED, found=text)
        return ""

    def opportunity(self, one: Opportunity, path: str) -> Opportunity | None:
        if not self.text(one.title, f"{path}.title"):
            self.titles += 1
            return None
        evidence = [
            replace(e, text=self.text(e.text, f"{path}.evidence[{n}].text")) for n, e in enumerate(one.evidence)
        ]
        return replace(one, what=self.text(one.what, f"{path}.what"), evidence=evidence)

    def phase(self, one: Phase, path: str, ids: set[str]) -> Phase | None:
        tasks = [t for n, task in enumerate(one.tasks) if (t := self._task(task, f"{path}.tasks[{n}]", ids))]
        if one.tasks and not tasks:
            return None
        name = self.text(one.name, f"{path}.name") or ("Fase" if one.number is None else f"Fase {one.number}")
        return replace(
            one,
            name=name,
            weeks=self.text(one.weeks, f"{path}.weeks"),
            tasks=tasks,
            investment=self.text(one.investment, f"{path}.investment"),
            expected_impact=self.text(one.expected_impact, f"{path}.expected_impact"),
        )

    def _task(self, one: PhaseTask, path: str, ids: set[str]) -> PhaseTask | None:
        if not self.text(one.title, f"{path}.title"):
            self.titles += 1
            return None
        link = one.opportunity_id if one.opportunity_id in ids else None
        return replace(one, what=self.text(one.what, f"{path}.what"), opportunity_id=link)


@cache
def _ours() -> tuple[str, frozenset[tuple[str, ...]]]:
    words = _words(own_words())
    return f" {' '.join(words)} ", frozenset(tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1))


def _words(text: str) -> list[str]:
    return [plain(word) for word in _WORD.findall(text.replace("_", " "))]
