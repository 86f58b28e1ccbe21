-- What decisions need: heads of streams, idempotency keys, the outbox, documents, results of channels.
-- Written by commands only. Everything downstream reads the log, never these tables.

create schema decide;

-- The head of each stream that people give commands to. `version` is the last version given away,
-- which can be ahead of the log: approving a plan also reserves the version of its plan.phase1.created.
create table decide.head (
    stream     text primary key,             -- plan-<uuid> or task-<uuid>
    kind       text not null check (kind in ('plan', 'task')),
    plan_id    uuid not null,
    status     text not null,
    version    integer not null,
    tries      integer not null default 1,   -- of a task: counts its retries
    changed_at timestamptz not null default now()
);
create index head_plan on decide.head (plan_id);

create table decide.document (
    document_id uuid primary key,
    plan_id     uuid not null unique,
    sha256      text not null,
    channels    text[] not null,
    facts       jsonb not null,              -- schemas/facts.py DocumentFacts: sums and a masked excerpt
    stored_at   timestamptz not null default now()
);
create index document_sha256 on decide.document (sha256);

create table decide.idempotency (
    scope        text not null,              -- who: the caller's key id
    key          text not null,              -- the Idempotency-Key header
    request_hash text not null,
    response     jsonb not null,
    stored_at    timestamptz not null default now(),
    primary key (scope, key)
);
create index idempotency_age on decide.idempotency (stored_at);

-- Events on their way to the log. A row is marked after the broker's acknowledgement, never before.
-- Rows are found by published_at, not by `seq > last`: a late commit can have a low seq.
create table decide.outbox (
    seq            bigint generated always as identity primary key,
    event_id       uuid not null unique,
    topic          text not null,
    key            text not null,
    type           text not null,
    stream         text not null,
    version        integer not null,
    occurred_at    bigint not null,          -- microseconds since 1970 UTC
    causation_id   text not null,
    correlation_id text not null,
    actor          text not null,
    data           jsonb not null,
    traceparent    text,
    stored_at      timestamptz not null default now(),
    published_at   timestamptz,
    unique (stream, version)
);
create index outbox_waiting on decide.outbox (seq) where published_at is null;
create index outbox_published on decide.outbox (published_at) where published_at is not null;

create table decide.channel_result (
    plan_id  uuid not null,
    channel  text not null,
    type     text not null,                  -- plan.channel.analyzed or plan.channel.failed
    event_id uuid not null,
    data     jsonb not null,
    primary key (plan_id, channel)
);

-- The rules of commands as data: which status a command needs, what it leads to, what it publishes.
create table decide.rule (
    command     text primary key,
    kind        text not null,
    from_status text[] not null,
    already     text[] not null,             -- asked again in one of these: accepted, nothing happens
    to_status   text,                        -- null: the status stays
    event_type  text not null,
    reserve     integer not null default 0   -- versions kept for events that an agent will write
);
insert into decide.rule values
    ('plan.approve', 'plan', '{awaiting_approval}', '{approved,executing,completed}', 'approved', 'plan.approved', 1),
    ('plan.reject',  'plan', '{awaiting_approval}', '{rejected}', 'rejected', 'plan.rejected', 0),
    ('plan.cancel',  'plan', '{analyzing,awaiting_approval,executing}', '{cancelled}', 'cancelled', 'plan.cancelled', 0),
    ('task.assign',  'task', '{open,assigned,started}', '{}', null, 'task.assigned', 0),
    ('task.start',   'task', '{open,assigned}', '{started}', 'started', 'task.started', 0),
    ('task.complete','task', '{open,assigned,started}', '{completed}', 'completed', 'task.completed', 0),
    ('task.fail',    'task', '{open,assigned,started}', '{failed}', 'failed', 'task.failed', 0),
    ('task.retry',   'task', '{failed}', '{open}', 'open', 'task.retried', 0),
    ('task.cancel',  'task', '{open,assigned,started,failed}', '{cancelled}', 'cancelled', 'task.cancelled', 0),
    ('task.comment', 'task', '{open,assigned,started,failed,completed,cancelled}', '{}', null, 'task.commented', 0);
