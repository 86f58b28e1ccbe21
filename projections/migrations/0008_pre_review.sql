-- What a review found: see each comment.

-- How many of the versions given away are kept for events that an agent will write: a person has not seen those, so an
-- If-Match is compared without them. Uploading keeps one (plan.analyzed).
alter table decide.head add column reserved integer not null default 0;
update decide.head set reserved = 1 where status in ('analyzing', 'approved');

create function decide.reserve_for_analysis() returns trigger language plpgsql as $$
begin
    if new.kind = 'plan' and new.status = 'analyzing' then
        new.reserved := 1;
    end if;
    return new;
end $$;
create trigger reserve_for_analysis before insert on decide.head
    for each row execute function decide.reserve_for_analysis();

create or replace function decide.current_head(p_kind text, p_id uuid) returns decide.head language plpgsql as $$
declare
    h decide.head;
    seen record;
begin
    select * into h from decide.head where stream = p_kind || '-' || p_id for update;
    if p_kind = 'plan' then
        if h.stream is null or h.status not in ('analyzing', 'approved') then
            return h;
        end if;
        select status, version into seen from rm.plan where plan_id = p_id;
        if found and seen.version >= h.version and seen.status <> h.status then
            update decide.head set status = seen.status, version = seen.version, reserved = 0, changed_at = now()
             where stream = h.stream returning * into h;
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

create or replace function decide.run(c decide.command) returns jsonb language plpgsql as $$
declare
    r decide.rule;
    h decide.head;
    answer jsonb;
    kept record;
    payload jsonb;
    next_version integer;
begin
    if c.key is not null then
        -- waits for a concurrent request with the same key, then sees its answer
        insert into decide.idempotency (scope, key, request_hash, response)
        values (c.scope, c.key, c.request_hash, '{}') on conflict do nothing;
        if not found then
            select request_hash, response into kept from decide.idempotency where scope = c.scope and key = c.key;
            if kept.request_hash <> c.request_hash then
                return jsonb_build_object('outcome', 'key_reused');
            end if;
            return kept.response || '{"replayed": true}';
        end if;
    end if;

    select * into r from decide.rule where command = c.command;
    if not found then
        raise exception 'no rule for command %', c.command;
    end if;
    if r.kind = 'task' then
        -- plan before task, always: two last tasks that end at once wait for each other here
        perform 1 from decide.head where stream = 'plan-' || (select plan_id from rm.task where task_id = c.id) for update;
    end if;
    h := decide.current_head(r.kind, c.id);

    if h.stream is null then
        answer := jsonb_build_object('outcome', 'not_found');
    elsif h.status = any (r.already) then
        answer := jsonb_build_object('outcome', 'unchanged', 'status', h.status, 'version', h.version, 'plan_id', h.plan_id);
    elsif c.expect is not null and c.expect <> h.version - h.reserved then
        answer := jsonb_build_object('outcome', 'version_mismatch', 'status', h.status, 'version', h.version - h.reserved);
    elsif not h.status = any (r.from_status) then
        answer := jsonb_build_object('outcome', 'wrong_status', 'status', h.status, 'version', h.version);
    else
        next_version := h.version + 1;
        payload := c.data || jsonb_build_object('plan_id', h.plan_id);
        if r.kind = 'task' then
            payload := payload || jsonb_build_object('task_id', c.id);
        end if;
        if c.command = 'plan.approve' then
            select payload || jsonb_build_object('channels', to_jsonb(p.channels), 'priority', p.priority,
                                                 'opportunities', p.opportunities, 'phases', p.phases)
              into payload from rm.plan p where p.plan_id = c.id;
        elsif c.command = 'task.retry' then
            payload := payload || jsonb_build_object('attempt', h.tries + 1);
        end if;
        update decide.head
           set status = case
                   when c.command = 'task.assign' and h.status <> 'started'
                       then case when c.data ->> 'assignee' = '' then 'open' else 'assigned' end
                   else coalesce(r.to_status, h.status) end,
               version = next_version + r.reserve,
               reserved = r.reserve,
               tries = tries + case when c.command = 'task.retry' then 1 else 0 end,
               changed_at = now()
         where stream = h.stream returning * into h;
        if c.command = 'task.assign' then
            payload := payload || jsonb_build_object('status', h.status);
        elsif c.command = 'plan.cancel' then
            perform decide.cancel_tasks(c);
        end if;
        perform decide.put_outbox(case r.kind when 'plan' then 'plan.events' else 'task.events' end,
            r.event_type, h.stream, next_version, h.plan_id, c, c.event_id, payload);
        if r.kind = 'task' and h.status in ('completed', 'cancelled') then
            perform decide.complete_plan(h.plan_id, c);
        end if;
        answer := jsonb_build_object('outcome', 'accepted', 'status', h.status, 'version', next_version,
                                     'plan_id', h.plan_id, 'event_id', c.event_id);
    end if;

    if c.key is not null then
        if answer ->> 'outcome' in ('accepted', 'unchanged') then
            update decide.idempotency set response = answer where scope = c.scope and key = c.key;
        else
            -- a refusal is not latched: the same key may be tried again when the plan has moved
            delete from decide.idempotency where scope = c.scope and key = c.key;
        end if;
    end if;
    return answer;
end $$;

-- Two batches of task commands over the same plans locked the plans' heads in the order of their tasks, each in its own:
-- a deadlock. So a batch locks every head of a plan that it concerns first, in one order.
create or replace function decide.run_all(commands decide.command[]) returns jsonb[] language plpgsql as $$
declare
    answers jsonb[] := '{}';
    c decide.command;
begin
    perform 1 from decide.head
      where stream in (select 'plan-' || t.plan_id from unnest(commands) a join rm.task t on t.task_id = a.id
                        where a.command like 'task.%')
      order by stream for update;
    foreach c in array commands loop
        answers := answers || decide.run(c);
    end loop;
    return answers;
end $$;

-- Two callers that both saw the last result (an item delivered twice, the watchdog) must not insert side by side.
create or replace function decide.finish_analysis(c decide.command) returns boolean language plpgsql as $$
begin
    perform 1 from decide.head where stream = 'plan-' || c.id for update;
    perform 1 from decide.outbox where stream = 'plan-' || c.id and version = 2;
    if found then
        return false;
    end if;
    perform decide.put_outbox('plan.events', 'plan.analyzed', 'plan-' || c.id, 2, c.id, c, c.event_id, c.data);
    return true;
end $$;

-- Plans whose tasks have all ended while Phase 1 itself was not readable yet: the command that ended the last one could not
-- know, and none comes after it. The watchdog calls this; it ends at most p_most plans and returns how many it looked at.
create function decide.complete_waiting(p_most integer, p_actor text) returns integer language plpgsql as $$
declare
    p uuid;
    c decide.command;
    looked integer := 0;
begin
    for p in select plan_id from rm.plan r
              where r.status = 'executing' and r.changed_at < now() - interval '2 seconds'
                and r.changed_at > now() - interval '1 day'
                and exists (select from rm.task t where t.plan_id = r.plan_id)
                and not exists (select from rm.task t where t.plan_id = r.plan_id
                                   and t.status not in ('completed', 'cancelled'))
              limit p_most loop
        looked := looked + 1;
        c.event_id := md5('complete' || p::text)::uuid;
        c.at := (extract(epoch from clock_timestamp()) * 1000000)::bigint;
        c.causation_id := c.event_id::text;
        c.actor := p_actor;
        perform decide.complete_plan(p, c);
    end loop;
    return looked;
end $$;
