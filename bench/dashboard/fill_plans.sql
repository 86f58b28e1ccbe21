-- Each plan above bench.written is a copy of one of the first bench.models, which the projections wrote, with ids, names and
-- times of its own, as histories.py has them. Where none of these stand, what is stored is copied as it is, compressed
-- already. bench.part: 0 or 1, for those with an even or an odd number, so that two sessions share the work.

create temp table copied on commit drop as
select n, model, pg_temp.plan(n) as plan_id, pg_temp.plan(model) as of_plan, -(n - model) * interval '5 minutes' as later,
       pg_temp.due(n) as due, pg_temp.due(model) as due_of_plan
  from (select n, (n - 1) % current_setting('bench.models')::int + 1 as model
          from generate_series(current_setting('bench.written')::int + 1, pg_temp.plans()) n
         where n % 2 = current_setting('bench.part')::int) s;
create temp table copied_task on commit drop as
select c.n, c.model, c.of_plan, c.plan_id, t.position, t.task_id as of_task, pg_temp.task(c.n, t.position) as task_id
  from copied c join rm.task t on t.plan_id = c.of_plan;
create index on copied_task (n, of_task);
analyze copied, copied_task;

-- The text of a model's JSON with the copy's ids, names and days in it.
create function pg_temp.of_copy(said text, c copied, tasks bool) returns text language plpgsql as $$
    declare t record;
    begin
        said := replace(replace(said, c.of_plan::text, c.plan_id::text),
                        'loja ' || lpad(c.model::text, 6, '0'), 'loja ' || lpad(c.n::text, 6, '0'));
        if tasks then
            for t in select of_task, task_id from copied_task where n = c.n loop
                said := replace(said, t.of_task::text, t.task_id::text);
            end loop;
            said := replace(said, to_json(c.due_of_plan)::text, to_json(c.due)::text);
        end if;
        return said;
    end $$;

insert into rm.plan (plan_id, version, status, title, filename, media_type, size_bytes, sha256, document_id, channels,
                     priority, partial, outcomes, opportunities, phases, phase1, reason, uploaded_by, decided_by,
                     uploaded_at, analyzed_at, decided_at, phase1_at, ended_at, trace_id, changed_at, body,
                     opportunity_count, worth_brl, phases_left)
select c.plan_id, p.version, p.status, pg_temp.of_copy(p.title, c, false), pg_temp.of_copy(p.filename, c, false), p.media_type,
       p.size_bytes, repeat(replace(c.plan_id::text, '-', ''), 2), c.plan_id, p.channels, p.priority, p.partial, p.outcomes,
       p.opportunities, p.phases, pg_temp.of_copy(p.phase1::text, c, true)::jsonb, p.reason, p.uploaded_by, p.decided_by,
       p.uploaded_at + later, p.analyzed_at + later, p.decided_at + later, p.phase1_at + later, p.ended_at + later, p.trace_id,
       p.changed_at + later, p.body, p.opportunity_count, p.worth_brl, p.phases_left
  from copied c join rm.plan p on p.plan_id = c.of_plan;

insert into rm.plan_channel (plan_id, channel, version, status, source, model, summary, opportunities, phases, repairs, limits,
                             code, reason, fallback, unmatched, agent_use, checks, changed_at, body, told_by)
select c.plan_id, p.channel, p.version, p.status, p.source, p.model, p.summary, p.opportunities, p.phases, p.repairs, p.limits,
       p.code, p.reason, p.fallback, p.unmatched, p.agent_use, p.checks, p.changed_at + later, p.body, p.told_by
  from copied c join rm.plan_channel p on p.plan_id = c.of_plan;

insert into rm.task (task_id, plan_id, version, position, phase, title, what, channel, priority, opportunity_id, also_serves,
                     status, assignee, note, attempt, created_at, started_at, ended_at, due_on, changed_at)
select m.task_id, c.plan_id, t.version, t.position, t.phase, pg_temp.of_copy(t.title, c, false), t.what, t.channel, t.priority,
       t.opportunity_id, t.also_serves, t.status, t.assignee, t.note, t.attempt, t.created_at + later, t.started_at + later,
       t.ended_at + later, t.due_on + (c.due - c.due_of_plan), t.changed_at + later
  from copied c join copied_task m using (n) join rm.task t on t.task_id = m.of_task;

insert into rm.task_comment (event_id, task_id, plan_id, actor, comment, at)
select md5('task-' || m.task_id || ' ' || e.version)::uuid, m.task_id, c.plan_id, t.actor, t.comment, t.at + later
  from copied c join copied_task m using (n) join rm.task_comment t on t.task_id = m.of_task
  join rm.timeline e on e.plan_id = t.plan_id and e.event_id = t.event_id;

insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id, trace_id,
                         topic, partition, "offset", data, body)
select md5(own || ' ' || e.version)::uuid, c.plan_id, e.type, own, e.version, e.occurred_at + later, e.recorded_at + later,
       e.actor, e.causation_id, e.trace_id, e.topic, c.n % current_setting('bench.partitions')::int,
       e."offset" + (c.n - c.model) * 10000::bigint,
       case when m.n is null and e.type = 'plan.uploaded'
            then replace(pg_temp.of_copy(e.data::text, c, false), replace(c.of_plan::text, '-', ''), replace(c.plan_id::text, '-', ''))
            when m.n is null then pg_temp.of_copy(e.data::text, c, e.type = 'plan.phase1.created')
            else replace(replace(e.data::text, m.of_task::text, m.task_id::text), c.of_plan::text, c.plan_id::text) end::json,
       e.body
  from copied c join rm.timeline e on e.plan_id = c.of_plan
  left join copied_task m on m.n = c.n and e.topic = 'task.events' and m.of_task::text = substr(e.stream, 6)
 cross join lateral (select coalesce('task-' || m.task_id, replace(e.stream, c.of_plan::text, c.plan_id::text)) as own) s;

insert into rm.plan_body (plan_id, digest, said)
select c.plan_id, b.digest, b.said from copied c join rm.plan_body b on b.plan_id = c.of_plan;
