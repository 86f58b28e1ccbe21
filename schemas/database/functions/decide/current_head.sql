-- Locks and returns the head of a plan or task, moved forward to what agents have written to the log since. Ignores a
-- read model that is behind the head. Makes a task's head from the read model at its first command. Does not store the
-- moved head: an accepted command stores it with its own change.
-- Outcomes: the head; all fields null if there is no such plan or task.
-- Called by: decide.cancel_tasks, decide.complete_plan, decide.run

create or replace function decide.current_head(p_kind text, p_id uuid) returns decide.head language plpgsql as $$
declare
    h decide.head;
    seen record;
begin
    select * into h from decide.head where stream = p_kind || '-' || p_id for update;
    if p_kind = 'plan' then
        if h.stream is null or h.reserved = 0 then
            return h;  -- no agent owes this plan an event
        end if;
        select status, version into seen from rm.plan where plan_id = p_id;
        if found and seen.version >= h.version and seen.status <> h.status then
            h.status := seen.status;
            h.version := seen.version;
            h.reserved := 0;
        end if;
    elsif h.stream is null then
        -- the first command to a task: its head is what the log says
        insert into decide.head (stream, kind, plan_id, status, version, tries)
        select 'task-' || task_id, 'task', plan_id, status, version, attempt from rm.task where task_id = p_id
        on conflict (stream) do nothing;
        select * into h from decide.head where stream = 'task-' || p_id for update;
    end if;
    return h;
end $$;
