-- The other opportunities of a task: the same finding on several channels is one task.
alter table rm.task add column if not exists also_serves jsonb not null default '[]';
