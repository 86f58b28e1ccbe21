-- The read models: what people see. Built from the log alone, and built again from it at any time: a rebuild makes the
-- tables a second time in another schema, and swaps.
-- Large JSON is stored uncompressed (`external`): compressing it costs more processor time than it saves disk.

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
    -- one of PlanStatus in schemas/lifecycle.py
    status        text not null,
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
    opportunities jsonb storage external not null default '[]',
    phases        jsonb storage external not null default '[]',
    phase1        jsonb storage external,    -- origin, rule, name, weeks, investment, expected_impact, tasks
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
    status         text not null,            -- one of TaskStatus in schemas/lifecycle.py
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
    data         json storage external not null, -- kept as it was written; nobody searches in it
    primary key (plan_id, stream, version)   -- also what makes an event that comes twice the same event
);

-- Letters, and what people did about them.
create table rm.dead_letter (
    record_id         text primary key,
    grp               text not null default '',
    orig_topic        text not null default '',
    orig_partition    integer not null default 0,
    orig_offset       bigint not null default 0,
    key               text not null default '',
    plan_id           uuid,
    type              text not null default '',
    value             bytea,
    headers           jsonb not null default '[]',
    data              jsonb,                 -- the payload, where it can be read
    code              text not null default '',
    error_class       text not null default '',
    message           text not null default '',
    stack             text not null default '',
    fingerprint       text not null default '', -- the same for the same cause
    attempts          integer not null default 0,
    trace_id          text,
    first_failed_at   timestamptz,
    last_failed_at    timestamptz,
    given_up_by       text not null default '',
    given_up_reason   text not null default '',
    dead_at           timestamptz,           -- null: an action on it is known before the letter itself
    replay            integer not null default -1, -- how often it had been replayed when it last came here
    dlq_topic         text not null default '',
    dlq_partition     integer not null default 0,
    dlq_offset        bigint not null default -1,
    replays           integer not null default 0,
    replayed_version  integer not null default 0,
    discarded_version integer not null default 0,
    edits             integer not null default 0, -- version of the last edit; 0: none
    reason            text not null default '', -- of the last action
    acted_by          text not null default '',
    acted_at          timestamptz,
    acted_version     integer not null default 0,
    state             text not null generated always as (
        case when discarded_version > replayed_version then 'discarded'
             when replays > replay then 'replayed'
             when replay >= 3 then 'parked'
             else 'open' end) stored
);
create index dead_letter_at on rm.dead_letter (dead_at desc, record_id);
create index dead_letter_cause on rm.dead_letter (fingerprint, dead_at desc);
create index dead_letter_plan on rm.dead_letter (plan_id);
-- How many letters wait for a decision, and since when, is asked with every health report and scrape: it is read from
-- this index alone, which has 50 bytes a letter, not the thousands of the letter itself.
create index dead_letter_state on rm.dead_letter (state, dead_at) where dead_at is not null;

-- The recovery log: plan.stalled, plan.recovery.started, plan.recovered, plan.escalated, as they happened.
create table rm.recovery (
    plan_id        uuid not null,
    version        integer not null,         -- in the stream recovery-<plan>
    event_id       uuid not null,
    type           text not null,
    at             timestamptz not null,
    state          text not null default '', -- stalled: the status that the plan was stuck in
    cause          text not null default '',
    action         text not null default '', -- recovery.started
    attempt        integer not null default 0,
    due_at         timestamptz,
    stalled_ms     bigint,
    evidence       jsonb not null default '{}',
    recommendation text not null default '',
    primary key (plan_id, version)
);
create index recovery_at on rm.recovery (at desc);
