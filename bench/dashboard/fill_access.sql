-- The rest of that system: people with keys and sign-ins, what they said of columns, webhooks with a month of deliveries, what
-- became of alerts' messages, replays, an event that is set aside. pg_temp.* as in fill_names.sql, and `said` as in fill.sql.

insert into access.person (person_id, handle, name, email, role, made_by)
select 'p' || n, 'person-' || n, 'Pessoa ' || n, 'p' || n || '@example.com', 'analyst', 'ana'
  from generate_series(1, 500) n;
insert into access.api_key (key_id, name, role, secret_sha256, created_by, person_id)
select 'k' || n, 'chave ' || n, 'analyst', md5('key' || n), 'ana', case when n % 2 = 0 then 'p' || n end from generate_series(1, 500) n;
insert into access.session (session_sha256, person_id, csrf, expires_at, address)
select md5('session' || n), 'p' || (1 + n % 500), '', now() + interval '8 hours', '192.0.2.1' from generate_series(1, 2000) n;
insert into decide.column_mapping (header_id, columns, document, made_by, used_at)
select md5('header' || n), '{"Pedido": "order_id", "Valor": "price", "Data": "at", "Produto": "title", "Obs": "ignore"}', 'vendas.csv', 'ana', pg_temp.at(n)
  from generate_series(1, least(1000, pg_temp.plans())) n;

insert into flow.webhook (webhook_id, name, url, secret, types, created_by, created_at)
select md5('webhook' || n)::uuid, 'erp-' || n, 'https://erp.example.com/' || n, 'mwh_bench', array['plan.*', 'task.*'], 'ana', now() - interval '1 year' + n * interval '1 hour'
  from generate_series(1, 20) n;
insert into flow.webhook_cursor (webhook_id, topic, partition, next_offset)
select w.webhook_id, o.topic, o.partition, o.next_offset from flow.webhook w, rm.projection_offset o where o.projection = 'read_models';
-- the first has a queue that is full and as many that were given up lately; each has its log
insert into flow.webhook_delivery (delivery_id, webhook_id, plan_id, event_id, type, body, state, due_at, attempts, ended_at, error)
select md5('delivery' || w || ' ' || n)::uuid, md5('webhook' || w)::uuid, pg_temp.plan(n), md5('event' || n)::uuid, 'plan.approved',
       said.body, state, now() + interval '1 hour', 3, case when state <> 'waiting' then now() - n * interval '1 second' end,
       case when state = 'sent' then '' else 'HTTP 503' end
  from said, generate_series(1, 20) w, generate_series(1, least(10000, pg_temp.plans())) n,
       lateral (select case when w = 1 and n <= 1000 then 'waiting' when w = 1 and n <= 3000 then 'failed' else 'sent' end as state) s
 order by w, n desc;
insert into flow.webhook_attempt (delivery_id, attempt, outcome, seconds, detail)
select delivery_id, n, case when n = 3 and state = 'sent' then 'sent' else 'failed' end, 0.2, 'HTTP 503' from flow.webhook_delivery, generate_series(1, 3) n
 where webhook_id = md5('webhook1')::uuid;

insert into flow.alert_message (message_id, notifier, body, state, due_at, attempts, created_at, ended_at)
select md5('message' || n)::uuid, 'slack', '{"title": "3 dead letters"}', 'sent', at, 1, at, at
  from generate_series(1, pg_temp.plans() / 10) n, pg_temp.at(n) at;
insert into flow.alert_notice (notice_id, alert_id, about, version, notifier, due_at, message_id)
select md5('notice' || n)::uuid, md5('alert' || n)::uuid, 'opened', 1, 'slack', pg_temp.at(n), md5('message' || n)::uuid
  from generate_series(1, pg_temp.plans() / 10) n;
insert into flow.alert_attempt (message_id, attempt, outcome, seconds)
select md5('message' || n)::uuid, 1, 'sent', 0.2 from generate_series(1, pg_temp.plans() / 10) n;

insert into flow.replay_job (job_id, actor, request_id, selection, force, rate, total, state, created_at, ended_at)
select md5('replay' || n)::uuid, 'ana', 'r', '{}', false, 20, 200, 'done', pg_temp.at(n), pg_temp.at(n) from generate_series(1, 100) n;
insert into flow.replay_item (job_id, position, record_id, outcome, at)
select md5('replay' || n)::uuid, i, 'agents|plan.events|0|' || i, 'accepted', pg_temp.at(n) from generate_series(1, 100) n, generate_series(1, 200) i;
insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id, actor, data, held_at, held_why)
values (md5('aside')::uuid, 'plan.events', pg_temp.plan(1), 'plan.approved', 'aside-1', 3, 0, '', '', '', '{}', now(), 'reason: an int');
