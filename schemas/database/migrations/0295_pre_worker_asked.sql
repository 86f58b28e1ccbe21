-- Processes that somebody has asked to end in order, and to be started again by their supervisors.
create table if not exists flow.worker_asked (
    worker_id  integer primary key references flow.worker on delete cascade,
    asked_by   text not null,
    reason     text not null,
    asked_at   timestamptz not null default now()
);
