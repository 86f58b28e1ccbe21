-- Tasks of one person, the newest first, and who has any: without a look at all the others. A task is made without an
-- assignee, so an approval writes nothing here.

create index if not exists task_assignee on rm.task (assignee, created_at) where assignee <> '';
