-- Returns the ids of the tasks that the Phase 1 of a plan made, from the history where the plan names its event: also
-- of those that cannot be read yet.
-- Called by: decide.cancel_tasks, decide.complete_plan

create or replace function decide.tasks_made(p_plan uuid) returns setof uuid language sql stable as $$
    select (task ->> 'task_id')::uuid
      from rm.plan p
      left join rm.timeline h on h.plan_id = p.plan_id and h.stream = 'plan-' || p.plan_id
                             and h.version = (p.phase1 ->> 'told_by')::int
     cross join jsonb_array_elements(coalesce((h.data -> 'tasks')::jsonb, p.phase1 -> 'tasks')) task
     where p.plan_id = p_plan
$$;
