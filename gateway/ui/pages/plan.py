"""`/plans/{id}`: one plan, its tasks and its whole history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.commands.phase1 import preview
from gateway.figures.currency import HOME_CURRENCY
from gateway.figures.stated import beside_computed
from gateway.intake.said_channel import choosable
from gateway.operations.plan_verdict import verdict_on
from gateway.services.services import Services
from gateway.ui import i18n, preferences, signed_in, states
from gateway.ui.channel_figures import FIRST_PRODUCTS, of_channel
from gateway.ui.channels_together import together
from gateway.ui.i18n import mark
from gateway.ui.phase1_form import Form, form_of
from gateway.ui.rendering import render
from gateway.ui.words import attempt_words, four_eyes_words, sentences
from gateway.ui.words.agent_words import AGENT_FAILURES
from gateway.ui.words.figure_words import currency
from gateway.ui.worth_parts import worth_parts
from gateway.verdict.plan import waits_for_the_system
from projections.outcomes import reads as outcomes
from projections.plans import reads as plans
from projections.reads import documents, plan_attempts, tasks_in_short, teams
from projections.reads.compared import found_later
from projections.reads.processes import has_agent
from projections.reads.tasks_in_short import Short
from projections.reads.unnamed import answer_of
from projections.tasks import reads as tasks
from projections.timeline import reads as timeline
from schemas.channels import channel_name
from schemas.facts import ChannelFacts
from schemas.lifecycle import ADDED, PLAN, AddedAction, PlanStatus
from schemas.plan import Source
from schemas.product import MOST_PRODUCTS
from schemas.retention import BY_RETENTION
from schemas.rules import barred

#: Events that the page lists, the newest ones; the history has them all.
TIMELINE: Final = 50
#: Attempts that the page lists, the latest; the API and the command line have them all.
ATTEMPTS: Final = 25
#: Tasks that the page lists, in their order; the list of tasks has them all. A phase has some ten.
TASKS: Final = 25
#: The names of steps while they go on: by the names of their results they would read as reached.
UNDER_WAY: Final = {
    "analysed": mark("Analysing"),
    "phase1": mark("Creating Phase 1"),
    "completed": mark("In progress"),
}


async def show(request: Request, plan_id: UUID) -> Response:
    """Show a plan; one that was accepted but is not projected yet says so and comes by itself."""
    i18n.use(preferences.read(request).language)
    plan = await plans.get(request.state.services.shown, plan_id)
    if plan is None or plan.uploaded_at is None:
        return await render(request, "plan_missing.html", status=404, plan_id=plan_id)
    return await page_of(request, plan)


async def page_of(
    request: Request, plan: plans.Plan, *, written: Form | None = None, wrong: Sequence[str] = (), status: int = 200
) -> Response:
    """Return the plan's page; `written` is an invalid form of Phase 1, `wrong` says why."""
    db = request.state.services.shown
    ahead = preview(plan)
    events, event_count = await timeline.newest(db, plan.plan_id, TIMELINE)
    every = await tasks_in_short.of_plan(db, plan.plan_id)
    tried = await plan_attempts.find(db, plan.plan_id, limit=ATTEMPTS)
    became = await outcomes.of_plan(db, plan.plan_id)
    found = await documents.figures_of_plan(db, plan.plan_id)
    phases = sorted(plan.phases, key=lambda p: (p["number"] is None, p["number"] or 0))
    return await render(
        request,
        "plan.html",
        tasks_of=plan.plan_id,
        status=status,
        plan=plan,
        sentence=sentences.of_plan(await verdict_on(request.state.services, plan)),
        tasks=await tasks.of_plan(db, plan.plan_id, TASKS) if every else [],
        task_count=len(every),
        events=events,
        titles={str(task.task_id): task.title for task in every},
        event_count=event_count,
        phases=phases,
        outcomes=became,
        found_later=await found_later(db, plan.plan_id),
        measured={one.opportunity_id for one in became.later},
        checks={one["opportunity_id"]: one for result in plan.channel_results for one in result.checks},
        attempts=tried.items,
        attempt_count=tried.total,
        attempt_words=attempt_words,
        agent_failures=AGENT_FAILURES,
        analysts=await _analysts(request, plan),
        first_products=FIRST_PRODUCTS,
        most_products=MOST_PRODUCTS,
        **of_document(plan, found),
        unnamed_answer=await answer_of(db, plan.plan_id) if found and found.unnamed else None,
        served=served(plan, every),
        steps=steps(plan),
        ahead=ahead,
        form=written or (form_of(ahead) if ahead else None),
        wrong=wrong,
        may_operate=signed_in.may_operate(request),
        may_add=signed_in.may_work(request) and plan.status in ADDED[AddedAction.ADD].needs,
        may_erase=signed_in.may_administer(request) and plan.erased_at is None and waits_for(plan) is None,
        by_retention=BY_RETENTION,
        may_move=await _teams(request),
        waits_for=waits_for(plan),
        why=await _why(request, plan),
        bar=await _bar(request, plan),
    )


async def _teams(request: Request) -> list[teams.Team]:
    """Return the open teams that the reader can move the plan to."""
    if not signed_in.may_administer(request):
        return []
    return [one for one in await teams.every(request.state.services.shown) if not one.closed]


async def _bar(request: Request, plan: plans.Plan) -> str:
    """Return why somebody else has to approve; "" if the reader may, or four eyes are not required."""
    services: Services = request.state.services
    if not services.settings.four_eyes:
        return ""
    here = [handle for handle, one in (await services.access.people.known()).items() if not one.ended]
    bar = barred(request.state.principal.name, plan.uploaded_by, here)
    return four_eyes_words.why(bar) if bar else ""


async def _why(request: Request, plan: plans.Plan) -> str:
    """Return the reason that an operator gave with Phase 1, "" without one."""
    if plan.phase1 is None or plan.phase1["origin"] != "operator":
        return ""
    return await timeline.reason_for_phase1(request.state.services.shown, plan.plan_id)


async def _analysts(request: Request, plan: plans.Plan) -> tuple[Source, ...]:
    """Return who can be asked to analyse a channel of the plan again."""
    if plan.status not in plans.ASKED_IN:
        return ()
    return ("agent", "rules") if await has_agent(request.state.services.shown) else ("rules",)


@dataclass(frozen=True, slots=True)
class WaitsFor:
    """What a plan waits for from the system: the analyses of these `channels`, or Phase 1 if there are none."""

    channels: tuple[str, ...]


def waits_for(plan: plans.Plan) -> WaitsFor | None:
    """Return the step that an operator can move the plan on from; None if it waits for none."""
    again = tuple(r.channel for r in plan.channel_results if r.asked is not None and r.asked.running)
    if plan.status == PlanStatus.ANALYZING:
        return WaitsFor(tuple(r.channel for r in plan.channel_results if r.status == "waiting"))
    if again:
        return WaitsFor(again)
    return WaitsFor(()) if waits_for_the_system(plan) else None


def of_document(plan: plans.Plan, found: documents.DocumentFigures | None) -> dict[str, object]:
    """Return what the page shows of the document: how it was read, figures of each channel and of all side by side."""
    if found is None:
        return {
            "reading": None,
            "channel_figures": {},
            "beside": None,
            "without_worth": "",
            "not_chosen": [],
            "unnamed": None,
            "stated": [],
            "worths": {},
        }
    return {
        "reading": found.reading,
        "channel_figures": {c.channel: of_channel(c, found.reading.tables) for c in found.channels},
        "beside": together([c for c in found.channels if c.channel in plan.channels]),
        "without_worth": without_worth([c for c in found.channels if c.channel in plan.channels]),
        "not_chosen": [c for c in found.channels if c.channel not in plan.channels],
        "unnamed": found.unnamed,
        "unnamed_choices": choosable(found.channels),
        "stated": list(beside_computed(found.stated, found.channels)),
        "worths": worth_parts(plan, found.channels, found.reading.tables),
    }


def without_worth(channels: Sequence[ChannelFacts]) -> str:
    """Return the channels without a worth, because their amounts are in no reais, each with what they are in."""
    other = [one for one in channels if one.figures and one.currency != HOME_CURRENCY]
    return ", ".join(f"{channel_name(one.channel)} ({currency(one.currency, one.currency_source)})" for one in other)


def served(plan: plans.Plan, done: Sequence[Short]) -> dict[str, dict[str, list[object]]]:
    """Return, by opportunity id, the tasks that serve it and the steps of phases that have not begun."""
    found: dict[str, dict[str, list[object]]] = {o["id"]: {"tasks": [], "steps": []} for o in plan.opportunities}
    for task in done:
        for id_ in (task.opportunity_id, *task.also_serves):
            if id_ in found:
                found[id_]["tasks"].append(task)
    for phase in plan.phases:
        if done and phase["number"] is not None and phase["number"] <= plan.phase:
            continue
        for step in phase["tasks"]:
            for id_ in (step["opportunity_id"], *step.get("also_serves", ())):
                if id_ in found:
                    found[id_]["steps"].append({"phase": phase, "title": step["title"]})
    return found


def steps(plan: plans.Plan) -> list[dict[str, object]]:
    """Return the plan's five steps: `state` is done, now, stopped or later, `at` when it was reached."""
    stopped = plan.status in PLAN.given_up
    decision, end = _outcomes(plan)
    reached = [
        ("uploaded", mark("Uploaded"), plan.uploaded_at),
        ("analysed", mark("Analysed"), plan.analyzed_at),
        ("decided", decision, plan.decided_at),
        ("phase1", mark("Phase 1"), plan.phase1_at),
        ("completed", end, None if stopped else plan.ended_at),
    ]
    shown: list[dict[str, object]] = []
    current_found = False
    for name, word, at in reached:
        if at is not None and not (stopped and name in {"phase1", "completed"} and plan.phase1_at is None):
            state = "stopped" if stopped and name == "decided" and plan.phase1_at is None else "done"
        elif not current_found and not stopped:
            state, current_found = "now", True
        else:
            state = "later"
        said = UNDER_WAY.get(name, word) if state == "now" else word
        shown.append({"name": name, "word": said, "at": at, "state": state})
    return shown


def _outcomes(plan: plans.Plan) -> tuple[str, str]:
    """Return the names of the decision and of the last stage: one that was rejected or cancelled ends there."""
    completed, stopped = states.look("plan", PlanStatus.COMPLETED).word, plan.status in PLAN.given_up
    if plan.phase1_at is not None:
        return mark("Approved"), states.look("plan", plan.status).word if stopped else completed
    if stopped:
        return states.look("plan", plan.status).word, completed
    return mark("Decision") if plan.decided_at is None else mark("Approved"), completed
