-- What a system that has been at work for long has beside plans and tasks: documents, letters, alerts, audit, goods.
-- What large JSON there is comes from a golden document, as reading and rules make it (filled.py): bench.* settings.

-- What is large and the same in many rows, stored once: a copy of it is not compressed anew.
create temp table said on commit drop as
select current_setting('bench.facts')::jsonb as facts, current_setting('bench.few_facts')::jsonb as few_facts,
       current_setting('bench.plan_approved') as body;

insert into decide.head (stream, kind, plan_id, status, version)
select 'plan-' || plan_id, 'plan', plan_id, status, version from rm.plan;
insert into decide.head (stream, kind, plan_id, status, version)
select 'task-' || task_id, 'task', plan_id, status, version from rm.task;
insert into decide.document (document_id, plan_id, sha256, channels, facts, stored_at)
select pg_temp.plan(n), pg_temp.plan(n), md5(n::text), '{shopee}',
       case when n % 100 = 0 then facts else few_facts end, pg_temp.at(n)
  from said, generate_series(0, pg_temp.plans()) n;
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
 where timed or le = 100
    on conflict do nothing;  -- hours of the plans themselves
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
