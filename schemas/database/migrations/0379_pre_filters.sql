-- Lists that are narrowed: plans by where Phase 1 is from, records that wait or did by cause and type, tasks without a
-- day. What few have is found by these; an agent's Phase 1 is what most plans have.

create index if not exists plan_origin on rm.plan ((phase1 ->> 'origin'), uploaded_at, plan_id)
  where phase1 ->> 'origin' <> 'agent';
create index if not exists plan_channel_source on rm.plan_channel (source, plan_id) where status = 'analyzed';
create index if not exists parked_code on flow.parked (state, code, since);
create index if not exists parked_type on flow.parked (state, type, since);
create index if not exists task_undated on rm.task (status, created_at)
  where due_on is null and status in ('open', 'assigned', 'started', 'failed');
