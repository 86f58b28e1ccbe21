-- Creates the tasks of a later phase: a head for each, and a task.created into the outbox. For the transaction that
-- starts the phase, after its own event. Leaves a task that has a head as it is.
-- Called by: decide.run

create or replace function decide.create_tasks(c decide.command, h decide.head) returns void language plpgsql as $$
declare
    t jsonb;
begin
    for t in select one from jsonb_array_elements(c.data -> 'tasks') with ordinality of (one, n) order by n loop
        insert into decide.head (stream, kind, plan_id, status, version)
        values ('task-' || (t ->> 'task_id'), 'task', h.plan_id, 'open', 1) on conflict (stream) do nothing;
        if found then
            c.causation_id := c.event_id::text;
            perform decide.put_outbox('task.events', 'task.created', 'task-' || (t ->> 'task_id'), 1, h.plan_id, c,
                md5(c.event_id::text || (t ->> 'task_id'))::uuid,
                t || jsonb_build_object('plan_id', h.plan_id, 'phase', c.data -> 'phase'), h.traceparent);
        end if;
    end loop;
end $$;
