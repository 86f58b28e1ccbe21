-- task_begun
-- A phase says what its tasks are.
-- That stands above what a task.created said, whichever comes first. A person's later word stands above both: on the
-- day, and on title and text.
insert into task as t (task_id, plan_id, version, position, phase, title, what, channel, priority, opportunity_id,
                       also_serves, due_on, worded_by, status, created_at, changed_at)
select v.task_id, v.plan_id, v.version, v.position, v.phase, v.title, v.what, v.channel, v.priority, v.opportunity_id,
       v.also_serves, v.due_on::date, v.worded_by, v.status, v.created_at, v.changed_at
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::int[], $6::int[], $7::text[], $8::text[], $9::text[],
              $10::text[], $11::text[], $12::jsonb[], $13::text[], $14::text[], $15::timestamptz[], $16::timestamptz[])
       v (task_id, plan_id, version, status, position, phase, title, what, channel, priority, opportunity_id, also_serves,
          due_on, worded_by, created_at, changed_at)
on conflict (task_id) do update
   set position = excluded.position, phase = excluded.phase,
       title = case t.worded_by when '' then excluded.title else t.title end,
       what = case t.worded_by when '' then excluded.what else t.what end,
       channel = excluded.channel, priority = excluded.priority, opportunity_id = excluded.opportunity_id,
       also_serves = excluded.also_serves, created_at = coalesce(t.created_at, excluded.created_at),
       due_on = case when t.created_at is null then nullif(coalesce(t.due_on, excluded.due_on), 'infinity')
                     when t.version > 1 then t.due_on else excluded.due_on end
 where t.plan_id = excluded.plan_id
   and (t.created_at is null
        or (t.position, t.phase, t.channel, t.priority, t.opportunity_id, t.also_serves)
           is distinct from (excluded.position, excluded.phase, excluded.channel, excluded.priority,
                             excluded.opportunity_id, excluded.also_serves)
        or (t.worded_by = '' and (t.title, t.what) is distinct from (excluded.title, excluded.what))
        or (t.version = 1 and t.due_on is distinct from excluded.due_on));

-- task_created
-- A task exists, of a phase that did not say all of it, or that was not read yet, or that a person added.
insert into task (task_id, plan_id, version, position, phase, title, what, channel, priority, opportunity_id,
                  also_serves, due_on, worded_by, status, created_at, changed_at)
select v.task_id, v.plan_id, v.version, v.position, v.phase, v.title, v.what, v.channel, v.priority, v.opportunity_id,
       v.also_serves, v.due_on::date, v.worded_by, v.status, v.created_at, v.changed_at
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::int[], $6::int[], $7::text[], $8::text[], $9::text[],
              $10::text[], $11::text[], $12::jsonb[], $13::text[], $14::text[], $15::timestamptz[], $16::timestamptz[])
       v (task_id, plan_id, version, status, position, phase, title, what, channel, priority, opportunity_id, also_serves,
          due_on, worded_by, created_at, changed_at)
on conflict (task_id) do update
   set position = excluded.position, phase = excluded.phase,
       title = case task.worded_by when '' then excluded.title else task.title end,
       what = case task.worded_by when '' then excluded.what else task.what end,
       worded_by = coalesce(nullif(task.worded_by, ''), excluded.worded_by),
       channel = excluded.channel, priority = excluded.priority, opportunity_id = excluded.opportunity_id,
       also_serves = excluded.also_serves, due_on = nullif(coalesce(task.due_on, excluded.due_on), 'infinity'),
       created_at = excluded.created_at
 where task.created_at is null;

-- task_moved
-- Something happened to a task; null says nothing new.
-- It can come before the task itself: a day that was taken away is infinity until then, so that none comes back with it.
insert into task as t (task_id, plan_id, version, status, assignee, note, attempt, started_at, ended_at, due_on,
                       title, what, worded_by, changed_at)
select v.task_id, v.plan_id, v.version, coalesce(v.status, 'open'), coalesce(v.assignee, ''), coalesce(v.note, ''),
       coalesce(v.attempt, 1), v.started_at, v.ended_at, coalesce(nullif(v.due_on, ''), v.due_on || 'infinity')::date,
       coalesce(v.title, ''), coalesce(v.what, ''), coalesce(v.worded_by, ''), v.changed_at
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int[], $8::timestamptz[],
              $9::timestamptz[], $10::bool[], $11::text[], $12::text[], $13::text[], $14::text[], $15::timestamptz[])
       v (task_id, plan_id, version, status, assignee, note, attempt, started_at, ended_at, ended, due_on, title, what,
          worded_by, changed_at)
 where not exists (select from task known where known.task_id = v.task_id)
on conflict (task_id) do nothing;

-- task_moved_update
-- The second half of task_moved, for tasks that are known.
update task t
   set version = v.version, status = coalesce(v.status, t.status), assignee = coalesce(v.assignee, t.assignee),
       note = coalesce(v.note, t.note), attempt = coalesce(v.attempt, t.attempt),
       started_at = coalesce(v.started_at, t.started_at),
       ended_at = case when coalesce(v.ended, t.ended_at is not null) then coalesce(v.ended_at, t.ended_at) end,
       due_on = case when v.due_on is null then t.due_on when v.due_on <> '' then v.due_on::date
                     when t.created_at is null then 'infinity' end,
       title = coalesce(v.title, t.title), what = coalesce(v.what, t.what),
       worded_by = coalesce(v.worded_by, t.worded_by), changed_at = v.changed_at
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int[], $8::timestamptz[],
              $9::timestamptz[], $10::bool[], $11::text[], $12::text[], $13::text[], $14::text[], $15::timestamptz[])
       v (task_id, plan_id, version, status, assignee, note, attempt, started_at, ended_at, ended, due_on, title, what,
          worded_by, changed_at)
 where t.task_id = v.task_id and t.version < v.version;

-- task_commented
-- Somebody said something about a task.
insert into task_comment (event_id, task_id, plan_id, actor, comment, at)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[])
on conflict (event_id) do nothing;
