-- What has changed last, for the first page: from the end of an index, however many there are.
create index if not exists plan_changed on rm.plan (changed_at);
create index if not exists task_changed on rm.task (changed_at);
