-- Commands: one function call, one round trip, one transaction.

create type decide.command as (
    command      text,     -- such as plan.approve
    id           uuid,     -- plan or task
    scope        text,     -- caller, for the idempotency key
    key          text,     -- Idempotency-Key; null: none given
    request_hash text,
    expect       integer,  -- If-Match: the stream's version; null: any
    event_id     uuid,
    at           bigint,   -- microseconds since 1970 UTC
    causation_id text,     -- request id
    actor        text,
    traceparent  text,
    data         jsonb     -- fields of the event that the caller gives
);

create function decide.put_outbox(
    p_topic text, p_type text, p_stream text, p_version integer, p_plan uuid, c decide.command, p_event uuid, p_data jsonb
) returns void language sql as $$
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,
                               correlation_id, actor, data, traceparent)
    values (p_event, p_topic, p_plan::text, p_type, p_stream, p_version, c.at, c.causation_id,
            p_plan::text, c.actor, p_data, c.traceparent)
$$;

-- Brings a head up to what the log has made of it since (agents' events), as the read model shows it.
-- A read model that is behind the head (version below it) says nothing new and is not asked.
create function decide.current_head(p_kind text, p_id uuid) returns decide.head language plpgsql as $$
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
            update decide.head set status = seen.status, version = seen.version, changed_at = now()
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

-- Ends the plan when its last task has ended. Called after a task's command, in the same transaction.
create function decide.complete_plan(p_plan uuid, c decide.command) returns void language plpgsql as $$
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
        jsonb_build_object('plan_id', p_plan, 'tasks_completed', done, 'tasks_cancelled', gone));
end $$;

-- Cancels every task of a plan that has not ended, in the transaction that cancels the plan.
create function decide.cancel_tasks(c decide.command) returns void language plpgsql as $$
declare
    t uuid;
    h decide.head;
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
                jsonb_build_object('plan_id', c.id, 'task_id', t, 'reason', c.data ->> 'reason'));
        end if;
    end loop;
end $$;

create function decide.run(c decide.command) returns jsonb language plpgsql as $$
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
    elsif c.expect is not null and c.expect <> h.version then
        answer := jsonb_build_object('outcome', 'version_mismatch', 'status', h.status, 'version', h.version);
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

-- Many commands in one round trip, in order; each answer stands at its command's place.
create function decide.run_all(commands decide.command[]) returns jsonb[] language plpgsql as $$
declare
    answers jsonb[] := '{}';
    c decide.command;
begin
    foreach c in array commands loop
        answers := answers || decide.run(c);
    end loop;
    return answers;
end $$;

-- A new plan. The same file for the same channels is said to be known, unless `p_again`.
create function decide.upload(
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
    insert into decide.head (stream, kind, plan_id, status, version) values ('plan-' || c.id, 'plan', c.id, 'analyzing', 2);
    perform decide.put_outbox('plan.events', 'plan.uploaded', 'plan-' || c.id, 1, c.id, c, c.event_id, c.data);
    answer := jsonb_build_object('outcome', 'accepted', 'status', 'analyzing', 'version', 1, 'plan_id', c.id, 'event_id', c.event_id);
    if c.key is not null then
        update decide.idempotency set response = answer where scope = c.scope and key = c.key;
    end if;
    return answer;
end $$;

-- Keeps the result of one channel (the first one counts) and returns all results once the last is in, else null.
create function decide.record_channel(c decide.command, p_type text, p_channel text) returns jsonb language plpgsql as $$
declare
    h decide.head;
    wanted text[];
    results jsonb;
begin
    select * into h from decide.head where stream = 'plan-' || c.id for update;
    if not found then
        return jsonb_build_object('outcome', 'not_found');
    end if;
    insert into decide.channel_result (plan_id, channel, type, event_id, data)
    values (c.id, p_channel, p_type, c.event_id, c.data) on conflict do nothing;
    if found then
        perform decide.put_outbox('plan.events', p_type, 'plan-' || c.id || '.' || p_channel, 1, c.id, c, c.event_id, c.data);
    end if;
    select channels into wanted from decide.document where plan_id = c.id;
    select jsonb_agg(jsonb_build_object('type', type, 'event_id', event_id, 'data', data) order by array_position(wanted, channel))
      into results from decide.channel_result where plan_id = c.id;
    if jsonb_array_length(results) < cardinality(wanted) or h.status = 'cancelled' then
        return jsonb_build_object('outcome', 'recorded');
    end if;
    return jsonb_build_object('outcome', 'complete', 'results', results);
end $$;

-- Puts plan.analyzed (version 2, reserved at the upload) on its way; a second time does nothing.
create function decide.finish_analysis(c decide.command) returns boolean language plpgsql as $$
begin
    perform 1 from decide.outbox where stream = 'plan-' || c.id and version = 2;
    if found then
        return false;
    end if;
    perform decide.put_outbox('plan.events', 'plan.analyzed', 'plan-' || c.id, 2, c.id, c, c.event_id, c.data);
    return true;
end $$;
