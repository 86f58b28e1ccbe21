-- What a peer's users keep: plans as they wait for approval, and the tasks that are made of them. The columns and
-- indexes are those of this system's read models, so that a plan is as large here as there.
create table plan (
    plan_id    uuid primary key,
    version    integer not null default 1,
    status     text not null,
    title      text not null,
    phases     jsonb not null,
    decided_by text not null default '',
    decided_at timestamptz,
    phase1_at  timestamptz,
    changed_at timestamptz not null default now()
);
create index plan_status on plan (status, changed_at desc);

create table task (
    task_id    uuid primary key,
    plan_id    uuid not null,
    position   integer not null,
    title      text not null,
    what       text not null,
    channel    text not null,
    priority   text not null,
    status     text not null,
    created_at timestamptz not null default now(),
    unique (plan_id, position) -- a job that is done twice makes no task twice
);
create index task_status on task (status, created_at);
