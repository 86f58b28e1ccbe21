"""The verdict as the one sentence of a page: whether anything is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.ui.formats import Ageing, ageing
from gateway.ui.i18n import gettext as _
from gateway.ui.words.finding_looks import CLEAR, FINDINGS, PLANS, SCOPES, SYSTEM, Way, tone
from gateway.ui.words.fixes import Fix, fix_of
from gateway.ui.words.sentence import Sentence
from gateway.verdict.finding import Finding, Verdict
from gateway.verdict.kinds import Kind
from gateway.verdict.mark import mark_of
from gateway.verdict.plan import PlanVerdict
from gateway.verdict.runbooks import address
from gateway.verdict.traits import Effect, Scope
from gateway.verdict.words.findings import say
from gateway.verdict.words.headline import Clear, headline, waiting
from gateway.verdict.words.plans import say_plan


@dataclass(frozen=True, slots=True)
class Need(Sentence):
    """The same for one finding of the list; `key` tells it from the others.

    `begins` names what begins with it: the findings on the system stand before those on plans and tasks. `fix` mends it
    by one click, where the reader may.
    """

    key: str = ""
    begins: str = ""
    fix: Fix | None = None

    @property
    def of_system(self) -> bool:
        """Return whether it leads to the page of the system, to whatever part of it."""
        return bool(self.link) and self.link.partition("#")[0] == SYSTEM.path


def of_verdict(verdict: Verdict) -> Sentence:
    """Answer for the whole system."""
    said = headline(verdict, Ageing(verdict.as_of))
    if isinstance(said.about, Clear):
        colour, icon, way = CLEAR[said.about]
        found = _sentence(colour, icon, said.text, said.advice, way)
        return replace(found, as_of=verdict.as_of, mark=mark_of(verdict))
    icon, way = FINDINGS[said.about.kind]
    found = _sentence(tone(said.about), icon, said.text, said.advice, way)
    found = replace(found, since=said.about.since, runbook=address(said.about.traits.runbook))
    return replace(found, as_of=verdict.as_of, mark=mark_of(verdict))


def of_frame(verdict: Verdict) -> Need | None:
    """Return the most urgent of what keeps the system from its work, for every page; None while it is well."""
    found = next((finding for finding in verdict.wrong if finding.traits.scope is Scope.SYSTEM), None)
    if found is None:
        return None
    return replace(_need(found, Ageing(verdict.as_of)), as_of=verdict.as_of, mark=mark_of(verdict))


def notes(verdict: Verdict) -> Sequence[Need]:
    """Return the findings that are worth knowing and need nobody."""
    speech = Ageing(verdict.as_of)
    return [_need(finding, speech) for finding in verdict.findings if finding.traits.effect is Effect.NOTE]


def of_kind(verdict: Verdict, kind: Kind) -> Need | None:
    """Return the finding of a kind, for the page that is about it; None where there is none."""
    found = next((finding for finding in verdict.findings if finding.kind is kind), None)
    return None if found is None else _need(found, Ageing(verdict.as_of))


def needs(verdict: Verdict, *, may_operate: bool = False) -> Sequence[Need]:
    """Return the findings that need a person: the system's first, of each kind the most urgent first.

    Who may operate is shown what mends one by one click.
    """
    running, speech = verdict.snapshot.operations, Ageing(verdict.as_of)
    scopes = [[f for f in verdict.asking if f.traits.scope is scope] for scope in Scope]
    both = all(scopes)
    return [
        _need(
            finding,
            speech,
            _(SCOPES[finding.traits.scope]) if both and finding is found[0] else "",
            fix_of(finding, running) if may_operate else None,
        )
        for found in scopes
        for finding in found
    ]


def needs_of_all(verdict: Verdict, *, may_operate: bool = False) -> Sequence[Need]:
    """Return the same with the plans that wait for a decision, which they do whatever else is wrong."""
    found = needs(verdict, may_operate=may_operate)
    speech = Ageing(verdict.as_of)
    said = waiting(verdict, speech) if found else None  # where nothing is wrong, the one sentence says it
    if said is None:
        return found
    scopes = {finding.traits.scope for finding in verdict.asking}
    if scopes == {Scope.SYSTEM}:
        found = [replace(found[0], begins=_(SCOPES[Scope.SYSTEM])), *found[1:]]
    colour, icon, way = CLEAR[Clear.DECISIONS]
    begins = _(SCOPES[Scope.BUSINESS]) if scopes == {Scope.SYSTEM} else ""
    text, advice = ageing(said.text), ageing(said.advice)
    return [*found, Need(colour, icon, text, advice, way.path, _(way.word), key="waiting", begins=begins)]


def of_plan(verdict: PlanVerdict) -> Sentence:
    """Say what happens to a plan now, or why it waits, and what the reader can do."""
    said = say_plan(verdict, Ageing(verdict.as_of))
    colour, icon, way = PLANS[verdict.kind]
    advice = f"{said.evidence} {said.advice}".strip()
    found = _sentence(colour, icon, said.text, advice, way)
    return replace(found, since=verdict.since, as_of=verdict.as_of if verdict.wrong else None, mark=verdict.mark)


def _need(finding: Finding, speech: Ageing, begins: str = "", fix: Fix | None = None) -> Need:
    said = say(finding, speech)
    icon, way = FINDINGS[finding.kind]
    return Need(
        tone(finding),
        icon,
        ageing(said.text),
        ageing(f"{said.evidence} {said.advice}".strip()),
        way.path,
        _(way.word) if way.word else "",
        finding.since,
        address(finding.traits.runbook),
        key=f"{finding.kind}-{finding.subject}",
        begins=begins,
        fix=fix,
    )


def _sentence(colour: str, icon: str, text: str, advice: str, way: Way) -> Sentence:
    return Sentence(colour, icon, ageing(text), ageing(advice), way.path, _(way.word) if way.word else "")
