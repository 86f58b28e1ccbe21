-- Cancels every task of a plan that has not ended, and puts a task.cancelled for each into the outbox. For the
-- transaction that cancels the plan. A task that the log has and the read model has not yet is cancelled, too.
-- Called by: decide.run

create or replace function decide.cancel_tasks(c decide.command) returns void language plpgsql as $$
declare
    t uuid;
    h decide.head;
    r decide.rule;
    plan_trace text := (select traceparent from decide.head where stream = 'plan-' || c.id);
begin
    select * into r from decide.rule where command = 'task.cancel';
    for t in select decide.tasks_made(c.id)
              union  -- those of later phases have a head from the beginning
             select substr(stream, 6)::uuid from decide.head where plan_id = c.id and kind = 'task' loop
        h := decide.current_head('task', t);
        if h.stream is null then
            -- its task.created is on its way: version 1 is the agent's
            insert into decide.head (stream, kind, plan_id, status, version) values ('task-' || t, 'task', c.id, 'open', 1)
            returning * into h;
        end if;
        if h.status = any (r.from_status) then
            update decide.head set status = r.to_status, version = version + 1, changed_at = now()
             where stream = h.stream returning * into h;
            perform decide.put_outbox('task.events', r.event_type, h.stream, h.version, c.id, c,
                md5(c.event_id::text || t::text)::uuid,
                jsonb_build_object('plan_id', c.id, 'task_id', t, 'reason', c.data ->> 'reason'),
                plan_trace);
        end if;
    end loop;
end $$;
