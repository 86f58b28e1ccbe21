-- How many plans and tasks are in each status, kept where their rows change: nobody reads all of them to count them.
-- Counted from 0093 on; until then whoever asks counts the rows.
create table if not exists rm.tally (
    kind    text not null,                   -- plan or task
    status  text not null,
    partial boolean not null,                -- of a plan that awaits a decision: not every channel was analysed
    empty   boolean not null,                -- of such a plan: no opportunity was found
    slot    smallint not null,               -- transactions at the same time count in different ones: none waits
    n       bigint not null,                 -- to be summed over the slots; one alone may be below zero
    primary key (kind, status, partial, empty, slot)
) with ( -- a few rows that change all the time: what is dead is swept early
    fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500
);

-- Since when the oldest of each status is so, and which of them wait for too long: from the end of an index.
create index if not exists plan_awaiting on rm.plan (analyzed_at) where status = 'awaiting_approval';
create index if not exists plan_executing on rm.plan (phase1_at) where status = 'executing';
create index if not exists plan_ended on rm.plan (status, ended_at) where ended_at is not null;
create index if not exists task_started on rm.task (started_at) where status = 'started';
create index if not exists task_ended on rm.task (status, ended_at) where ended_at is not null;
create index if not exists task_due_status on rm.task (status, due_on) where due_on is not null;
