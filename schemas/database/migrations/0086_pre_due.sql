-- The day by which a task is to be done; null where nobody knows one.
alter table rm.task add column if not exists due_on date;
create index if not exists task_due on rm.task (due_on) where due_on is not null;
