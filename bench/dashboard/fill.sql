-- A system that has been at work for long: bench.plans plans, five tasks each, history, letters, alerts, audit, goods.
-- What large JSON there is comes from a golden document, as reading and rules make it (fill.py): bench.* settings.

create function pg_temp.plans() returns int language sql as $$ select current_setting('bench.plans')::int $$;
create function pg_temp.plan(n int) returns uuid language sql immutable as $$ select md5('plan' || n)::uuid $$;
create function pg_temp.task(n int) returns uuid language sql immutable as $$ select md5('task' || n)::uuid $$;
create function pg_temp.at(n int) returns timestamptz language sql stable as $$ select now() - n * interval '5 minutes' $$;
-- one in fifty waits, one in two hundred is at work in the system, one in five was rejected, the others are done or under way
create function pg_temp.status(n int) returns text language sql immutable as $$
    select case when n % 200 = 1 then 'analyzing' when n % 50 = 2 then 'awaiting_approval' when n % 5 = 3 then 'rejected'
                when n % 3 = 0 then 'executing' else 'completed' end $$;

-- what an event of a type says, as its example has it, of this plan and task
create function pg_temp.data(type text, plan uuid, task uuid) returns json language sql stable as $$
    select (current_setting('bench.' || replace(type, '.', '_'))::jsonb
            || jsonb_build_object('plan_id', plan) || case when task is null then '{}' else jsonb_build_object('task_id', task) end)::json $$;

insert into rm.plan (plan_id, version, status, title, filename, media_type, size_bytes, sha256, document_id, channels,
                     partial, outcomes, opportunities, phases, phase1, uploaded_by, decided_by, uploaded_at, analyzed_at,
                     decided_at, phase1_at, ended_at, changed_at)
select pg_temp.plan(n), 4, status, 'Vendas de março da loja ' || n, 'vendas_' || n || '.xlsx', 'text/csv', 100000, md5(n::text),
       pg_temp.plan(n), array['shopee', (array['amazon', 'shein', 'own_store'])[1 + n % 3]],
       status = 'awaiting_approval' and n % 100 = 2, '[]',
       case when waits then '[]' else current_setting('bench.opportunities')::jsonb end,
       case when waits then '[]' else current_setting('bench.phases')::jsonb end,
       case when status in ('executing', 'completed') then current_setting('bench.phase1')::jsonb end, 'ana', 'ben', at,
       case when not waits then at + interval '3 s' end, case when n % 50 <> 2 and not waits then at + interval '1 hour' end,
       case when status in ('executing', 'completed') then at + interval '1 hour' end,
       case when status in ('rejected', 'completed') then at + interval '2 days' end, at + interval '2 days'
  from (select n, pg_temp.at(n) as at, pg_temp.status(n) as status, pg_temp.status(n) = 'analyzing' as waits
          from generate_series(1, pg_temp.plans()) n) s;

insert into rm.plan_channel (plan_id, channel, version, status, source, model, summary, opportunities, phases, limits,
                             changed_at)
select pg_temp.plan(n), channel, 1, 'analyzed', 'rules', 'rules-1', 'Resumo', current_setting('bench.opportunities')::jsonb,
       current_setting('bench.phases')::jsonb, '["sem custos"]', pg_temp.at(n)
  from generate_series(1, pg_temp.plans()) n, unnest(array['shopee', (array['amazon', 'shein', 'own_store'])[1 + n % 3]])
       channel
 where pg_temp.status(n) <> 'analyzing';

insert into rm.task (task_id, plan_id, version, position, phase, title, what, channel, priority, opportunity_id, status,
                     assignee, created_at, started_at, ended_at, due_on, changed_at)
select pg_temp.task(n), pg_temp.plan(plan), 2, i, 1, 'Rever anúncio ' || n || ' com fotos', 'Trocar as fotos e medidas', 'shopee',
       (array['high', 'normal', 'low'])[1 + n % 3], current_setting('bench.opportunity'), status,
       case when n % 4 > 0 then (array['ana', 'ben', 'carla'])[n % 4] else '' end, at,
       case when status = 'started' then at end, case when status in ('completed', 'failed', 'cancelled') then at end,
       case when n % 3 > 0 then (at + interval '30 days')::date end, at
  from (select plan, i, plan * 5 + i as n, pg_temp.at(plan) as at,
               case pg_temp.status(plan) when 'rejected' then 'cancelled' when 'completed' then 'completed'
                    else (array['open', 'assigned', 'started', 'completed', 'failed', 'open', 'open'])[1 + (plan * 5 + i) % 7] end
               as status
          from generate_series(1, pg_temp.plans()) plan, generate_series(1, 5) i) s;

-- The newest plan of all that is under way is a large one: many tasks, and a history of thousands of events.
insert into rm.task (task_id, plan_id, version, position, phase, title, channel, status, created_at, changed_at)
select md5('large' || i)::uuid, pg_temp.plan(9), 2, i, 1, 'Tarefa ' || i, 'shopee', 'open', pg_temp.at(9), pg_temp.at(9)
  from generate_series(1, 200) i;
insert into rm.task_comment (event_id, task_id, plan_id, actor, comment, at)
select md5('comment' || n)::uuid, pg_temp.task(n), pg_temp.plan(n / 5), 'ana', 'Feito', pg_temp.at(n / 5)
  from generate_series(5, pg_temp.plans() * 5, 10) n;

insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id, topic,
                         partition, "offset", data)
select md5(s.stream || ' ' || s.version)::uuid, pg_temp.plan(n), type, s.stream, s.version, at + shift, at + shift, 'ana', 'c', topic, 0,
       n * 10 + place, pg_temp.data(type, pg_temp.plan(n), task)
  from generate_series(1, pg_temp.plans()) n, pg_temp.at(n) at, lateral (values
    (1, 'plan.uploaded', 'plan-' || pg_temp.plan(n), 1, 'plan.events', interval '0', null::uuid),
    (2, 'plan.channel.analyzed', 'plan-' || pg_temp.plan(n) || '.shopee', 1, 'plan.events', interval '2 s', null),
    (3, 'plan.analyzed', 'plan-' || pg_temp.plan(n), 2, 'plan.events', interval '3 s', null),
    (4, 'plan.approved', 'plan-' || pg_temp.plan(n), 3, 'plan.events', interval '1 hour', null),
    (5, 'plan.phase1.created', 'plan-' || pg_temp.plan(n), 4, 'plan.events', interval '1 hour', null),
    (6, 'task.started', 'task-' || pg_temp.task(n * 5 + 1), 2, 'task.events', interval '2 hours', pg_temp.task(n * 5 + 1)),
    (7, 'task.completed', 'task-' || pg_temp.task(n * 5 + 1), 3, 'task.events', interval '3 hours', pg_temp.task(n * 5 + 1))
  ) s (place, type, stream, version, topic, shift, task)
 where place <= case pg_temp.status(n) when 'analyzing' then 1 when 'awaiting_approval' then 3 when 'rejected' then 3
                                       else 7 end;
insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id, topic,
                         partition, "offset", data)
select md5('large' || i || ' ' || v)::uuid, pg_temp.plan(9), type, 'task-' || md5('large' || i)::uuid, v + 1,
       pg_temp.at(9) + v * interval '1 minute', pg_temp.at(9) + v * interval '1 minute', 'ana', 'c', 'task.events', 0, v * 1000 + i,
       pg_temp.data(type, pg_temp.plan(9), md5('large' || i)::uuid)
  from generate_series(1, 200) i, generate_series(1, 15) v,
       lateral (select (array['task.failed', 'task.started', 'task.retried'])[1 + v % 3] as type) t;

insert into decide.head (stream, kind, plan_id, status, version)
select 'plan-' || plan_id, 'plan', plan_id, status, version from rm.plan;
insert into decide.head (stream, kind, plan_id, status, version)
select 'task-' || task_id, 'task', plan_id, status, version from rm.task;
insert into decide.document (document_id, plan_id, sha256, channels, facts, stored_at)
select pg_temp.plan(n), pg_temp.plan(n), md5(n::text), '{shopee}',
       case when n % 100 = 9 then current_setting('bench.facts')::jsonb else current_setting('bench.few_facts')::jsonb end, pg_temp.at(n)
  from generate_series(1, pg_temp.plans()) n;
insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id, actor,
                           data, published_at)
select md5('sent' || n)::uuid, 'plan.events', pg_temp.plan(n), 'plan.approved', 'sent-' || n, 3, 0, '', '', '', '{}',
       now() - n * interval '1 second' / 4
  from generate_series(1, 5000) n;

insert into rm.dead_letter (record_id, grp, orig_topic, orig_offset, key, plan_id, type, value, data, code, error_class,
                            message, fingerprint, attempts, first_failed_at, last_failed_at, dead_at, replay, dlq_topic,
                            dlq_offset, discarded_version)
select 'agents|plan.events|0|' || n, current_setting('bench.group'), 'plan.events', n, pg_temp.plan(n), pg_temp.plan(n), 'plan.approved', '\x00', current_setting('bench.plan_approved')::jsonb,
       (array['agent-timeout', 'bad-payload', 'unknown'])[1 + n % 3], 'ValueError', 'what is wrong with it ' || n % 12, md5((n % 12)::text), 3,
       pg_temp.at(n), pg_temp.at(n), pg_temp.at(n), 0, 'agents.dlq', n, case when n % 10 > 0 then 1 else 0 end
  from generate_series(1, greatest(10, pg_temp.plans() / 50)) n;
insert into flow.parked (record_id, grp, key, orig_topic, orig_partition, orig_offset, tier, replay, attempt, type, code,
                         error_class, message, behind, due_at, since, state, resolved_at, value, headers)
select 'agents|plan.events|1|' || n, current_setting('bench.group'), pg_temp.plan(n), 'plan.events', 1, n, 'retry.5s', 0, 1, 'plan.approved', 'agent-timeout', 'TimeoutError',
       'no answer', '', now() + interval '5 s', pg_temp.at(n), case when n % 100 = 0 then 'waiting' else 'done' end,
       case when n % 100 > 0 then pg_temp.at(n) end, '\x00', '[]'
  from generate_series(1, greatest(100, pg_temp.plans() / 50)) n;
insert into flow.job_attempt (record_id, replay, attempt, grp, key, type, code, error_class, message, at)
select 'agents|plan.events|1|' || n, 0, 1, current_setting('bench.group'), pg_temp.plan(n), 'plan.approved', 'agent-timeout', 'TimeoutError', 'no answer', pg_temp.at(n)
  from generate_series(1, pg_temp.plans() / 5) n;
insert into rm.recovery (plan_id, version, event_id, type, at, state, cause, action, attempt)
select pg_temp.plan(n), v, md5('recovery' || n || ' ' || v)::uuid, (array['plan.stalled', 'plan.recovery.started', 'plan.recovered'])[v],
       pg_temp.at(n) + v * interval '1 s', 'approved', 'worker-gone', 'wait', 1
  from generate_series(1, pg_temp.plans() / 20) n, generate_series(1, 3) v;
insert into flow.alert (alert_id, key, kind, subject, severity, state, finding, text, evidence, advice, runbook, opened_at,
                        changed_at, resolved_at)
select md5('alert' || n)::uuid, 'dead-letters|' || n, 'dead-letters', n::text, 'warning', case when n <= 5 then 'open' else 'resolved' end,
       '{"kind": "dead-letters", "subject": "", "since": null, "values": {"count": 3}}', '3 dead letters.', '', '', '', pg_temp.at(n), pg_temp.at(n),
       case when n > 5 then pg_temp.at(n) + interval '1 minute' end
  from generate_series(1, pg_temp.plans() / 10) n;
insert into flow.marketplace_metrics (step, at, seen_s, down_s, plans_in, approvals, phase1_made, tasks_failed, queue_delay,
                                      retries, dead_letters, oldest_s, lag, behind, breakers)
select 'minute', date_trunc('minute', now()) - n * interval '1 minute', 60, 0, 3, 2, 2, 1, '{"50": 10, "100": 2}', 0, 0, '{}', 0, 0, 0
  from generate_series(0, 30 * 1440) n;
insert into flow.marketplace_metrics (step, at, seen_s, down_s, plans_in, approvals, phase1_made, tasks_failed, queue_delay)
select 'hour', date_trunc('hour', now()) - n * interval '1 hour', 3600, 0, 180, 120, 120, 60, '{"50": 600, "100": 120}'
  from generate_series(0, 2 * 8760) n;
insert into rm.slo_hour (hour, measure, partition, le_ms, n, last_at)
select date_trunc('hour', now()) - n * interval '1 hour', measure, 0, case when timed then le else 0 end, 40, now() - n * interval '1 hour'
  from generate_series(0, 8760) n, unnest(string_to_array(current_setting('bench.measures'), ',')) measure,
       lateral (select measure = any (string_to_array(current_setting('bench.timed'), ',')) as timed) t,
       unnest(array[100, 1000, 5000]) le
 where timed or le = 100;
insert into rm.slo_missed (hour, measure, plan_id, version, took_ms, at)
select date_trunc('hour', pg_temp.at(n)), split_part(current_setting('bench.measures'), ',', 1), pg_temp.plan(n), 4, 7000, pg_temp.at(n)
  from generate_series(1, greatest(10, pg_temp.plans() / 50)) n;
insert into audit.entry (at, actor, key_id, address, action, kind, target, plan_id, outcome, reason, request_id)
select pg_temp.at(n), (array['ana', 'ben', 'carla'])[1 + n % 3], 'k', '192.0.2.' || n % 250, 'plan.approve', 'plan', pg_temp.plan(n), pg_temp.plan(n),
       'accepted', '', md5(n::text)
  from generate_series(pg_temp.plans(), 1, -1) n;
insert into rm.unit_cost (sku_key, valid_from, version, sku, title, unit_cost, currency, document, recorded_by, recorded_at)
select 'sku-' || lpad(n::text, 6, '0'), current_date, 1, 'SKU-' || lpad(n::text, 6, '0'), 'Caneca de cerâmica ' || n, 10, 'BRL', 'custos.csv', 'ana', now()
  from generate_series(1, pg_temp.plans() / 5) n;
insert into rm.stock_level (sku_key, channel, counted_on, version, sku, title, quantity, document, recorded_by, recorded_at)
select 'sku-' || lpad(n::text, 6, '0'), '', current_date, 1, 'SKU-' || lpad(n::text, 6, '0'), 'Caneca de cerâmica ' || n, 10, 'estoque.csv', 'ana', now()
  from generate_series(1, pg_temp.plans() / 5) n;
