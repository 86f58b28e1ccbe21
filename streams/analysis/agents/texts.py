"""Match the numbers in an analysis's texts with those of the document. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from schemas.plan import Opportunity, Phase, PhaseTask, UnmatchedNumber

from .claims import Claim, claims_in
from .known import Known
from .known_numbers import KnownNumber
from .sources import Scope

#: Unmatched numbers that are listed.
UNMATCHED_LIMIT: Final = 100
_ORDER: Final = ("summary", "opportunities", "phases", "limits")


@dataclass(slots=True)
class Matched:
    """The numbers without a source, how many have one, and how many amounts and shares are nowhere in the document."""

    unmatched: list[UnmatchedNumber] = field(default_factory=list)
    supported: int = 0
    made_up: int = 0


def match(
    summary: str, opportunities: list[Opportunity], phases: list[Phase], limits: list[str], known: Known
) -> Matched:
    """Return the numbers without a source in their place.

    What an opportunity or a task says rightly, its phase and the summary may say again.
    """
    texts = Texts(known, {one.id: one for one in opportunities})
    for n, one in enumerate(opportunities):
        texts.of_opportunity(f"opportunities[{n}]", one)
    for n, phase in enumerate(phases):
        texts.of_phase(f"phases[{n}]", phase)
    texts.look("summary", summary, known.sources.of_channel(texts.said_of(texts.served)))
    for n, text in enumerate(limits):
        texts.look(f"limits[{n}]", text, known.sources.of_limits())
    found = texts.found
    found.unmatched.sort(key=lambda one: _ORDER.index(one.path.partition("[")[0]))
    del found.unmatched[UNMATCHED_LIMIT:]
    return found


class Texts:
    """Looks texts up in turn, and remembers which figures were stated rightly about each opportunity."""

    def __init__(self, known: Known, served: dict[str, Opportunity]) -> None:
        self.found = Matched()
        self.served = served
        self._known = known
        self._said: dict[str, list[KnownNumber]] = {}

    def of_opportunity(self, path: str, one: Opportunity) -> None:
        scope = self._known.sources.of_item(one.evidence, one.worth_brl)
        texts = [("title", one.title), ("what", one.what)]
        texts += [(f"evidence[{m}].text", evidence.text) for m, evidence in enumerate(one.evidence)]
        self._said[one.id] = [number for name, text in texts for number in self.look(f"{path}.{name}", text, scope)]

    def of_phase(self, path: str, phase: Phase) -> None:
        for name, text in (("name", phase.name), ("weeks", phase.weeks)):
            self.look(f"{path}.{name}", text, self._known.sources.of_channel(), leave_out=_is_time)
        said: list[KnownNumber] = []
        for m, task in enumerate(phase.tasks):
            scope = self._of_task(task)
            for name, text in (("title", task.title), ("what", task.what)):
                said += self.look(f"{path}.tasks[{m}].{name}", text, scope, leave_out=_is_own_time)
        said += self.said_of(one.opportunity_id for one in phase.tasks if one.opportunity_id in self.served)
        scope = self._known.sources.of_channel(said)
        self.look(f"{path}.investment", phase.investment, scope, leave_out=_is_own_time, counts=False)
        self.look(f"{path}.expected_impact", phase.expected_impact, scope, leave_out=_is_own_time)

    def said_of(self, ids: Iterable[str]) -> list[KnownNumber]:
        """Return the figures that were stated rightly about opportunities, with their worths, each and summed.

        A coarse number gives no worth but the highest and their sum.
        """
        chosen = dict.fromkeys(ids)
        worths = sorted(worth for one in chosen if (worth := self.served[one].worth_brl))
        numbers = [number for one in chosen for number in self._said[one] if not number.as_written]
        numbers += [KnownNumber(worth, "money", "worth") for worth in worths]
        return numbers + [KnownNumber(round(worth, 2), "money") for worth in {*worths[-1:], sum(worths)} if worth]

    def look(
        self,
        path: str,
        text: str,
        scope: Scope,
        *,
        leave_out: Callable[[Claim], bool] | None = None,
        counts: bool = True,
    ) -> list[KnownNumber]:
        """Look the numbers of a text up, and return the document's own behind them. `counts`: it speaks of what is."""
        plain = self._known.without_names(text)
        claims = [c for c in claims_in(plain) if not c.is_word and not (leave_out is not None and leave_out(c))]
        looked_up = self._known.sources.look_up(claims, text, scope)
        strange = [*self._known.strange_dates(plain), *(claim.written for claim in looked_up.strange)]
        self.found.unmatched += [UnmatchedNumber(path, one) for one in strange]
        if counts:
            self.found.supported += looked_up.right
            self.found.made_up += sum(self._known.sources.is_made_up(claim) for claim in looked_up.strange)
        return looked_up.behind

    def _of_task(self, task: PhaseTask) -> Scope:
        one = self.served.get(task.opportunity_id or "")
        if one is None:
            return self._known.sources.of_channel()
        scope = self._known.sources.of_item(one.evidence, one.worth_brl)
        return replace(scope, far=[*scope.far, *self._said[one.id]])


def _is_time(claim: Claim) -> bool:
    """Return whether a number is a duration, or small: the plan itself says when a phase is done."""
    return claim.is_small or claim.kind == "time"


def _is_own_time(claim: Claim) -> bool:
    """Return whether a number is a step's own duration or sample size, as in `ler 5 pedidos`."""
    return claim.is_small or claim.is_own_time
