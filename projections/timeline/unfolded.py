"""The history of a plan as one list, in SQL: the rows of its events, and the task.created that its phases tell.

No index has the order of a plan's events: it would cost each event more than the few long histories save. So a page
of a long history goes through the plan's rows once, and through nothing else; their number is that of an index.
"""

from __future__ import annotations

from typing import Final

#: What an event holds alike with others of its plan, where that stands apart. `of`: a row of the history.
SAID: Final = "(select b.said from rm.plan_body b where b.plan_id = {of}.plan_id and b.digest = {of}.body) as said"
#: The columns of an event but for what it holds.
NARROW: Final = """event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id, trace_id,
           topic, partition, "offset\""""
# A phase is one row, and its task.created follow from it: each is shown beside it, unless it has a row of its own.
# `of_type`: the phase that it follows from, as a phase of one task; null for a row of its own. A phase's data are read
# once (`offset 0` keeps them apart): looked into for each of 200 tasks, they take longer than all else of a page.
# A phase is of the plan's own stream, so that the rows of its tasks are not looked through for it.
_OF_PHASES: Final = """from (
            select *, data -> 'phase' as of_phase, data -> 'tasks' as of_tasks
              from rm.timeline
             where plan_id = $1 and stream = 'plan-' || $1::uuid
               and type in ('plan.phase1.created', 'plan.phase.started') offset 0) p
      cross join lateral json_array_elements(case when json_typeof(p.of_tasks) = 'array' then p.of_tasks
                                                  else '[]' end) with ordinality of_phase (task, n)
     where (p.type = 'plan.phase.started' or task ->> 'due_on' is not null)
       and not exists (select from rm.timeline own where own.plan_id = $1 and own.version = 1
                                                    and own.stream = 'task-' || (task ->> 'task_id'))"""
UNFOLDED: Final = f"""(
    select {NARROW}, data, 0 as place, null as of_type, body
      from rm.timeline where plan_id = $1
     union all
    select p.event_id, p.plan_id, 'task.created', 'task-' || (task ->> 'task_id'), 1, p.occurred_at, p.recorded_at,
           p.actor, p.event_id::text, p.trace_id, 'task.events', p.partition, -1,
           json_build_object('plan_id', p.plan_id, 'phase', p.of_phase, 'tasks', json_build_array(task)),
           n::int, p.type, null
      {_OF_PHASES}) e"""  # noqa: S608 - constants
#: How many rows the list has: of its own rows an index alone is asked.
COUNT: Final = f"""
    select (select count(*) from rm.timeline where plan_id = $1) + (select count(*) {_OF_PHASES})"""  # noqa: S608 - constants
#: Where an event is told by its ids alone: a type whose events differ in their texts.
_IDS: Final = "json_build_object('task_id', substr(e.stream, 6), 'plan_id', e.plan_id, 'comment', '')"


def in_full(rows: str, *more: str) -> str:
    """Return the SQL of such rows of the list with all that they hold, and with `more` of their columns."""
    return f"select {', '.join((NARROW, 'data', 'of_type', SAID.format(of='e'), *more))} from ({rows}) e"  # noqa: S608 - constants


def until(order: str) -> str:
    """Return the SQL of the first $2 events in an order with their `number`.

    Of the types of $3 it has only the last one of a stream. Those of $4 are told by their ids, but for the $2nd of all.
    """
    rows = f"""
    select * from (
        select n.*, row_number() over (partition by stream, type order by number desc) as from_last
          from (select e.*, row_number() over ({order}) as number from {UNFOLDED} {order} limit $2) n) n
     where from_last = 1 or type <> all ($3)"""  # noqa: S608 - constants
    data = f"case when e.type = any ($4) and e.number < $2 then {_IDS} else e.data end as data"
    return f"select {NARROW}, {data}, of_type, {SAID.format(of='e')}, number from ({rows}) e"  # noqa: S608 - constants
