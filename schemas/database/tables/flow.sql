-- The state of the work itself, beside the decisions: what waits for another attempt, what was given up and what people
-- do about it, which process lives, what is due by when, which dependency is held back, which feature is switched off.

create schema flow;

-- One row for each record that waits in a retry topic, or that did. It gives the order of each plan's records, and it
-- is what people see of them. The bytes are here too, so that a copy can be sent again at any time.
create table flow.parked (
    record_id      text primary key,         -- group|topic|partition|offset of the record when it first came
    grp            text not null,            -- the consumer group that could not handle it: agents, analysis
    key            text not null,            -- the plan id; '' where the record has none
    orig_topic     text not null,
    orig_partition integer not null,
    orig_offset    bigint not null,          -- the order of a plan's records
    tier           text not null,            -- the topic in which its copy is
    replay         integer not null,         -- how often it was replayed as a dead letter
    attempt        integer not null,         -- attempts that failed since then
    type           text not null,
    code           text not null,            -- why the last attempt failed; '' where none was made
    error_class    text not null,
    message        text not null,
    behind         text not null,            -- the record that it waits for; '' where it waits for its time alone
    due_at         timestamptz not null,
    since          timestamptz not null,     -- when it first failed, or was first kept back
    state          text not null check (state in ('waiting', 'done', 'given_up')),
    resolved_at    timestamptz,
    value          bytea,
    headers        jsonb not null,
    traceparent    text
);
create index parked_waiting on flow.parked (grp, key, orig_offset) where state = 'waiting';
create index parked_due on flow.parked (due_at) where state = 'waiting';
create index parked_since on flow.parked (since desc, record_id);
create index parked_resolved on flow.parked (resolved_at) where resolved_at is not null;

-- The head of the stream deadletter-<record id>: what was decided about a dead letter.
create table flow.dead_head (
    record_id    text primary key,
    version      integer not null default 0,
    replays      integer not null default 0,
    discarded    boolean not null default false,
    edit_type    text,                       -- an edited payload, its event type, and its bytes and headers to be sent
    edit_data    jsonb,
    edit_value   bytea,
    edit_headers jsonb,
    edited_by    text not null default '',
    edited_at    timestamptz
);

-- Replays of many, at a capped rate; any gateway goes on with them after a restart.
create table flow.replay_job (
    job_id      uuid primary key,
    actor       text not null,
    request_id  text not null,
    selection   jsonb not null,              -- as it was asked for
    force       boolean not null,
    rate        double precision not null check (rate > 0),
    total       integer not null,
    state       text not null default 'running' check (state in ('running', 'done', 'cancelled')),
    created_at  timestamptz not null default now(),
    moved_at    timestamptz not null default now(),
    ended_at    timestamptz,
    traceparent text                         -- of the request that began it: what it sends is linked to it
);
create index replay_job_running on flow.replay_job (created_at) where state = 'running';
-- The letters of a replay, in their order.
create table flow.replay_item (
    job_id     uuid not null references flow.replay_job on delete cascade,
    position   integer not null,
    record_id  text not null,
    outcome    text,                         -- null: its turn has not come
    at         timestamptz,
    primary key (job_id, position)
);
create index replay_item_left on flow.replay_item (job_id, position) where outcome is null;

-- Each running process, told by itself every second. It also holds the session lock (0x666c6f77, worker_id) on the same
-- connection: when it is killed its socket closes, the lock goes, and anyone can see it at once.
create table flow.worker (
    worker_id  integer generated always as identity primary key,
    source     text not null,                -- <role>-<random>: unique for ever, it names the stream of its events
    role       text not null,                -- gateway, worker, runner, projections, pump, watchdog
    host       text not null,
    pid        integer not null,
    born       double precision not null,    -- start of the process, seconds since 1970 UTC: a pid can be used again
    version    text not null,
    started_at timestamptz not null default now(),
    beat_at    timestamptz not null default now(),
    progress   jsonb not null default '{}',
    told_to_end text,                        -- why the process is asked to end and to be started again
    stopped_at timestamptz,
    stop_reason text
) with (fillfactor = 50);
create index worker_running on flow.worker (role) where stopped_at is null;

-- The running processes, with whether each holds its lock.
create view flow.running as
    select w.*, extract(epoch from clock_timestamp() - w.beat_at)::float8 as silent_s, l.objid is not null as connected
      from flow.worker w
      left join pg_locks l on l.locktype = 'advisory' and l.classid = 1718382455 and l.objid = w.worker_id::oid
                          and l.objsubid = 2 and l.granted
                          and l.database = (select oid from pg_database where datname = current_database())
     where w.stopped_at is null;

-- One row for each plan that waits for the system: written with the decision, deleted with the read model's row.
-- When it is due is the watchdog's to say (MARKETPLACE_PHASE1_DUE, MARKETPLACE_ANALYSIS_DUE): check_from + that.
create table flow.deadline (
    plan_id      uuid not null,
    kind         text not null check (kind in ('analysis', 'phase1')),
    since        timestamptz not null default now(),  -- when the wait began
    check_from   timestamptz not null default now(),  -- moved on while the plan merely queues, or heals
    due_at       timestamptz,                         -- the missed deadline
    stalled_at   timestamptz,                         -- when it was seen
    attempts     integer not null default 0,          -- recoveries begun
    acted_at     timestamptz,                         -- when the last of them was
    cause        text,
    evidence     jsonb,
    recommendation text,
    escalated_at timestamptz,
    primary key (plan_id, kind)
) with ( -- rows live for moments: what is dead is swept early
    autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_threshold = 100000
);
create index deadline_check on flow.deadline (kind, check_from);

-- Last version given away of each stream recovery-<plan>.
create table flow.recovery_stream (
    plan_id uuid primary key,
    version integer not null
);

-- One row for each circuit breaker that a call has failed on; one without a row is closed.
create table flow.breaker (
    -- agent:<host>/<model>, agent:<host>/<model>:<channel>, plan:<id>, broker, postgres
    name        text primary key,
    state       text not null default 'closed' check (state in ('closed', 'open', 'half_open')),
    failures    integer not null default 0,  -- in a row
    successes   integer not null default 0,  -- of probes, in a row
    failed_at   timestamptz,
    opened_at   timestamptz,
    retry_at    timestamptz,                 -- when the next probe may go; null while open: only a person closes it
    probe_until timestamptz,                 -- a probe is under way until then
    reason      text not null default '',
    forced      boolean not null default false,
    version     integer not null default 0,  -- of the stream breaker-<name>: its changes
    changed_at  timestamptz not null default now(),
    probe       uuid,                        -- whose turn it is, while probe_until says so
    held_until  timestamptz                  -- when the last hold of a person ended
);
create index breaker_not_closed on flow.breaker (name) where state <> 'closed';

-- The features that a person can switch off.
create table flow.flag (
    name       text primary key,
    enabled    boolean not null default true,
    reason     text not null default '',
    changed_by text not null default '',
    changed_at timestamptz not null default now(),
    version    integer not null default 0
);
insert into flow.flag (name) values ('queue_processing'), ('circuit_breaker'), ('automatic_recovery');

-- The consumer groups, filled from schemas/topics.toml.
create table flow.consumer_group (
    name        text primary key,
    topics      text[] not null,             -- those with events that it reads
    redelivered text,                        -- where it gets its records again, in their order; null: where they came from
    retries     boolean not null             -- what it cannot handle waits in flow.parked
);
