-- Deadlines belong to the live read models alone: a rebuild beside them meets none. One that was missed is the
-- watchdog's to close, since it says so. What is not met here (tasks that come later) is found by it a second later.

-- deadline_analysis
-- The analysis can be read.
delete from flow.deadline d
 using unnest($1::uuid[]) v (plan_id)
 where d.plan_id = v.plan_id and d.kind = 'analysis' and d.stalled_at is null and current_schema() = 'rm';

-- deadline_phase1
-- Phase 1 and all of its tasks can be read.
-- By their ids: joined alone, each plan would be held against every deadline that there is.
delete from flow.deadline d
 using unnest($1::uuid[], $2::int[]) v (plan_id, tasks)
 where d.plan_id = v.plan_id and d.plan_id = any ($1::uuid[]) and d.kind = 'phase1' and d.stalled_at is null
   and current_schema() = 'rm' and (select count(*) from task t where t.plan_id = d.plan_id) >= v.tasks;
