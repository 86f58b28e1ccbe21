-- Lists that are narrowed to what few plans or tasks have, or none: a page, and how many there are, is read by these.
-- Of priorities only those that a plan or task has to be given: most have none of them, and cost nothing more.

create index if not exists plan_channels on rm.plan using gin (channels);
create index if not exists plan_priority on rm.plan (priority, uploaded_at, plan_id) where priority <> 'normal';
create index if not exists task_channel on rm.task (channel, created_at);
create index if not exists task_priority on rm.task (priority, created_at) where priority <> 'normal';
