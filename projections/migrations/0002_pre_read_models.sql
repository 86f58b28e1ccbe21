-- What people read: built from the log alone, and built again from it at any time.
-- The tables stand in the schema `rm`; a rebuild makes them a second time in another schema and swaps.

create schema rm;

create table rm.projection_offset (
    projection  text not null,
    topic       text not null,
    partition   integer not null,
    next_offset bigint not null,
    changed_at  timestamptz not null default now(),
    primary key (projection, topic, partition)
);

create table rm.plan (
    plan_id       uuid primary key,
    version       integer not null,          -- last version of the stream plan-<id> that is in this row
    status        text not null,             -- analyzing, awaiting_approval, approved, executing, completed, rejected, cancelled
    title         text not null default '',
    filename      text not null default '',
    media_type    text not null default '',
    size_bytes    bigint not null default 0,
    sha256        text not null default '',
    document_id   uuid,
    channels      text[] not null default '{}',
    priority      text not null default 'normal',
    partial       boolean not null default false,
    outcomes      jsonb not null default '[]', -- how each channel ended
    opportunities jsonb not null default '[]',
    phases        jsonb not null default '[]',
    phase1        jsonb,                     -- origin, rule, name, weeks, investment, expected_impact, tasks
    reason        text not null default '',  -- of the approval, rejection or cancellation
    uploaded_by   text not null default '',
    decided_by    text not null default '',
    uploaded_at   timestamptz,
    analyzed_at   timestamptz,
    decided_at    timestamptz,
    phase1_at     timestamptz,
    ended_at      timestamptz,
    trace_id      text,                      -- the trace that the upload began
    changed_at    timestamptz not null
);
create index plan_status on rm.plan (status, uploaded_at desc);
create index plan_uploaded on rm.plan (uploaded_at desc, plan_id);
create index plan_sha256 on rm.plan (sha256);

create table rm.plan_channel (
    plan_id       uuid not null,
    channel       text not null,
    version       integer not null,
    status        text not null,             -- analyzed or failed; no row: waiting
    source        text not null default '',
    model         text not null default '',
    summary       text not null default '',
    opportunities jsonb not null default '[]',
    phases        jsonb not null default '[]',
    repairs       jsonb not null default '[]',
    limits        jsonb not null default '[]',
    code          text not null default '',
    reason        text not null default '',
    changed_at    timestamptz not null,
    primary key (plan_id, channel)
);

create table rm.task (
    task_id        uuid primary key,
    plan_id        uuid not null,
    version        integer not null,
    position       integer not null default 0,
    phase          integer not null default 1,
    title          text not null default '',
    what           text not null default '',
    channel        text not null default '',
    priority       text not null default 'normal',
    opportunity_id text,
    status         text not null,            -- open, assigned, started, completed, failed, cancelled
    assignee       text not null default '',
    note           text not null default '', -- of the completion, failure or cancellation
    attempt        integer not null default 1,
    created_at     timestamptz,
    started_at     timestamptz,
    ended_at       timestamptz,
    changed_at     timestamptz not null
);
create index task_plan on rm.task (plan_id, position);
create index task_status on rm.task (status, created_at);

create table rm.task_comment (
    event_id uuid primary key,
    task_id  uuid not null,
    plan_id  uuid not null,
    actor    text not null,
    comment  text not null,
    at       timestamptz not null
);
create index task_comment_task on rm.task_comment (task_id, at);

create table rm.timeline (
    event_id     uuid not null,
    plan_id      uuid not null,
    type         text not null,
    stream       text not null,
    version      integer not null,
    occurred_at  timestamptz not null,       -- when the cause happened
    recorded_at  timestamptz not null,       -- when the broker got it
    actor        text not null,
    causation_id text not null,
    trace_id     text,
    topic        text not null,
    partition    integer not null,
    "offset"     bigint not null,
    data         json not null,              -- kept as it was written; nobody searches in it
    primary key (plan_id, stream, version)   -- also what makes an event that comes twice the same event
);
