-- What is found by time is read from the latest on. In an index that falls each new row comes before all others, where pages
-- stay half full; one that rises is read backwards, in the same order, and its pages are full.

drop index if exists rm.plan_status;
create index plan_status on rm.plan (status, uploaded_at);
drop index if exists rm.timeline_done;
create index timeline_done on rm.timeline (recorded_at)
    where type in ('plan.channel.analyzed', 'plan.phase1.created', 'task.completed');
drop index if exists rm.timeline_channel;
create index timeline_channel on rm.timeline (split_part(stream, '.', 2), recorded_at) where type = 'plan.channel.analyzed';

-- The tasks of a plan are few, and sorted as they are read. Of heads only those of tasks are asked for by their plan: a plan's
-- own is found by its stream. The first letter tells the topics of the history apart.
drop index if exists rm.task_plan;
create index task_plan on rm.task (plan_id);
drop index if exists decide.head_plan;
create index head_plan on decide.head (plan_id) where kind = 'task';
drop index if exists rm.timeline_log;
create index timeline_log on rm.timeline (ascii(topic), partition, "offset") where "offset" >= 0;
