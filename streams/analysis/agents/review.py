"""Turn a completion into an analysis: parse it, drop repeated prompt text, check language and facts. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis
from streams.analysis.rules import analyse

from .answer import AnswerParts, read_answer
from .echo import without_echo
from .envelope import Completion
from .errors import AnswerUnusable
from .grounding import ground
from .known import Known
from .language import is_portuguese
from .repairs import Action, Problem, Repairs


@dataclass(frozen=True, slots=True)
class Asked:
    """The question behind a completion. `before`: why the previous answer could not be used."""

    channel: str
    facts: DocumentFacts
    model: str
    before: AnswerUnusable | None = None


def review(completion: Completion, asked: Asked) -> ChannelAnalysis:
    """Return the analysis that a completion holds. Raises AnswerUnusable."""
    repairs = Repairs()
    if asked.before is not None:
        repairs.add("answer", Problem.FIRST_ANSWER, Action.ASKED_AGAIN, found=asked.before.reason)
    if completion.from_tool_call:
        repairs.add("answer", Problem.TOOL_CALL, Action.READ_ARGUMENTS)
    parts = read_answer(completion.text, asked.channel, finish_reason=completion.finish_reason, repairs=repairs)
    summary, opportunities, phases, limits = without_echo(
        parts.summary, parts.opportunities, parts.phases, parts.limits, repairs
    )
    if not is_portuguese(_said(parts)):
        raise AnswerUnusable("language")
    known = Known(asked.channel, asked.facts, analyse(asked.channel, asked.facts))
    grounded = ground(summary, opportunities, phases, limits, known, repairs)
    return ChannelAnalysis(
        channel=asked.channel,
        source="agent",
        model=completion.model or asked.model,
        summary=summary,
        opportunities=grounded.opportunities,
        phases=phases,
        repairs=repairs.listed(),
        limits=limits,
        unmatched=grounded.unmatched,
    )


def _said(parts: AnswerParts) -> str:
    texts = [parts.summary, *parts.limits]
    for o in parts.opportunities:
        texts += [o.title, o.what]
    for phase in parts.phases:
        texts += [phase.expected_impact, *(f"{task.title}. {task.what}" for task in phase.tasks)]
    return "\n".join(texts)
