-- Adds a task to a plan that is being worked on: a head for it, and task.added into the outbox. It belongs to the phase
-- under way and stands behind each task of it, also those that cannot be read yet. The caller has locked the plan.
-- Outcomes: accepted, with status and version of the task; unchanged, if there is a task with this id; too_many_tasks,
-- if people have added as many as they can (ADDED_TASK_LIMIT of schemas/plan.py).
-- Called by: decide.run

create or replace function decide.add_task(c decide.command, h decide.head) returns jsonb language plpgsql as $$
declare
    stream_of_task text := 'task-' || (c.data ->> 'task_id');
    place integer;
    most constant integer := 100;
begin
    if h.added >= most and not exists (select from decide.head d where d.stream = stream_of_task) then
        return jsonb_build_object('outcome', 'too_many_tasks', 'status', h.status, 'version', h.version - h.reserved);
    end if;
    select coalesce(max(position) filter (where phase = h.phase), 0) into place from rm.task where plan_id = h.plan_id;
    select place + count(*) + 1 into place from decide.head d
     where d.plan_id = h.plan_id and d.kind = 'task'
       and not exists (select from rm.task t where t.task_id = substr(d.stream, 6)::uuid and t.created_at is not null);
    insert into decide.head (stream, kind, plan_id, status, version)
    values (stream_of_task, 'task', h.plan_id, 'open', 1) on conflict (stream) do nothing;
    if not found then
        return jsonb_build_object('outcome', 'unchanged', 'status', 'open', 'version', 1, 'plan_id', h.plan_id,
                                  'task_id', c.data -> 'task_id');
    end if;
    update decide.head set added = added + 1 where stream = h.stream;
    perform decide.put_outbox('task.events', 'task.added', stream_of_task, 1, h.plan_id, c, c.event_id,
        c.data || jsonb_build_object('plan_id', h.plan_id, 'phase', h.phase, 'position', place), h.traceparent);
    return jsonb_build_object('outcome', 'accepted', 'status', 'open', 'version', 1, 'plan_id', h.plan_id,
                              'task_id', c.data -> 'task_id', 'event_id', c.event_id, 'traceparent', h.traceparent);
end $$;
