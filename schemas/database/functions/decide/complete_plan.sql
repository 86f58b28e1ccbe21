-- Completes an executing plan if all its tasks have ended, and puts plan.completed into the outbox. Does nothing while
-- a task is open or not readable yet: Phase 1 says which tasks it has; those of later phases, and those that people
-- added, have heads.
-- Called by: decide.complete_waiting, decide.run

create or replace function decide.complete_plan(p_plan uuid, c decide.command) returns void language plpgsql as $$
declare
    h decide.head;
    done integer;
    gone integer;
    waiting integer;
begin
    h := decide.current_head('plan', p_plan);
    if h.stream is null or h.status <> 'executing' then
        return;
    end if;
    select count(*) filter (where coalesce(d.status, t.status) = 'completed'),
           count(*) filter (where coalesce(d.status, t.status) = 'cancelled'),
           count(*) filter (where coalesce(d.status, t.status) not in (
               select s.status from decide.status s where s.kind = 'task' and s.final))
      into done, gone, waiting
      from (select 'task-' || task_id as stream, status from rm.task where plan_id = p_plan) t
      full join (select stream, status from decide.head where plan_id = p_plan and kind = 'task') d using (stream);
    -- rm.task may still lack a task that is on its way: Phase 1 itself says which there are
    if waiting > 0 or exists (
            select from decide.tasks_made(p_plan) one (task)
             where not exists (select from rm.task t where t.task_id = task)
               and not exists (select from decide.head d where d.stream = 'task-' || task)) then
        return;
    end if;
    update decide.head set status = 'completed', version = h.version + 1, reserved = 0, changed_at = now()
     where stream = h.stream returning * into h;
    perform decide.put_outbox('plan.events', 'plan.completed', h.stream, h.version, p_plan, c,
        md5(c.event_id::text || 'plan.completed')::uuid,
        jsonb_build_object('plan_id', p_plan, 'tasks_completed', done, 'tasks_cancelled', gone),
        h.traceparent);
end $$;
