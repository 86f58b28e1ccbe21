-- A plan is one trace: what is decided about it later, days after its upload, hangs in the trace that the upload began.
-- The request that decides is linked, not the parent: it has a trace of its own, and can decide about many plans at once.

-- Of a plan, the trace context of its upload; null: none was kept, then each decision is in its request's trace.
alter table decide.head add column traceparent text;
-- A second trace context that an event belongs to: the span of its sending is linked to it. Mostly the request's.
alter table decide.outbox add column link text;

create function decide.is_sampled(p_traceparent text) returns boolean language sql immutable as $$
    select substr(p_traceparent, 55, 1) in ('1', '3', '5', '7', '9', 'b', 'd', 'f')
$$;

-- As before, in the trace of the plan. The request's own trace goes on where it is the same one, and where it is recorded
-- and the plan's is not: nobody would find what hangs in a trace that was never recorded.
create function decide.put_outbox(
    p_topic text, p_type text, p_stream text, p_version integer, p_plan uuid, c decide.command, p_event uuid, p_data jsonb,
    p_plan_trace text
) returns void language plpgsql as $$
declare
    parent text := coalesce(c.traceparent, p_plan_trace);
    other text;
begin
    if substr(p_plan_trace, 4, 32) <> substr(c.traceparent, 4, 32) then
        if decide.is_sampled(c.traceparent) and not decide.is_sampled(p_plan_trace) then
            other := p_plan_trace;
        else
            parent := p_plan_trace;
            other := c.traceparent;
        end if;
    end if;
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,
                               correlation_id, actor, data, traceparent, link)
    values (p_event, p_topic, p_plan::text, p_type, p_stream, p_version, c.at, c.causation_id,
            p_plan::text, c.actor, p_data, parent, other);
    if p_type = 'plan.approved' then
        insert into flow.deadline (plan_id, kind) values (p_plan, 'phase1') on conflict do nothing;
    elsif p_type = 'plan.uploaded' then
        insert into flow.deadline (plan_id, kind) values (p_plan, 'analysis') on conflict do nothing;
    elsif p_type = 'plan.cancelled' then
        -- a plan that was found to be stuck is the watchdog's to close
        delete from flow.deadline where plan_id = p_plan and stalled_at is null;
    end if;
end $$;

-- For events that are in the plan's trace already: the upload, and what the analysis makes.
create or replace function decide.put_outbox(
    p_topic text, p_type text, p_stream text, p_version integer, p_plan uuid, c decide.command, p_event uuid, p_data jsonb
) returns void language plpgsql as $$
begin
    perform decide.put_outbox(p_topic, p_type, p_stream, p_version, p_plan, c, p_event, p_data, null);
end $$;

-- A dead letter that is sent again still says which attempt failed: the next one is linked to it.
create or replace function flow.without_x(p_headers jsonb) returns jsonb language sql immutable as $$
    select coalesce(jsonb_agg(pair order by n), '[]')
      from jsonb_array_elements(p_headers) with ordinality e (pair, n)
     where pair ->> 0 not like 'x-%' or pair ->> 0 = 'x-failed-span'
$$;

-- The functions that follow are as they were, save for the trace.

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
           count(*) filter (where coalesce(d.status, t.status) not in ('completed', 'cancelled'))
      into done, gone, waiting
      from rm.task t left join decide.head d on d.stream = 'task-' || t.task_id
     where t.plan_id = p_plan;
    -- rm.task may still lack a task that is on its way: Phase 1 itself says how many there are
    if waiting > 0 or done + gone < (select jsonb_array_length(phase1 -> 'tasks') from rm.plan where plan_id = p_plan) then
        return;
    end if;
    update decide.head set status = 'completed', version = version + 1, changed_at = now()
     where stream = h.stream returning * into h;
    perform decide.put_outbox('plan.events', 'plan.completed', h.stream, h.version, p_plan, c,
        md5(c.event_id::text || 'plan.completed')::uuid,
        jsonb_build_object('plan_id', p_plan, 'tasks_completed', done, 'tasks_cancelled', gone),
        h.traceparent);
end $$;

create or replace function decide.cancel_tasks(c decide.command) returns void language plpgsql as $$
declare
    t uuid;
    h decide.head;
    plan_trace text := (select traceparent from decide.head where stream = 'plan-' || c.id);
begin
    for t in select (task ->> 'task_id')::uuid
               from rm.plan, jsonb_array_elements(phase1 -> 'tasks') task where plan_id = c.id loop
        h := decide.current_head('task', t);
        if h.stream is null then
            -- its task.created is on its way: version 1 is the agent's
            insert into decide.head (stream, kind, plan_id, status, version) values ('task-' || t, 'task', c.id, 'open', 1)
            returning * into h;
        end if;
        if h.status not in ('completed', 'cancelled') then
            update decide.head set status = 'cancelled', version = version + 1, changed_at = now()
             where stream = h.stream returning * into h;
            perform decide.put_outbox('task.events', 'task.cancelled', h.stream, h.version, c.id, c,
                md5(c.event_id::text || t::text)::uuid,
                jsonb_build_object('plan_id', c.id, 'task_id', t, 'reason', c.data ->> 'reason'),
                plan_trace);
        end if;
    end loop;
end $$;

create or replace function decide.run(c decide.command) returns jsonb language plpgsql as $$
declare
    r decide.rule;
    h decide.head;
    answer jsonb;
    kept record;
    payload jsonb;
    next_version integer;
    plan_trace text;
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
        select traceparent into plan_trace from decide.head
         where stream = 'plan-' || (select plan_id from rm.task where task_id = c.id) for update;
    end if;
    h := decide.current_head(r.kind, c.id);
    if r.kind = 'plan' then
        plan_trace := h.traceparent;
    end if;

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
            r.event_type, h.stream, next_version, h.plan_id, c, c.event_id, payload, plan_trace);
        if r.kind = 'task' and h.status in ('completed', 'cancelled') then
            perform decide.complete_plan(h.plan_id, c);
        end if;
        answer := jsonb_build_object('outcome', 'accepted', 'status', h.status, 'version', next_version,
                                     'plan_id', h.plan_id, 'event_id', c.event_id, 'traceparent', plan_trace);
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

create or replace function decide.upload(
    c decide.command, p_document uuid, p_sha256 text, p_channels text[], p_facts jsonb, p_again boolean
) returns jsonb language plpgsql as $$
declare
    kept record;
    known record;
    answer jsonb;
begin
    if c.key is not null then
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
    -- two uploads of one file at the same moment: the second sees the first
    perform pg_advisory_xact_lock(hashtextextended(p_sha256, 0));
    if not p_again then
        select d.plan_id, h.status into known from decide.document d join decide.head h on h.stream = 'plan-' || d.plan_id
         where d.sha256 = p_sha256 and d.channels @> p_channels and p_channels @> d.channels
           and h.status not in ('rejected', 'cancelled')
         order by d.stored_at desc limit 1;
        if found then
            if c.key is not null then
                delete from decide.idempotency where scope = c.scope and key = c.key;
            end if;
            return jsonb_build_object('outcome', 'duplicate', 'plan_id', known.plan_id, 'status', known.status);
        end if;
    end if;
    insert into decide.document (document_id, plan_id, sha256, channels, facts)
    values (p_document, c.id, p_sha256, p_channels, p_facts);
    -- version 1 is plan.uploaded; 2 is kept for plan.analyzed
    insert into decide.head (stream, kind, plan_id, status, version, traceparent)
    values ('plan-' || c.id, 'plan', c.id, 'analyzing', 2, c.traceparent);
    perform decide.put_outbox('plan.events', 'plan.uploaded', 'plan-' || c.id, 1, c.id, c, c.event_id, c.data);
    answer := jsonb_build_object('outcome', 'accepted', 'status', 'analyzing', 'version', 1, 'plan_id', c.id, 'event_id', c.event_id);
    if c.key is not null then
        update decide.idempotency set response = answer where scope = c.scope and key = c.key;
    end if;
    return answer;
end $$;
