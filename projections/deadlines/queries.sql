-- Deadlines belong to the live read models alone: a rebuild beside them meets none. One that was missed is the
-- watchdog's to close, since it says so. What is not met here (tasks that come later) is found by it a second later.

-- deadline_analysis
-- The analysis can be read.
delete from flow.deadline d
 using unnest($1::uuid[]) v (plan_id)
 where d.plan_id = v.plan_id and d.kind = 'analysis' and d.stalled_at is null and current_schema() = 'rm';

-- deadline_phase1
-- Phase 1 and all of its tasks can be read.
-- Counted once a plan: in the join itself the tasks would be counted for every pair of a plan and a deadline.
with met as materialized (
    select v.plan_id from unnest($1::uuid[], $2::int[]) v (plan_id, tasks)
     where current_schema() = 'rm' and (select count(*) from task t where t.plan_id = v.plan_id) >= v.tasks
)
delete from flow.deadline d using met
 where d.plan_id = met.plan_id and d.kind = 'phase1' and d.stalled_at is null;
