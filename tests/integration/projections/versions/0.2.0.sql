

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA access;


CREATE SCHEMA decide;


CREATE SCHEMA flow;


CREATE SCHEMA rm;


CREATE TYPE decide.command AS (
	command text,
	id uuid,
	scope text,
	key text,
	request_hash text,
	expect integer,
	event_id uuid,
	at bigint,
	causation_id text,
	actor text,
	traceparent text,
	data jsonb
);


SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE decide.head (
    stream text NOT NULL,
    kind text NOT NULL,
    plan_id uuid NOT NULL,
    status text NOT NULL,
    version integer NOT NULL,
    tries integer DEFAULT 1 NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    reserved integer DEFAULT 0 NOT NULL,
    traceparent text,
    analyzed boolean DEFAULT false NOT NULL,
    phase integer DEFAULT 1 NOT NULL,
    CONSTRAINT head_kind_check CHECK ((kind = ANY (ARRAY['plan'::text, 'task'::text])))
);


CREATE FUNCTION decide.ask_again(c decide.command, h decide.head, p_version integer) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
    asked text := c.data ->> 'channel';
begin
    insert into decide.channel_again (plan_id, channel, request_id, version, analyst)
    values (h.plan_id, asked, c.event_id, p_version, c.data ->> 'analyst')
    on conflict (plan_id, channel) do update
       set request_id = excluded.request_id, version = excluded.version, analyst = excluded.analyst, asked_at = now();
    -- one that was found to be stuck is the watchdog's to close: it does so at once, and gives this one its own time
    delete from flow.deadline
     where plan_id = h.plan_id and kind = 'again' and channel = asked and stalled_at is null;
    insert into flow.deadline (plan_id, kind, channel) values (h.plan_id, 'again', asked)
    on conflict (plan_id, kind, channel) do update set check_from = 'epoch';
    return (select jsonb_build_object('document_id', p.document_id, 'priority', p.priority, 'result_version', r.version)
              from rm.plan p join decide.channel_result r on r.plan_id = p.plan_id and r.channel = asked
             where p.plan_id = h.plan_id);
end $$;


CREATE FUNCTION decide.ask_recovery(c decide.command, p_how text, p_channels text[], p_reason text) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
    h decide.head;
    number integer;
begin
    select * into h from decide.head where stream = 'plan-' || c.id;
    if not found then
        return 'not_found';
    end if;
    update flow.deadline
       set requested = p_how, requested_channels = p_channels, check_from = now() - interval '1 year'
     where plan_id = c.id and (kind <> 'again' or p_channels = '{}' or channel = any (p_channels))
       and (requested is distinct from p_how or requested_channels <> p_channels);
    if not found then
        return case when exists (select from flow.deadline where plan_id = c.id) then 'unchanged' else 'not_waiting' end;
    end if;
    if p_how = 'recover' then
        perform flow.breaker_reset('plan:' || c.id, 'a recovery was asked for', c.actor);
    end if;
    insert into flow.recovery_stream as r (plan_id, version) values (c.id, 1)
    on conflict (plan_id) do update set version = r.version + 1 returning version into number;
    perform decide.put_outbox('plan.events', 'plan.recovery.requested', 'recovery-' || c.id, number, c.id, c, c.event_id,
        jsonb_build_object('plan_id', c.id, 'how', p_how, 'channels', to_jsonb(p_channels), 'reason', p_reason),
        h.traceparent);
    return 'accepted';
end $$;


CREATE FUNCTION decide.cancel_tasks(c decide.command) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    t uuid;
    h decide.head;
    r decide.rule;
    plan_trace text := (select traceparent from decide.head where stream = 'plan-' || c.id);
begin
    select * into r from decide.rule where command = 'task.cancel';
    for t in select (task ->> 'task_id')::uuid
               from rm.plan, jsonb_array_elements(phase1 -> 'tasks') task where plan_id = c.id
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


CREATE FUNCTION decide.complete_plan(p_plan uuid, c decide.command) RETURNS void
    LANGUAGE plpgsql
    AS $$
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


CREATE FUNCTION decide.complete_waiting(p_most integer, p_actor text, p_all boolean) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
    p uuid;
    c decide.command;
    looked integer := 0;
begin
    for p in select plan_id from rm.plan r
              where r.status = 'executing' and r.changed_at < now() - interval '2 seconds'
                and (p_all or r.changed_at > now() - interval '1 day')
                and exists (select from rm.task t where t.plan_id = r.plan_id)
                and not exists (select from rm.task t where t.plan_id = r.plan_id
                                   and t.status not in (select s.status from decide.status s
                                                         where s.kind = 'task' and s.final))
              limit p_most loop
        looked := looked + 1;
        -- each phase of a plan ends once: the first without its number, as it was before there were others
        c.event_id := md5('complete' || p::text || coalesce(
            (select nullif(phase, 1)::text from decide.head where stream = 'plan-' || p), ''))::uuid;
        c.at := (extract(epoch from clock_timestamp()) * 1000000)::bigint;
        c.causation_id := c.event_id::text;
        c.actor := p_actor;
        perform decide.complete_plan(p, c);
    end loop;
    return looked;
end $$;


CREATE FUNCTION decide.correct_cost(c decide.command) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
    reached integer;
    known decide.unit_cost;
    costs jsonb := '[]';
    deleted jsonb := '[]';
begin
    -- the second of two persons sees what the first has changed
    select version into reached from decide.goods for update;
    select * into known from decide.unit_cost
     where sku_key = c.data ->> 'key' and valid_from = (c.data ->> 'valid_from')::date;
    if not found then
        return jsonb_build_object('outcome', 'not_found', 'version', reached);
    elsif c.expect is not null and c.expect <> known.version then
        return jsonb_build_object('outcome', 'version_mismatch', 'version', known.version);
    elsif c.command = 'goods.cost.currency' and known.currency = c.data ->> 'currency' then
        return jsonb_build_object('outcome', 'unchanged', 'version', reached);
    end if;
    reached := reached + 1;
    case c.command
        when 'goods.cost.delete' then
            delete from decide.unit_cost where sku_key = known.sku_key and valid_from = known.valid_from;
            deleted := jsonb_build_array(
                jsonb_build_object('key', known.sku_key, 'sku', known.sku, 'valid_from', known.valid_from));
        when 'goods.cost.currency' then
            update decide.unit_cost set currency = c.data ->> 'currency', version = reached
             where sku_key = known.sku_key and valid_from = known.valid_from returning * into known;
            costs := jsonb_build_array(jsonb_build_object(
                'key', known.sku_key, 'sku', known.sku, 'title', known.title, 'valid_from', known.valid_from,
                'unit_cost', known.unit_cost, 'packaging', known.packaging, 'tax_rate', known.tax_rate,
                'currency', known.currency));
    end case;
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, traceparent)
    values (c.event_id, 'goods.events', 'goods', 'goods.corrected', 'goods', reached, c.at, c.causation_id, 'goods',
            c.actor, jsonb_build_object('source', 'goods', 'costs', costs, 'deleted', deleted), c.traceparent);
    update decide.goods set version = reached;
    return jsonb_build_object('outcome', 'accepted', 'version', reached);
end $$;


CREATE FUNCTION decide.create_tasks(c decide.command, h decide.head) RETURNS void
    LANGUAGE plpgsql
    AS $$
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


CREATE FUNCTION decide.current_head(p_kind text, p_id uuid) RETURNS decide.head
    LANGUAGE plpgsql
    AS $$
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


CREATE FUNCTION decide.drop_again(p_plan uuid, p_channel text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from decide.channel_again where plan_id = p_plan and channel = coalesce(p_channel, channel);
    delete from flow.deadline
     where plan_id = p_plan and kind = 'again' and channel = coalesce(p_channel, channel) and stalled_at is null;
end $$;


CREATE FUNCTION decide.finish_analysis(c decide.command) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    update decide.head set analyzed = true where stream = 'plan-' || c.id and not analyzed;
    if not found then
        return false;
    end if;
    perform decide.put_outbox('plan.events', 'plan.analyzed', 'plan-' || c.id, 2, c.id, c, c.event_id, c.data);
    return true;
end $$;


CREATE FUNCTION decide.is_sampled(p_traceparent text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
    select substr(p_traceparent, 55, 1) in ('1', '3', '5', '7', '9', 'b', 'd', 'f')
$$;


CREATE FUNCTION decide.lift_deadlines(p_plan uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from flow.deadline where plan_id = p_plan and stalled_at is null;
end $$;


CREATE FUNCTION decide.mend_outbox(p_seq bigint, p_data jsonb, p_expect integer, p_reason text, p_request text, p_actor text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
    o decide.outbox;
    edits integer;
begin
    select * into o from decide.outbox where seq = p_seq for update;
    select count(*) into edits from decide.outbox_edit e where e.seq = p_seq;
    if o.seq is null or (o.held_at is null and edits = 0) then
        return jsonb_build_object('outcome', 'not_found');
    elsif exists (select from decide.outbox_edit e where e.seq = p_seq and e.edit = edits and e.actor = p_actor
                     and e.reason = p_reason and o.data::text = p_data::text) then
        return jsonb_build_object('outcome', 'accepted', 'edits', edits);
    elsif o.published_at is not null then
        return jsonb_build_object('outcome', 'published');
    elsif o.held_at is null then
        return jsonb_build_object('outcome', 'on_its_way');
    elsif o.held_why is null then
        return jsonb_build_object('outcome', 'behind');
    elsif o.raw_headers is not null then
        return jsonb_build_object('outcome', 'raw');
    elsif p_expect is not null and p_expect <> edits then
        return jsonb_build_object('outcome', 'version_mismatch', 'edits', edits);
    end if;
    insert into decide.outbox_edit (seq, edit, before, reason, actor)
    values (p_seq, edits + 1, o.data, p_reason, p_actor);
    update decide.outbox set data = p_data where seq = p_seq;
    perform flow.audit('outbox', 'outbox.edit', p_seq::text, 'accepted', p_request, p_actor, p_reason);
    return jsonb_build_object('outcome', 'accepted', 'edits', edits + 1);
end $$;


CREATE FUNCTION decide.open_plan(c decide.command) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into decide.head (stream, kind, plan_id, status, version, reserved, traceparent)
    values ('plan-' || c.id, 'plan', c.id, 'analyzing', 2, 1, c.traceparent);
end $$;


CREATE FUNCTION decide.put_outbox(p_topic text, p_type text, p_stream text, p_version integer, p_plan uuid, c decide.command, p_event uuid, p_data jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    perform decide.put_outbox(p_topic, p_type, p_stream, p_version, p_plan, c, p_event, p_data, null);
end $$;


CREATE FUNCTION decide.put_outbox(p_topic text, p_type text, p_stream text, p_version integer, p_plan uuid, c decide.command, p_event uuid, p_data jsonb, p_plan_trace text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
end $$;


CREATE FUNCTION decide.record_again(c decide.command, p_type text, p_channel text, p_request uuid, p_seen integer, p_plan_event uuid, p_plan jsonb) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
    h decide.head;
    own integer;
begin
    select * into h from decide.head where stream = 'plan-' || c.id for update;
    perform 1 from decide.channel_again where plan_id = c.id and channel = p_channel and request_id = p_request;
    if not found then
        return 'ended';
    end if;
    if p_plan is not null and h.version <> p_seen then
        return 'moved';
    end if;
    update decide.channel_result
       set version = version + 1,
           type = case when p_plan is null then type else p_type end,
           event_id = case when p_plan is null then event_id else c.event_id end,
           data = case when p_plan is null then data else c.data end
     where plan_id = c.id and channel = p_channel returning version into own;
    perform decide.put_outbox('plan.events', p_type, 'plan-' || c.id || '.' || p_channel, own, c.id, c, c.event_id, c.data);
    if p_plan is not null then
        update decide.head set version = version + 1, changed_at = now() where stream = h.stream returning * into h;
        c.causation_id := c.event_id::text;
        perform decide.put_outbox('plan.events', 'plan.analyzed', h.stream, h.version, c.id, c, p_plan_event, p_plan);
    end if;
    perform decide.drop_again(c.id, p_channel);
    return 'recorded';
end $$;


CREATE FUNCTION decide.record_channel(c decide.command, p_type text, p_channel text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
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
    if wanted is null then
        return jsonb_build_object('outcome', 'recorded');
    end if;
    select jsonb_agg(jsonb_build_object('type', type, 'event_id', event_id, 'data', data) order by array_position(wanted, channel))
      into results from decide.channel_result where plan_id = c.id;
    if jsonb_array_length(results) < cardinality(wanted) or h.status = 'cancelled' then
        return jsonb_build_object('outcome', 'recorded');
    end if;
    return jsonb_build_object('outcome', 'complete', 'results', results);
end $$;


CREATE FUNCTION decide.record_comparison(c decide.command, p_channel text) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    update decide.channel_period set compared = true where plan_id = c.id and channel = p_channel and not compared;
    if not found then
        return false;
    end if;
    perform decide.put_outbox('plan.events', 'plan.channel.compared', 'comparison-' || c.id || '.' || p_channel, 1, c.id,
                              c, c.event_id, c.data);
    return true;
end $$;


CREATE FUNCTION decide.record_goods(c decide.command, p_costs jsonb, p_stock jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
    most constant integer := 500;
    reached integer;
    costs jsonb[];
    stock jsonb[];
    some_costs jsonb[];
    some_stock jsonb[];
    answer jsonb;
begin
    -- the second of two documents sees what the first has changed
    select version into reached from decide.goods for update;
    select coalesce(array_agg(g order by g ->> 'key', g ->> 'valid_from'), '{}') into costs
      from jsonb_array_elements(p_costs) g
      left join lateral (
          select u.unit_cost, u.packaging, u.tax_rate, u.currency from decide.unit_cost u
           where u.sku_key = g ->> 'key' and u.valid_from <= (g ->> 'valid_from')::date
           order by u.valid_from desc limit 1) u on true
     where (u.unit_cost, u.packaging, u.tax_rate, u.currency) is distinct from
           ((g ->> 'unit_cost')::float8, (g ->> 'packaging')::float8, (g ->> 'tax_rate')::float8, g ->> 'currency');
    select coalesce(array_agg(g order by g ->> 'key', g ->> 'channel', g ->> 'counted_on'), '{}') into stock
      from jsonb_array_elements(p_stock) g
      left join decide.stock_level s on s.sku_key = g ->> 'key' and s.channel = g ->> 'channel'
                                    and s.counted_on = (g ->> 'counted_on')::date
     where s.quantity is distinct from (g ->> 'quantity')::float8;
    answer := jsonb_build_object('costs', cardinality(costs), 'stock', cardinality(stock));
    while cardinality(costs) + cardinality(stock) > 0 loop
        reached := reached + 1;
        some_costs := costs[1:most];
        some_stock := stock[1:most - cardinality(some_costs)];
        costs := costs[cardinality(some_costs) + 1:];
        stock := stock[cardinality(some_stock) + 1:];
        insert into decide.unit_cost (sku_key, valid_from, sku, title, unit_cost, packaging, tax_rate, currency, version)
        select g ->> 'key', (g ->> 'valid_from')::date, g ->> 'sku', g ->> 'title', (g ->> 'unit_cost')::float8,
               (g ->> 'packaging')::float8, (g ->> 'tax_rate')::float8, g ->> 'currency', reached
          from unnest(some_costs) g
        on conflict (sku_key, valid_from) do update
           set sku = excluded.sku, title = excluded.title, unit_cost = excluded.unit_cost, packaging = excluded.packaging,
               tax_rate = excluded.tax_rate, currency = excluded.currency, version = excluded.version;
        insert into decide.stock_level (sku_key, channel, counted_on, sku, title, quantity, version)
        select g ->> 'key', g ->> 'channel', (g ->> 'counted_on')::date, g ->> 'sku', g ->> 'title',
               (g ->> 'quantity')::float8, reached
          from unnest(some_stock) g
        on conflict (sku_key, channel, counted_on) do update
           set sku = excluded.sku, title = excluded.title, quantity = excluded.quantity, version = excluded.version;
        insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                                   actor, data, traceparent)
        values (md5(c.event_id || '|goods|' || reached)::uuid, 'goods.events', 'goods', 'goods.recorded', 'goods', reached,
                c.at, c.causation_id, 'goods', c.actor,
                c.data || jsonb_build_object('source', 'goods', 'costs', to_jsonb(some_costs), 'stock', to_jsonb(some_stock)),
                c.traceparent);
    end loop;
    update decide.goods set version = reached where version < reached;
    return answer || jsonb_build_object('version', reached);
end $$;


CREATE FUNCTION decide.run(c decide.command) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
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
         where stream = 'plan-' || coalesce((select plan_id from rm.task where task_id = c.id),
                                            (select plan_id from decide.head where stream = 'task-' || c.id)) for update;
    end if;
    h := decide.current_head(r.kind, c.id);
    if r.kind = 'plan' then
        plan_trace := h.traceparent;
    end if;

    if h.stream is null or (c.command = 'plan.channel.analyse_again' and not exists (
           select from decide.document d where d.plan_id = h.plan_id and c.data ->> 'channel' = any (d.channels))) then
        answer := jsonb_build_object('outcome', 'not_found');
    elsif h.status = any (r.already) and not c.data ? 'phase1' then
        answer := jsonb_build_object('outcome', 'unchanged', 'status', h.status, 'version', h.version - h.reserved,
                                     'plan_id', h.plan_id);
    elsif exists (select from decide.channel_again a
                   where c.command = 'plan.channel.analyse_again' and a.plan_id = h.plan_id
                     and a.channel = c.data ->> 'channel' and a.analyst = c.data ->> 'analyst') then
        -- it is under way
        answer := jsonb_build_object('outcome', 'unchanged', 'status', h.status, 'version', h.version, 'plan_id', h.plan_id);
    elsif c.command = 'plan.phase.start' and (c.data ->> 'phase')::integer <= h.phase
          and (h.status = r.to_status or h.status = any (r.from_status)) then  -- it has begun
        answer := jsonb_build_object('outcome', 'unchanged', 'status', h.status, 'version', h.version - h.reserved,
                                     'plan_id', h.plan_id);
    elsif c.expect is not null and c.expect <> h.version - h.reserved then
        answer := jsonb_build_object('outcome', 'version_mismatch', 'status', h.status, 'version', h.version - h.reserved);
    elsif not h.status = any (r.from_status) then
        answer := jsonb_build_object('outcome', 'wrong_status', 'status', h.status, 'version', h.version - h.reserved);
    elsif c.command = 'plan.approve' and (
              c.expect is null and h.version > 2  -- a channel was analysed again: nobody knows which plan was read
              or h.version > (select p.version from rm.plan p where p.plan_id = c.id)) then  -- nobody can have read it
        answer := jsonb_build_object('outcome', 'version_mismatch', 'status', h.status, 'version', h.version);
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
        elsif c.command = 'plan.channel.analyse_again' then
            payload := payload || decide.ask_again(c, h, next_version);
        end if;
        update decide.head
           set status = case
                   when c.command = 'task.assign' and h.status <> 'started'
                       then case when c.data ->> 'assignee' = '' then 'open' else 'assigned' end
                   else coalesce(r.to_status, h.status) end,
               version = next_version + r.reserve,
               reserved = r.reserve,
               phase = case when c.command = 'plan.phase.start' then (c.data ->> 'phase')::integer else phase end,
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
        if r.kind = 'plan' and r.to_status is not null then
            perform decide.drop_again(h.plan_id, null);
        end if;
        if c.command = 'plan.approve' then
            perform decide.set_deadline(h.plan_id, 'phase1');
        elsif c.command = 'plan.cancel' then
            perform decide.lift_deadlines(h.plan_id);
        elsif c.command = 'plan.phase.start' then
            perform decide.create_tasks(c, h);
        end if;
        if r.kind = 'task' and h.status in (select s.status from decide.status s where s.kind = 'task' and s.final) then
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


CREATE FUNCTION decide.run_all(commands decide.command[]) RETURNS jsonb[]
    LANGUAGE plpgsql
    AS $$
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


CREATE FUNCTION decide.set_deadline(p_plan uuid, p_kind text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into flow.deadline (plan_id, kind) values (p_plan, p_kind) on conflict do nothing;
end $$;


CREATE FUNCTION decide.upload(c decide.command, p_document uuid, p_sha256 text, p_channels text[], p_facts jsonb, p_again boolean) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
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
           and coalesce(d.facts ->> 'mapping', '') = coalesce(p_facts ->> 'mapping', '')
           and coalesce(d.facts ->> 'goods', '') = coalesce(p_facts ->> 'goods', '')
           and h.status not in (select s.status from decide.status s where s.kind = 'plan' and s.given_up)
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
    insert into decide.channel_period (plan_id, channel, first_day, last_day)
    select c.id, f ->> 'channel', (f -> 'period' ->> 0)::date, (f -> 'period' ->> 1)::date
      from jsonb_array_elements(p_facts -> 'channels') f where jsonb_array_length(f -> 'period') = 2
    on conflict do nothing;
    perform decide.open_plan(c);
    perform decide.put_outbox('plan.events', 'plan.uploaded', 'plan-' || c.id, 1, c.id, c, c.event_id, c.data);
    perform decide.set_deadline(c.id, 'analysis');
    answer := jsonb_build_object('outcome', 'accepted', 'status', 'analyzing', 'version', 1, 'plan_id', c.id, 'event_id', c.event_id);
    if c.key is not null then
        update decide.idempotency set response = answer where scope = c.scope and key = c.key;
    end if;
    return answer;
end $$;


CREATE FUNCTION flow.agent_reserve(p_agent text, p_cost double precision, p_budget double precision) RETURNS date
    LANGUAGE plpgsql
    AS $$
declare
    this_month date := date_trunc('month', clock_timestamp() at time zone 'UTC');
begin
    if p_budget is not null then
        perform pg_advisory_xact_lock(hashtextextended('flow.agent_spend', 0));
        if (select coalesce(sum(cost), 0) from flow.agent_spend where month = this_month) + p_cost > p_budget then
            return null;
        end if;
    end if;
    insert into flow.agent_spend as s (month, agent, calls, cost) values (this_month, p_agent, 1, p_cost)
    on conflict (month, agent) do update set calls = s.calls + 1, cost = s.cost + excluded.cost;
    return this_month;
end $$;


CREATE FUNCTION flow.agent_settle(p_month date, p_agent text, p_input bigint, p_output bigint, p_seconds double precision, p_more double precision) RETURNS void
    LANGUAGE sql
    AS $$
    update flow.agent_spend
       set input_tokens = input_tokens + p_input, output_tokens = output_tokens + p_output,
           seconds = seconds + p_seconds, cost = greatest(0, cost + p_more)
     where month = p_month and agent = p_agent
$$;


CREATE FUNCTION flow.alert_acknowledge(p_id uuid, p_note text, p_request text, p_actor text) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
    a flow.alert;
begin
    select * into a from flow.alert b where b.alert_id = p_id for update;
    if a.alert_id is null then
        return 'not_found';
    elsif a.state = 'resolved' then
        return 'resolved';
    elsif a.acknowledged_at is not null then
        return 'unchanged';
    end if;
    update flow.alert b
       set state = case when b.state = 'open' then 'acknowledged' else b.state end, acknowledged_at = clock_timestamp(),
           acknowledged_by = p_actor, note = p_note, version = b.version + 1, changed_at = clock_timestamp()
     where b.alert_id = p_id;
    perform flow.alert_announce(p_id, 'alert.acknowledged', p_actor, jsonb_build_object('note', p_note));
    perform flow.audit('alert:' || a.key, 'alert.acknowledge', p_id::text, 'accepted', p_request, p_actor, p_note);
    return 'accepted';
end $$;


CREATE FUNCTION flow.alert_announce(p_id uuid, p_type text, p_actor text, p_more jsonb) RETURNS void
    LANGUAGE sql
    AS $$
    select flow.announce(p_type, 'alert-' || a.alert_id, a.version, 'alert:' || a.key, p_actor,
        jsonb_build_object('alert', a.alert_id, 'key', a.key, 'kind', a.kind, 'severity', a.severity, 'text', a.text) || p_more)
      from flow.alert a where a.alert_id = p_id
$$;


CREATE FUNCTION flow.alert_move(p_id uuid, p_version integer, p_what text, p_state text, p_severity text, p_escalations integer, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    update flow.alert
       set state = p_state, severity = p_severity, version = p_version, changed_at = clock_timestamp(),
           acknowledged_at = case when p_what = 'worsened' then null else acknowledged_at end,
           acknowledged_by = case when p_what = 'worsened' then '' else acknowledged_by end,
           note = case when p_what = 'worsened' then '' else note end,
           escalations = p_escalations,
           escalated_at = case when p_what = 'escalated' then p_at else escalated_at end,
           resolved_at = case when p_what = 'resolved' then p_at end
     where alert_id = p_id and version = p_version - 1 and state <> 'resolved';
    if not found then
        return false;
    end if;
    perform flow.alert_announce(p_id, case p_what when 'worsened' then 'alert.worsened' when 'escalated' then 'alert.escalated'
                                             when 'resolved' then 'alert.resolved' else 'alert.silenced' end,
        'system:alerts', case p_what
            when 'escalated' then jsonb_build_object('step', p_escalations)
            when 'resolved' then (select jsonb_build_object('lasted_ms',
                (extract(epoch from p_at - least(a.opened_at, a.since)) * 1000)::bigint) from flow.alert a where a.alert_id = p_id)
            when 'worsened' then '{}'::jsonb
            else jsonb_build_object('until', 0, 'reason', '') end);
    return true;
end $$;


CREATE FUNCTION flow.alert_open(p_id uuid, p_key text, p_kind text, p_subject text, p_severity text, p_state text, p_finding jsonb, p_text text, p_evidence text, p_advice text, p_runbook text, p_since timestamp with time zone, p_opened timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    AS $$
begin
    insert into flow.alert (alert_id, key, kind, subject, severity, state, finding, text, evidence, advice, runbook, since,
                            opened_at)
    values (p_id, p_key, p_kind, p_subject, p_severity, p_state, p_finding, p_text, p_evidence, p_advice, p_runbook, p_since,
            p_opened)
    on conflict do nothing;
    if not found then
        return (select a.alert_id from flow.alert a where a.key = p_key and a.state <> 'resolved');
    end if;
    perform flow.alert_announce(p_id, 'alert.opened', 'system:alerts', jsonb_build_object('state', p_state));
    return p_id;
end $$;


CREATE FUNCTION flow.alert_silence(p_id uuid, p_until timestamp with time zone, p_reason text, p_request text, p_actor text) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
    a flow.alert;
begin
    select * into a from flow.alert b where b.alert_id = p_id for update;
    if a.alert_id is null then
        return 'not_found';
    elsif a.state = 'resolved' then
        return 'resolved';
    end if;
    insert into flow.alert_silenced as s (key, until, reason, silenced_by) values (a.key, p_until, p_reason, p_actor)
    on conflict (key) do update set until = excluded.until, reason = excluded.reason, silenced_by = excluded.silenced_by,
                                    silenced_at = clock_timestamp();
    update flow.alert b set state = 'silenced', version = b.version + 1, changed_at = clock_timestamp()
     where b.alert_id = p_id;
    -- what nobody has been told of yet is not told
    delete from flow.alert_notice n where n.alert_id = p_id and n.message_id is null and n.about <> 'resolved';
    perform flow.alert_announce(p_id, 'alert.silenced', p_actor,
        jsonb_build_object('until', (extract(epoch from p_until) * 1000000)::bigint, 'reason', p_reason));
    perform flow.audit('alert:' || a.key, 'alert.silence', p_id::text, 'accepted', p_request, p_actor, p_reason);
    return 'accepted';
end $$;


CREATE FUNCTION flow.alert_test(p_id uuid, p_notifier text, p_body jsonb, p_request text, p_actor text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into flow.alert_message (message_id, notifier, body, due_at) values (p_id, p_notifier, p_body, now());
    perform flow.audit('alert:' || p_notifier, 'alert.test', p_notifier, 'accepted', p_request, p_actor);
end $$;


CREATE FUNCTION flow.alert_unsilence(p_id uuid, p_request text, p_actor text) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
    k text;
begin
    select a.key into k from flow.alert a where a.alert_id = p_id;
    if k is null then
        return 'not_found';
    end if;
    delete from flow.alert_silenced s where s.key = k;
    if not found then
        return 'unchanged';
    end if;
    perform flow.audit('alert:' || k, 'alert.unsilence', p_id::text, 'accepted', p_request, p_actor);
    return 'accepted';
end $$;


CREATE FUNCTION flow.announce(p_type text, p_stream text, p_version integer, p_source text, p_actor text, p_data jsonb) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    made uuid := md5(p_stream || '|' || p_version || '|' || p_type)::uuid;
begin
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data)
    values (made, 'system.events', p_source, p_type, p_stream, p_version,
            (extract(epoch from clock_timestamp()) * 1000000)::bigint, made::text, p_source, p_actor,
            p_data || jsonb_build_object('source', p_source))
    on conflict do nothing;
    return found;
end $$;


CREATE FUNCTION flow.audit(p_source text, p_command text, p_target text, p_outcome text, p_request text, p_actor text) RETURNS void
    LANGUAGE sql
    AS $$
    select flow.audit(p_source, p_command, p_target, p_outcome, p_request, p_actor, '')
$$;


CREATE FUNCTION flow.audit(p_source text, p_command text, p_target text, p_outcome text, p_request text, p_actor text, p_reason text) RETURNS void
    LANGUAGE sql
    AS $$
    select flow.announce('command.audited', 'audit-' || gen_random_uuid(), 1, p_source, p_actor,
        jsonb_build_object('command', p_command, 'target', p_target, 'outcome', p_outcome, 'request_id', p_request)
        || case when p_reason = '' then '{}'::jsonb else jsonb_build_object('reason', p_reason) end)
$$;


CREATE FUNCTION flow.breaker_allow(p_name text, p_probe_s double precision, p_actor text) RETURNS TABLE(allowed boolean, retry_at timestamp with time zone, state text, probe uuid)
    LANGUAGE plpgsql
    AS $$
declare
    b flow.breaker;
    token uuid := gen_random_uuid();
begin
    select * into b from flow.breaker f where f.name = p_name;
    if b.name is null or b.state = 'closed' then
        return query select true, null::timestamptz, 'closed', null::uuid;
        return;
    end if;
    if exists (select 1 from flow.flag f where f.name = 'circuit_breaker' and not f.enabled) then
        return query select true, null::timestamptz, b.state, null::uuid;
        return;
    end if;
    select * into b from flow.breaker f where f.name = p_name for update;
    if b.state = 'closed' then
        return query select true, null::timestamptz, b.state, null::uuid;
    elsif b.state = 'open' and (b.retry_at is null or b.retry_at > clock_timestamp()) then
        return query select false, b.retry_at, b.state, null::uuid;
    elsif b.state = 'half_open' and b.probe_until > clock_timestamp() then
        return query select false, b.probe_until, b.state, null::uuid;
    else
        if b.state = 'open' then
            b := flow.breaker_move(p_name, 'half_open', b.failures, 'the time is over: one probe may go', null, p_actor, false);
        end if;
        -- a probe that never came back has lost its turn
        update flow.breaker f set probe_until = clock_timestamp() + make_interval(secs => p_probe_s), probe = token
         where f.name = p_name;
        return query select true, null::timestamptz, 'half_open', token;
    end if;
end $$;


CREATE TABLE flow.breaker (
    name text NOT NULL,
    state text DEFAULT 'closed'::text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    successes integer DEFAULT 0 NOT NULL,
    failed_at timestamp with time zone,
    opened_at timestamp with time zone,
    retry_at timestamp with time zone,
    probe_until timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL,
    forced boolean DEFAULT false NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    probe uuid,
    held_until timestamp with time zone,
    CONSTRAINT breaker_state_check CHECK ((state = ANY (ARRAY['closed'::text, 'open'::text, 'half_open'::text])))
);


CREATE FUNCTION flow.breaker_move(p_name text, p_state text, p_failures integer, p_reason text, p_retry timestamp with time zone, p_actor text, p_forced boolean) RETURNS flow.breaker
    LANGUAGE plpgsql
    AS $$
declare
    b flow.breaker;
    said jsonb;
begin
    update flow.breaker
       set state = p_state, failures = p_failures, successes = 0, reason = p_reason, retry_at = p_retry,
           probe_until = null, forced = p_forced, version = version + 1, changed_at = clock_timestamp(),
           opened_at = case when p_state = 'open' and state = 'closed' then clock_timestamp()
                            when p_state = 'closed' then null else opened_at end,
           held_until = case when state = 'open' and forced then least(retry_at, clock_timestamp()) else held_until end
     where name = p_name returning * into b;
    said := jsonb_build_object('breaker', p_name, 'failures', p_failures, 'reason', left(p_reason, 500));
    if p_state = 'open' then
        said := said || jsonb_build_object('retry_at', coalesce((extract(epoch from p_retry) * 1000000)::bigint, 0));
    end if;
    perform flow.announce(case p_state when 'open' then 'breaker.opened' when 'half_open' then 'breaker.half_opened'
                                       else 'breaker.closed' end,
                          'breaker-' || p_name, b.version, 'breaker:' || p_name, p_actor, said);
    return b;
end $$;


CREATE FUNCTION flow.breaker_release(p_name text, p_probe uuid) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    update flow.breaker f set probe_until = null, probe = null
     where f.name = p_name and f.probe = p_probe and f.state = 'half_open';
    return found;
end $$;


CREATE FUNCTION flow.breaker_report(p_name text, p_ok boolean, p_reason text, p_failures integer, p_reset_s double precision, p_successes integer, p_actor text) RETURNS text
    LANGUAGE sql
    AS $$
    select flow.breaker_report(p_name, p_ok, p_reason, p_failures, p_reset_s, p_successes, p_actor, null)
$$;


CREATE FUNCTION flow.breaker_report(p_name text, p_ok boolean, p_reason text, p_failures integer, p_reset_s double precision, p_successes integer, p_actor text, p_probe uuid) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
    b flow.breaker;
begin
    if p_ok then
        -- the common case costs a read
        select * into b from flow.breaker f where f.name = p_name;
        if b.name is null or (b.state = 'closed' and b.failures = 0) then
            return 'closed';
        end if;
    else
        insert into flow.breaker (name) values (p_name) on conflict do nothing;
    end if;
    select * into b from flow.breaker f where f.name = p_name for update;
    if b.state = 'open' then
        return 'open';  -- a call that began before: nothing new
    elsif b.state = 'half_open' and p_probe is distinct from b.probe and p_probe is not null then
        return 'half_open';  -- a call that began before, or a probe that has lost its turn
    elsif p_ok and b.state = 'closed' then
        update flow.breaker f set failures = 0 where f.name = p_name;
    elsif p_ok then
        if b.successes + 1 >= p_successes then
            b := flow.breaker_move(p_name, 'closed', 0, (b.successes + 1) || ' probes succeeded', null, p_actor, false);
        else
            -- the turn is over: the same probe counts once
            update flow.breaker f set successes = successes + 1, probe_until = null, probe = null where f.name = p_name;
        end if;
    else
        -- failures that are long past are no sign of anything now
        if b.state = 'closed' and b.failed_at < clock_timestamp() - make_interval(secs => 5 * p_reset_s) then
            b.failures := 0;
        end if;
        update flow.breaker f set failures = b.failures + 1, failed_at = clock_timestamp() where f.name = p_name;
        if b.state = 'half_open' or (b.failures + 1 >= p_failures
                and not exists (select 1 from flow.flag f where f.name = 'circuit_breaker' and not f.enabled)) then
            b := flow.breaker_move(p_name, 'open', b.failures + 1, p_reason,
                                   clock_timestamp() + make_interval(secs => p_reset_s), p_actor, false);
        end if;
    end if;
    return (select f.state from flow.breaker f where f.name = p_name);
end $$;


CREATE FUNCTION flow.breaker_reset(p_name text, p_reason text, p_actor text) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    b flow.breaker;
begin
    select * into b from flow.breaker f where f.name = p_name for update;
    if b.name is null or b.state = 'closed' then
        update flow.breaker f set failures = 0 where f.name = p_name;
        return false;
    end if;
    perform flow.breaker_move(p_name, 'closed', 0, p_reason, null, p_actor, false);
    return true;
end $$;


CREATE FUNCTION flow.breaker_trip(p_name text, p_reason text, p_for_s double precision, p_actor text) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    b flow.breaker;
begin
    insert into flow.breaker (name) values (p_name) on conflict do nothing;
    select * into b from flow.breaker f where f.name = p_name for update;
    if b.state = 'open' and b.forced and p_for_s is null then
        return false;
    end if;
    perform flow.breaker_move(p_name, 'open', b.failures, p_reason, clock_timestamp() + make_interval(secs => p_for_s), p_actor, true);
    return true;
end $$;


CREATE FUNCTION flow.dead_discard(p_id text, p_reason text, p_actor text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
    h flow.dead_head;
begin
    perform 1 from rm.dead_letter where record_id = p_id and dead_at is not null;
    if not found then
        return jsonb_build_object('record_id', p_id, 'outcome', 'not_found');
    end if;
    h := flow.dead_lock(p_id);
    if h.discarded then
        return jsonb_build_object('record_id', p_id, 'outcome', 'unchanged');
    end if;
    update flow.dead_head set version = version + 1, discarded = true where record_id = p_id returning * into h;
    perform flow.announce('deadletter.discarded', 'deadletter-' || p_id, h.version, 'deadletter:' || p_id, p_actor,
        jsonb_build_object('record_id', p_id, 'reason', p_reason));
    return jsonb_build_object('record_id', p_id, 'outcome', 'accepted');
end $$;


CREATE FUNCTION flow.dead_edit(p_id text, p_type text, p_data jsonb, p_value bytea, p_headers jsonb, p_reason text, p_expect integer, p_actor text, p_changed text[]) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
    h flow.dead_head;
begin
    perform 1 from rm.dead_letter where record_id = p_id and dead_at is not null;
    if not found then
        return jsonb_build_object('record_id', p_id, 'outcome', 'not_found');
    end if;
    h := flow.dead_lock(p_id);
    if h.discarded then
        return jsonb_build_object('record_id', p_id, 'outcome', 'discarded');
    elsif p_expect is not null and p_expect <> h.version then
        return jsonb_build_object('record_id', p_id, 'outcome', 'version_mismatch', 'version', h.version);
    end if;
    update flow.dead_head
       set version = version + 1, edit_type = p_type, edit_data = p_data, edit_value = p_value, edit_headers = p_headers,
           edited_by = p_actor, edited_at = clock_timestamp()
     where record_id = p_id returning * into h;
    perform flow.announce('deadletter.edited', 'deadletter-' || p_id, h.version, 'deadletter:' || p_id, p_actor,
        jsonb_build_object('record_id', p_id, 'reason', p_reason)
        || case when p_changed = '{}' then '{}'::jsonb else jsonb_build_object('changed', p_changed) end);
    return jsonb_build_object('record_id', p_id, 'outcome', 'accepted', 'version', h.version);
end $$;


CREATE TABLE flow.dead_head (
    record_id text NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    replays integer DEFAULT 0 NOT NULL,
    discarded boolean DEFAULT false NOT NULL,
    edit_type text,
    edit_data jsonb,
    edit_value bytea,
    edit_headers jsonb,
    edited_by text DEFAULT ''::text NOT NULL,
    edited_at timestamp with time zone
);


CREATE FUNCTION flow.dead_lock(p_id text) RETURNS flow.dead_head
    LANGUAGE plpgsql
    AS $$
declare
    h flow.dead_head;
begin
    insert into flow.dead_head (record_id) values (p_id) on conflict do nothing;
    select * into h from flow.dead_head where record_id = p_id for update;
    return h;
end $$;


CREATE FUNCTION flow.dead_replay(p_id text, p_force boolean, p_actor text, p_request text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
    d record;
    h flow.dead_head;
    sent jsonb;
    target text;
begin
    select * into d from rm.dead_letter where record_id = p_id and dead_at is not null;
    if not found then
        return jsonb_build_object('record_id', p_id, 'outcome', 'not_found');
    end if;
    if not flow.is_read(d.grp, d.orig_topic) then
        return jsonb_build_object('record_id', p_id, 'outcome', 'unread', 'group', d.grp, 'topic', d.orig_topic);
    end if;
    h := flow.dead_lock(p_id);
    if h.discarded and not p_force then
        return jsonb_build_object('record_id', p_id, 'outcome', 'discarded');
    elsif h.replays > d.replay and not p_force then
        return jsonb_build_object('record_id', p_id, 'outcome', 'replayed', 'replay', h.replays);
    elsif d.replay >= 3 and not p_force then
        return jsonb_build_object('record_id', p_id, 'outcome', 'parked', 'replay', h.replays);
    end if;
    update flow.dead_head set version = version + 1, replays = greatest(replays, d.replay) + 1, discarded = false
     where record_id = p_id returning * into h;
    target := flow.replay_topic(d.grp, d.orig_topic);
    sent := coalesce(h.edit_headers, flow.without_x(d.headers)) || jsonb_build_array(
        jsonb_build_array('x-consumer-group', d.grp), jsonb_build_array('x-orig-topic', d.orig_topic),
        jsonb_build_array('x-orig-partition', d.orig_partition::text),
        jsonb_build_array('x-orig-offset', d.orig_offset::text), jsonb_build_array('x-replay', h.replays::text),
        jsonb_build_array('x-first-failed-at', (extract(epoch from d.first_failed_at) * 1000)::bigint::text));
    if (select g.retries from flow.consumer_group g where g.name = d.grp) then
        insert into flow.parked as p (record_id, grp, key, orig_topic, orig_partition, orig_offset, tier, replay, attempt,
                                      type, code, error_class, message, behind, due_at, since, state, value, headers,
                                      traceparent)
        values (p_id, d.grp, left(d.key, 249), d.orig_topic, d.orig_partition, d.orig_offset, target, h.replays, 0,
                coalesce(h.edit_type, d.type), d.code, d.error_class, d.message, '', clock_timestamp(),
                coalesce(d.first_failed_at, d.dead_at), 'waiting',
                case when h.edit_headers is null then d.value else h.edit_value end, sent,
                (select pair ->> 1 from jsonb_array_elements(sent) pair where pair ->> 0 = 'traceparent' limit 1))
        on conflict (record_id) do update
           set tier = excluded.tier, replay = excluded.replay, attempt = 0, type = excluded.type, behind = '',
               due_at = excluded.due_at, state = 'waiting', resolved_at = null, value = excluded.value,
               headers = excluded.headers, traceparent = excluded.traceparent;
    end if;
    perform flow.put_raw(target, d.key, coalesce(h.edit_type, d.type),
        case when h.edit_headers is null then d.value else h.edit_value end, sent, p_request, p_actor, null);
    perform flow.announce('deadletter.replayed', 'deadletter-' || p_id, h.version, 'deadletter:' || p_id, p_actor,
        jsonb_build_object('record_id', p_id, 'replay', h.replays));
    return jsonb_build_object('record_id', p_id, 'outcome', 'accepted', 'replay', h.replays, 'topic', target);
end $$;


CREATE FUNCTION flow.flag_switch(p_name text, p_enabled boolean, p_reason text, p_request text, p_actor text) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
    f flow.flag;
begin
    select * into f from flow.flag g where g.name = p_name for update;
    if f.name is null then
        return 'not_found';
    elsif f.enabled = p_enabled then
        return 'unchanged';
    end if;
    update flow.flag g set enabled = p_enabled, reason = p_reason, changed_by = p_actor, changed_at = clock_timestamp(),
                           version = version + 1
     where g.name = p_name;
    perform flow.audit('flag:' || p_name, case when p_enabled then 'flag.on' else 'flag.off' end, p_name, 'accepted',
                       p_request, p_actor, p_reason);
    return 'accepted';
end $$;


CREATE FUNCTION flow.give_up(p_ids text[], p_reason text, p_actor text, p_request text) RETURNS jsonb[]
    LANGUAGE plpgsql
    AS $$
declare
    answers jsonb[] := '{}';
    id text;
    p flow.parked;
    kept jsonb;
begin
    perform 1 from flow.parked where record_id = any (p_ids) order by record_id for update;
    foreach id in array p_ids loop
        select * into p from flow.parked where record_id = id;
        if p.record_id is null then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'not_found');
        elsif p.state = 'given_up' then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'unchanged', 'state', p.state);
        elsif p.state <> 'waiting' then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'resolved', 'state', p.state);
        else
            update flow.parked set state = 'given_up', resolved_at = clock_timestamp(), behind = '', tier = 'agents.dlq'
             where record_id = id;
            kept := flow.without(p.headers, '{x-next-attempt-at,x-parked-behind,x-given-up-by,x-given-up-reason}');
            if p.code = '' then
                kept := flow.without(kept, '{x-error-code,x-error-message}') || jsonb_build_array(
                    jsonb_build_array('x-error-code', 'given-up'), jsonb_build_array('x-error-message', p_reason));
            end if;
            perform flow.put_raw('agents.dlq', p.key, p.type, p.value, kept || jsonb_build_array(
                    jsonb_build_array('x-given-up-by', p_actor), jsonb_build_array('x-given-up-reason', p_reason)),
                p_request, p_actor, p.traceparent);
            perform flow.audit('retries', 'retry.give-up', id, 'accepted', p_request, p_actor, p_reason);
            if flow.head_before(p) is null then
                perform flow.release_behind(p, p_actor, p_request);
            end if;
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'accepted');
        end if;
    end loop;
    return answers;
end $$;


CREATE TABLE flow.parked (
    record_id text NOT NULL,
    grp text NOT NULL,
    key text NOT NULL,
    orig_topic text NOT NULL,
    orig_partition integer NOT NULL,
    orig_offset bigint NOT NULL,
    tier text NOT NULL,
    replay integer NOT NULL,
    attempt integer NOT NULL,
    type text NOT NULL,
    code text NOT NULL,
    error_class text NOT NULL,
    message text NOT NULL,
    behind text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    since timestamp with time zone NOT NULL,
    state text NOT NULL,
    resolved_at timestamp with time zone,
    value bytea,
    headers jsonb NOT NULL,
    traceparent text,
    CONSTRAINT parked_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'given_up'::text])))
);


CREATE FUNCTION flow.head_before(p flow.parked) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    select q.record_id from flow.parked q
     where q.state = 'waiting' and q.grp = p.grp and q.key = p.key and q.orig_topic = p.orig_topic
       and q.orig_partition = p.orig_partition and q.orig_offset < p.orig_offset and p.key <> ''
       and exists (select from flow.consumer_group g where g.name = p.grp and g.redelivered is not null)
     order by q.orig_offset limit 1
$$;


CREATE FUNCTION flow.is_read(p_group text, p_orig_topic text) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select exists (select from flow.consumer_group g
                    where g.name = p_group and (g.redelivered is not null or p_orig_topic = any (g.topics)))
$$;


CREATE FUNCTION flow.put_raw(p_topic text, p_key text, p_type text, p_value bytea, p_headers jsonb, p_request text, p_actor text, p_traceparent text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    made uuid := gen_random_uuid();
begin
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, traceparent, link, raw, raw_headers)
    values (made, p_topic, p_key, p_type, 'raw-' || made, 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint,
            p_request, p_key, p_actor, '{}', p_traceparent, nullif(current_setting('marketplace.request_trace', true), ''),
            p_value, p_headers);
end $$;


CREATE FUNCTION flow.release_behind(p flow.parked, p_actor text, p_request text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    f flow.parked;
begin
    if p.key = '' or not exists (select from flow.consumer_group g where g.name = p.grp and g.redelivered is not null) then
        return;  -- they have no order: nothing waits behind them
    end if;
    for f in
        select q.* from flow.parked q
         where q.state = 'waiting' and q.grp = p.grp and q.key = p.key and q.orig_topic = p.orig_topic
           and q.orig_partition = p.orig_partition and q.orig_offset > p.orig_offset
         order by q.orig_offset limit 500 for update
    loop
        exit when f.behind = '';  -- it failed itself: those after it wait for its time
        continue when f.due_at <= clock_timestamp();
        update flow.parked set due_at = clock_timestamp(), behind = '', tier = flow.replay_topic(f.grp, f.orig_topic)
         where record_id = f.record_id;
        perform flow.put_raw(flow.replay_topic(f.grp, f.orig_topic), f.key, f.type, f.value, f.headers, p_request,
                             p_actor, f.traceparent);
    end loop;
end $$;


CREATE FUNCTION flow.replay_topic(p_group text, p_orig_topic text) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    select coalesce((select g.redelivered from flow.consumer_group g where g.name = p_group), p_orig_topic)
$$;


CREATE FUNCTION flow.replay_turn() RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
    j flow.replay_job;
    i record;
    allowed integer;
    moved integer := 0;
    became text;
begin
    for j in select * from flow.replay_job where state = 'running' order by moved_at for update skip locked loop
        -- 50 letters, or a second: the next turn comes soon, and takes the others first
        exit when moved >= 50 or clock_timestamp() > statement_timestamp() + interval '1 second';
        allowed := floor(least(extract(epoch from clock_timestamp() - j.moved_at), greatest(1.0, 1.0 / j.rate)) * j.rate);
        if allowed < 1 then
            continue;
        end if;
        perform set_config('marketplace.request_trace', coalesce(j.traceparent, ''), true);
        for i in select position, record_id from flow.replay_item
                  where job_id = j.job_id and outcome is null order by position limit least(allowed, 50) loop
            exit when clock_timestamp() > statement_timestamp() + interval '1 second';
            begin
                became := flow.dead_replay(i.record_id, j.force, j.actor, j.request_id) ->> 'outcome';
            exception when data_exception or program_limit_exceeded or integrity_constraint_violation then
                became := 'failed';
            end;
            update flow.replay_item set outcome = became, at = clock_timestamp()
             where job_id = j.job_id and position = i.position;
            moved := moved + 1;
        end loop;
        update flow.replay_job set moved_at = clock_timestamp() where job_id = j.job_id;
        if not exists (select 1 from flow.replay_item where job_id = j.job_id and outcome is null) then
            update flow.replay_job set state = 'done', ended_at = clock_timestamp() where job_id = j.job_id;
        end if;
    end loop;
    return moved;
end $$;


CREATE FUNCTION flow.retry_now(p_ids text[], p_actor text, p_request text) RETURNS jsonb[]
    LANGUAGE plpgsql
    AS $$
declare
    answers jsonb[] := '{}';
    id text;
    p flow.parked;
    head text;
begin
    perform 1 from flow.parked where record_id = any (p_ids) order by record_id for update;
    foreach id in array p_ids loop
        select * into p from flow.parked where record_id = id;
        head := flow.head_before(p);
        if p.record_id is null then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'not_found');
        elsif p.state <> 'waiting' then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'resolved', 'state', p.state);
        elsif head is not null then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'behind', 'behind', head);
        elsif p.due_at <= clock_timestamp() then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'unchanged');
        else
            update flow.parked set due_at = clock_timestamp(), behind = '', tier = flow.replay_topic(p.grp, p.orig_topic)
             where record_id = id;
            perform flow.put_raw(flow.replay_topic(p.grp, p.orig_topic), p.key, p.type, p.value, p.headers, p_request,
                                 p_actor, p.traceparent);
            perform flow.audit('retries', 'retry.now', id, 'accepted', p_request, p_actor);
            perform flow.release_behind(p, p_actor, p_request);
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'accepted');
        end if;
    end loop;
    return answers;
end $$;


CREATE FUNCTION flow.without(p_headers jsonb, p_names text[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    select coalesce(jsonb_agg(pair order by n), '[]')
      from jsonb_array_elements(p_headers) with ordinality e (pair, n) where not (pair ->> 0 = any (p_names))
$$;


CREATE FUNCTION flow.without_x(p_headers jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    select coalesce(jsonb_agg(pair order by n), '[]')
      from jsonb_array_elements(p_headers) with ordinality e (pair, n)
     where pair ->> 0 not like 'x-%' or pair ->> 0 = 'x-failed-span'
$$;


CREATE FUNCTION flow.worker_beat(p_worker integer, p_progress jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
    told text;
begin
    update flow.worker set beat_at = clock_timestamp(), progress = p_progress, stopped_at = null, stop_reason = null
     where worker_id = p_worker returning told_to_end into told;
    return jsonb_build_object('end', told, 'known', found,
        'off', (select coalesce(jsonb_agg(name), '[]') from flow.flag where not enabled));
end $$;


CREATE FUNCTION flow.worker_start(p_source text, p_role text, p_host text, p_pid integer, p_born double precision, p_version text) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
    made integer;
begin
    insert into flow.worker (source, role, host, pid, born, version)
    values (p_source, p_role, p_host, p_pid, p_born, p_version) returning worker_id into made;
    perform flow.announce('worker.started', p_source, 1, p_source, 'system:' || p_role,
        jsonb_build_object('role', p_role, 'host', p_host, 'pid', p_pid, 'code_version', p_version));
    return made;
end $$;


CREATE FUNCTION flow.worker_stop(p_worker integer, p_reason text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    w flow.worker;
begin
    update flow.worker set stopped_at = clock_timestamp(), stop_reason = p_reason
     where worker_id = p_worker and stopped_at is null returning * into w;
    if found then
        perform flow.announce('worker.stopped', w.source, 2, w.source, 'system:' || w.role,
            jsonb_build_object('role', w.role, 'reason', p_reason));
    end if;
end $$;


CREATE TABLE access.api_key (
    key_id text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    secret_sha256 text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text DEFAULT ''::text NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT api_key_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'analyst'::text, 'operator'::text, 'admin'::text])))
);


CREATE TABLE access.session (
    session_sha256 text NOT NULL,
    key_id text NOT NULL,
    csrf text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


CREATE TABLE decide.channel_again (
    plan_id uuid NOT NULL,
    channel text NOT NULL,
    request_id uuid NOT NULL,
    version integer NOT NULL,
    analyst text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL
);


CREATE TABLE decide.channel_period (
    plan_id uuid NOT NULL,
    channel text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    compared boolean DEFAULT false NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL
);


CREATE TABLE decide.channel_result (
    plan_id uuid NOT NULL,
    channel text NOT NULL,
    type text NOT NULL,
    event_id uuid NOT NULL,
    data jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL
);


CREATE TABLE decide.column_mapping (
    header_id text NOT NULL,
    columns json NOT NULL,
    document text NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL
);


CREATE TABLE decide.document (
    document_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    sha256 text NOT NULL,
    channels text[] NOT NULL,
    facts jsonb NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL
);


CREATE TABLE decide.goods (
    id boolean DEFAULT true NOT NULL,
    version integer NOT NULL,
    CONSTRAINT goods_id_check CHECK (id)
);


CREATE TABLE decide.idempotency (
    scope text NOT NULL,
    key text NOT NULL,
    request_hash text NOT NULL,
    response jsonb NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL
);


CREATE TABLE decide.outbox (
    seq bigint NOT NULL,
    event_id uuid NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    type text NOT NULL,
    stream text NOT NULL,
    version integer NOT NULL,
    occurred_at bigint NOT NULL,
    causation_id text NOT NULL,
    correlation_id text NOT NULL,
    actor text NOT NULL,
    data jsonb NOT NULL,
    traceparent text,
    stored_at timestamp with time zone DEFAULT now() NOT NULL,
    published_at timestamp with time zone,
    raw bytea,
    raw_headers jsonb,
    held_at timestamp with time zone,
    held_why text,
    link text
);
ALTER TABLE ONLY decide.outbox ALTER COLUMN data SET STORAGE EXTERNAL;


CREATE TABLE decide.outbox_edit (
    seq bigint NOT NULL,
    edit integer NOT NULL,
    before jsonb NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    edited_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


ALTER TABLE decide.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME decide.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE decide.rule (
    command text NOT NULL,
    kind text NOT NULL,
    from_status text[] NOT NULL,
    already text[] NOT NULL,
    to_status text,
    event_type text NOT NULL,
    reserve integer DEFAULT 0 NOT NULL
);


CREATE TABLE decide.status (
    kind text NOT NULL,
    status text NOT NULL,
    final boolean NOT NULL,
    given_up boolean NOT NULL
);


CREATE TABLE decide.stock_level (
    sku_key text NOT NULL,
    channel text NOT NULL,
    counted_on date NOT NULL,
    sku text NOT NULL,
    title text NOT NULL,
    quantity double precision NOT NULL,
    version integer NOT NULL
);


CREATE TABLE decide.unit_cost (
    sku_key text NOT NULL,
    valid_from date NOT NULL,
    sku text NOT NULL,
    title text NOT NULL,
    unit_cost double precision NOT NULL,
    packaging double precision,
    tax_rate double precision,
    currency text NOT NULL,
    version integer NOT NULL
);


CREATE TABLE flow.agent_spend (
    month date NOT NULL,
    agent text NOT NULL,
    calls bigint DEFAULT 0 NOT NULL,
    input_tokens bigint DEFAULT 0 NOT NULL,
    output_tokens bigint DEFAULT 0 NOT NULL,
    seconds double precision DEFAULT 0 NOT NULL,
    cost double precision DEFAULT 0 NOT NULL
);


CREATE TABLE flow.alert (
    alert_id uuid NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    severity text NOT NULL,
    state text NOT NULL,
    finding jsonb NOT NULL,
    text text NOT NULL,
    evidence text NOT NULL,
    advice text NOT NULL,
    runbook text NOT NULL,
    since timestamp with time zone,
    opened_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    acknowledged_at timestamp with time zone,
    acknowledged_by text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    escalations integer DEFAULT 0 NOT NULL,
    escalated_at timestamp with time zone,
    resolved_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT alert_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'warning'::text, 'info'::text]))),
    CONSTRAINT alert_state_check CHECK ((state = ANY (ARRAY['open'::text, 'acknowledged'::text, 'silenced'::text, 'resolved'::text])))
);


CREATE TABLE flow.alert_attempt (
    message_id uuid NOT NULL,
    attempt integer NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    outcome text DEFAULT 'begun'::text NOT NULL,
    seconds double precision,
    detail text DEFAULT ''::text NOT NULL,
    CONSTRAINT alert_attempt_outcome_check CHECK ((outcome = ANY (ARRAY['begun'::text, 'sent'::text, 'failed'::text])))
);


CREATE TABLE flow.alert_message (
    message_id uuid NOT NULL,
    notifier text NOT NULL,
    body jsonb NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    fallback text[] DEFAULT '{}'::text[] NOT NULL,
    due_at timestamp with time zone NOT NULL,
    claimed_until timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    error text DEFAULT ''::text NOT NULL,
    CONSTRAINT alert_message_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'passed_on'::text, 'failed'::text])))
);


CREATE TABLE flow.alert_notice (
    notice_id uuid NOT NULL,
    alert_id uuid NOT NULL,
    about text NOT NULL,
    version integer NOT NULL,
    notifier text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    kept boolean DEFAULT false NOT NULL,
    fallback text[] DEFAULT '{}'::text[] NOT NULL,
    message_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


CREATE TABLE flow.alert_silenced (
    key text NOT NULL,
    until timestamp with time zone NOT NULL,
    reason text NOT NULL,
    silenced_by text NOT NULL,
    silenced_at timestamp with time zone DEFAULT now() NOT NULL
);


CREATE TABLE flow.consumer_group (
    name text NOT NULL,
    topics text[] NOT NULL,
    redelivered text,
    retries boolean NOT NULL
);


CREATE TABLE flow.deadline (
    plan_id uuid NOT NULL,
    kind text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    check_from timestamp with time zone DEFAULT now() NOT NULL,
    due_at timestamp with time zone,
    stalled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    acted_at timestamp with time zone,
    cause text,
    evidence jsonb,
    recommendation text,
    escalated_at timestamp with time zone,
    channel text DEFAULT ''::text NOT NULL,
    requested text,
    requested_channels text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT deadline_kind_check CHECK ((kind = ANY (ARRAY['analysis'::text, 'phase1'::text, 'again'::text]))),
    CONSTRAINT deadline_requested_check CHECK ((requested = ANY (ARRAY['recover'::text, 'move_on'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_threshold='1000', autovacuum_analyze_threshold='100000');


CREATE TABLE flow.flag (
    name text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    changed_by text DEFAULT ''::text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    version integer DEFAULT 0 NOT NULL
);


CREATE TABLE flow.marketplace_metrics (
    step text NOT NULL,
    at timestamp with time zone NOT NULL,
    seen_s double precision NOT NULL,
    down_s double precision NOT NULL,
    plans_in integer,
    approvals integer,
    phase1_made integer,
    tasks_failed integer,
    queue_delay jsonb,
    retries integer,
    dead_letters integer,
    oldest_s jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT marketplace_metrics_step_check CHECK ((step = ANY (ARRAY['minute'::text, 'hour'::text])))
);


CREATE TABLE flow.recovery_stream (
    plan_id uuid NOT NULL,
    version integer NOT NULL
);


CREATE TABLE flow.replay_item (
    job_id uuid NOT NULL,
    "position" integer NOT NULL,
    record_id text NOT NULL,
    outcome text,
    at timestamp with time zone
);


CREATE TABLE flow.replay_job (
    job_id uuid NOT NULL,
    actor text NOT NULL,
    request_id text NOT NULL,
    selection jsonb NOT NULL,
    force boolean NOT NULL,
    rate double precision NOT NULL,
    total integer NOT NULL,
    state text DEFAULT 'running'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    moved_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    traceparent text,
    CONSTRAINT replay_job_rate_check CHECK ((rate > (0)::double precision)),
    CONSTRAINT replay_job_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'cancelled'::text])))
);


CREATE TABLE flow.worker (
    worker_id integer NOT NULL,
    source text NOT NULL,
    role text NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    born double precision NOT NULL,
    version text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    beat_at timestamp with time zone DEFAULT now() NOT NULL,
    progress jsonb DEFAULT '{}'::jsonb NOT NULL,
    told_to_end text,
    stopped_at timestamp with time zone,
    stop_reason text
)
WITH (fillfactor='50');


CREATE VIEW flow.running AS
 SELECT w.worker_id,
    w.source,
    w.role,
    w.host,
    w.pid,
    w.born,
    w.version,
    w.started_at,
    w.beat_at,
    w.progress,
    w.told_to_end,
    w.stopped_at,
    w.stop_reason,
    (EXTRACT(epoch FROM (clock_timestamp() - w.beat_at)))::double precision AS silent_s,
    (l.objid IS NOT NULL) AS connected
   FROM (flow.worker w
     LEFT JOIN pg_locks l ON (((l.locktype = 'advisory'::text) AND (l.classid = (1718382455)::oid) AND (l.objid = (w.worker_id)::oid) AND (l.objsubid = 2) AND l.granted AND (l.database = ( SELECT pg_database.oid
           FROM pg_database
          WHERE (pg_database.datname = current_database()))))))
  WHERE (w.stopped_at IS NULL);


ALTER TABLE flow.worker ALTER COLUMN worker_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME flow.worker_worker_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.function_file (
    name text NOT NULL,
    digest text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);


CREATE TABLE public.function_set (
    one boolean DEFAULT true NOT NULL,
    number integer NOT NULL,
    digest text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT function_set_one_check CHECK (one)
);


CREATE TABLE public.migration (
    name text NOT NULL,
    digest text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);


CREATE TABLE rm.comparison (
    plan_id uuid NOT NULL,
    channel text NOT NULL,
    version integer NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    bridge jsonb,
    changed_at timestamp with time zone NOT NULL
);


CREATE TABLE rm.dead_letter (
    record_id text NOT NULL,
    grp text DEFAULT ''::text NOT NULL,
    orig_topic text DEFAULT ''::text NOT NULL,
    orig_partition integer DEFAULT 0 NOT NULL,
    orig_offset bigint DEFAULT 0 NOT NULL,
    key text DEFAULT ''::text NOT NULL,
    plan_id uuid,
    type text DEFAULT ''::text NOT NULL,
    value bytea,
    headers jsonb DEFAULT '[]'::jsonb NOT NULL,
    data jsonb,
    code text DEFAULT ''::text NOT NULL,
    error_class text DEFAULT ''::text NOT NULL,
    message text DEFAULT ''::text NOT NULL,
    stack text DEFAULT ''::text NOT NULL,
    fingerprint text DEFAULT ''::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    trace_id text,
    first_failed_at timestamp with time zone,
    last_failed_at timestamp with time zone,
    given_up_by text DEFAULT ''::text NOT NULL,
    given_up_reason text DEFAULT ''::text NOT NULL,
    dead_at timestamp with time zone,
    replay integer DEFAULT '-1'::integer NOT NULL,
    dlq_topic text DEFAULT ''::text NOT NULL,
    dlq_partition integer DEFAULT 0 NOT NULL,
    dlq_offset bigint DEFAULT '-1'::integer NOT NULL,
    replays integer DEFAULT 0 NOT NULL,
    replayed_version integer DEFAULT 0 NOT NULL,
    discarded_version integer DEFAULT 0 NOT NULL,
    edits integer DEFAULT 0 NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    acted_by text DEFAULT ''::text NOT NULL,
    acted_at timestamp with time zone,
    acted_version integer DEFAULT 0 NOT NULL,
    state text GENERATED ALWAYS AS (
CASE
    WHEN (discarded_version > replayed_version) THEN 'discarded'::text
    WHEN (replays > replay) THEN 'replayed'::text
    WHEN (replay >= 3) THEN 'parked'::text
    ELSE 'open'::text
END) STORED NOT NULL
);


CREATE TABLE rm.outcome (
    plan_id uuid NOT NULL,
    channel text NOT NULL,
    opportunity_id text NOT NULL,
    measured_by uuid NOT NULL,
    version integer NOT NULL,
    "position" integer NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    measured_from date NOT NULL,
    measured_to date NOT NULL,
    days_in_both integer NOT NULL,
    source text NOT NULL,
    model text NOT NULL,
    title text NOT NULL,
    metric text NOT NULL,
    skus jsonb NOT NULL,
    unit text NOT NULL,
    baseline double precision,
    target double precision,
    current double precision,
    verdict text NOT NULL,
    why text NOT NULL,
    promised double precision,
    came double precision,
    acted text NOT NULL,
    tasks integer NOT NULL,
    tasks_done integer NOT NULL,
    changed_at timestamp with time zone NOT NULL
);


CREATE TABLE rm.plan (
    plan_id uuid NOT NULL,
    version integer NOT NULL,
    status text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    filename text DEFAULT ''::text NOT NULL,
    media_type text DEFAULT ''::text NOT NULL,
    size_bytes bigint DEFAULT 0 NOT NULL,
    sha256 text DEFAULT ''::text NOT NULL,
    document_id uuid,
    channels text[] DEFAULT '{}'::text[] NOT NULL,
    priority text DEFAULT 'normal'::text NOT NULL,
    partial boolean DEFAULT false NOT NULL,
    outcomes jsonb DEFAULT '[]'::jsonb NOT NULL,
    opportunities jsonb DEFAULT '[]'::jsonb NOT NULL,
    phases jsonb DEFAULT '[]'::jsonb NOT NULL,
    phase1 jsonb,
    reason text DEFAULT ''::text NOT NULL,
    uploaded_by text DEFAULT ''::text NOT NULL,
    decided_by text DEFAULT ''::text NOT NULL,
    uploaded_at timestamp with time zone,
    analyzed_at timestamp with time zone,
    decided_at timestamp with time zone,
    phase1_at timestamp with time zone,
    ended_at timestamp with time zone,
    trace_id text,
    changed_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY rm.plan ALTER COLUMN opportunities SET STORAGE EXTERNAL;
ALTER TABLE ONLY rm.plan ALTER COLUMN phases SET STORAGE EXTERNAL;
ALTER TABLE ONLY rm.plan ALTER COLUMN phase1 SET STORAGE EXTERNAL;


CREATE TABLE rm.plan_channel (
    plan_id uuid NOT NULL,
    channel text NOT NULL,
    version integer NOT NULL,
    status text NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    model text DEFAULT ''::text NOT NULL,
    summary text DEFAULT ''::text NOT NULL,
    opportunities jsonb DEFAULT '[]'::jsonb NOT NULL,
    phases jsonb DEFAULT '[]'::jsonb NOT NULL,
    repairs jsonb DEFAULT '[]'::jsonb NOT NULL,
    limits jsonb DEFAULT '[]'::jsonb NOT NULL,
    code text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    fallback jsonb DEFAULT '[]'::jsonb NOT NULL,
    unmatched jsonb DEFAULT '[]'::jsonb NOT NULL,
    agent_use jsonb DEFAULT '[]'::jsonb NOT NULL,
    asked jsonb,
    kept jsonb
);


CREATE TABLE rm.plan_phase (
    plan_id uuid NOT NULL,
    number integer NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    weeks text NOT NULL,
    investment text NOT NULL,
    expected_impact text NOT NULL,
    tasks jsonb NOT NULL,
    started_by text NOT NULL,
    started_at timestamp with time zone NOT NULL
);


CREATE TABLE rm.projection_offset (
    projection text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);


CREATE TABLE rm.recovery (
    plan_id uuid NOT NULL,
    version integer NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL,
    at timestamp with time zone NOT NULL,
    state text DEFAULT ''::text NOT NULL,
    cause text DEFAULT ''::text NOT NULL,
    action text DEFAULT ''::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone,
    stalled_ms bigint,
    evidence jsonb DEFAULT '{}'::jsonb NOT NULL,
    recommendation text DEFAULT ''::text NOT NULL
);


CREATE TABLE rm.slo_hour (
    hour timestamp with time zone NOT NULL,
    measure text NOT NULL,
    partition integer NOT NULL,
    le_ms integer NOT NULL,
    n bigint NOT NULL,
    last_at timestamp with time zone NOT NULL
)
WITH (fillfactor='70');


CREATE TABLE rm.slo_missed (
    hour timestamp with time zone NOT NULL,
    measure text NOT NULL,
    plan_id uuid NOT NULL,
    version integer NOT NULL,
    took_ms integer NOT NULL,
    at timestamp with time zone NOT NULL
);


CREATE TABLE rm.stock_level (
    sku_key text NOT NULL,
    channel text NOT NULL,
    counted_on date NOT NULL,
    version integer NOT NULL,
    sku text NOT NULL,
    title text NOT NULL,
    quantity double precision NOT NULL,
    document text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);


CREATE TABLE rm.task (
    task_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    version integer NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    phase integer DEFAULT 1 NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    what text DEFAULT ''::text NOT NULL,
    channel text DEFAULT ''::text NOT NULL,
    priority text DEFAULT 'normal'::text NOT NULL,
    opportunity_id text,
    status text NOT NULL,
    assignee text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    attempt integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    also_serves jsonb DEFAULT '[]'::jsonb NOT NULL,
    due_on date
);


CREATE TABLE rm.task_comment (
    event_id uuid NOT NULL,
    task_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    actor text NOT NULL,
    comment text NOT NULL,
    at timestamp with time zone NOT NULL
);


CREATE TABLE rm.timeline (
    event_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    type text NOT NULL,
    stream text NOT NULL,
    version integer NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    causation_id text NOT NULL,
    trace_id text,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    data json NOT NULL
);
ALTER TABLE ONLY rm.timeline ALTER COLUMN data SET STORAGE EXTERNAL;


CREATE TABLE rm.unit_cost (
    sku_key text NOT NULL,
    valid_from date NOT NULL,
    version integer NOT NULL,
    sku text NOT NULL,
    title text NOT NULL,
    unit_cost double precision NOT NULL,
    packaging double precision,
    tax_rate double precision,
    currency text NOT NULL,
    document text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    deleted boolean DEFAULT false NOT NULL
);


INSERT INTO access.api_key VALUES
	('000000000000', 'bootstrap', 'admin', 'a0484a6185b324e2f355194f334482fc79194cd805185155ddcf6804fdb9090a', '2026-11-27 00:43:49.507063+00', 'bootstrap', '2026-11-27 00:43:51.190723+00', NULL);


INSERT INTO decide.channel_period VALUES
	('f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'shopee', '2026-03-01', '2026-03-31', false, '2026-11-27 00:43:50.775929+00'),
	('6397bd5f-fd22-4459-b310-a82dbd40ab59', 'shopee', '2026-03-01', '2026-03-31', false, '2026-11-27 00:43:50.791546+00'),
	('6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'mercado_livre', '2026-02-02', '2026-02-07', false, '2026-11-27 00:43:55.182076+00'),
	('6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'shopee', '2026-02-01', '2026-02-03', false, '2026-11-27 00:43:55.182076+00');


INSERT INTO decide.channel_result VALUES
	('6397bd5f-fd22-4459-b310-a82dbd40ab59', 'shopee', 'plan.channel.analyzed', '449b558a-91f0-5b10-a116-0ea1f3ba3af4', '{"use": [], "model": "rules-4", "limits": ["Sem datas: não há valores por mês nem evolução; os valores são do documento inteiro.", "Sem indicação de venda por publicidade.", "Sem preço cheio ou desconto: a profundidade dos descontos não foi medida.", "Sem datas de postagem: o prazo de envio não foi medido.", "O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos. Envie uma planilha com SKU e custo para calcular a margem.", "O documento não tem tabelas: nenhum número foi calculado a partir do texto."], "phases": [{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.", "title": "Conferir peso e medidas cadastrados", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-shipping"}, {"what": "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.", "title": "Rever tipo de anúncio e programas pagos", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-fees"}, {"what": "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.", "title": "Atacar os motivos de cancelamento", "channel": "shopee", "priority": "low", "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 2 - Correções de processo", "tasks": [{"what": "Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.", "title": "Montar kits dos itens baratos", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-fees"}, {"what": "Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.", "title": "Sincronizar o estoque entre os canais", "channel": "shopee", "priority": "low", "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 5-8", "number": 2, "investment": "Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 3 - Crescimento sustentado", "tasks": [{"what": "Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.", "title": "Avaliar o envio pelo estoque do canal", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-shipping"}], "weeks": "Semanas 9-12", "number": 3, "investment": "A definir com os números das fases anteriores.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}], "source": "rules", "channel": "shopee", "plan_id": "6397bd5f-fd22-4459-b310-a82dbd40ab59", "repairs": [], "summary": "Shopee, de 01/03/2026 a 31/03/2026: R$ 30.000,00 de receita em 480 pedidos (ticket médio R$ 62,50). Tarifas 24,0%, envio 21,0%, devoluções 19,0%, cancelamentos 14,0%. 3 oportunidades; a primeira: baixar o custo de envio de 21,0% da receita.", "fallback": [], "unmatched": [], "opportunities": [{"id": "shopee-shipping", "what": "Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.", "title": "Baixar o custo de envio de 21,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Envio pago por você: 21,0% da receita", "unit": "ratio", "value": 0.21, "metric": "shipping_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-fees", "what": "De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.", "title": "Baixar as tarifas de 24,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Tarifas: 24,0% da receita", "unit": "ratio", "value": 0.24, "metric": "fee_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-cancellations", "what": "Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.", "title": "Reduzir os cancelamentos (14,0% dos pedidos)", "channel": "shopee", "evidence": [{"skus": [], "text": "Pedidos cancelados: 14,0%", "unit": "ratio", "value": 0.14, "metric": "cancellation_rate"}], "priority": "low", "worth_brl": null}]}', 1),
	('f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'shopee', 'plan.channel.analyzed', 'c9472cfc-9c34-50d1-8e59-85ecbc2c0d31', '{"use": [], "model": "rules-4", "limits": ["Sem datas: não há valores por mês nem evolução; os valores são do documento inteiro.", "Sem indicação de venda por publicidade.", "Sem preço cheio ou desconto: a profundidade dos descontos não foi medida.", "Sem datas de postagem: o prazo de envio não foi medido.", "O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos. Envie uma planilha com SKU e custo para calcular a margem.", "O documento não tem tabelas: nenhum número foi calculado a partir do texto."], "phases": [{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.", "title": "Conferir peso e medidas cadastrados", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-shipping"}, {"what": "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.", "title": "Rever tipo de anúncio e programas pagos", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-fees"}, {"what": "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.", "title": "Atacar os motivos de cancelamento", "channel": "shopee", "priority": "low", "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 2 - Correções de processo", "tasks": [{"what": "Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.", "title": "Montar kits dos itens baratos", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-fees"}, {"what": "Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.", "title": "Sincronizar o estoque entre os canais", "channel": "shopee", "priority": "low", "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 5-8", "number": 2, "investment": "Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 3 - Crescimento sustentado", "tasks": [{"what": "Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.", "title": "Avaliar o envio pelo estoque do canal", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-shipping"}], "weeks": "Semanas 9-12", "number": 3, "investment": "A definir com os números das fases anteriores.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}], "source": "rules", "channel": "shopee", "plan_id": "f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5", "repairs": [], "summary": "Shopee, de 01/03/2026 a 31/03/2026: R$ 30.000,00 de receita em 480 pedidos (ticket médio R$ 62,50). Tarifas 24,0%, envio 21,0%, devoluções 19,0%, cancelamentos 14,0%. 3 oportunidades; a primeira: baixar o custo de envio de 21,0% da receita.", "fallback": [], "unmatched": [], "opportunities": [{"id": "shopee-shipping", "what": "Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.", "title": "Baixar o custo de envio de 21,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Envio pago por você: 21,0% da receita", "unit": "ratio", "value": 0.21, "metric": "shipping_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-fees", "what": "De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.", "title": "Baixar as tarifas de 24,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Tarifas: 24,0% da receita", "unit": "ratio", "value": 0.24, "metric": "fee_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-cancellations", "what": "Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.", "title": "Reduzir os cancelamentos (14,0% dos pedidos)", "channel": "shopee", "evidence": [{"skus": [], "text": "Pedidos cancelados: 14,0%", "unit": "ratio", "value": 0.14, "metric": "cancellation_rate"}], "priority": "low", "worth_brl": null}]}', 1),
	('6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'shopee', 'plan.channel.analyzed', 'f6a5ca9f-f797-5226-b7b0-02b84577263b', '{"use": [], "model": "rules-4", "limits": ["Sem coluna de tarifas: não foi possível ver margem nem produtos com prejuízo.", "Sem o custo de envio pago pelo vendedor: a sobra por produto não o desconta.", "Sem indicação de venda por publicidade.", "Sem preço cheio ou desconto: a profundidade dos descontos não foi medida.", "Sem datas de postagem: o prazo de envio não foi medido.", "O documento cobre só 3 dias: os valores são desse período, não por mês, e não mostram tendências.", "Há poucos pedidos: taxas de cancelamento e de atraso não foram julgadas.", "O documento não diz a moeda; pelo idioma e pelas colunas, os valores foram lidos como reais (R$).", "O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos. Envie uma planilha com SKU e custo para calcular a margem. Faltam os custos de 2 produtos.", "arquivo separado por “;”, cabeçalho na linha 1: não há as colunas Comissões e tarifas do canal e Frete pago por você."], "phases": [{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Nenhuma regra encontrou algo fora do normal. Confira os números com a equipe e envie o próximo período para comparar.", "title": "Revisar os números de Shopee", "channel": "shopee", "priority": "normal", "opportunity_id": null}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Confirmação de que os números estão em ordem."}], "source": "rules", "channel": "shopee", "plan_id": "6766abb2-9a60-4cb9-b5cd-fe72d6fddc51", "repairs": [], "summary": "Shopee, de 01/02/2026 a 03/02/2026: R$ 143,90 de receita em 2 pedidos (ticket médio R$ 71,95). Devoluções 0,0%, cancelamentos 0,0%. Nenhuma regra encontrou algo fora do normal.", "fallback": [], "unmatched": [], "opportunities": []}', 1);


INSERT INTO decide.document VALUES
	('4d285df9-56d2-4858-b370-2aa276c1e4d5', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'cef9d6e384af4ffba3e0df1981e02cea', '{shopee}', '{"text": "", "goods": "", "title": "Carga", "stated": [], "tables": [], "mapping": "", "channels": [{"months": [], "period": ["2026-03-01", "2026-03-31"], "channel": "shopee", "figures": [{"rows": null, "skus": [], "unit": "BRL", "value": 30000.0, "detail": {}, "metric": "revenue"}, {"rows": null, "skus": [], "unit": "count", "value": 480.0, "detail": {}, "metric": "orders"}, {"rows": null, "skus": [], "unit": "count", "value": 600.0, "detail": {}, "metric": "units"}, {"rows": null, "skus": [], "unit": "BRL", "value": 62.5, "detail": {}, "metric": "average_ticket"}, {"rows": null, "skus": [], "unit": "ratio", "value": 0.24, "detail": {}, "metric": "fee_share"}, {"rows": null, "skus": [], "unit": "ratio", "value": 0.21, "detail": {}, "metric": "shipping_share"}, {"rows": null, "skus": [], "unit": "ratio", "value": 0.14, "detail": {}, "metric": "cancellation_rate"}, {"rows": null, "skus": ["SKU-0", "SKU-1", "SKU-2", "SKU-3", "SKU-4", "SKU-5"], "unit": "ratio", "value": 0.19, "detail": {}, "metric": "return_rate"}, {"rows": null, "skus": ["SKU-0", "SKU-1", "SKU-2", "SKU-3", "SKU-4", "SKU-5"], "unit": "BRL", "value": 5400.0, "detail": {}, "metric": "refunds"}], "currency": "BRL", "products": [{"net": -120.0, "sku": "SKU-0", "cost": null, "fees": 900.0, "stock": null, "taxes": null, "title": "Produto 0", "units": 100.0, "orders": 80, "refunds": 900.0, "revenue": 5000.0, "shipping": 700.0, "last_sale": "2026-03-28", "break_even": null, "stock_days": null, "unit_price": 50.0, "contribution": null, "returned_units": 30.0}, {"net": -120.0, "sku": "SKU-1", "cost": null, "fees": 900.0, "stock": null, "taxes": null, "title": "Produto 1", "units": 100.0, "orders": 80, "refunds": 900.0, "revenue": 5000.0, "shipping": 700.0, "last_sale": "2026-03-28", "break_even": null, "stock_days": null, "unit_price": 50.0, "contribution": null, "returned_units": 30.0}, {"net": -120.0, "sku": "SKU-2", "cost": null, "fees": 900.0, "stock": null, "taxes": null, "title": "Produto 2", "units": 100.0, "orders": 80, "refunds": 900.0, "revenue": 5000.0, "shipping": 700.0, "last_sale": "2026-03-28", "break_even": null, "stock_days": null, "unit_price": 50.0, "contribution": null, "returned_units": 30.0}, {"net": -120.0, "sku": "SKU-3", "cost": null, "fees": 900.0, "stock": null, "taxes": null, "title": "Produto 3", "units": 100.0, "orders": 80, "refunds": 900.0, "revenue": 5000.0, "shipping": 700.0, "last_sale": "2026-03-28", "break_even": null, "stock_days": null, "unit_price": 50.0, "contribution": null, "returned_units": 30.0}, {"net": -120.0, "sku": "SKU-4", "cost": null, "fees": 900.0, "stock": null, "taxes": null, "title": "Produto 4", "units": 100.0, "orders": 80, "refunds": 900.0, "revenue": 5000.0, "shipping": 700.0, "last_sale": "2026-03-28", "break_even": null, "stock_days": null, "unit_price": 50.0, "contribution": null, "returned_units": 30.0}, {"net": -120.0, "sku": "SKU-5", "cost": null, "fees": 900.0, "stock": null, "taxes": null, "title": "Produto 5", "units": 100.0, "orders": 80, "refunds": 900.0, "revenue": 5000.0, "shipping": 700.0, "last_sale": "2026-03-28", "break_even": null, "stock_days": null, "unit_price": 50.0, "contribution": null, "returned_units": 30.0}], "warnings": [], "missing_costs": [], "reconciliation": null, "currency_source": "", "missing_cost_skus": 0}], "warnings": [], "media_type": "text/csv", "goods_version": 0}', '2026-11-27 00:43:50.775929+00'),
	('55adfbe2-7fb6-4717-81a1-3c32f5ede6c4', '6397bd5f-fd22-4459-b310-a82dbd40ab59', '9a66d024399d441983b3e8f8976ac7db', '{shopee}', '{"text": "", "goods": "", "title": "Carga", "stated": [], "tables": [], "mapping": "", "channels": [{"months": [], "period": ["2026-03-01", "2026-03-31"], "channel": "shopee", "figures": [{"rows": null, "skus": [], "unit": "BRL", "value": 30000.0, "detail": {}, "metric": "revenue"}, {"rows": null, "skus": [], "unit": "count", "value": 480.0, "detail": {}, "metric": "orders"}, {"rows": null, "skus": [], "unit": "count", "value": 600.0, "detail": {}, "metric": "units"}, {"rows": null, "skus": [], "unit": "BRL", "value": 62.5, "detail": {}, "metric": "average_ticket"}, {"rows": null, "skus": [], "unit": "ratio", "value": 0.24, "detail": {}, "metric": "fee_share"}, {"rows": null, "skus": [], "unit": "ratio", "value": 0.21, "detail": {}, "metric": "shipping_share"}, {"rows": null, "skus": [], "unit": "ratio", "value": 0.14, "detail": {}, "metric": "cancellation_rate"}, {"rows": null, "skus": ["SKU-0", "SKU-1", "SKU-2", "SKU-3", "SKU-4", "SKU-5"], "unit": "ratio", "value": 0.19, "detail": {}, "metric": "return_rate"}, {"rows": null, "skus": ["SKU-0", "SKU-1", "SKU-2", "SKU-3", "SKU-4", "SKU-5"], "unit": "BRL", "value": 5400.0, "detail": {}, "metric": "refunds"}], "currency": "BRL", "products": [{"net": -120.0, "sku": "SKU-0", "cost": null, "fees": 900.0, "stock": null, "taxes": null, "title": "Produto 0", "units": 100.0, "orders": 80, "refunds": 900.0, "revenue": 5000.0, "shipping": 700.0, "last_sale": "2026-03-28", "break_even": null, "stock_days": null, "unit_price": 50.0, "contribution": null, "returned_units": 30.0}, {"net": -120.0, "sku": "SKU-1", "cost": null, "fees": 900.0, "stock": null, "taxes": null, "title": "Produto 1", "units": 100.0, "orders": 80, "refunds": 900.0, "revenue": 5000.0, "shipping": 700.0, "last_sale": "2026-03-28", "break_even": null, "stock_days": null, "unit_price": 50.0, "contribution": null, "returned_units": 30.0}, {"net": -120.0, "sku": "SKU-2", "cost": null, "fees": 900.0, "stock": null, "taxes": null, "title": "Produto 2", "units": 100.0, "orders": 80, "refunds": 900.0, "revenue": 5000.0, "shipping": 700.0, "last_sale": "2026-03-28", "break_even": null, "stock_days": null, "unit_price": 50.0, "contribution": null, "returned_units": 30.0}, {"net": -120.0, "sku": "SKU-3", "cost": null, "fees": 900.0, "stock": null, "taxes": null, "title": "Produto 3", "units": 100.0, "orders": 80, "refunds": 900.0, "revenue": 5000.0, "shipping": 700.0, "last_sale": "2026-03-28", "break_even": null, "stock_days": null, "unit_price": 50.0, "contribution": null, "returned_units": 30.0}, {"net": -120.0, "sku": "SKU-4", "cost": null, "fees": 900.0, "stock": null, "taxes": null, "title": "Produto 4", "units": 100.0, "orders": 80, "refunds": 900.0, "revenue": 5000.0, "shipping": 700.0, "last_sale": "2026-03-28", "break_even": null, "stock_days": null, "unit_price": 50.0, "contribution": null, "returned_units": 30.0}, {"net": -120.0, "sku": "SKU-5", "cost": null, "fees": 900.0, "stock": null, "taxes": null, "title": "Produto 5", "units": 100.0, "orders": 80, "refunds": 900.0, "revenue": 5000.0, "shipping": 700.0, "last_sale": "2026-03-28", "break_even": null, "stock_days": null, "unit_price": 50.0, "contribution": null, "returned_units": 30.0}], "warnings": [], "missing_costs": [], "reconciliation": null, "currency_source": "", "missing_cost_skus": 0}], "warnings": [], "media_type": "text/csv", "goods_version": 0}', '2026-11-27 00:43:50.791546+00'),
	('b6673267-f6da-4657-8a9f-2da885b8922a', '6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', '85600e47bef7477c4db3898473ab6c24420051c1ad6750838d65f8f09f5560b2', '{shopee}', '{"text": "", "goods": "", "title": "vendas", "stated": [], "tables": [{"asks": false, "kind": "sales", "rows": 7, "where": "arquivo separado por “;”, cabeçalho na linha 1", "layout": "plain", "columns": [{"by": "name", "field": "channel", "header": "Canal", "samples": ["Shopee", "Mercado Livre"], "confidence": 1.0}, {"by": "name", "field": "at", "header": "Data", "samples": ["01/02/2026", "02/02/2026", "03/02/2026"], "confidence": 0.99}, {"by": "name", "field": "order_id", "header": "Pedido", "samples": ["100000", "100001", "100002"], "confidence": 1.0}, {"by": "name", "field": "sku", "header": "SKU", "samples": ["CAF-GAR-1L", "COZ-TAB-010"], "confidence": 1.0}, {"by": "name", "field": "title", "header": "Produto", "samples": ["Garrafa térmica 1 L", "Tábua de bambu"], "confidence": 1.0}, {"by": "name", "field": "units", "header": "Quantidade", "samples": ["1", "2", "3"], "confidence": 1.0}, {"by": "name", "field": "price", "header": "Preço", "samples": ["89,90", "54,00"], "confidence": 1.0}, {"by": "name", "field": "status", "header": "Status", "samples": ["Entregue", "Devolvido"], "confidence": 1.0}], "warnings": [], "header_id": "fdccb649173f2d44", "mapped_at": "", "mapped_by": "", "columns_used": ["Canal", "Data", "Pedido", "SKU", "Produto", "Quantidade", "Preço", "Status"], "columns_missing": ["Comissões e tarifas do canal", "Frete pago por você"]}], "mapping": "", "channels": [{"months": [{"net": null, "fees": null, "month": "2026-02", "units": 9.0, "orders": 5, "refunds": 359.6, "revenue": 629.6, "shipping": null, "after_ads": null, "advertising": null, "returned_units": 4.0, "cancelled_orders": 0}], "period": ["2026-02-02", "2026-02-07"], "channel": "mercado_livre", "figures": [{"rows": {"used": 5, "sample": [{"row": 5, "order": "100003", "table": 0, "amount": 179.8}, {"row": 6, "order": "100004", "table": 0, "amount": 179.8}, {"row": 8, "order": "100006", "table": 0, "amount": 162.0}, {"row": 3, "order": "100001", "table": 0, "amount": 54.0}, {"row": 7, "order": "100005", "table": 0, "amount": 54.0}], "left_out": {}}, "skus": [], "unit": "BRL", "value": 629.6, "detail": {}, "metric": "revenue"}, {"rows": {"used": 5, "sample": [{"row": 5, "order": "100003", "table": 0, "amount": 179.8}, {"row": 6, "order": "100004", "table": 0, "amount": 179.8}, {"row": 8, "order": "100006", "table": 0, "amount": 162.0}, {"row": 3, "order": "100001", "table": 0, "amount": 54.0}, {"row": 7, "order": "100005", "table": 0, "amount": 54.0}], "left_out": {}}, "skus": [], "unit": "BRL", "value": 125.92, "detail": {}, "metric": "average_ticket"}, {"rows": {"used": 5, "sample": [{"row": 5, "order": "100003", "table": 0, "amount": 179.8}, {"row": 6, "order": "100004", "table": 0, "amount": 179.8}, {"row": 8, "order": "100006", "table": 0, "amount": 162.0}, {"row": 3, "order": "100001", "table": 0, "amount": 54.0}, {"row": 7, "order": "100005", "table": 0, "amount": 54.0}], "left_out": {}}, "skus": [], "unit": "count", "value": 5.0, "detail": {}, "metric": "orders"}, {"rows": {"used": 5, "sample": [{"row": 8, "order": "100006", "table": 0, "amount": 3.0}, {"row": 5, "order": "100003", "table": 0, "amount": 2.0}, {"row": 6, "order": "100004", "table": 0, "amount": 2.0}, {"row": 3, "order": "100001", "table": 0, "amount": 1.0}, {"row": 7, "order": "100005", "table": 0, "amount": 1.0}], "left_out": {}}, "skus": [], "unit": "count", "value": 9.0, "detail": {}, "metric": "units"}, {"rows": {"used": 5, "sample": [{"row": 5, "order": "100003", "table": 0, "amount": 179.8}, {"row": 6, "order": "100004", "table": 0, "amount": 179.8}, {"row": 3, "order": "100001", "table": 0, "amount": 0.0}, {"row": 7, "order": "100005", "table": 0, "amount": 0.0}, {"row": 8, "order": "100006", "table": 0, "amount": 0.0}], "left_out": {}}, "skus": [], "unit": "BRL", "value": 359.6, "detail": {}, "metric": "refunds"}, {"rows": {"used": 5, "sample": [{"row": 5, "order": "100003", "table": 0, "amount": 2.0}, {"row": 6, "order": "100004", "table": 0, "amount": 2.0}, {"row": 3, "order": "100001", "table": 0, "amount": 0.0}, {"row": 7, "order": "100005", "table": 0, "amount": 0.0}, {"row": 8, "order": "100006", "table": 0, "amount": 0.0}], "left_out": {}}, "skus": [], "unit": "ratio", "value": 0.4444, "detail": {"trials": 9.0, "successes": 4.0}, "metric": "return_rate"}, {"rows": {"used": 5, "sample": [{"row": 5, "order": "100003", "table": 0, "amount": 2.0}, {"row": 6, "order": "100004", "table": 0, "amount": 2.0}, {"row": 3, "order": "100001", "table": 0, "amount": 0.0}, {"row": 7, "order": "100005", "table": 0, "amount": 0.0}, {"row": 8, "order": "100006", "table": 0, "amount": 0.0}], "left_out": {}}, "skus": [], "unit": "count", "value": 4.0, "detail": {}, "metric": "returned_units"}, {"rows": {"used": 5, "sample": [{"row": 3, "order": "100001", "table": 0, "amount": null}, {"row": 5, "order": "100003", "table": 0, "amount": null}, {"row": 6, "order": "100004", "table": 0, "amount": null}, {"row": 7, "order": "100005", "table": 0, "amount": null}, {"row": 8, "order": "100006", "table": 0, "amount": null}], "left_out": {}}, "skus": [], "unit": "ratio", "value": 0.0, "detail": {"trials": 5.0, "successes": 0.0}, "metric": "cancellation_rate"}, {"rows": {"used": 5, "sample": [{"row": 3, "order": "100001", "table": 0, "amount": null}, {"row": 5, "order": "100003", "table": 0, "amount": null}, {"row": 6, "order": "100004", "table": 0, "amount": null}, {"row": 7, "order": "100005", "table": 0, "amount": null}, {"row": 8, "order": "100006", "table": 0, "amount": null}], "left_out": {}}, "skus": [], "unit": "ratio", "value": 0.0, "detail": {"trials": 5.0, "successes": 0.0}, "metric": "unpaid_share"}, {"rows": {"used": 0, "sample": [], "left_out": {"has_sku": 5}}, "skus": [], "unit": "ratio", "value": 0.0, "detail": {"trials": 5.0, "successes": 0.0}, "metric": "missing_sku_share"}, {"rows": {"used": 5, "sample": [{"row": 5, "order": "100003", "table": 0, "amount": 179.8}, {"row": 6, "order": "100004", "table": 0, "amount": 179.8}, {"row": 8, "order": "100006", "table": 0, "amount": 162.0}, {"row": 3, "order": "100001", "table": 0, "amount": 54.0}, {"row": 7, "order": "100005", "table": 0, "amount": 54.0}], "left_out": {}}, "skus": [], "unit": "days", "value": 6.0, "detail": {}, "metric": "period_days"}], "currency": "BRL", "products": [{"net": null, "sku": "CAF-GAR-1L", "cost": null, "fees": null, "stock": null, "taxes": null, "title": "Garrafa térmica 1 L", "units": 4.0, "orders": 2, "refunds": 359.6, "revenue": 359.6, "shipping": null, "last_sale": "2026-02-05", "break_even": null, "stock_days": null, "unit_price": 89.9, "contribution": null, "returned_units": 4.0}, {"net": null, "sku": "COZ-TAB-010", "cost": null, "fees": null, "stock": null, "taxes": null, "title": "Tábua de bambu", "units": 5.0, "orders": 3, "refunds": 0.0, "revenue": 270.0, "shipping": null, "last_sale": "2026-02-07", "break_even": null, "stock_days": null, "unit_price": 54.0, "contribution": null, "returned_units": 0.0}], "warnings": ["O documento não diz a moeda; pelo idioma e pelas colunas, os valores foram lidos como reais (R$)."], "missing_costs": [{"sku": "CAF-GAR-1L", "title": "Garrafa térmica 1 L", "units": 4.0, "revenue": 359.6}, {"sku": "COZ-TAB-010", "title": "Tábua de bambu", "units": 5.0, "revenue": 270.0}], "reconciliation": null, "currency_source": "assumed", "missing_cost_skus": 2}, {"months": [{"net": null, "fees": null, "month": "2026-02", "units": 2.0, "orders": 2, "refunds": 0.0, "revenue": 143.9, "shipping": null, "after_ads": null, "advertising": null, "returned_units": 0.0, "cancelled_orders": 0}], "period": ["2026-02-01", "2026-02-03"], "channel": "shopee", "figures": [{"rows": {"used": 2, "sample": [{"row": 2, "order": "100000", "table": 0, "amount": 89.9}, {"row": 4, "order": "100002", "table": 0, "amount": 54.0}], "left_out": {}}, "skus": [], "unit": "BRL", "value": 143.9, "detail": {}, "metric": "revenue"}, {"rows": {"used": 2, "sample": [{"row": 2, "order": "100000", "table": 0, "amount": 89.9}, {"row": 4, "order": "100002", "table": 0, "amount": 54.0}], "left_out": {}}, "skus": [], "unit": "BRL", "value": 71.95, "detail": {}, "metric": "average_ticket"}, {"rows": {"used": 2, "sample": [{"row": 2, "order": "100000", "table": 0, "amount": 89.9}, {"row": 4, "order": "100002", "table": 0, "amount": 54.0}], "left_out": {}}, "skus": [], "unit": "count", "value": 2.0, "detail": {}, "metric": "orders"}, {"rows": {"used": 2, "sample": [{"row": 2, "order": "100000", "table": 0, "amount": 1.0}, {"row": 4, "order": "100002", "table": 0, "amount": 1.0}], "left_out": {}}, "skus": [], "unit": "count", "value": 2.0, "detail": {}, "metric": "units"}, {"rows": {"used": 2, "sample": [{"row": 2, "order": "100000", "table": 0, "amount": 0.0}, {"row": 4, "order": "100002", "table": 0, "amount": 0.0}], "left_out": {}}, "skus": [], "unit": "BRL", "value": 0.0, "detail": {}, "metric": "refunds"}, {"rows": {"used": 2, "sample": [{"row": 2, "order": "100000", "table": 0, "amount": 0.0}, {"row": 4, "order": "100002", "table": 0, "amount": 0.0}], "left_out": {}}, "skus": [], "unit": "ratio", "value": 0.0, "detail": {"trials": 2.0, "successes": 0.0}, "metric": "return_rate"}, {"rows": {"used": 2, "sample": [{"row": 2, "order": "100000", "table": 0, "amount": 0.0}, {"row": 4, "order": "100002", "table": 0, "amount": 0.0}], "left_out": {}}, "skus": [], "unit": "count", "value": 0.0, "detail": {}, "metric": "returned_units"}, {"rows": {"used": 2, "sample": [{"row": 2, "order": "100000", "table": 0, "amount": null}, {"row": 4, "order": "100002", "table": 0, "amount": null}], "left_out": {}}, "skus": [], "unit": "ratio", "value": 0.0, "detail": {"trials": 2.0, "successes": 0.0}, "metric": "cancellation_rate"}, {"rows": {"used": 2, "sample": [{"row": 2, "order": "100000", "table": 0, "amount": null}, {"row": 4, "order": "100002", "table": 0, "amount": null}], "left_out": {}}, "skus": [], "unit": "ratio", "value": 0.0, "detail": {"trials": 2.0, "successes": 0.0}, "metric": "unpaid_share"}, {"rows": {"used": 0, "sample": [], "left_out": {"has_sku": 2}}, "skus": [], "unit": "ratio", "value": 0.0, "detail": {"trials": 2.0, "successes": 0.0}, "metric": "missing_sku_share"}, {"rows": {"used": 2, "sample": [{"row": 2, "order": "100000", "table": 0, "amount": 89.9}, {"row": 4, "order": "100002", "table": 0, "amount": 54.0}], "left_out": {}}, "skus": [], "unit": "days", "value": 3.0, "detail": {}, "metric": "period_days"}], "currency": "BRL", "products": [{"net": null, "sku": "CAF-GAR-1L", "cost": null, "fees": null, "stock": null, "taxes": null, "title": "Garrafa térmica 1 L", "units": 1.0, "orders": 1, "refunds": 0.0, "revenue": 89.9, "shipping": null, "last_sale": "2026-02-01", "break_even": null, "stock_days": null, "unit_price": 89.9, "contribution": null, "returned_units": 0.0}, {"net": null, "sku": "COZ-TAB-010", "cost": null, "fees": null, "stock": null, "taxes": null, "title": "Tábua de bambu", "units": 1.0, "orders": 1, "refunds": 0.0, "revenue": 54.0, "shipping": null, "last_sale": "2026-02-03", "break_even": null, "stock_days": null, "unit_price": 54.0, "contribution": null, "returned_units": 0.0}], "warnings": ["O documento não diz a moeda; pelo idioma e pelas colunas, os valores foram lidos como reais (R$)."], "missing_costs": [{"sku": "CAF-GAR-1L", "title": "Garrafa térmica 1 L", "units": 1.0, "revenue": 89.9}, {"sku": "COZ-TAB-010", "title": "Tábua de bambu", "units": 1.0, "revenue": 54.0}], "reconciliation": null, "currency_source": "assumed", "missing_cost_skus": 2}], "warnings": [], "media_type": "text/csv", "goods_version": 0}', '2026-11-27 00:43:55.182076+00');


INSERT INTO decide.goods VALUES
	(true, 0);


INSERT INTO decide.head VALUES
	('plan-6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'plan', '6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'analyzing', 2, 1, '2026-11-27 00:43:55.182076+00', 1, '00-1ea4dd604fe0c72f47059339acc2b871-cc7a2fb08b4ce60f-00', true, 1),
	('plan-6397bd5f-fd22-4459-b310-a82dbd40ab59', 'plan', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'rejected', 3, 1, '2026-11-27 00:43:55.765013+00', 0, NULL, true, 1),
	('task-4e5cf330-e3f1-577b-9cce-6d8aeabf884b', 'task', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'completed', 3, 1, '2026-11-27 00:43:55.819981+00', 0, NULL, false, 1),
	('plan-f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'plan', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'executing', 4, 1, '2026-11-27 00:43:55.819981+00', 0, NULL, true, 1),
	('task-41754ef1-cc42-534b-bced-2f0d021314d1', 'task', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'assigned', 3, 1, '2026-11-27 00:43:55.902003+00', 0, NULL, false, 1);


INSERT INTO decide.idempotency VALUES
	('000000000000', 'approve-f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'f1d9d5dd3218f6862c17e7485871b837296320d20cb193483063368e20fa3b48', '{"status": "approved", "outcome": "accepted", "plan_id": "f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5", "version": 3, "event_id": "688b0254-16da-4e01-a41f-a6226a20831e", "traceparent": null}', '2026-11-27 00:43:55.526914+00');


INSERT INTO decide.outbox OVERRIDING SYSTEM VALUE VALUES
	(1, 'e41ca590-2e02-93d9-ee31-754c1b630049', 'system.events', 'alerts-749e8248d165', 'worker.started', 'alerts-749e8248d165', 1, 1795740202080361, 'e41ca590-2e02-93d9-ee31-754c1b630049', 'alerts-749e8248d165', 'system:alerts', '{"pid": 12487, "host": "host", "role": "alerts", "source": "alerts-749e8248d165", "code_version": "0.2.0"}', NULL, '2026-11-27 00:43:22.060973+00', '2026-11-27 00:43:51.368479+00', NULL, NULL, NULL, NULL, NULL),
	(2, '192642d5-9039-1669-2232-97c8d30c6ee0', 'system.events', 'pump-585914595189', 'worker.started', 'pump-585914595189', 1, 1795740215975339, '192642d5-9039-1669-2232-97c8d30c6ee0', 'pump-585914595189', 'system:pump', '{"pid": 13233, "host": "host", "role": "pump", "source": "pump-585914595189", "code_version": "0.2.0"}', NULL, '2026-11-27 00:43:35.934613+00', '2026-11-27 00:43:51.368479+00', NULL, NULL, NULL, NULL, NULL),
	(3, 'eba14a1c-b5c4-d8ad-6cbd-a9daff63e007', 'system.events', 'watchdog-6c4652143136', 'worker.started', 'watchdog-6c4652143136', 1, 1795740217717750, 'eba14a1c-b5c4-d8ad-6cbd-a9daff63e007', 'watchdog-6c4652143136', 'system:watchdog', '{"pid": 13236, "host": "host", "role": "watchdog", "source": "watchdog-6c4652143136", "code_version": "0.2.0"}', NULL, '2026-11-27 00:43:37.664543+00', '2026-11-27 00:43:51.368479+00', NULL, NULL, NULL, NULL, NULL),
	(4, 'bab76e92-316e-5df0-995f-7a75f58a1455', 'system.events', 'projections-ae53878c90ce', 'worker.started', 'projections-ae53878c90ce', 1, 1795740219570921, 'bab76e92-316e-5df0-995f-7a75f58a1455', 'projections-ae53878c90ce', 'system:projections', '{"pid": 13231, "host": "host", "role": "projections", "source": "projections-ae53878c90ce", "code_version": "0.2.0"}', NULL, '2026-11-27 00:43:39.538405+00', '2026-11-27 00:43:51.368479+00', NULL, NULL, NULL, NULL, NULL),
	(5, 'be06b676-49c6-9206-138e-8d2a355351cb', 'system.events', 'runner-38b0e0c27807', 'worker.started', 'runner-38b0e0c27807', 1, 1795740220577988, 'be06b676-49c6-9206-138e-8d2a355351cb', 'runner-38b0e0c27807', 'system:runner', '{"pid": 13229, "host": "host", "role": "runner", "source": "runner-38b0e0c27807", "code_version": "0.2.0"}', NULL, '2026-11-27 00:43:40.549+00', '2026-11-27 00:43:51.368479+00', NULL, NULL, NULL, NULL, NULL),
	(6, 'e9ad6351-0032-0c3a-69f8-be731d899bd7', 'system.events', 'alert:broker', 'alert.opened', 'alert-945f0b64-6b55-54c0-b027-eec1f5359d15', 1, 1795740226194720, 'e9ad6351-0032-0c3a-69f8-be731d899bd7', 'alert:broker', 'system:alerts', '{"key": "broker", "kind": "broker-away", "text": "The broker is away (KafkaTimeoutError: Failed to get offsets by times in 2000 ms).", "alert": "945f0b64-6b55-54c0-b027-eec1f5359d15", "state": "open", "source": "alert:broker", "severity": "critical"}', NULL, '2026-11-27 00:43:46.127716+00', '2026-11-27 00:43:51.368479+00', NULL, NULL, NULL, NULL, NULL),
	(7, 'ab3c0497-0430-c1bd-3d6e-109c81507885', 'system.events', 'worker-5d7b9832cf12', 'worker.started', 'worker-5d7b9832cf12', 1, 1795740227820402, 'ab3c0497-0430-c1bd-3d6e-109c81507885', 'worker-5d7b9832cf12', 'system:worker', '{"pid": 13227, "host": "host", "role": "worker", "source": "worker-5d7b9832cf12", "code_version": "0.2.0"}', NULL, '2026-11-27 00:43:47.80763+00', '2026-11-27 00:43:51.368479+00', NULL, NULL, NULL, NULL, NULL),
	(8, 'fba47e74-673b-f0b7-6eef-e6167d9f12da', 'system.events', 'gateway-de59be2fd13c', 'worker.started', 'gateway-de59be2fd13c', 1, 1795740229552071, 'fba47e74-673b-f0b7-6eef-e6167d9f12da', 'gateway-de59be2fd13c', 'system:gateway', '{"pid": 13225, "host": "host", "role": "gateway", "source": "gateway-de59be2fd13c", "code_version": "0.2.0"}', NULL, '2026-11-27 00:43:49.502905+00', '2026-11-27 00:43:51.368479+00', NULL, NULL, NULL, NULL, NULL),
	(9, '0789b3b5-025f-456b-ba91-1023cb31a22d', 'plan.events', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'plan.uploaded', 'plan-f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 1, 1795740230748490, '0789b3b5-025f-456b-ba91-1023cb31a22d', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'load', '{"title": "Carga 0", "sha256": "cef9d6e384af4ffba3e0df1981e02cea", "plan_id": "f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5", "channels": ["shopee"], "filename": "carga.csv", "priority": "normal", "media_type": "text/csv", "size_bytes": 1, "document_id": "4d285df9-56d2-4858-b370-2aa276c1e4d5"}', NULL, '2026-11-27 00:43:50.775929+00', '2026-11-27 00:43:51.437307+00', NULL, NULL, NULL, NULL, NULL),
	(24, 'd13ada22-9bf2-e557-5bc1-ea9d47f8dcda', 'system.events', 'gateway-de59be2fd13c', 'worker.stopped', 'gateway-de59be2fd13c', 2, 1795740236498649, 'd13ada22-9bf2-e557-5bc1-ea9d47f8dcda', 'gateway-de59be2fd13c', 'system:gateway', '{"role": "gateway", "reason": "told to stop", "source": "gateway-de59be2fd13c"}', NULL, '2026-11-27 00:43:56.495402+00', NULL, NULL, NULL, NULL, NULL, NULL),
	(25, 'a4a0587d-6a70-1f5f-cc7f-e805fa505c93', 'system.events', 'worker-5d7b9832cf12', 'worker.stopped', 'worker-5d7b9832cf12', 2, 1795740236850295, 'a4a0587d-6a70-1f5f-cc7f-e805fa505c93', 'worker-5d7b9832cf12', 'system:worker', '{"role": "worker", "reason": "told to stop", "source": "worker-5d7b9832cf12"}', NULL, '2026-11-27 00:43:56.848457+00', NULL, NULL, NULL, NULL, NULL, NULL),
	(26, '654b3831-8ab6-04a0-64e1-55dcabc39892', 'system.events', 'alert:broker', 'alert.resolved', 'alert-945f0b64-6b55-54c0-b027-eec1f5359d15', 2, 1795740238125312, '654b3831-8ab6-04a0-64e1-55dcabc39892', 'alert:broker', 'system:alerts', '{"key": "broker", "kind": "broker-away", "text": "The broker is away (KafkaTimeoutError: Failed to get offsets by times in 2000 ms).", "alert": "945f0b64-6b55-54c0-b027-eec1f5359d15", "source": "alert:broker", "severity": "critical", "lasted_ms": 19604}', NULL, '2026-11-27 00:43:58.121976+00', NULL, NULL, NULL, NULL, NULL, NULL),
	(27, 'ce18df9d-97a8-d0e3-ed9f-e058d73c4b9c', 'system.events', 'alert:role-missing:gateway', 'alert.opened', 'alert-032d7d76-f9e8-545f-822a-4bc73c098d89', 1, 1795740239139586, 'ce18df9d-97a8-d0e3-ed9f-e058d73c4b9c', 'alert:role-missing:gateway', 'system:alerts', '{"key": "role-missing:gateway", "kind": "role-missing", "text": "No gateway runs: accepted commands are not carried to the broker.", "alert": "032d7d76-f9e8-545f-822a-4bc73c098d89", "state": "open", "source": "alert:role-missing:gateway", "severity": "critical"}', NULL, '2026-11-27 00:43:59.135926+00', NULL, NULL, NULL, NULL, NULL, NULL),
	(28, '06401d26-c69d-bb8a-b82e-bdf6ce88d3ec', 'system.events', 'alert:role-missing:worker', 'alert.opened', 'alert-3e25227a-642b-5af6-8095-011544f8403a', 1, 1795740239147481, '06401d26-c69d-bb8a-b82e-bdf6ce88d3ec', 'alert:role-missing:worker', 'system:alerts', '{"key": "role-missing:worker", "kind": "role-missing", "text": "No worker runs: uploads are not handed out and Phase 1 is made by the watchdog only.", "alert": "3e25227a-642b-5af6-8095-011544f8403a", "state": "open", "source": "alert:role-missing:worker", "severity": "critical"}', NULL, '2026-11-27 00:43:59.135926+00', NULL, NULL, NULL, NULL, NULL, NULL),
	(29, '188608ff-56c3-712d-7171-cc87db5b0691', 'system.events', 'runner-38b0e0c27807', 'worker.stopped', 'runner-38b0e0c27807', 2, 1795740239459040, '188608ff-56c3-712d-7171-cc87db5b0691', 'runner-38b0e0c27807', 'system:runner', '{"role": "runner", "reason": "told to stop", "source": "runner-38b0e0c27807"}', NULL, '2026-11-27 00:43:59.458147+00', NULL, NULL, NULL, NULL, NULL, NULL),
	(30, '166076ff-4870-b597-ddae-59b978b46b39', 'system.events', 'projections-ae53878c90ce', 'worker.stopped', 'projections-ae53878c90ce', 2, 1795740239754217, '166076ff-4870-b597-ddae-59b978b46b39', 'projections-ae53878c90ce', 'system:projections', '{"role": "projections", "reason": "told to stop", "source": "projections-ae53878c90ce"}', NULL, '2026-11-27 00:43:59.751994+00', NULL, NULL, NULL, NULL, NULL, NULL),
	(31, 'e884a619-7b1e-4d51-1e36-cee9fcd1e660', 'system.events', 'pump-585914595189', 'worker.stopped', 'pump-585914595189', 2, 1795740240044653, 'e884a619-7b1e-4d51-1e36-cee9fcd1e660', 'pump-585914595189', 'system:pump', '{"role": "pump", "reason": "told to stop", "source": "pump-585914595189"}', NULL, '2026-11-27 00:44:00.04302+00', NULL, NULL, NULL, NULL, NULL, NULL),
	(32, 'd7b88a17-84fd-cd19-5645-ef71a9c8427e', 'system.events', 'watchdog-6c4652143136', 'worker.stopped', 'watchdog-6c4652143136', 2, 1795740240230521, 'd7b88a17-84fd-cd19-5645-ef71a9c8427e', 'watchdog-6c4652143136', 'system:watchdog', '{"role": "watchdog", "reason": "told to stop", "source": "watchdog-6c4652143136"}', NULL, '2026-11-27 00:44:00.229116+00', NULL, NULL, NULL, NULL, NULL, NULL),
	(33, '5b16e614-f1a0-dd2b-ea78-5e7378e929e0', 'system.events', 'alerts-749e8248d165', 'worker.stopped', 'alerts-749e8248d165', 2, 1795740240425861, '5b16e614-f1a0-dd2b-ea78-5e7378e929e0', 'alerts-749e8248d165', 'system:alerts', '{"role": "alerts", "reason": "told to stop", "source": "alerts-749e8248d165"}', NULL, '2026-11-27 00:44:00.423727+00', NULL, NULL, NULL, NULL, NULL, NULL),
	(10, 'fd3b57ff-a294-42e3-b67c-c190ae91d114', 'plan.events', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'plan.uploaded', 'plan-6397bd5f-fd22-4459-b310-a82dbd40ab59', 1, 1795740230760544, 'fd3b57ff-a294-42e3-b67c-c190ae91d114', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'load', '{"title": "Carga 1", "sha256": "9a66d024399d441983b3e8f8976ac7db", "plan_id": "6397bd5f-fd22-4459-b310-a82dbd40ab59", "channels": ["shopee"], "filename": "carga.csv", "priority": "normal", "media_type": "text/csv", "size_bytes": 1, "document_id": "55adfbe2-7fb6-4717-81a1-3c32f5ede6c4"}', NULL, '2026-11-27 00:43:50.791546+00', '2026-11-27 00:43:51.437307+00', NULL, NULL, NULL, NULL, NULL),
	(11, '449b558a-91f0-5b10-a116-0ea1f3ba3af4', 'plan.events', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'plan.channel.analyzed', 'plan-6397bd5f-fd22-4459-b310-a82dbd40ab59.shopee', 1, 1795740231831687, '0ee24ca7-c8c0-53b0-9b24-1cd64dd59a0a', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'system:analysis', '{"use": [], "model": "rules-4", "limits": ["Sem datas: não há valores por mês nem evolução; os valores são do documento inteiro.", "Sem indicação de venda por publicidade.", "Sem preço cheio ou desconto: a profundidade dos descontos não foi medida.", "Sem datas de postagem: o prazo de envio não foi medido.", "O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos. Envie uma planilha com SKU e custo para calcular a margem.", "O documento não tem tabelas: nenhum número foi calculado a partir do texto."], "phases": [{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.", "title": "Conferir peso e medidas cadastrados", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-shipping"}, {"what": "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.", "title": "Rever tipo de anúncio e programas pagos", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-fees"}, {"what": "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.", "title": "Atacar os motivos de cancelamento", "channel": "shopee", "priority": "low", "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 2 - Correções de processo", "tasks": [{"what": "Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.", "title": "Montar kits dos itens baratos", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-fees"}, {"what": "Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.", "title": "Sincronizar o estoque entre os canais", "channel": "shopee", "priority": "low", "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 5-8", "number": 2, "investment": "Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 3 - Crescimento sustentado", "tasks": [{"what": "Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.", "title": "Avaliar o envio pelo estoque do canal", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-shipping"}], "weeks": "Semanas 9-12", "number": 3, "investment": "A definir com os números das fases anteriores.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}], "source": "rules", "channel": "shopee", "plan_id": "6397bd5f-fd22-4459-b310-a82dbd40ab59", "repairs": [], "summary": "Shopee, de 01/03/2026 a 31/03/2026: R$ 30.000,00 de receita em 480 pedidos (ticket médio R$ 62,50). Tarifas 24,0%, envio 21,0%, devoluções 19,0%, cancelamentos 14,0%. 3 oportunidades; a primeira: baixar o custo de envio de 21,0% da receita.", "fallback": [], "unmatched": [], "opportunities": [{"id": "shopee-shipping", "what": "Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.", "title": "Baixar o custo de envio de 21,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Envio pago por você: 21,0% da receita", "unit": "ratio", "value": 0.21, "metric": "shipping_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-fees", "what": "De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.", "title": "Baixar as tarifas de 24,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Tarifas: 24,0% da receita", "unit": "ratio", "value": 0.24, "metric": "fee_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-cancellations", "what": "Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.", "title": "Reduzir os cancelamentos (14,0% dos pedidos)", "channel": "shopee", "evidence": [{"skus": [], "text": "Pedidos cancelados: 14,0%", "unit": "ratio", "value": 0.14, "metric": "cancellation_rate"}], "priority": "low", "worth_brl": null}]}', NULL, '2026-11-27 00:43:51.926418+00', '2026-11-27 00:43:51.976492+00', NULL, NULL, NULL, NULL, NULL),
	(12, '09db3446-f201-5eca-b5d6-23bb58c86553', 'plan.events', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'plan.analyzed', 'plan-6397bd5f-fd22-4459-b310-a82dbd40ab59', 2, 1795740231831687, '449b558a-91f0-5b10-a116-0ea1f3ba3af4', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'system:analysis', '{"phases": [{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.", "title": "Conferir peso e medidas cadastrados", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-shipping"}, {"what": "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.", "title": "Rever tipo de anúncio e programas pagos", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-fees"}, {"what": "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.", "title": "Atacar os motivos de cancelamento", "channel": "shopee", "priority": "low", "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 2 - Correções de processo", "tasks": [{"what": "Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.", "title": "Montar kits dos itens baratos", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-fees"}, {"what": "Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.", "title": "Sincronizar o estoque entre os canais", "channel": "shopee", "priority": "low", "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 5-8", "number": 2, "investment": "Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 3 - Crescimento sustentado", "tasks": [{"what": "Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.", "title": "Avaliar o envio pelo estoque do canal", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-shipping"}], "weeks": "Semanas 9-12", "number": 3, "investment": "A definir com os números das fases anteriores.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}], "partial": false, "plan_id": "6397bd5f-fd22-4459-b310-a82dbd40ab59", "channels": [{"reason": "", "source": "rules", "channel": "shopee", "outcome": "analyzed"}], "opportunities": [{"id": "shopee-shipping", "what": "Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.", "title": "Baixar o custo de envio de 21,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Envio pago por você: 21,0% da receita", "unit": "ratio", "value": 0.21, "metric": "shipping_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-fees", "what": "De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.", "title": "Baixar as tarifas de 24,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Tarifas: 24,0% da receita", "unit": "ratio", "value": 0.24, "metric": "fee_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-cancellations", "what": "Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.", "title": "Reduzir os cancelamentos (14,0% dos pedidos)", "channel": "shopee", "evidence": [{"skus": [], "text": "Pedidos cancelados: 14,0%", "unit": "ratio", "value": 0.14, "metric": "cancellation_rate"}], "priority": "low", "worth_brl": null}]}', NULL, '2026-11-27 00:43:51.98017+00', '2026-11-27 00:43:52.082473+00', NULL, NULL, NULL, NULL, NULL),
	(13, 'c9472cfc-9c34-50d1-8e59-85ecbc2c0d31', 'plan.events', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'plan.channel.analyzed', 'plan-f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5.shopee', 1, 1795740231896207, '87dd1c96-0a08-5d91-ae94-91d598496453', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'system:analysis', '{"use": [], "model": "rules-4", "limits": ["Sem datas: não há valores por mês nem evolução; os valores são do documento inteiro.", "Sem indicação de venda por publicidade.", "Sem preço cheio ou desconto: a profundidade dos descontos não foi medida.", "Sem datas de postagem: o prazo de envio não foi medido.", "O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos. Envie uma planilha com SKU e custo para calcular a margem.", "O documento não tem tabelas: nenhum número foi calculado a partir do texto."], "phases": [{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.", "title": "Conferir peso e medidas cadastrados", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-shipping"}, {"what": "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.", "title": "Rever tipo de anúncio e programas pagos", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-fees"}, {"what": "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.", "title": "Atacar os motivos de cancelamento", "channel": "shopee", "priority": "low", "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 2 - Correções de processo", "tasks": [{"what": "Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.", "title": "Montar kits dos itens baratos", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-fees"}, {"what": "Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.", "title": "Sincronizar o estoque entre os canais", "channel": "shopee", "priority": "low", "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 5-8", "number": 2, "investment": "Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 3 - Crescimento sustentado", "tasks": [{"what": "Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.", "title": "Avaliar o envio pelo estoque do canal", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-shipping"}], "weeks": "Semanas 9-12", "number": 3, "investment": "A definir com os números das fases anteriores.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}], "source": "rules", "channel": "shopee", "plan_id": "f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5", "repairs": [], "summary": "Shopee, de 01/03/2026 a 31/03/2026: R$ 30.000,00 de receita em 480 pedidos (ticket médio R$ 62,50). Tarifas 24,0%, envio 21,0%, devoluções 19,0%, cancelamentos 14,0%. 3 oportunidades; a primeira: baixar o custo de envio de 21,0% da receita.", "fallback": [], "unmatched": [], "opportunities": [{"id": "shopee-shipping", "what": "Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.", "title": "Baixar o custo de envio de 21,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Envio pago por você: 21,0% da receita", "unit": "ratio", "value": 0.21, "metric": "shipping_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-fees", "what": "De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.", "title": "Baixar as tarifas de 24,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Tarifas: 24,0% da receita", "unit": "ratio", "value": 0.24, "metric": "fee_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-cancellations", "what": "Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.", "title": "Reduzir os cancelamentos (14,0% dos pedidos)", "channel": "shopee", "evidence": [{"skus": [], "text": "Pedidos cancelados: 14,0%", "unit": "ratio", "value": 0.14, "metric": "cancellation_rate"}], "priority": "low", "worth_brl": null}]}', NULL, '2026-11-27 00:43:51.997023+00', '2026-11-27 00:43:52.160303+00', NULL, NULL, NULL, NULL, NULL),
	(14, '79639527-998e-5b81-8992-938762bcd518', 'plan.events', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'plan.analyzed', 'plan-f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 2, 1795740231896207, 'c9472cfc-9c34-50d1-8e59-85ecbc2c0d31', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'system:analysis', '{"phases": [{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.", "title": "Conferir peso e medidas cadastrados", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-shipping"}, {"what": "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.", "title": "Rever tipo de anúncio e programas pagos", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-fees"}, {"what": "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.", "title": "Atacar os motivos de cancelamento", "channel": "shopee", "priority": "low", "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 2 - Correções de processo", "tasks": [{"what": "Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.", "title": "Montar kits dos itens baratos", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-fees"}, {"what": "Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.", "title": "Sincronizar o estoque entre os canais", "channel": "shopee", "priority": "low", "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 5-8", "number": 2, "investment": "Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 3 - Crescimento sustentado", "tasks": [{"what": "Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.", "title": "Avaliar o envio pelo estoque do canal", "channel": "shopee", "priority": "high", "opportunity_id": "shopee-shipping"}], "weeks": "Semanas 9-12", "number": 3, "investment": "A definir com os números das fases anteriores.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}], "partial": false, "plan_id": "f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5", "channels": [{"reason": "", "source": "rules", "channel": "shopee", "outcome": "analyzed"}], "opportunities": [{"id": "shopee-shipping", "what": "Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.", "title": "Baixar o custo de envio de 21,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Envio pago por você: 21,0% da receita", "unit": "ratio", "value": 0.21, "metric": "shipping_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-fees", "what": "De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.", "title": "Baixar as tarifas de 24,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Tarifas: 24,0% da receita", "unit": "ratio", "value": 0.24, "metric": "fee_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-cancellations", "what": "Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.", "title": "Reduzir os cancelamentos (14,0% dos pedidos)", "channel": "shopee", "evidence": [{"skus": [], "text": "Pedidos cancelados: 14,0%", "unit": "ratio", "value": 0.14, "metric": "cancellation_rate"}], "priority": "low", "worth_brl": null}]}', NULL, '2026-11-27 00:43:52.027613+00', '2026-11-27 00:43:52.160303+00', NULL, NULL, NULL, NULL, NULL),
	(15, '79263ea2-951c-49a5-bd9a-9f2f9dc95223', 'plan.events', '6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'plan.uploaded', 'plan-6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 1, 1795740235176802, 'bee3816a-ab0d-4930-98f9-612fc1f551bc', '6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'bootstrap', '{"title": "vendas", "sha256": "85600e47bef7477c4db3898473ab6c24420051c1ad6750838d65f8f09f5560b2", "plan_id": "6766abb2-9a60-4cb9-b5cd-fe72d6fddc51", "channels": ["shopee"], "filename": "vendas.csv", "priority": "normal", "media_type": "text/csv", "size_bytes": 594, "document_id": "b6673267-f6da-4657-8a9f-2da885b8922a"}', '00-1ea4dd604fe0c72f47059339acc2b871-cc7a2fb08b4ce60f-00', '2026-11-27 00:43:55.182076+00', '2026-11-27 00:43:55.341629+00', NULL, NULL, NULL, NULL, NULL),
	(16, 'f6a5ca9f-f797-5226-b7b0-02b84577263b', 'plan.events', '6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'plan.channel.analyzed', 'plan-6766abb2-9a60-4cb9-b5cd-fe72d6fddc51.shopee', 1, 1795740235404642, 'c64c73a5-f8ca-590f-880b-27614c57174f', '6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'system:analysis', '{"use": [], "model": "rules-4", "limits": ["Sem coluna de tarifas: não foi possível ver margem nem produtos com prejuízo.", "Sem o custo de envio pago pelo vendedor: a sobra por produto não o desconta.", "Sem indicação de venda por publicidade.", "Sem preço cheio ou desconto: a profundidade dos descontos não foi medida.", "Sem datas de postagem: o prazo de envio não foi medido.", "O documento cobre só 3 dias: os valores são desse período, não por mês, e não mostram tendências.", "Há poucos pedidos: taxas de cancelamento e de atraso não foram julgadas.", "O documento não diz a moeda; pelo idioma e pelas colunas, os valores foram lidos como reais (R$).", "O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos. Envie uma planilha com SKU e custo para calcular a margem. Faltam os custos de 2 produtos.", "arquivo separado por “;”, cabeçalho na linha 1: não há as colunas Comissões e tarifas do canal e Frete pago por você."], "phases": [{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Nenhuma regra encontrou algo fora do normal. Confira os números com a equipe e envie o próximo período para comparar.", "title": "Revisar os números de Shopee", "channel": "shopee", "priority": "normal", "opportunity_id": null}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Confirmação de que os números estão em ordem."}], "source": "rules", "channel": "shopee", "plan_id": "6766abb2-9a60-4cb9-b5cd-fe72d6fddc51", "repairs": [], "summary": "Shopee, de 01/02/2026 a 03/02/2026: R$ 143,90 de receita em 2 pedidos (ticket médio R$ 71,95). Devoluções 0,0%, cancelamentos 0,0%. Nenhuma regra encontrou algo fora do normal.", "fallback": [], "unmatched": [], "opportunities": []}', '00-1ea4dd604fe0c72f47059339acc2b871-cc7a2fb08b4ce60f-00', '2026-11-27 00:43:55.407535+00', '2026-11-27 00:43:55.449186+00', NULL, NULL, NULL, NULL, NULL),
	(17, 'b825af02-c084-5f43-892d-e2b0c2a47546', 'plan.events', '6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'plan.analyzed', 'plan-6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 2, 1795740235404642, 'f6a5ca9f-f797-5226-b7b0-02b84577263b', '6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'system:analysis', '{"phases": [{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Nenhuma regra encontrou algo fora do normal. Confira os números com a equipe e envie o próximo período para comparar.", "title": "Revisar os números de Shopee", "channel": "shopee", "priority": "normal", "opportunity_id": null}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Confirmação de que os números estão em ordem."}], "partial": false, "plan_id": "6766abb2-9a60-4cb9-b5cd-fe72d6fddc51", "channels": [{"reason": "", "source": "rules", "channel": "shopee", "outcome": "analyzed"}], "opportunities": []}', '00-1ea4dd604fe0c72f47059339acc2b871-cc7a2fb08b4ce60f-00', '2026-11-27 00:43:55.417568+00', '2026-11-27 00:43:55.449186+00', NULL, NULL, NULL, NULL, NULL),
	(18, '688b0254-16da-4e01-a41f-a6226a20831e', 'plan.events', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'plan.approved', 'plan-f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 3, 1795740235498334, '19d65995-542d-449b-90a3-f6b63a27ae99', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'bootstrap', '{"phases": [{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.", "title": "Conferir peso e medidas cadastrados", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-shipping"}, {"what": "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.", "title": "Rever tipo de anúncio e programas pagos", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-fees"}, {"what": "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.", "title": "Atacar os motivos de cancelamento", "channel": "shopee", "priority": "low", "also_serves": [], "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 2 - Correções de processo", "tasks": [{"what": "Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.", "title": "Montar kits dos itens baratos", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-fees"}, {"what": "Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.", "title": "Sincronizar o estoque entre os canais", "channel": "shopee", "priority": "low", "also_serves": [], "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 5-8", "number": 2, "investment": "Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 3 - Crescimento sustentado", "tasks": [{"what": "Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.", "title": "Avaliar o envio pelo estoque do canal", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-shipping"}], "weeks": "Semanas 9-12", "number": 3, "investment": "A definir com os números das fases anteriores.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}], "reason": "", "plan_id": "f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5", "channels": ["shopee"], "priority": "normal", "opportunities": [{"id": "shopee-shipping", "what": "Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.", "title": "Baixar o custo de envio de 21,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Envio pago por você: 21,0% da receita", "unit": "ratio", "value": 0.21, "metric": "shipping_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-fees", "what": "De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.", "title": "Baixar as tarifas de 24,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Tarifas: 24,0% da receita", "unit": "ratio", "value": 0.24, "metric": "fee_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-cancellations", "what": "Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.", "title": "Reduzir os cancelamentos (14,0% dos pedidos)", "channel": "shopee", "evidence": [{"skus": [], "text": "Pedidos cancelados: 14,0%", "unit": "ratio", "value": 0.14, "metric": "cancellation_rate"}], "priority": "low", "worth_brl": null}]}', '00-f5bb9baec1847f0f7e9769b1e480113d-c7c7c3c84457e92e-00', '2026-11-27 00:43:55.526914+00', '2026-11-27 00:43:55.66963+00', NULL, NULL, NULL, NULL, NULL),
	(19, 'c421423b-2081-4b94-bb0b-e52bab7b94a0', 'plan.events', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'plan.rejected', 'plan-6397bd5f-fd22-4459-b310-a82dbd40ab59', 3, 1795740235760048, 'fc4a1359-28f6-4917-9648-0061a435cde9', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'bootstrap', '{"reason": "Não agora.", "plan_id": "6397bd5f-fd22-4459-b310-a82dbd40ab59"}', '00-f65626bdb4b4aca1b631e3c067755c30-530ccc04c39e06c9-00', '2026-11-27 00:43:55.765013+00', '2026-11-27 00:43:55.80393+00', NULL, NULL, NULL, NULL, NULL),
	(20, 'f5ca1554-9c60-4728-8915-de8b1fd0ceb3', 'task.events', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'task.started', 'task-4e5cf330-e3f1-577b-9cce-6d8aeabf884b', 2, 1795740235791937, 'a87a487d-4a8d-412a-87d7-c9639cf09fb9', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'bootstrap', '{"plan_id": "f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5", "task_id": "4e5cf330-e3f1-577b-9cce-6d8aeabf884b"}', '00-eaffea87511378cc499522b2cce3cca4-7aebd815df8acf38-00', '2026-11-27 00:43:55.792355+00', '2026-11-27 00:43:55.838136+00', NULL, NULL, NULL, NULL, NULL),
	(21, '54ff5828-8a76-4e6c-86ac-29a229084379', 'task.events', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'task.completed', 'task-4e5cf330-e3f1-577b-9cce-6d8aeabf884b', 3, 1795740235819730, '34ef6ca2-c739-455a-b02e-db15f864c2a1', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'bootstrap', '{"note": "", "plan_id": "f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5", "task_id": "4e5cf330-e3f1-577b-9cce-6d8aeabf884b"}', '00-a8d539537dd8cc34d4ff9a4212f1bfeb-b544f3b2a6a6db22-00', '2026-11-27 00:43:55.819981+00', '2026-11-27 00:43:55.862405+00', NULL, NULL, NULL, NULL, NULL),
	(22, '46dd0ea4-c12c-4af1-8775-43ee38368e71', 'task.events', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'task.assigned', 'task-41754ef1-cc42-534b-bced-2f0d021314d1', 2, 1795740235849311, '55ec8703-d96e-4fa5-a48b-0018544aed86', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'bootstrap', '{"status": "assigned", "plan_id": "f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5", "task_id": "41754ef1-cc42-534b-bced-2f0d021314d1", "assignee": "ana"}', '00-9e58cc19a3fa127784b85df5ca250aa5-f0cc20f2e79ba0f2-00', '2026-11-27 00:43:55.850597+00', '2026-11-27 00:43:55.93877+00', NULL, NULL, NULL, NULL, NULL),
	(23, '968fcaf1-a643-4be1-a8cf-038dd9ae17b4', 'task.events', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'task.commented', 'task-41754ef1-cc42-534b-bced-2f0d021314d1', 3, 1795740235883552, 'c36ef99f-1422-405f-b4fe-2d6f1ef28788', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'bootstrap', '{"comment": "Começo amanhã.", "plan_id": "f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5", "task_id": "41754ef1-cc42-534b-bced-2f0d021314d1"}', '00-44618e404c7d8a887a0456e1dd02f507-392a8cbd8b5608c7-00', '2026-11-27 00:43:55.902003+00', '2026-11-27 00:43:55.952984+00', NULL, NULL, NULL, NULL, NULL);


INSERT INTO decide.rule VALUES
	('plan.approve', 'plan', '{awaiting_approval}', '{approved,executing,completed}', 'approved', 'plan.approved', 1),
	('plan.reject', 'plan', '{awaiting_approval}', '{rejected}', 'rejected', 'plan.rejected', 0),
	('plan.cancel', 'plan', '{analyzing,awaiting_approval,executing}', '{cancelled}', 'cancelled', 'plan.cancelled', 0),
	('task.assign', 'task', '{open,assigned,started}', '{}', NULL, 'task.assigned', 0),
	('task.start', 'task', '{open,assigned}', '{started}', 'started', 'task.started', 0),
	('task.complete', 'task', '{open,assigned,started}', '{completed}', 'completed', 'task.completed', 0),
	('task.fail', 'task', '{open,assigned,started}', '{failed}', 'failed', 'task.failed', 0),
	('task.retry', 'task', '{failed}', '{open}', 'open', 'task.retried', 0),
	('task.cancel', 'task', '{open,assigned,started,failed}', '{cancelled}', 'cancelled', 'task.cancelled', 0),
	('task.reschedule', 'task', '{open,assigned,started,failed}', '{}', NULL, 'task.rescheduled', 0),
	('task.comment', 'task', '{open,assigned,started,completed,failed,cancelled}', '{}', NULL, 'task.commented', 0),
	('plan.channel.analyse_again', 'plan', '{awaiting_approval}', '{}', NULL, 'plan.channel.requested_again', 0),
	('plan.phase.start', 'plan', '{completed}', '{}', 'executing', 'plan.phase.started', 0);


INSERT INTO decide.status VALUES
	('plan', 'analyzing', false, false),
	('plan', 'awaiting_approval', false, false),
	('plan', 'approved', false, false),
	('plan', 'executing', false, false),
	('plan', 'completed', true, false),
	('plan', 'rejected', true, true),
	('plan', 'cancelled', true, true),
	('task', 'open', false, false),
	('task', 'assigned', false, false),
	('task', 'started', false, false),
	('task', 'completed', true, false),
	('task', 'failed', false, false),
	('task', 'cancelled', true, true);


INSERT INTO flow.alert VALUES
	('945f0b64-6b55-54c0-b027-eec1f5359d15', 'broker', 'broker-away', '', 'critical', 'resolved', '{"kind": "broker-away", "since": "2026-11-27T00:43:38.515384+00:00", "values": {"age": 7.6, "reason": "KafkaTimeoutError: Failed to get offsets by times in 2000 ms"}, "subject": ""}', 'The broker is away (KafkaTimeoutError: Failed to get offsets by times in 2000 ms).', 'It has not answered for 7.6 s. Commands are taken and kept, Phase 1 is made without it.', 'It comes back by itself where a supervisor starts it. If it stays away, `marketplace logs broker` says why. Everything that waits goes out in order then.', 'docs/runbooks/something-is-stuck.md#the-broker-is-away', '2026-11-27 00:43:38.515384+00', '2026-11-27 00:43:46.115384+00', '2026-11-27 00:43:58.124254+00', NULL, '', '', 0, NULL, '2026-11-27 00:43:58.11893+00', 2),
	('032d7d76-f9e8-545f-822a-4bc73c098d89', 'role-missing:gateway', 'role-missing', 'gateway', 'critical', 'open', '{"kind": "role-missing", "since": null, "values": {"role": "gateway"}, "subject": "gateway"}', 'No gateway runs: accepted commands are not carried to the broker.', 'What it would do waits; nothing is lost.', 'Its supervisor starts it again within seconds. If it stays away: `marketplace logs gateway` says why, `marketplace up` starts one.', 'docs/runbooks/something-is-stuck.md#a-process-is-not-well', NULL, '2026-11-27 00:43:59.129488+00', '2026-11-27 00:43:59.135926+00', NULL, '', '', 0, NULL, NULL, 1),
	('3e25227a-642b-5af6-8095-011544f8403a', 'role-missing:worker', 'role-missing', 'worker', 'critical', 'open', '{"kind": "role-missing", "since": null, "values": {"role": "worker"}, "subject": "worker"}', 'No worker runs: uploads are not handed out and Phase 1 is made by the watchdog only.', 'What it would do waits; nothing is lost.', 'Its supervisor starts it again within seconds. If it stays away: `marketplace logs worker` says why, `marketplace up` starts one.', 'docs/runbooks/something-is-stuck.md#a-process-is-not-well', NULL, '2026-11-27 00:43:59.129488+00', '2026-11-27 00:43:59.135926+00', NULL, '', '', 0, NULL, NULL, 1);


INSERT INTO flow.consumer_group VALUES
	('agents', '{plan.events}', 'agents.redeliver', true),
	('analysis', '{analysis.work.high,analysis.work.normal,analysis.work.low}', NULL, true),
	('retry-pump', '{}', NULL, false),
	('projections', '{plan.events,task.events,goods.events,system.events}', NULL, false);


INSERT INTO flow.flag VALUES
	('queue_processing', true, '', '', '2026-11-27 00:43:13.198959+00', 0),
	('circuit_breaker', true, '', '', '2026-11-27 00:43:13.198959+00', 0),
	('automatic_recovery', true, '', '', '2026-11-27 00:43:13.198959+00', 0);


INSERT INTO flow.marketplace_metrics VALUES
	('minute', '2026-11-27 00:43:00+00', 36.94931391399996, 0, NULL, NULL, NULL, NULL, NULL, 0, 2, '{"analyzing": 1.3, "executing": 3.4, "awaiting_approval": 3.7}'),
	('hour', '2026-11-27 00:00:00+00', 36.94931391399996, 0, 3, 1, 1, 0, '{"250": 1}', 0, 2, '{"analyzing": 1.3, "executing": 3.4, "awaiting_approval": 3.7}');


INSERT INTO flow.worker OVERRIDING SYSTEM VALUE VALUES
	(5, 'runner-38b0e0c27807', 'runner', 'host', 13229, 1795740210.42, '0.2.0', '2026-11-27 00:43:40.549+00', '2026-11-27 00:43:58.916502+00', '{"agent": "", "holds": {"analysis.work.low": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "analysis.work.high": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "analysis.work.normal": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}, "budget": null, "idle_s": 0.0, "handled": 3, "waiting": 0, "in_flight": 0, "generation": 1}', NULL, '2026-11-27 00:43:59.458788+00', 'told to stop'),
	(4, 'projections-ae53878c90ce', 'projections', 'host', 13231, 1795740210.43, '0.2.0', '2026-11-27 00:43:39.538405+00', '2026-11-27 00:43:58.79386+00', '{"holds": {"agents.dlq": [0, 1, 2], "plan.events": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "task.events": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "goods.events": [0], "system.events": [0, 1, 2], "projections.dlq": [0, 1, 2]}, "failed": 1, "idle_s": 0.1, "handled": 31, "in_flight": 0}', NULL, '2026-11-27 00:43:59.753929+00', 'told to stop'),
	(7, 'gateway-de59be2fd13c', 'gateway', 'host', 13225, 1795740210.42, '0.2.0', '2026-11-27 00:43:49.502905+00', '2026-11-27 00:43:55.90102+00', '{"relay": "publishing", "handled": 21, "refused": "", "failing_s": 0.0, "unheard_s": 0.0}', NULL, '2026-11-27 00:43:56.498323+00', 'told to stop'),
	(3, 'watchdog-6c4652143136', 'watchdog', 'host', 13236, 1795740210.45, '0.2.0', '2026-11-27 00:43:37.664543+00', '2026-11-27 00:43:59.461399+00', '{"gone": 0, "ended": 0, "groups": {"agents": {"behind": 0, "unread": {"plan.events": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "agents.redeliver": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}, "partitions": []}, "analysis": {"behind": 0, "unread": {}, "partitions": []}, "retry-pump": {"behind": 0, "unread": {}, "partitions": []}, "projections": {"behind": 0, "unread": {}, "partitions": []}}, "idle_s": 0.1, "handled": 104, "stalled": 0, "escalated": 0, "recovered": 0, "broker_error": "", "broker_away_s": 0.0}', NULL, '2026-11-27 00:44:00.230239+00', 'told to stop'),
	(6, 'worker-5d7b9832cf12', 'worker', 'host', 13227, 1795740210.42, '0.2.0', '2026-11-27 00:43:47.80763+00', '2026-11-27 00:43:55.95039+00', '{"holds": {"plan.events": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "agents.redeliver": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}, "failed": 0, "idle_s": 0.2, "poison": 0, "handled": 4, "waiting": 0, "generation": 1}', NULL, '2026-11-27 00:43:56.849939+00', 'told to stop'),
	(2, 'pump-585914595189', 'pump', 'host', 13233, 1795740210.43, '0.2.0', '2026-11-27 00:43:35.934613+00', '2026-11-27 00:43:59.285596+00', '{"holds": {"agents.retry.1s": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "agents.retry.5s": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "agents.retry.30s": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}, "idle_s": 0.1, "handled": 0, "generation": 1}', NULL, '2026-11-27 00:44:00.044383+00', 'told to stop'),
	(1, 'alerts-749e8248d165', 'alerts', 'host', 12487, 1795740195.2, '0.2.0', '2026-11-27 00:43:22.060973+00', '2026-11-27 00:43:59.734164+00', '{"looks": 38, "state": "active", "idle_s": 0.6, "handled": 0, "notifiers": []}', NULL, '2026-11-27 00:44:00.425597+00', 'told to stop');


INSERT INTO public.function_file VALUES
	('decide/ask_again.sql', 'a18df681f84173716b5ad7e6ec90c78912a570e4625f3c05a61ff2252ae6adb6', '2026-11-27 00:43:15.019324+00'),
	('decide/ask_recovery.sql', '60d3d4f9a44867981b4ad1e13fe0843b2b1d407b971771240b17c6fbed899438', '2026-11-27 00:43:15.019324+00'),
	('decide/cancel_tasks.sql', 'f3d61dd9775a186bce3bf4fcb7b5a3b92601603a2d399de1692b120773fc73d5', '2026-11-27 00:43:15.019324+00'),
	('decide/complete_plan.sql', 'cc60d8b6feaf2460f642d1882a53df3850facd5ae8ef315b5df346a54f419574', '2026-11-27 00:43:15.019324+00'),
	('decide/complete_waiting.sql', '385f05cd64b0888100a7a3d41173174b5266684565da871723f8896602784701', '2026-11-27 00:43:15.019324+00'),
	('decide/correct_cost.sql', 'f7d58fe5c4989e2017afef6926fe477a8d9c2fd1691eaa259ee4a953f0c63c60', '2026-11-27 00:43:15.019324+00'),
	('decide/create_tasks.sql', '88e89ed4fff9337d0a39efb9f193554f5a5a5256f2219ef7f57b31af2c23c40b', '2026-11-27 00:43:15.019324+00'),
	('decide/current_head.sql', '2d37f635a9d3a3429d4dcfb8259fda8d31fcbd8bd214a9056a8a0d552cd0e43a', '2026-11-27 00:43:15.019324+00'),
	('decide/drop_again.sql', 'c4e8108bedebf6905b8e68f96bf061e735e2ba7d66de2fe10804d9a81615030d', '2026-11-27 00:43:15.019324+00'),
	('decide/finish_analysis.sql', '5a0ff634e863864a808316dad5c18fffcdbea5ad5653c2b0ec9ebbbcd16c7295', '2026-11-27 00:43:15.019324+00'),
	('decide/is_sampled.sql', '424ddf43e65d33631e7312d3899de7c5d0859077d33ed220f6f13926c361ee7a', '2026-11-27 00:43:15.019324+00'),
	('decide/lift_deadlines.sql', 'e5288c19fa66a88ecee3fbc95e1989e61bf4e73274417d3ef054219425962fa6', '2026-11-27 00:43:15.019324+00'),
	('decide/mend_outbox.sql', '7bdcdb7b655124ded5fb3e9456bc9e14d66981c2af5346513f279a05134b0b5c', '2026-11-27 00:43:15.019324+00'),
	('decide/open_plan.sql', '098b24246136edd3a3a8f364de0aa291ed1672c273d4d62fc74930d6d1c3e6a2', '2026-11-27 00:43:15.019324+00'),
	('decide/put_outbox.sql', '55574ed81ef1faab86a639b222ad8a47dde0388aa270393127223c399f8c3364', '2026-11-27 00:43:15.019324+00'),
	('decide/record_again.sql', '85003edfb8507179fef8ad76b5aae446eefdb3c84821e3092ccbefd85f041e55', '2026-11-27 00:43:15.019324+00'),
	('decide/record_channel.sql', 'e0c193f7d065997ed59d95b95820884db4a4cdef60d25d932beef4a9fd9c0a7e', '2026-11-27 00:43:15.019324+00'),
	('decide/record_comparison.sql', '1279a31fc1d6fc1e059982caee13c41756b5f1c51397a7d8d13595d0a39fbf7d', '2026-11-27 00:43:15.019324+00'),
	('decide/record_goods.sql', 'd6528045ce5504c2251735a72f8d1bdba20d7b6fe4e249b1b4569b667b30a2f1', '2026-11-27 00:43:15.019324+00'),
	('decide/run.sql', '0799dc275e8e0e6c37b749d31881fca93acc1c8239d5653fd17c1a6cbca18139', '2026-11-27 00:43:15.019324+00'),
	('decide/run_all.sql', '53218d4beff1919b1e93b3a8d854aa3a47bfd02b3915582ed7edb97066a861c5', '2026-11-27 00:43:15.019324+00'),
	('decide/set_deadline.sql', '2b21a884f96268b583bd82c945a5ac46bde1c50c711b2433c29f68a7cb9204c3', '2026-11-27 00:43:15.019324+00'),
	('decide/upload.sql', 'b4a1acdc3a4f34388786df36f720a0bac800c6ed03ec267017c4ced75b63588e', '2026-11-27 00:43:15.019324+00'),
	('flow/agent_reserve.sql', 'aa87fe8b2dc438a096a5495d22beee78525a4afabd641879af86e0f62e811625', '2026-11-27 00:43:15.019324+00'),
	('flow/agent_settle.sql', 'fdfb76edee396549b7c8b25f1f90387604a99f5637c11fa46159af5db4dbb384', '2026-11-27 00:43:15.019324+00'),
	('flow/alert_acknowledge.sql', 'e718496dbfed2306361956fde0170668d2ca179c74d949bca02b4dbdff649c18', '2026-11-27 00:43:15.019324+00'),
	('flow/alert_announce.sql', 'a5449cf7902b93f15afefcc52941cf5130a04393528b08951d3d0a828144ebbe', '2026-11-27 00:43:15.019324+00'),
	('flow/alert_move.sql', 'ba48262946b48f82afab269cf17e858350106ff5f168887f547d029c813fbf10', '2026-11-27 00:43:15.019324+00'),
	('flow/alert_open.sql', 'b04962e4c897eb6c7d01b2750d4ee9effcb2036400c9c0b2ad12ad555377f2e2', '2026-11-27 00:43:15.019324+00'),
	('flow/alert_silence.sql', '51a24a705a7ef84fc53644ff0c642d247966feee20b14ff0a78235d967813c7b', '2026-11-27 00:43:15.019324+00'),
	('flow/alert_test.sql', '23af93de729243b17f95a131c120455f1712a5bf978003514366403ee0e104fe', '2026-11-27 00:43:15.019324+00'),
	('flow/alert_unsilence.sql', 'a3771638efe77e6e2324a830b674ac44dbdd307060c191aed8568062061920f6', '2026-11-27 00:43:15.019324+00'),
	('flow/announce.sql', '3faa07966c97140efe9df93d86983219c6a1fd5ac84baa88f926e2b6b331b326', '2026-11-27 00:43:15.019324+00'),
	('flow/audit.sql', 'cb55be3f1466fc1f642649e8b4519d88f61e1cdf8edebb4d14031c8e2f57c705', '2026-11-27 00:43:15.019324+00'),
	('flow/breaker_allow.sql', '679ef647e015c164ce095367896494cacfe1dbb37b8ea8cc569cecf809015121', '2026-11-27 00:43:15.019324+00'),
	('flow/breaker_move.sql', '309fc7a8e896cd33df30480583e7d6a36d796ad8b903c8851f75d85742b073bf', '2026-11-27 00:43:15.019324+00'),
	('flow/breaker_release.sql', '01aefee709f23dc4b7e2de95100789798fb6a642acb89454b3dce06ca5612d41', '2026-11-27 00:43:15.019324+00'),
	('flow/breaker_report.sql', 'f97013d50868636a1f94118a79121479bd0c2ff7595be08a68b5ae6761f8f90a', '2026-11-27 00:43:15.019324+00'),
	('flow/breaker_reset.sql', '0d856792a28b839f4de0d58aea485787b7e28d4c606536344fb864d3a90e563e', '2026-11-27 00:43:15.019324+00'),
	('flow/breaker_trip.sql', '52e9f21dba7100919b24cac39b26e6e96dfbc735dd7548b04a047e313df4c1a8', '2026-11-27 00:43:15.019324+00'),
	('flow/dead_discard.sql', 'bcc8b94aa93134421b1c670250dab5cbeee9df46beed1718364c689e83bd7b3f', '2026-11-27 00:43:15.019324+00'),
	('flow/dead_edit.sql', 'a70dc0e4f10ac227020c80c4a3989bd978f0e8ab89df1c21e010feed8b28fa0f', '2026-11-27 00:43:15.019324+00'),
	('flow/dead_lock.sql', '950bf8bdb2d30ac24e241d5d5da57a0bb47be2ed57308d153d0f983058b68123', '2026-11-27 00:43:15.019324+00'),
	('flow/dead_replay.sql', '710f112081969d691c703ed50b7bc411ab1f564a86b1d23e852214bdc13ce71a', '2026-11-27 00:43:15.019324+00'),
	('flow/flag_switch.sql', 'd9be148e67ea312cd01f870a19ed58fe892c9e0b2f1bb1b4130594cd87017136', '2026-11-27 00:43:15.019324+00'),
	('flow/give_up.sql', 'da64988738222ac565a44d2c563d664d3baf2a9a342a04dfbc9f80662633c522', '2026-11-27 00:43:15.019324+00'),
	('flow/head_before.sql', 'ea110b84d353785b1a6f179d5dcc258418b1121cc325a620e13e9a0321e7a788', '2026-11-27 00:43:15.019324+00'),
	('flow/is_read.sql', '82a70c5be789e60d8c9cc31bae8ffe56db7af2bf3b821fa1137a4d848fbf6330', '2026-11-27 00:43:15.019324+00'),
	('flow/put_raw.sql', '155bb5f76a6347e6913d4b021a6a226a0b08586b04ac858de77ad42b08189a37', '2026-11-27 00:43:15.019324+00'),
	('flow/release_behind.sql', '490915b689060b9dd859570eadcfcf662056d417050fa13301eda4325e476b6f', '2026-11-27 00:43:15.019324+00'),
	('flow/replay_topic.sql', 'd1faf43db9c537e96b449a86c9549f0bcf6c73d9a2fe060e96b94dddb6e33dfe', '2026-11-27 00:43:15.019324+00'),
	('flow/replay_turn.sql', '12d3e36417bb980406440d0c5eaa816bd870504b8b002c9ee75795c8c4095129', '2026-11-27 00:43:15.019324+00'),
	('flow/retry_now.sql', '76922cb9e58b1c18f0f81adebbf1d3133c10d477d630131946987d895ecaab49', '2026-11-27 00:43:15.019324+00'),
	('flow/without.sql', 'f37b67db077fb9f7e494027b810255949ee1f84ea7bbe8e0e04869943de30dff', '2026-11-27 00:43:15.019324+00'),
	('flow/without_x.sql', 'e160d364742f59f3a3b7e308c5280b4244620c1be3929f42fe3f6d50a5c74b39', '2026-11-27 00:43:15.019324+00'),
	('flow/worker_beat.sql', '4b61a2ac8dd88d011708b871aa689f2b9ab43437438af363690dc223b878ae39', '2026-11-27 00:43:15.019324+00'),
	('flow/worker_start.sql', '1b1257a2b0343c4b8281010d8b07dadd9d37829f261a909ab1c5b3b3d70bde85', '2026-11-27 00:43:15.019324+00'),
	('flow/worker_stop.sql', '0fb6d41c09c0476712b4b9b98ee08fac6cde22fcdc5460715c90dbb843f6240d', '2026-11-27 00:43:15.019324+00');


INSERT INTO public.function_set VALUES
	(true, 16, '4873f987b48d3793c1162ebcba88188293694adae820656db20ee0acb81ba22e', '2026-11-27 00:43:15.019324+00');


INSERT INTO public.migration VALUES
	('tables/access.sql', 'c97f8fe6b0bf532015c383c5baf35b3723345f08f56c890551cbb444c24fb675', '2026-11-27 00:43:13.198959+00'),
	('tables/decide.sql', '0af2225a669bd00e3773204fc66ce3f1f04aaf252944d0b748f5e330c29ad712', '2026-11-27 00:43:13.198959+00'),
	('tables/flow.sql', '6af095d9dabb2eab409f35df1861720bfd18bdf8054349d46843af631e303694', '2026-11-27 00:43:13.198959+00'),
	('tables/rm.sql', '201867c876366d1fbec7c34979d66c71625926fac3eed4aeafe57f59b5e50fdb', '2026-11-27 00:43:13.198959+00'),
	('0011_pre_agent_results.sql', 'e0314d6d03c14f879ce00d552c452912912c3e85d5a5cbc6755c526fcc1f69e8', '2026-11-27 00:43:13.9731+00'),
	('0012_pre_agent_spend.sql', 'f49e6d1e3bf6267f5b166c35770e47967f1a12bb969b6985c71c8c0f48525c2c', '2026-11-27 00:43:14.003425+00'),
	('0013_pre_column_mapping.sql', 'bdf8e0f7b8d681a6325140e998a14303a6f05f62d060bba433bfc55b006122cc', '2026-11-27 00:43:14.057768+00'),
	('0021_pre_comparison.sql', 'a53a8e0a425baaba18b765a92384b3009ec2c9fd23a97f2b613fcdbc4ea5d3fa', '2026-11-27 00:43:14.11635+00'),
	('0031_pre_again.sql', '014d506b220d0a7c5b3acc70527647d8feb856d076e39cff3289d6574e022e97', '2026-11-27 00:43:14.288797+00'),
	('0032_pre_also_serves.sql', '682b792a841f7817d4d56612cfffdeaf51c7b1cccb9918adc733565fdaeb9359', '2026-11-27 00:43:14.347823+00'),
	('0036_pre_goods.sql', '1097c13952a85ac06a613fda66f1de5b44406a37b47c06986c8b173a502cab8b', '2026-11-27 00:43:14.354964+00'),
	('0045_pre_alerts.sql', '71bcf8500ad84c6f9d8d04cc1fccf1a5205b2facf3073fe9d53348d36cf1833f', '2026-11-27 00:43:14.50285+00'),
	('0068_pre_cost_deleted.sql', '58be338b35296cf960beec1c32682dc95686d0cae33345342fd709d01e8d9149', '2026-11-27 00:43:14.723644+00'),
	('0076_pre_slo.sql', 'c5f1a9becebb74c0cf3bb6971fbafbc25cd4cb909ef96a62d01e9dfbdadbaf69', '2026-11-27 00:43:14.741082+00'),
	('0077_pre_marketplace_metrics.sql', '2053eaf4b47303b5c61d4a02bebfe865ae0ba3a7feb7aaf943a9882411f8d823', '2026-11-27 00:43:14.793482+00'),
	('0086_pre_due.sql', 'c61231a794ce72884c7235f4275fd8a387cf49213de11b8c1e563ab483f2e9b2', '2026-11-27 00:43:14.8696+00'),
	('0087_pre_phases.sql', '981f336afb50ed063d5f0a03f2fa615865d2baae3c247f856c190c932f771d9a', '2026-11-27 00:43:14.904519+00'),
	('0088_pre_recovery_asked.sql', 'd1a2feb9a28cb1e13f5e6df98bd80e92a0acbd7697982098d7d92f1cd4f45341', '2026-11-27 00:43:14.996956+00');


INSERT INTO rm.dead_letter VALUES
	('agents|plan.events|1|0', 'agents', 'plan.events', 1, 0, 'nobody', NULL, '', '\x6e6f6e73656e7365', '[["x-attempt", "1"], ["x-max-attempts", "3"], ["x-consumer-group", "agents"], ["x-orig-topic", "plan.events"], ["x-orig-partition", "1"], ["x-orig-offset", "0"], ["x-orig-timestamp", "1795740235994"], ["x-first-failed-at", "1795740236017"], ["x-last-failed-at", "1795740236017"], ["x-error-class", "Undecodable"], ["x-error-code", "bad-magic"], ["x-error-message", "bad-magic: the first byte is 110, not 0"], ["x-error-retryable", "false"], ["x-error-stack", "Traceback (most recent call last):\n  File \"streams/guard/guard.py\", line 232, in _attempt\n    event = await self._decoder.decode(record.value)\n            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"schemas/decoding.py\", line 62, in decode\n    return self._codec.decode(value)\n           ^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"schemas/wire.py\", line 114, in decode\n    raise Undecodable(\"bad-magic\", f\"the first byte is {magic}, not {MAGIC}\")\nschemas.wire.Undecodable: bad-magic: the first byte is 110, not 0\n"]]', NULL, 'bad-magic', 'Undecodable', 'bad-magic: the first byte is 110, not 0', 'Traceback (most recent call last):
  File "streams/guard/guard.py", line 232, in _attempt
    event = await self._decoder.decode(record.value)
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "schemas/decoding.py", line 62, in decode
    return self._codec.decode(value)
           ^^^^^^^^^^^^^^^^^^^^^^^^^
  File "schemas/wire.py", line 114, in decode
    raise Undecodable("bad-magic", f"the first byte is {magic}, not {MAGIC}")
schemas.wire.Undecodable: bad-magic: the first byte is 110, not 0
', 'e546d9d41d6e', 1, NULL, '2026-11-27 00:43:56.017+00', '2026-11-27 00:43:56.017+00', '', '', '2026-11-27 00:43:56.046+00', 0, 'agents.dlq', 1, 0, 0, 0, 0, 0, '', '', NULL, 0, DEFAULT),
	('projections|plan.events|1|0', 'projections', 'plan.events', 1, 0, 'nobody', NULL, '', '\x6e6f6e73656e7365', '[["x-attempt", "1"], ["x-max-attempts", "1"], ["x-consumer-group", "projections"], ["x-orig-topic", "plan.events"], ["x-orig-partition", "1"], ["x-orig-offset", "0"], ["x-orig-timestamp", "1795740235994"], ["x-first-failed-at", "1795740236108"], ["x-last-failed-at", "1795740236108"], ["x-error-class", "Undecodable"], ["x-error-code", "bad-magic"], ["x-error-message", "bad-magic: the first byte is 110, not 0"], ["x-error-retryable", "false"], ["x-error-stack", "Traceback (most recent call last):\n  File \"projections/run/runner.py\", line 255, in _map\n    event = await self._decoder.decode(record.value)\n            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"schemas/decoding.py\", line 62, in decode\n    return self._codec.decode(value)\n           ^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"schemas/wire.py\", line 114, in decode\n    raise Undecodable(\"bad-magic\", f\"the first byte is {magic}, not {MAGIC}\")\nschemas.wire.Undecodable: bad-magic: the first byte is 110, not 0\n"]]', NULL, 'bad-magic', 'Undecodable', 'bad-magic: the first byte is 110, not 0', 'Traceback (most recent call last):
  File "projections/run/runner.py", line 255, in _map
    event = await self._decoder.decode(record.value)
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "schemas/decoding.py", line 62, in decode
    return self._codec.decode(value)
           ^^^^^^^^^^^^^^^^^^^^^^^^^
  File "schemas/wire.py", line 114, in decode
    raise Undecodable("bad-magic", f"the first byte is {magic}, not {MAGIC}")
schemas.wire.Undecodable: bad-magic: the first byte is 110, not 0
', 'e546d9d41d6e', 1, NULL, '2026-11-27 00:43:56.108+00', '2026-11-27 00:43:56.108+00', '', '', '2026-11-27 00:43:56.12+00', 0, 'projections.dlq', 1, 0, 0, 0, 0, 0, '', '', NULL, 0, DEFAULT);


INSERT INTO rm.plan VALUES
	('6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 2, 'awaiting_approval', 'vendas', 'vendas.csv', 'text/csv', 594, '85600e47bef7477c4db3898473ab6c24420051c1ad6750838d65f8f09f5560b2', 'b6673267-f6da-4657-8a9f-2da885b8922a', '{shopee}', 'normal', false, '[{"reason": "", "source": "rules", "channel": "shopee", "outcome": "analyzed"}]', '[]', '[{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Nenhuma regra encontrou algo fora do normal. Confira os números com a equipe e envie o próximo período para comparar.", "title": "Revisar os números de Shopee", "channel": "shopee", "priority": "normal", "also_serves": [], "opportunity_id": null}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Confirmação de que os números estão em ordem."}]', NULL, '', 'bootstrap', '', '2026-11-27 00:43:55.176802+00', '2026-11-27 00:43:55.422+00', NULL, NULL, NULL, '1ea4dd604fe0c72f47059339acc2b871', '2026-11-27 00:43:55.422+00'),
	('f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 4, 'executing', 'Carga 0', 'carga.csv', 'text/csv', 1, 'cef9d6e384af4ffba3e0df1981e02cea', '4d285df9-56d2-4858-b370-2aa276c1e4d5', '{shopee}', 'normal', false, '[{"reason": "", "source": "rules", "channel": "shopee", "outcome": "analyzed"}]', '[{"id": "shopee-shipping", "what": "Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.", "title": "Baixar o custo de envio de 21,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Envio pago por você: 21,0% da receita", "unit": "ratio", "value": 0.21, "metric": "shipping_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-fees", "what": "De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.", "title": "Baixar as tarifas de 24,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Tarifas: 24,0% da receita", "unit": "ratio", "value": 0.24, "metric": "fee_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-cancellations", "what": "Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.", "title": "Reduzir os cancelamentos (14,0% dos pedidos)", "channel": "shopee", "evidence": [{"skus": [], "text": "Pedidos cancelados: 14,0%", "unit": "ratio", "value": 0.14, "metric": "cancellation_rate"}], "priority": "low", "worth_brl": null}]', '[{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.", "title": "Conferir peso e medidas cadastrados", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-shipping"}, {"what": "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.", "title": "Rever tipo de anúncio e programas pagos", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-fees"}, {"what": "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.", "title": "Atacar os motivos de cancelamento", "channel": "shopee", "priority": "low", "also_serves": [], "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 2 - Correções de processo", "tasks": [{"what": "Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.", "title": "Montar kits dos itens baratos", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-fees"}, {"what": "Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.", "title": "Sincronizar o estoque entre os canais", "channel": "shopee", "priority": "low", "also_serves": [], "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 5-8", "number": 2, "investment": "Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 3 - Crescimento sustentado", "tasks": [{"what": "Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.", "title": "Avaliar o envio pelo estoque do canal", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-shipping"}], "weeks": "Semanas 9-12", "number": 3, "investment": "A definir com os números das fases anteriores.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}]', '{"name": "Fase 1 - Ganhos rápidos", "rule": "phase-number-1", "tasks": [{"what": "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.", "title": "Conferir peso e medidas cadastrados", "channel": "shopee", "task_id": "4e5cf330-e3f1-577b-9cce-6d8aeabf884b", "position": 1, "priority": "high", "also_serves": [], "opportunity_id": "shopee-shipping"}, {"what": "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.", "title": "Rever tipo de anúncio e programas pagos", "channel": "shopee", "task_id": "41754ef1-cc42-534b-bced-2f0d021314d1", "position": 2, "priority": "high", "also_serves": [], "opportunity_id": "shopee-fees"}, {"what": "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.", "title": "Atacar os motivos de cancelamento", "channel": "shopee", "task_id": "1a31c42d-02fd-53d3-921b-cd84f288a3e1", "position": 3, "priority": "low", "also_serves": [], "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 1-4", "origin": "agent", "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}', '', 'load', 'bootstrap', '2026-11-27 00:43:50.74849+00', '2026-11-27 00:43:52.123+00', '2026-11-27 00:43:55.498334+00', '2026-11-27 00:43:55.67+00', NULL, NULL, '2026-11-27 00:43:55.67+00'),
	('6397bd5f-fd22-4459-b310-a82dbd40ab59', 3, 'rejected', 'Carga 1', 'carga.csv', 'text/csv', 1, '9a66d024399d441983b3e8f8976ac7db', '55adfbe2-7fb6-4717-81a1-3c32f5ede6c4', '{shopee}', 'normal', false, '[{"reason": "", "source": "rules", "channel": "shopee", "outcome": "analyzed"}]', '[{"id": "shopee-shipping", "what": "Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.", "title": "Baixar o custo de envio de 21,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Envio pago por você: 21,0% da receita", "unit": "ratio", "value": 0.21, "metric": "shipping_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-fees", "what": "De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.", "title": "Baixar as tarifas de 24,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Tarifas: 24,0% da receita", "unit": "ratio", "value": 0.24, "metric": "fee_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-cancellations", "what": "Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.", "title": "Reduzir os cancelamentos (14,0% dos pedidos)", "channel": "shopee", "evidence": [{"skus": [], "text": "Pedidos cancelados: 14,0%", "unit": "ratio", "value": 0.14, "metric": "cancellation_rate"}], "priority": "low", "worth_brl": null}]', '[{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.", "title": "Conferir peso e medidas cadastrados", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-shipping"}, {"what": "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.", "title": "Rever tipo de anúncio e programas pagos", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-fees"}, {"what": "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.", "title": "Atacar os motivos de cancelamento", "channel": "shopee", "priority": "low", "also_serves": [], "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 2 - Correções de processo", "tasks": [{"what": "Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.", "title": "Montar kits dos itens baratos", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-fees"}, {"what": "Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.", "title": "Sincronizar o estoque entre os canais", "channel": "shopee", "priority": "low", "also_serves": [], "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 5-8", "number": 2, "investment": "Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 3 - Crescimento sustentado", "tasks": [{"what": "Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.", "title": "Avaliar o envio pelo estoque do canal", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-shipping"}], "weeks": "Semanas 9-12", "number": 3, "investment": "A definir com os números das fases anteriores.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}]', NULL, 'Não agora.', 'load', 'bootstrap', '2026-11-27 00:43:50.760544+00', '2026-11-27 00:43:52.013+00', '2026-11-27 00:43:55.760048+00', NULL, '2026-11-27 00:43:55.771+00', NULL, '2026-11-27 00:43:55.771+00');


INSERT INTO rm.plan_channel VALUES
	('6397bd5f-fd22-4459-b310-a82dbd40ab59', 'shopee', 1, 'analyzed', 'rules', 'rules-4', 'Shopee, de 01/03/2026 a 31/03/2026: R$ 30.000,00 de receita em 480 pedidos (ticket médio R$ 62,50). Tarifas 24,0%, envio 21,0%, devoluções 19,0%, cancelamentos 14,0%. 3 oportunidades; a primeira: baixar o custo de envio de 21,0% da receita.', '[{"id": "shopee-shipping", "what": "Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.", "title": "Baixar o custo de envio de 21,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Envio pago por você: 21,0% da receita", "unit": "ratio", "value": 0.21, "metric": "shipping_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-fees", "what": "De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.", "title": "Baixar as tarifas de 24,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Tarifas: 24,0% da receita", "unit": "ratio", "value": 0.24, "metric": "fee_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-cancellations", "what": "Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.", "title": "Reduzir os cancelamentos (14,0% dos pedidos)", "channel": "shopee", "evidence": [{"skus": [], "text": "Pedidos cancelados: 14,0%", "unit": "ratio", "value": 0.14, "metric": "cancellation_rate"}], "priority": "low", "worth_brl": null}]', '[{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.", "title": "Conferir peso e medidas cadastrados", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-shipping"}, {"what": "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.", "title": "Rever tipo de anúncio e programas pagos", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-fees"}, {"what": "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.", "title": "Atacar os motivos de cancelamento", "channel": "shopee", "priority": "low", "also_serves": [], "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 2 - Correções de processo", "tasks": [{"what": "Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.", "title": "Montar kits dos itens baratos", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-fees"}, {"what": "Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.", "title": "Sincronizar o estoque entre os canais", "channel": "shopee", "priority": "low", "also_serves": [], "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 5-8", "number": 2, "investment": "Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 3 - Crescimento sustentado", "tasks": [{"what": "Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.", "title": "Avaliar o envio pelo estoque do canal", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-shipping"}], "weeks": "Semanas 9-12", "number": 3, "investment": "A definir com os números das fases anteriores.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}]', '[]', '["Sem datas: não há valores por mês nem evolução; os valores são do documento inteiro.", "Sem indicação de venda por publicidade.", "Sem preço cheio ou desconto: a profundidade dos descontos não foi medida.", "Sem datas de postagem: o prazo de envio não foi medido.", "O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos. Envie uma planilha com SKU e custo para calcular a margem.", "O documento não tem tabelas: nenhum número foi calculado a partir do texto."]', '', '', '2026-11-27 00:43:51.965+00', '[]', '[]', '[]', NULL, NULL),
	('f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'shopee', 1, 'analyzed', 'rules', 'rules-4', 'Shopee, de 01/03/2026 a 31/03/2026: R$ 30.000,00 de receita em 480 pedidos (ticket médio R$ 62,50). Tarifas 24,0%, envio 21,0%, devoluções 19,0%, cancelamentos 14,0%. 3 oportunidades; a primeira: baixar o custo de envio de 21,0% da receita.', '[{"id": "shopee-shipping", "what": "Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.", "title": "Baixar o custo de envio de 21,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Envio pago por você: 21,0% da receita", "unit": "ratio", "value": 0.21, "metric": "shipping_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-fees", "what": "De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.", "title": "Baixar as tarifas de 24,0% da receita", "channel": "shopee", "evidence": [{"skus": [], "text": "Tarifas: 24,0% da receita", "unit": "ratio", "value": 0.24, "metric": "fee_share"}], "priority": "high", "worth_brl": null}, {"id": "shopee-cancellations", "what": "Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.", "title": "Reduzir os cancelamentos (14,0% dos pedidos)", "channel": "shopee", "evidence": [{"skus": [], "text": "Pedidos cancelados: 14,0%", "unit": "ratio", "value": 0.14, "metric": "cancellation_rate"}], "priority": "low", "worth_brl": null}]', '[{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.", "title": "Conferir peso e medidas cadastrados", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-shipping"}, {"what": "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.", "title": "Rever tipo de anúncio e programas pagos", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-fees"}, {"what": "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.", "title": "Atacar os motivos de cancelamento", "channel": "shopee", "priority": "low", "also_serves": [], "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 2 - Correções de processo", "tasks": [{"what": "Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.", "title": "Montar kits dos itens baratos", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-fees"}, {"what": "Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.", "title": "Sincronizar o estoque entre os canais", "channel": "shopee", "priority": "low", "also_serves": [], "opportunity_id": "shopee-cancellations"}], "weeks": "Semanas 5-8", "number": 2, "investment": "Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}, {"name": "Fase 3 - Crescimento sustentado", "tasks": [{"what": "Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.", "title": "Avaliar o envio pelo estoque do canal", "channel": "shopee", "priority": "high", "also_serves": [], "opportunity_id": "shopee-shipping"}], "weeks": "Semanas 9-12", "number": 3, "investment": "A definir com os números das fases anteriores.", "expected_impact": "Redução de risco; sem valor que o documento permita calcular."}]', '[]', '["Sem datas: não há valores por mês nem evolução; os valores são do documento inteiro.", "Sem indicação de venda por publicidade.", "Sem preço cheio ou desconto: a profundidade dos descontos não foi medida.", "Sem datas de postagem: o prazo de envio não foi medido.", "O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos. Envie uma planilha com SKU e custo para calcular a margem.", "O documento não tem tabelas: nenhum número foi calculado a partir do texto."]', '', '', '2026-11-27 00:43:52.122+00', '[]', '[]', '[]', NULL, NULL),
	('6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'shopee', 1, 'analyzed', 'rules', 'rules-4', 'Shopee, de 01/02/2026 a 03/02/2026: R$ 143,90 de receita em 2 pedidos (ticket médio R$ 71,95). Devoluções 0,0%, cancelamentos 0,0%. Nenhuma regra encontrou algo fora do normal.', '[]', '[{"name": "Fase 1 - Ganhos rápidos", "tasks": [{"what": "Nenhuma regra encontrou algo fora do normal. Confira os números com a equipe e envie o próximo período para comparar.", "title": "Revisar os números de Shopee", "channel": "shopee", "priority": "normal", "also_serves": [], "opportunity_id": null}], "weeks": "Semanas 1-4", "number": 1, "investment": "Tempo da equipe; sem gasto além da operação atual.", "expected_impact": "Confirmação de que os números estão em ordem."}]', '[]', '["Sem coluna de tarifas: não foi possível ver margem nem produtos com prejuízo.", "Sem o custo de envio pago pelo vendedor: a sobra por produto não o desconta.", "Sem indicação de venda por publicidade.", "Sem preço cheio ou desconto: a profundidade dos descontos não foi medida.", "Sem datas de postagem: o prazo de envio não foi medido.", "O documento cobre só 3 dias: os valores são desse período, não por mês, e não mostram tendências.", "Há poucos pedidos: taxas de cancelamento e de atraso não foram julgadas.", "O documento não diz a moeda; pelo idioma e pelas colunas, os valores foram lidos como reais (R$).", "O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos. Envie uma planilha com SKU e custo para calcular a margem. Faltam os custos de 2 produtos.", "arquivo separado por “;”, cabeçalho na linha 1: não há as colunas Comissões e tarifas do canal e Frete pago por você."]', '', '', '2026-11-27 00:43:55.422+00', '[]', '[]', '[]', NULL, NULL);


INSERT INTO rm.projection_offset VALUES
	('read_models', 'agents.dlq', 0, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'agents.dlq', 2, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'goods.events', 0, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'plan.events', 0, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'plan.events', 3, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'plan.events', 4, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'plan.events', 7, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'plan.events', 8, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'plan.events', 9, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'plan.events', 10, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'plan.events', 11, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'projections.dlq', 0, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'projections.dlq', 2, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'task.events', 0, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'task.events', 1, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'task.events', 2, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'task.events', 3, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'task.events', 4, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'task.events', 5, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'task.events', 7, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'task.events', 8, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'task.events', 9, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'task.events', 10, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'task.events', 11, 0, '2026-11-27 00:43:39.851526+00'),
	('read_models', 'system.events', 1, 4, '2026-11-27 00:43:51.242514+00'),
	('read_models', 'system.events', 2, 1, '2026-11-27 00:43:51.242514+00'),
	('read_models', 'system.events', 0, 3, '2026-11-27 00:43:51.244958+00'),
	('read_models', 'plan.events', 2, 3, '2026-11-27 00:43:55.447086+00'),
	('read_models', 'plan.events', 6, 5, '2026-11-27 00:43:55.725028+00'),
	('read_models', 'plan.events', 5, 4, '2026-11-27 00:43:55.836869+00'),
	('read_models', 'task.events', 6, 7, '2026-11-27 00:43:55.972734+00'),
	('read_models', 'plan.events', 1, 1, '2026-11-27 00:43:56.147499+00'),
	('read_models', 'agents.dlq', 1, 1, '2026-11-27 00:43:56.150042+00'),
	('read_models', 'projections.dlq', 1, 1, '2026-11-27 00:43:56.187682+00');


INSERT INTO rm.slo_hour VALUES
	('2026-11-27 00:00:00+00', 'uploaded', 5, 0, 1, '2026-11-27 00:43:51.407+00'),
	('2026-11-27 00:00:00+00', 'uploaded', 6, 0, 1, '2026-11-27 00:43:51.407+00'),
	('2026-11-27 00:00:00+00', 'uploaded', 2, 0, 1, '2026-11-27 00:43:55.335+00'),
	('2026-11-27 00:00:00+00', 'approved', 6, 0, 1, '2026-11-27 00:43:55.578+00'),
	('2026-11-27 00:00:00+00', 'queue', 6, 250, 1, '2026-11-27 00:43:55.67+00'),
	('2026-11-27 00:00:00+00', 'phase1', 6, 250, 1, '2026-11-27 00:43:55.67+00');


INSERT INTO rm.slo_missed VALUES
	('2026-11-27 00:00:00+00', 'queue', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 4, 162, '2026-11-27 00:43:55.67+00');


INSERT INTO rm.task VALUES
	('1a31c42d-02fd-53d3-921b-cd84f288a3e1', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 1, 3, 1, 'Atacar os motivos de cancelamento', 'Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.', 'shopee', 'low', 'shopee-cancellations', 'open', '', '', 1, '2026-11-27 00:43:55.674+00', NULL, NULL, '2026-11-27 00:43:55.674+00', '[]', '2026-12-25'),
	('4e5cf330-e3f1-577b-9cce-6d8aeabf884b', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 3, 1, 1, 'Conferir peso e medidas cadastrados', 'Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.', 'shopee', 'high', 'shopee-shipping', 'completed', '', '', 1, '2026-11-27 00:43:55.674+00', '2026-11-27 00:43:55.791937+00', '2026-11-27 00:43:55.81973+00', '2026-11-27 00:43:55.852+00', '[]', '2026-12-25'),
	('41754ef1-cc42-534b-bced-2f0d021314d1', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 3, 2, 1, 'Rever tipo de anúncio e programas pagos', 'Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.', 'shopee', 'high', 'shopee-fees', 'assigned', 'ana', '', 1, '2026-11-27 00:43:55.674+00', NULL, NULL, '2026-11-27 00:43:55.94+00', '[]', '2026-12-25');


INSERT INTO rm.task_comment VALUES
	('968fcaf1-a643-4be1-a8cf-038dd9ae17b4', '41754ef1-cc42-534b-bced-2f0d021314d1', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'bootstrap', 'Começo amanhã.', '2026-11-27 00:43:55.883552+00');


INSERT INTO rm.timeline VALUES
	('0789b3b5-025f-456b-ba91-1023cb31a22d', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'plan.uploaded', 'plan-f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 1, '2026-11-27 00:43:50.74849+00', '2026-11-27 00:43:51.407+00', 'load', '0789b3b5-025f-456b-ba91-1023cb31a22d', NULL, 'plan.events', 6, 0, '{"plan_id":"f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5","document_id":"4d285df9-56d2-4858-b370-2aa276c1e4d5","title":"Carga 0","filename":"carga.csv","media_type":"text/csv","size_bytes":1,"sha256":"cef9d6e384af4ffba3e0df1981e02cea","channels":["shopee"],"priority":"normal"}'),
	('fd3b57ff-a294-42e3-b67c-c190ae91d114', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'plan.uploaded', 'plan-6397bd5f-fd22-4459-b310-a82dbd40ab59', 1, '2026-11-27 00:43:50.760544+00', '2026-11-27 00:43:51.407+00', 'load', 'fd3b57ff-a294-42e3-b67c-c190ae91d114', NULL, 'plan.events', 5, 0, '{"plan_id":"6397bd5f-fd22-4459-b310-a82dbd40ab59","document_id":"55adfbe2-7fb6-4717-81a1-3c32f5ede6c4","title":"Carga 1","filename":"carga.csv","media_type":"text/csv","size_bytes":1,"sha256":"9a66d024399d441983b3e8f8976ac7db","channels":["shopee"],"priority":"normal"}'),
	('449b558a-91f0-5b10-a116-0ea1f3ba3af4', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'plan.channel.analyzed', 'plan-6397bd5f-fd22-4459-b310-a82dbd40ab59.shopee', 1, '2026-11-27 00:43:51.831687+00', '2026-11-27 00:43:51.965+00', 'system:analysis', '0ee24ca7-c8c0-53b0-9b24-1cd64dd59a0a', NULL, 'plan.events', 5, 1, '{"plan_id":"6397bd5f-fd22-4459-b310-a82dbd40ab59","channel":"shopee","source":"rules","model":"rules-4","summary":"Shopee, de 01/03/2026 a 31/03/2026: R$ 30.000,00 de receita em 480 pedidos (ticket médio R$ 62,50). Tarifas 24,0%, envio 21,0%, devoluções 19,0%, cancelamentos 14,0%. 3 oportunidades; a primeira: baixar o custo de envio de 21,0% da receita.","opportunities":[{"id":"shopee-shipping","channel":"shopee","title":"Baixar o custo de envio de 21,0% da receita","what":"Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.","priority":"high","evidence":[{"metric":"shipping_share","value":0.21,"unit":"ratio","text":"Envio pago por você: 21,0% da receita","skus":[]}],"worth_brl":null},{"id":"shopee-fees","channel":"shopee","title":"Baixar as tarifas de 24,0% da receita","what":"De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.","priority":"high","evidence":[{"metric":"fee_share","value":0.24,"unit":"ratio","text":"Tarifas: 24,0% da receita","skus":[]}],"worth_brl":null},{"id":"shopee-cancellations","channel":"shopee","title":"Reduzir os cancelamentos (14,0% dos pedidos)","what":"Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.","priority":"low","evidence":[{"metric":"cancellation_rate","value":0.14,"unit":"ratio","text":"Pedidos cancelados: 14,0%","skus":[]}],"worth_brl":null}],"phases":[{"number":1,"name":"Fase 1 - Ganhos rápidos","weeks":"Semanas 1-4","tasks":[{"title":"Conferir peso e medidas cadastrados","what":"Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.","channel":"shopee","priority":"high","opportunity_id":"shopee-shipping","also_serves":[]},{"title":"Rever tipo de anúncio e programas pagos","what":"Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.","channel":"shopee","priority":"high","opportunity_id":"shopee-fees","also_serves":[]},{"title":"Atacar os motivos de cancelamento","what":"Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.","channel":"shopee","priority":"low","opportunity_id":"shopee-cancellations","also_serves":[]}],"investment":"Tempo da equipe; sem gasto além da operação atual.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."},{"number":2,"name":"Fase 2 - Correções de processo","weeks":"Semanas 5-8","tasks":[{"title":"Montar kits dos itens baratos","what":"Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.","channel":"shopee","priority":"high","opportunity_id":"shopee-fees","also_serves":[]},{"title":"Sincronizar o estoque entre os canais","what":"Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.","channel":"shopee","priority":"low","opportunity_id":"shopee-cancellations","also_serves":[]}],"investment":"Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."},{"number":3,"name":"Fase 3 - Crescimento sustentado","weeks":"Semanas 9-12","tasks":[{"title":"Avaliar o envio pelo estoque do canal","what":"Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.","channel":"shopee","priority":"high","opportunity_id":"shopee-shipping","also_serves":[]}],"investment":"A definir com os números das fases anteriores.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."}],"repairs":[],"limits":["Sem datas: não há valores por mês nem evolução; os valores são do documento inteiro.","Sem indicação de venda por publicidade.","Sem preço cheio ou desconto: a profundidade dos descontos não foi medida.","Sem datas de postagem: o prazo de envio não foi medido.","O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos. Envie uma planilha com SKU e custo para calcular a margem.","O documento não tem tabelas: nenhum número foi calculado a partir do texto."],"fallback":[],"unmatched":[],"use":[]}'),
	('09db3446-f201-5eca-b5d6-23bb58c86553', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'plan.analyzed', 'plan-6397bd5f-fd22-4459-b310-a82dbd40ab59', 2, '2026-11-27 00:43:51.831687+00', '2026-11-27 00:43:52.013+00', 'system:analysis', '449b558a-91f0-5b10-a116-0ea1f3ba3af4', NULL, 'plan.events', 5, 2, '{"plan_id":"6397bd5f-fd22-4459-b310-a82dbd40ab59","partial":false,"channels":[{"channel":"shopee","outcome":"analyzed","source":"rules","reason":""}],"opportunities":[{"id":"shopee-shipping","channel":"shopee","title":"Baixar o custo de envio de 21,0% da receita","what":"Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.","priority":"high","evidence":[{"metric":"shipping_share","value":0.21,"unit":"ratio","text":"Envio pago por você: 21,0% da receita","skus":[]}],"worth_brl":null},{"id":"shopee-fees","channel":"shopee","title":"Baixar as tarifas de 24,0% da receita","what":"De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.","priority":"high","evidence":[{"metric":"fee_share","value":0.24,"unit":"ratio","text":"Tarifas: 24,0% da receita","skus":[]}],"worth_brl":null},{"id":"shopee-cancellations","channel":"shopee","title":"Reduzir os cancelamentos (14,0% dos pedidos)","what":"Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.","priority":"low","evidence":[{"metric":"cancellation_rate","value":0.14,"unit":"ratio","text":"Pedidos cancelados: 14,0%","skus":[]}],"worth_brl":null}],"phases":[{"number":1,"name":"Fase 1 - Ganhos rápidos","weeks":"Semanas 1-4","tasks":[{"title":"Conferir peso e medidas cadastrados","what":"Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.","channel":"shopee","priority":"high","opportunity_id":"shopee-shipping","also_serves":[]},{"title":"Rever tipo de anúncio e programas pagos","what":"Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.","channel":"shopee","priority":"high","opportunity_id":"shopee-fees","also_serves":[]},{"title":"Atacar os motivos de cancelamento","what":"Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.","channel":"shopee","priority":"low","opportunity_id":"shopee-cancellations","also_serves":[]}],"investment":"Tempo da equipe; sem gasto além da operação atual.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."},{"number":2,"name":"Fase 2 - Correções de processo","weeks":"Semanas 5-8","tasks":[{"title":"Montar kits dos itens baratos","what":"Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.","channel":"shopee","priority":"high","opportunity_id":"shopee-fees","also_serves":[]},{"title":"Sincronizar o estoque entre os canais","what":"Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.","channel":"shopee","priority":"low","opportunity_id":"shopee-cancellations","also_serves":[]}],"investment":"Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."},{"number":3,"name":"Fase 3 - Crescimento sustentado","weeks":"Semanas 9-12","tasks":[{"title":"Avaliar o envio pelo estoque do canal","what":"Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.","channel":"shopee","priority":"high","opportunity_id":"shopee-shipping","also_serves":[]}],"investment":"A definir com os números das fases anteriores.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."}],"again":""}'),
	('c9472cfc-9c34-50d1-8e59-85ecbc2c0d31', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'plan.channel.analyzed', 'plan-f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5.shopee', 1, '2026-11-27 00:43:51.896207+00', '2026-11-27 00:43:52.122+00', 'system:analysis', '87dd1c96-0a08-5d91-ae94-91d598496453', NULL, 'plan.events', 6, 1, '{"plan_id":"f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5","channel":"shopee","source":"rules","model":"rules-4","summary":"Shopee, de 01/03/2026 a 31/03/2026: R$ 30.000,00 de receita em 480 pedidos (ticket médio R$ 62,50). Tarifas 24,0%, envio 21,0%, devoluções 19,0%, cancelamentos 14,0%. 3 oportunidades; a primeira: baixar o custo de envio de 21,0% da receita.","opportunities":[{"id":"shopee-shipping","channel":"shopee","title":"Baixar o custo de envio de 21,0% da receita","what":"Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.","priority":"high","evidence":[{"metric":"shipping_share","value":0.21,"unit":"ratio","text":"Envio pago por você: 21,0% da receita","skus":[]}],"worth_brl":null},{"id":"shopee-fees","channel":"shopee","title":"Baixar as tarifas de 24,0% da receita","what":"De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.","priority":"high","evidence":[{"metric":"fee_share","value":0.24,"unit":"ratio","text":"Tarifas: 24,0% da receita","skus":[]}],"worth_brl":null},{"id":"shopee-cancellations","channel":"shopee","title":"Reduzir os cancelamentos (14,0% dos pedidos)","what":"Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.","priority":"low","evidence":[{"metric":"cancellation_rate","value":0.14,"unit":"ratio","text":"Pedidos cancelados: 14,0%","skus":[]}],"worth_brl":null}],"phases":[{"number":1,"name":"Fase 1 - Ganhos rápidos","weeks":"Semanas 1-4","tasks":[{"title":"Conferir peso e medidas cadastrados","what":"Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.","channel":"shopee","priority":"high","opportunity_id":"shopee-shipping","also_serves":[]},{"title":"Rever tipo de anúncio e programas pagos","what":"Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.","channel":"shopee","priority":"high","opportunity_id":"shopee-fees","also_serves":[]},{"title":"Atacar os motivos de cancelamento","what":"Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.","channel":"shopee","priority":"low","opportunity_id":"shopee-cancellations","also_serves":[]}],"investment":"Tempo da equipe; sem gasto além da operação atual.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."},{"number":2,"name":"Fase 2 - Correções de processo","weeks":"Semanas 5-8","tasks":[{"title":"Montar kits dos itens baratos","what":"Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.","channel":"shopee","priority":"high","opportunity_id":"shopee-fees","also_serves":[]},{"title":"Sincronizar o estoque entre os canais","what":"Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.","channel":"shopee","priority":"low","opportunity_id":"shopee-cancellations","also_serves":[]}],"investment":"Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."},{"number":3,"name":"Fase 3 - Crescimento sustentado","weeks":"Semanas 9-12","tasks":[{"title":"Avaliar o envio pelo estoque do canal","what":"Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.","channel":"shopee","priority":"high","opportunity_id":"shopee-shipping","also_serves":[]}],"investment":"A definir com os números das fases anteriores.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."}],"repairs":[],"limits":["Sem datas: não há valores por mês nem evolução; os valores são do documento inteiro.","Sem indicação de venda por publicidade.","Sem preço cheio ou desconto: a profundidade dos descontos não foi medida.","Sem datas de postagem: o prazo de envio não foi medido.","O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos. Envie uma planilha com SKU e custo para calcular a margem.","O documento não tem tabelas: nenhum número foi calculado a partir do texto."],"fallback":[],"unmatched":[],"use":[]}'),
	('79639527-998e-5b81-8992-938762bcd518', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'plan.analyzed', 'plan-f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 2, '2026-11-27 00:43:51.896207+00', '2026-11-27 00:43:52.123+00', 'system:analysis', 'c9472cfc-9c34-50d1-8e59-85ecbc2c0d31', NULL, 'plan.events', 6, 2, '{"plan_id":"f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5","partial":false,"channels":[{"channel":"shopee","outcome":"analyzed","source":"rules","reason":""}],"opportunities":[{"id":"shopee-shipping","channel":"shopee","title":"Baixar o custo de envio de 21,0% da receita","what":"Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.","priority":"high","evidence":[{"metric":"shipping_share","value":0.21,"unit":"ratio","text":"Envio pago por você: 21,0% da receita","skus":[]}],"worth_brl":null},{"id":"shopee-fees","channel":"shopee","title":"Baixar as tarifas de 24,0% da receita","what":"De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.","priority":"high","evidence":[{"metric":"fee_share","value":0.24,"unit":"ratio","text":"Tarifas: 24,0% da receita","skus":[]}],"worth_brl":null},{"id":"shopee-cancellations","channel":"shopee","title":"Reduzir os cancelamentos (14,0% dos pedidos)","what":"Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.","priority":"low","evidence":[{"metric":"cancellation_rate","value":0.14,"unit":"ratio","text":"Pedidos cancelados: 14,0%","skus":[]}],"worth_brl":null}],"phases":[{"number":1,"name":"Fase 1 - Ganhos rápidos","weeks":"Semanas 1-4","tasks":[{"title":"Conferir peso e medidas cadastrados","what":"Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.","channel":"shopee","priority":"high","opportunity_id":"shopee-shipping","also_serves":[]},{"title":"Rever tipo de anúncio e programas pagos","what":"Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.","channel":"shopee","priority":"high","opportunity_id":"shopee-fees","also_serves":[]},{"title":"Atacar os motivos de cancelamento","what":"Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.","channel":"shopee","priority":"low","opportunity_id":"shopee-cancellations","also_serves":[]}],"investment":"Tempo da equipe; sem gasto além da operação atual.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."},{"number":2,"name":"Fase 2 - Correções de processo","weeks":"Semanas 5-8","tasks":[{"title":"Montar kits dos itens baratos","what":"Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.","channel":"shopee","priority":"high","opportunity_id":"shopee-fees","also_serves":[]},{"title":"Sincronizar o estoque entre os canais","what":"Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.","channel":"shopee","priority":"low","opportunity_id":"shopee-cancellations","also_serves":[]}],"investment":"Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."},{"number":3,"name":"Fase 3 - Crescimento sustentado","weeks":"Semanas 9-12","tasks":[{"title":"Avaliar o envio pelo estoque do canal","what":"Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.","channel":"shopee","priority":"high","opportunity_id":"shopee-shipping","also_serves":[]}],"investment":"A definir com os números das fases anteriores.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."}],"again":""}'),
	('79263ea2-951c-49a5-bd9a-9f2f9dc95223', '6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'plan.uploaded', 'plan-6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 1, '2026-11-27 00:43:55.176802+00', '2026-11-27 00:43:55.335+00', 'bootstrap', 'bee3816a-ab0d-4930-98f9-612fc1f551bc', '1ea4dd604fe0c72f47059339acc2b871', 'plan.events', 2, 0, '{"plan_id":"6766abb2-9a60-4cb9-b5cd-fe72d6fddc51","document_id":"b6673267-f6da-4657-8a9f-2da885b8922a","title":"vendas","filename":"vendas.csv","media_type":"text/csv","size_bytes":594,"sha256":"85600e47bef7477c4db3898473ab6c24420051c1ad6750838d65f8f09f5560b2","channels":["shopee"],"priority":"normal"}'),
	('f6a5ca9f-f797-5226-b7b0-02b84577263b', '6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'plan.channel.analyzed', 'plan-6766abb2-9a60-4cb9-b5cd-fe72d6fddc51.shopee', 1, '2026-11-27 00:43:55.404642+00', '2026-11-27 00:43:55.422+00', 'system:analysis', 'c64c73a5-f8ca-590f-880b-27614c57174f', '1ea4dd604fe0c72f47059339acc2b871', 'plan.events', 2, 1, '{"plan_id":"6766abb2-9a60-4cb9-b5cd-fe72d6fddc51","channel":"shopee","source":"rules","model":"rules-4","summary":"Shopee, de 01/02/2026 a 03/02/2026: R$ 143,90 de receita em 2 pedidos (ticket médio R$ 71,95). Devoluções 0,0%, cancelamentos 0,0%. Nenhuma regra encontrou algo fora do normal.","opportunities":[],"phases":[{"number":1,"name":"Fase 1 - Ganhos rápidos","weeks":"Semanas 1-4","tasks":[{"title":"Revisar os números de Shopee","what":"Nenhuma regra encontrou algo fora do normal. Confira os números com a equipe e envie o próximo período para comparar.","channel":"shopee","priority":"normal","opportunity_id":null,"also_serves":[]}],"investment":"Tempo da equipe; sem gasto além da operação atual.","expected_impact":"Confirmação de que os números estão em ordem."}],"repairs":[],"limits":["Sem coluna de tarifas: não foi possível ver margem nem produtos com prejuízo.","Sem o custo de envio pago pelo vendedor: a sobra por produto não o desconta.","Sem indicação de venda por publicidade.","Sem preço cheio ou desconto: a profundidade dos descontos não foi medida.","Sem datas de postagem: o prazo de envio não foi medido.","O documento cobre só 3 dias: os valores são desse período, não por mês, e não mostram tendências.","Há poucos pedidos: taxas de cancelamento e de atraso não foram julgadas.","O documento não diz a moeda; pelo idioma e pelas colunas, os valores foram lidos como reais (R$).","O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos. Envie uma planilha com SKU e custo para calcular a margem. Faltam os custos de 2 produtos.","arquivo separado por “;”, cabeçalho na linha 1: não há as colunas Comissões e tarifas do canal e Frete pago por você."],"fallback":[],"unmatched":[],"use":[]}'),
	('b825af02-c084-5f43-892d-e2b0c2a47546', '6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 'plan.analyzed', 'plan-6766abb2-9a60-4cb9-b5cd-fe72d6fddc51', 2, '2026-11-27 00:43:55.404642+00', '2026-11-27 00:43:55.422+00', 'system:analysis', 'f6a5ca9f-f797-5226-b7b0-02b84577263b', '1ea4dd604fe0c72f47059339acc2b871', 'plan.events', 2, 2, '{"plan_id":"6766abb2-9a60-4cb9-b5cd-fe72d6fddc51","partial":false,"channels":[{"channel":"shopee","outcome":"analyzed","source":"rules","reason":""}],"opportunities":[],"phases":[{"number":1,"name":"Fase 1 - Ganhos rápidos","weeks":"Semanas 1-4","tasks":[{"title":"Revisar os números de Shopee","what":"Nenhuma regra encontrou algo fora do normal. Confira os números com a equipe e envie o próximo período para comparar.","channel":"shopee","priority":"normal","opportunity_id":null,"also_serves":[]}],"investment":"Tempo da equipe; sem gasto além da operação atual.","expected_impact":"Confirmação de que os números estão em ordem."}],"again":""}'),
	('688b0254-16da-4e01-a41f-a6226a20831e', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'plan.approved', 'plan-f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 3, '2026-11-27 00:43:55.498334+00', '2026-11-27 00:43:55.578+00', 'bootstrap', '19d65995-542d-449b-90a3-f6b63a27ae99', 'f5bb9baec1847f0f7e9769b1e480113d', 'plan.events', 6, 3, '{"plan_id":"f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5","reason":"","channels":["shopee"],"priority":"normal","opportunities":[{"id":"shopee-shipping","channel":"shopee","title":"Baixar o custo de envio de 21,0% da receita","what":"Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: 8%. No documento, que não tem datas, isso soma até R$ 3.900,00.","priority":"high","evidence":[{"metric":"shipping_share","value":0.21,"unit":"ratio","text":"Envio pago por você: 21,0% da receita","skus":[]}],"worth_brl":null},{"id":"shopee-fees","channel":"shopee","title":"Baixar as tarifas de 24,0% da receita","what":"De cada R$ 100,00 vendidos, R$ 24,00 ficam com o canal. Reveja o tipo de anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa pesa mais. Meta: 18%. No documento, que não tem datas, isso soma até R$ 1.800,00.","priority":"high","evidence":[{"metric":"fee_share","value":0.24,"unit":"ratio","text":"Tarifas: 24,0% da receita","skus":[]}],"worth_brl":null},{"id":"shopee-cancellations","channel":"shopee","title":"Reduzir os cancelamentos (14,0% dos pedidos)","what":"Separe os motivos: falta de estoque, atraso no envio, desistência do comprador. Ajuste o estoque entre os canais e o prazo de postagem; meta: 2%.","priority":"low","evidence":[{"metric":"cancellation_rate","value":0.14,"unit":"ratio","text":"Pedidos cancelados: 14,0%","skus":[]}],"worth_brl":null}],"phases":[{"number":1,"name":"Fase 1 - Ganhos rápidos","weeks":"Semanas 1-4","tasks":[{"title":"Conferir peso e medidas cadastrados","what":"Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.","channel":"shopee","priority":"high","opportunity_id":"shopee-shipping","also_serves":[]},{"title":"Rever tipo de anúncio e programas pagos","what":"Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.","channel":"shopee","priority":"high","opportunity_id":"shopee-fees","also_serves":[]},{"title":"Atacar os motivos de cancelamento","what":"Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.","channel":"shopee","priority":"low","opportunity_id":"shopee-cancellations","also_serves":[]}],"investment":"Tempo da equipe; sem gasto além da operação atual.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."},{"number":2,"name":"Fase 2 - Correções de processo","weeks":"Semanas 5-8","tasks":[{"title":"Montar kits dos itens baratos","what":"Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.","channel":"shopee","priority":"high","opportunity_id":"shopee-fees","also_serves":[]},{"title":"Sincronizar o estoque entre os canais","what":"Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.","channel":"shopee","priority":"low","opportunity_id":"shopee-cancellations","also_serves":[]}],"investment":"Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."},{"number":3,"name":"Fase 3 - Crescimento sustentado","weeks":"Semanas 9-12","tasks":[{"title":"Avaliar o envio pelo estoque do canal","what":"Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.","channel":"shopee","priority":"high","opportunity_id":"shopee-shipping","also_serves":[]}],"investment":"A definir com os números das fases anteriores.","expected_impact":"Redução de risco; sem valor que o documento permita calcular."}],"phase1":null}'),
	('cd4de609-8454-5fa0-9a6e-5a1948ff142c', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'plan.phase1.created', 'plan-f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 4, '2026-11-27 00:43:55.498334+00', '2026-11-27 00:43:55.67+00', 'system:phase1', '688b0254-16da-4e01-a41f-a6226a20831e', 'f5bb9baec1847f0f7e9769b1e480113d', 'plan.events', 6, 4, '{"plan_id":"f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5","origin":"agent","rule":"phase-number-1","name":"Fase 1 - Ganhos rápidos","weeks":"Semanas 1-4","investment":"Tempo da equipe; sem gasto além da operação atual.","expected_impact":"Redução de risco; sem valor que o documento permita calcular.","tasks":[{"task_id":"4e5cf330-e3f1-577b-9cce-6d8aeabf884b","position":1,"title":"Conferir peso e medidas cadastrados","what":"Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.","channel":"shopee","priority":"high","opportunity_id":"shopee-shipping","also_serves":[]},{"task_id":"41754ef1-cc42-534b-bced-2f0d021314d1","position":2,"title":"Rever tipo de anúncio e programas pagos","what":"Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.","channel":"shopee","priority":"high","opportunity_id":"shopee-fees","also_serves":[]},{"task_id":"1a31c42d-02fd-53d3-921b-cd84f288a3e1","position":3,"title":"Atacar os motivos de cancelamento","what":"Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.","channel":"shopee","priority":"low","opportunity_id":"shopee-cancellations","also_serves":[]}]}'),
	('cc306174-b8b5-566a-ba2a-b9b4a5c88b8a', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'task.created', 'task-4e5cf330-e3f1-577b-9cce-6d8aeabf884b', 1, '2026-11-27 00:43:55.498334+00', '2026-11-27 00:43:55.674+00', 'system:phase1', 'cd4de609-8454-5fa0-9a6e-5a1948ff142c', 'f5bb9baec1847f0f7e9769b1e480113d', 'task.events', 6, 0, '{"plan_id":"f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5","task_id":"4e5cf330-e3f1-577b-9cce-6d8aeabf884b","position":1,"phase":1,"title":"Conferir peso e medidas cadastrados","what":"Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as cobranças por diferença de medidas.","channel":"shopee","priority":"high","opportunity_id":"shopee-shipping","also_serves":[],"due_on":"2026-12-25"}'),
	('3780bd4d-ebad-5e8d-a3e3-26b8d379ab61', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'task.created', 'task-41754ef1-cc42-534b-bced-2f0d021314d1', 1, '2026-11-27 00:43:55.498334+00', '2026-11-27 00:43:55.674+00', 'system:phase1', 'cd4de609-8454-5fa0-9a6e-5a1948ff142c', 'f5bb9baec1847f0f7e9769b1e480113d', 'task.events', 6, 1, '{"plan_id":"f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5","task_id":"41754ef1-cc42-534b-bced-2f0d021314d1","position":2,"phase":1,"title":"Rever tipo de anúncio e programas pagos","what":"Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o custo não se paga em vendas.","channel":"shopee","priority":"high","opportunity_id":"shopee-fees","also_serves":[],"due_on":"2026-12-25"}'),
	('21e90b21-7ec4-53d5-a64e-27ae396d1dc2', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'task.created', 'task-1a31c42d-02fd-53d3-921b-cd84f288a3e1', 1, '2026-11-27 00:43:55.498334+00', '2026-11-27 00:43:55.674+00', 'system:phase1', 'cd4de609-8454-5fa0-9a6e-5a1948ff142c', 'f5bb9baec1847f0f7e9769b1e480113d', 'task.events', 6, 2, '{"plan_id":"f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5","task_id":"1a31c42d-02fd-53d3-921b-cd84f288a3e1","position":3,"phase":1,"title":"Atacar os motivos de cancelamento","what":"Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na postagem ou anúncio que promete outra coisa.","channel":"shopee","priority":"low","opportunity_id":"shopee-cancellations","also_serves":[],"due_on":"2026-12-25"}'),
	('c421423b-2081-4b94-bb0b-e52bab7b94a0', '6397bd5f-fd22-4459-b310-a82dbd40ab59', 'plan.rejected', 'plan-6397bd5f-fd22-4459-b310-a82dbd40ab59', 3, '2026-11-27 00:43:55.760048+00', '2026-11-27 00:43:55.771+00', 'bootstrap', 'fc4a1359-28f6-4917-9648-0061a435cde9', 'f65626bdb4b4aca1b631e3c067755c30', 'plan.events', 5, 3, '{"plan_id":"6397bd5f-fd22-4459-b310-a82dbd40ab59","reason":"Não agora."}'),
	('f5ca1554-9c60-4728-8915-de8b1fd0ceb3', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'task.started', 'task-4e5cf330-e3f1-577b-9cce-6d8aeabf884b', 2, '2026-11-27 00:43:55.791937+00', '2026-11-27 00:43:55.827+00', 'bootstrap', 'a87a487d-4a8d-412a-87d7-c9639cf09fb9', 'eaffea87511378cc499522b2cce3cca4', 'task.events', 6, 3, '{"plan_id":"f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5","task_id":"4e5cf330-e3f1-577b-9cce-6d8aeabf884b"}'),
	('54ff5828-8a76-4e6c-86ac-29a229084379', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'task.completed', 'task-4e5cf330-e3f1-577b-9cce-6d8aeabf884b', 3, '2026-11-27 00:43:55.81973+00', '2026-11-27 00:43:55.852+00', 'bootstrap', '34ef6ca2-c739-455a-b02e-db15f864c2a1', 'a8d539537dd8cc34d4ff9a4212f1bfeb', 'task.events', 6, 4, '{"plan_id":"f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5","task_id":"4e5cf330-e3f1-577b-9cce-6d8aeabf884b","note":""}'),
	('46dd0ea4-c12c-4af1-8775-43ee38368e71', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'task.assigned', 'task-41754ef1-cc42-534b-bced-2f0d021314d1', 2, '2026-11-27 00:43:55.849311+00', '2026-11-27 00:43:55.871+00', 'bootstrap', '55ec8703-d96e-4fa5-a48b-0018544aed86', '9e58cc19a3fa127784b85df5ca250aa5', 'task.events', 6, 5, '{"plan_id":"f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5","task_id":"41754ef1-cc42-534b-bced-2f0d021314d1","assignee":"ana","status":"assigned"}'),
	('968fcaf1-a643-4be1-a8cf-038dd9ae17b4', 'f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5', 'task.commented', 'task-41754ef1-cc42-534b-bced-2f0d021314d1', 3, '2026-11-27 00:43:55.883552+00', '2026-11-27 00:43:55.94+00', 'bootstrap', 'c36ef99f-1422-405f-b4fe-2d6f1ef28788', '44618e404c7d8a887a0456e1dd02f507', 'task.events', 6, 6, '{"plan_id":"f9c0ec2a-1bec-489f-bf69-ff4d89baeaa5","task_id":"41754ef1-cc42-534b-bced-2f0d021314d1","comment":"Começo amanhã."}');


SELECT pg_catalog.setval('decide.outbox_seq_seq', 33, true);


SELECT pg_catalog.setval('flow.worker_worker_id_seq', 7, true);


ALTER TABLE ONLY access.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (key_id);


ALTER TABLE ONLY access.api_key
    ADD CONSTRAINT api_key_secret_sha256_key UNIQUE (secret_sha256);


ALTER TABLE ONLY access.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_sha256);


ALTER TABLE ONLY decide.channel_again
    ADD CONSTRAINT channel_again_pkey PRIMARY KEY (plan_id, channel);


ALTER TABLE ONLY decide.channel_period
    ADD CONSTRAINT channel_period_pkey PRIMARY KEY (plan_id, channel);


ALTER TABLE ONLY decide.channel_result
    ADD CONSTRAINT channel_result_pkey PRIMARY KEY (plan_id, channel);


ALTER TABLE ONLY decide.column_mapping
    ADD CONSTRAINT column_mapping_pkey PRIMARY KEY (header_id);


ALTER TABLE ONLY decide.document
    ADD CONSTRAINT document_pkey PRIMARY KEY (document_id);


ALTER TABLE ONLY decide.document
    ADD CONSTRAINT document_plan_id_key UNIQUE (plan_id);


ALTER TABLE ONLY decide.goods
    ADD CONSTRAINT goods_pkey PRIMARY KEY (id);


ALTER TABLE ONLY decide.head
    ADD CONSTRAINT head_pkey PRIMARY KEY (stream);


ALTER TABLE ONLY decide.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (scope, key);


ALTER TABLE ONLY decide.outbox_edit
    ADD CONSTRAINT outbox_edit_pkey PRIMARY KEY (seq, edit);


ALTER TABLE ONLY decide.outbox
    ADD CONSTRAINT outbox_event_id_key UNIQUE (event_id);


ALTER TABLE ONLY decide.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);


ALTER TABLE ONLY decide.outbox
    ADD CONSTRAINT outbox_stream_version_key UNIQUE (stream, version);


ALTER TABLE ONLY decide.rule
    ADD CONSTRAINT rule_pkey PRIMARY KEY (command);


ALTER TABLE ONLY decide.status
    ADD CONSTRAINT status_pkey PRIMARY KEY (kind, status);


ALTER TABLE ONLY decide.stock_level
    ADD CONSTRAINT stock_level_pkey PRIMARY KEY (sku_key, channel, counted_on);


ALTER TABLE ONLY decide.unit_cost
    ADD CONSTRAINT unit_cost_pkey PRIMARY KEY (sku_key, valid_from);


ALTER TABLE ONLY flow.agent_spend
    ADD CONSTRAINT agent_spend_pkey PRIMARY KEY (month, agent);


ALTER TABLE ONLY flow.alert_attempt
    ADD CONSTRAINT alert_attempt_pkey PRIMARY KEY (message_id, attempt);


ALTER TABLE ONLY flow.alert_message
    ADD CONSTRAINT alert_message_pkey PRIMARY KEY (message_id);


ALTER TABLE ONLY flow.alert_notice
    ADD CONSTRAINT alert_notice_alert_id_about_version_notifier_key UNIQUE (alert_id, about, version, notifier);


ALTER TABLE ONLY flow.alert_notice
    ADD CONSTRAINT alert_notice_pkey PRIMARY KEY (notice_id);


ALTER TABLE ONLY flow.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (alert_id);


ALTER TABLE ONLY flow.alert_silenced
    ADD CONSTRAINT alert_silenced_pkey PRIMARY KEY (key);


ALTER TABLE ONLY flow.breaker
    ADD CONSTRAINT breaker_pkey PRIMARY KEY (name);


ALTER TABLE ONLY flow.consumer_group
    ADD CONSTRAINT consumer_group_pkey PRIMARY KEY (name);


ALTER TABLE ONLY flow.dead_head
    ADD CONSTRAINT dead_head_pkey PRIMARY KEY (record_id);


ALTER TABLE ONLY flow.deadline
    ADD CONSTRAINT deadline_pkey PRIMARY KEY (plan_id, kind, channel);


ALTER TABLE ONLY flow.flag
    ADD CONSTRAINT flag_pkey PRIMARY KEY (name);


ALTER TABLE ONLY flow.marketplace_metrics
    ADD CONSTRAINT marketplace_metrics_pkey PRIMARY KEY (step, at);


ALTER TABLE ONLY flow.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (record_id);


ALTER TABLE ONLY flow.recovery_stream
    ADD CONSTRAINT recovery_stream_pkey PRIMARY KEY (plan_id);


ALTER TABLE ONLY flow.replay_item
    ADD CONSTRAINT replay_item_pkey PRIMARY KEY (job_id, "position");


ALTER TABLE ONLY flow.replay_job
    ADD CONSTRAINT replay_job_pkey PRIMARY KEY (job_id);


ALTER TABLE ONLY flow.worker
    ADD CONSTRAINT worker_pkey PRIMARY KEY (worker_id);


ALTER TABLE ONLY public.function_file
    ADD CONSTRAINT function_file_pkey PRIMARY KEY (name);


ALTER TABLE ONLY public.function_set
    ADD CONSTRAINT function_set_pkey PRIMARY KEY (one);


ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);


ALTER TABLE ONLY rm.comparison
    ADD CONSTRAINT comparison_pkey PRIMARY KEY (plan_id, channel);


ALTER TABLE ONLY rm.dead_letter
    ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (record_id);


ALTER TABLE ONLY rm.outcome
    ADD CONSTRAINT outcome_pkey PRIMARY KEY (plan_id, opportunity_id, measured_by);


ALTER TABLE ONLY rm.plan_channel
    ADD CONSTRAINT plan_channel_pkey PRIMARY KEY (plan_id, channel);


ALTER TABLE ONLY rm.plan_phase
    ADD CONSTRAINT plan_phase_pkey PRIMARY KEY (plan_id, number);


ALTER TABLE ONLY rm.plan
    ADD CONSTRAINT plan_pkey PRIMARY KEY (plan_id);


ALTER TABLE ONLY rm.projection_offset
    ADD CONSTRAINT projection_offset_pkey PRIMARY KEY (projection, topic, partition);


ALTER TABLE ONLY rm.recovery
    ADD CONSTRAINT recovery_pkey PRIMARY KEY (plan_id, version);


ALTER TABLE ONLY rm.slo_hour
    ADD CONSTRAINT slo_hour_pkey PRIMARY KEY (hour, measure, partition, le_ms);


ALTER TABLE ONLY rm.slo_missed
    ADD CONSTRAINT slo_missed_pkey PRIMARY KEY (hour, measure, plan_id, version);


ALTER TABLE ONLY rm.stock_level
    ADD CONSTRAINT stock_level_pkey PRIMARY KEY (sku_key, channel, counted_on);


ALTER TABLE ONLY rm.task_comment
    ADD CONSTRAINT task_comment_pkey PRIMARY KEY (event_id);


ALTER TABLE ONLY rm.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (task_id);


ALTER TABLE ONLY rm.timeline
    ADD CONSTRAINT timeline_pkey PRIMARY KEY (plan_id, stream, version);


ALTER TABLE ONLY rm.unit_cost
    ADD CONSTRAINT unit_cost_pkey PRIMARY KEY (sku_key, valid_from);


CREATE INDEX session_expiry ON access.session USING btree (expires_at);


CREATE INDEX channel_period_last ON decide.channel_period USING btree (channel, last_day DESC);


CREATE INDEX column_mapping_age ON decide.column_mapping USING btree (used_at);


CREATE INDEX document_sha256 ON decide.document USING btree (sha256);


CREATE INDEX head_plan ON decide.head USING btree (plan_id);


CREATE INDEX idempotency_age ON decide.idempotency USING btree (stored_at);


CREATE INDEX outbox_edit_age ON decide.outbox_edit USING btree (edited_at);


CREATE INDEX outbox_held ON decide.outbox USING btree (stream, version) WHERE (held_at IS NOT NULL);


CREATE INDEX outbox_published ON decide.outbox USING btree (published_at) WHERE (published_at IS NOT NULL);


CREATE INDEX outbox_waiting ON decide.outbox USING btree (seq) WHERE (published_at IS NULL);


CREATE INDEX stock_level_age ON decide.stock_level USING btree (counted_on);


CREATE INDEX alert_message_ended ON flow.alert_message USING btree (ended_at) WHERE (ended_at IS NOT NULL);


CREATE INDEX alert_message_waiting ON flow.alert_message USING btree (notifier, due_at) WHERE (state = 'waiting'::text);


CREATE INDEX alert_notice_message ON flow.alert_notice USING btree (message_id);


CREATE INDEX alert_notice_waiting ON flow.alert_notice USING btree (notifier, due_at) WHERE (message_id IS NULL);


CREATE INDEX alert_opened ON flow.alert USING btree (opened_at DESC, alert_id);


CREATE INDEX alert_resolved ON flow.alert USING btree (resolved_at) WHERE (resolved_at IS NOT NULL);


CREATE UNIQUE INDEX alert_unresolved ON flow.alert USING btree (key) WHERE (state <> 'resolved'::text);


CREATE INDEX breaker_not_closed ON flow.breaker USING btree (name) WHERE (state <> 'closed'::text);


CREATE INDEX deadline_check ON flow.deadline USING btree (kind, check_from);


CREATE INDEX parked_due ON flow.parked USING btree (due_at) WHERE (state = 'waiting'::text);


CREATE INDEX parked_resolved ON flow.parked USING btree (resolved_at) WHERE (resolved_at IS NOT NULL);


CREATE INDEX parked_since ON flow.parked USING btree (since DESC, record_id);


CREATE INDEX parked_waiting ON flow.parked USING btree (grp, key, orig_offset) WHERE (state = 'waiting'::text);


CREATE INDEX replay_item_left ON flow.replay_item USING btree (job_id, "position") WHERE (outcome IS NULL);


CREATE INDEX replay_job_running ON flow.replay_job USING btree (created_at) WHERE (state = 'running'::text);


CREATE INDEX worker_running ON flow.worker USING btree (role) WHERE (stopped_at IS NULL);


CREATE INDEX dead_letter_at ON rm.dead_letter USING btree (dead_at DESC, record_id);


CREATE INDEX dead_letter_cause ON rm.dead_letter USING btree (fingerprint, dead_at DESC);


CREATE INDEX dead_letter_plan ON rm.dead_letter USING btree (plan_id);


CREATE INDEX dead_letter_state ON rm.dead_letter USING btree (state, dead_at) WHERE (dead_at IS NOT NULL);


CREATE INDEX outcome_measured_by ON rm.outcome USING btree (measured_by);


CREATE INDEX plan_status ON rm.plan USING btree (status, uploaded_at DESC);


CREATE INDEX plan_uploaded ON rm.plan USING btree (uploaded_at DESC, plan_id);


CREATE INDEX recovery_at ON rm.recovery USING btree (at DESC);


CREATE INDEX task_comment_task ON rm.task_comment USING btree (task_id, at);


CREATE INDEX task_due ON rm.task USING btree (due_on) WHERE (due_on IS NOT NULL);


CREATE INDEX task_plan ON rm.task USING btree (plan_id, "position");


CREATE INDEX task_status ON rm.task USING btree (status, created_at);


ALTER TABLE ONLY access.session
    ADD CONSTRAINT session_key_id_fkey FOREIGN KEY (key_id) REFERENCES access.api_key(key_id);


ALTER TABLE ONLY flow.alert_attempt
    ADD CONSTRAINT alert_attempt_message_id_fkey FOREIGN KEY (message_id) REFERENCES flow.alert_message(message_id) ON DELETE CASCADE;


ALTER TABLE ONLY flow.alert_notice
    ADD CONSTRAINT alert_notice_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES flow.alert(alert_id) ON DELETE CASCADE;


ALTER TABLE ONLY flow.alert_notice
    ADD CONSTRAINT alert_notice_message_id_fkey FOREIGN KEY (message_id) REFERENCES flow.alert_message(message_id) ON DELETE CASCADE;


ALTER TABLE ONLY flow.replay_item
    ADD CONSTRAINT replay_item_job_id_fkey FOREIGN KEY (job_id) REFERENCES flow.replay_job(job_id) ON DELETE CASCADE;



