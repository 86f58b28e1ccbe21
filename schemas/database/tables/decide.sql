-- What decisions need: heads of streams, idempotency keys, documents, results of channels, the outbox.
-- Written by commands only. Everything downstream reads the log, never these tables.

create schema decide;

-- The head of each stream that people give commands to. `version` is the last version given away, which can be ahead of
-- the log: approving a plan also reserves the version of its plan.phase1.created.
create table decide.head (
    stream      text primary key,            -- plan-<uuid> or task-<uuid>
    kind        text not null check (kind in ('plan', 'task')),
    plan_id     uuid not null,
    status      text not null,
    version     integer not null,
    tries       integer not null default 1,  -- of a task: counts its retries
    changed_at  timestamptz not null default now(),
    -- How many of the versions given away are kept for events that an agent will write: a person has not seen those, so
    -- an If-Match is compared without them. Uploading keeps one (plan.analyzed).
    reserved    integer not null default 0,
    traceparent text,                        -- of a plan: the trace context of its upload; null: none was kept
    -- Whether plan.analyzed was put on its way: its row in the outbox goes an hour after it was published.
    analyzed    boolean not null default false
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
-- Compressing documents of 2 to 4 KiB in every approval costs more processor time than it saves disk: `external`.
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
    data           jsonb storage external not null,
    traceparent    text,
    stored_at      timestamptz not null default now(),
    published_at   timestamptz,
    -- A raw record has its bytes and headers exactly as given; `raw_headers` makes a row a raw one. Headers are a JSON
    -- array of [name, text], or [name, {"base64": "..."}] where the bytes are no text.
    raw            bytea,
    raw_headers    jsonb,
    -- An event that does not fit its schema is set aside, with what follows in its stream; all other streams go on. The
    -- relay tries again those that are set aside, the first of each stream, every few seconds.
    held_at        timestamptz,              -- when it was set aside
    held_why       text,                     -- what is wrong with it; null: it waits behind one that is
    link           text,                     -- a second trace context, linked to the span of its sending
    unique (stream, version)
);
create index outbox_waiting on decide.outbox (seq) where published_at is null;
create index outbox_published on decide.outbox (published_at) where published_at is not null;
create index outbox_held on decide.outbox (stream, version) where held_at is not null;

-- What people mended of events that were set aside: the data and nothing else of a row, kept for 90 days.
create table decide.outbox_edit (
    seq       bigint not null,
    edit      integer not null,              -- 1, 2, ...: how many there are guards against a lost update
    before    jsonb not null,                -- the data that this edit replaced; edit 1 has the original
    reason    text not null,
    actor     text not null,
    edited_at timestamptz not null default clock_timestamp(),
    primary key (seq, edit)
);
create index outbox_edit_age on decide.outbox_edit (edited_at);

create table decide.channel_result (
    plan_id  uuid not null,
    channel  text not null,
    type     text not null,                  -- plan.channel.analyzed or plan.channel.failed
    event_id uuid not null,
    data     jsonb not null,
    primary key (plan_id, channel)
);

-- The rules of commands as data: which status a command needs, what it leads to, what it publishes. Filled from
-- schemas/lifecycle.py, as decide.status is.
create table decide.rule (
    command     text primary key,
    kind        text not null,
    from_status text[] not null,
    already     text[] not null,             -- asked again in one of these: accepted, nothing happens
    to_status   text,                        -- null: the status stays
    event_type  text not null,
    reserve     integer not null default 0   -- versions kept for events that an agent will write
);

create table decide.status (
    kind     text not null,
    status   text not null,
    final    boolean not null,               -- nothing follows any more
    given_up boolean not null,               -- final, and short of the goal
    primary key (kind, status)
);

-- A command: one function call, one round trip, one transaction.
create type decide.command as (
    command      text,     -- such as plan.approve
    id           uuid,     -- plan or task
    scope        text,     -- caller, for the idempotency key
    key          text,     -- Idempotency-Key; null: none given
    request_hash text,
    expect       integer,  -- If-Match: the stream's version; null: any
    event_id     uuid,
    at           bigint,   -- microseconds since 1970 UTC
    causation_id text,     -- request id
    actor        text,
    traceparent  text,
    data         jsonb     -- fields of the event that the caller gives
);
