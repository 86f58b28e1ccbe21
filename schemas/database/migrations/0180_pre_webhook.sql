-- Webhooks: addresses of customers that are told of the events of plans and tasks, each with its own place in the log.

create table flow.webhook (
    webhook_id uuid primary key,
    name       text not null,                -- its circuit breaker is called webhook:<name>
    url        text not null,
    secret     text not null,                -- what is sent there is signed with it
    types      text[] not null,              -- of events, such as plan.approved, or plan.* for all of plans
    created_at timestamptz not null default now(),
    created_by text not null,
    paused_at  timestamptz,                  -- nothing is taken from the log and nothing is sent meanwhile
    held_until timestamptz,                  -- its breaker is open: nothing is tried before that
    removed_at timestamptz                   -- what was told to it goes with the next housekeeping
);
create unique index webhook_name on flow.webhook (name) where removed_at is null;

-- Up to where the events of a partition were taken for a webhook.
create table flow.webhook_cursor (
    webhook_id  uuid not null references flow.webhook on delete cascade,
    topic       text not null,
    partition   integer not null,
    next_offset bigint not null,
    primary key (webhook_id, topic, partition)
);

-- One event for one webhook: a queue while it waits, then the log of what was told.
create table flow.webhook_delivery (
    delivery_id   uuid primary key,          -- derives from the two: an event that comes twice is one delivery
    webhook_id    uuid not null references flow.webhook,
    seq           bigint generated always as identity,
    plan_id       uuid not null,
    event_id      uuid not null,
    type          text not null,
    body          text not null,             -- as it is sent, so that each try says the same
    state         text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
    due_at        timestamptz not null default now(),
    claimed_until timestamptz,               -- somebody is at it; after that its sender has died
    attempts      integer not null default 0,
    again         integer not null default 0, -- how often a person had it sent again
    attempts_then integer not null default 0, -- how many attempts there were when it was sent again
    asked_at      timestamptz not null default now(), -- since when it is tried
    ended_at      timestamptz,
    error         text not null default ''
);
create index webhook_delivery_log on flow.webhook_delivery (webhook_id, seq);
create index webhook_delivery_waiting on flow.webhook_delivery (webhook_id, plan_id, seq) where state = 'waiting';
create index webhook_delivery_failed on flow.webhook_delivery (webhook_id) where state = 'failed';
create index webhook_delivery_ended on flow.webhook_delivery (ended_at) where ended_at is not null;

-- Each try. `begun` and nothing else: its process died, and nobody knows whether the event arrived.
create table flow.webhook_attempt (
    delivery_id uuid not null references flow.webhook_delivery on delete cascade,
    attempt     integer not null,
    at          timestamptz not null default now(),
    outcome     text not null default 'begun' check (outcome in ('begun', 'sent', 'failed')),
    seconds     double precision,
    detail      text not null default '',    -- status and first bytes of the answer
    primary key (delivery_id, attempt)
);

-- Events in the order of the log, from a place on. Without the topic, which is told by the row: few share an offset.
create index if not exists timeline_place on rm.timeline (partition, "offset") where "offset" >= 0;
