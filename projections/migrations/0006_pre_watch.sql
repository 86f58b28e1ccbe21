-- What watches over the work: who lives, what is due by when, which dependency is held back, what is switched off.
-- Operational state beside the decisions, in `flow`; what people read of recoveries is in `rm`.

create schema if not exists flow;

-- An event of the system itself, through the outbox. The same (stream, version) a second time is not news.
create function flow.announce(p_type text, p_stream text, p_version integer, p_source text, p_actor text, p_data jsonb)
returns boolean language plpgsql as $$
declare
    made uuid := md5(p_stream || '|' || p_version || '|' || p_type)::uuid;
begin
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data)
    values (made, 'system.events', p_source, p_type, p_stream, p_version,
            (extract(epoch from clock_timestamp()) * 1000000)::bigint, made::text, p_source, p_actor,
            p_data || jsonb_build_object('source', p_source))
    on conflict do nothing;
    return found;
end $$;

-- Processes ----------------------------------------------------------------------------------------------------------

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

create function flow.worker_start(p_source text, p_role text, p_host text, p_pid integer, p_born double precision, p_version text)
returns integer language plpgsql as $$
declare
    made integer;
begin
    insert into flow.worker (source, role, host, pid, born, version)
    values (p_source, p_role, p_host, p_pid, p_born, p_version) returning worker_id into made;
    perform flow.announce('worker.started', p_source, 1, p_source, 'system:' || p_role,
        jsonb_build_object('role', p_role, 'host', p_host, 'pid', p_pid, 'code_version', p_version));
    return made;
end $$;

-- Says that a process lives and how it gets on; says back whether it is to end, and which flags are off.
create function flow.worker_beat(p_worker integer, p_progress jsonb) returns jsonb language plpgsql as $$
declare
    told text;
begin
    update flow.worker set beat_at = clock_timestamp(), progress = p_progress, stopped_at = null, stop_reason = null
     where worker_id = p_worker returning told_to_end into told;
    return jsonb_build_object('end', told, 'known', found,
        'off', (select coalesce(jsonb_agg(name), '[]') from flow.flag where not enabled));
end $$;

create function flow.worker_stop(p_worker integer, p_reason text) returns void language plpgsql as $$
declare
    w flow.worker;
begin
    update flow.worker set stopped_at = clock_timestamp(), stop_reason = p_reason
     where worker_id = p_worker and stopped_at is null returning * into w;
    if found then
        perform flow.announce('worker.stopped', w.source, 2, w.source, 'system:' || w.role,
            jsonb_build_object('role', w.role, 'reason', p_reason));
    end if;
end $$;

-- The running processes, with whether each holds its lock.
create view flow.running as
    select w.*, extract(epoch from clock_timestamp() - w.beat_at)::float8 as silent_s, l.objid is not null as connected
      from flow.worker w
      left join pg_locks l on l.locktype = 'advisory' and l.classid = 1718382455 and l.objid = w.worker_id::oid
                          and l.objsubid = 2 and l.granted
                          and l.database = (select oid from pg_database where datname = current_database())
     where w.stopped_at is null;

-- Deadlines ----------------------------------------------------------------------------------------------------------

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
);
create index deadline_check on flow.deadline (kind, check_from);
-- Rows live for moments: what is dead is swept early.
alter table flow.deadline set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000,
                               autovacuum_analyze_threshold = 100000);

-- Last version given away of each stream recovery-<plan>.
create table flow.recovery_stream (
    plan_id uuid primary key,
    version integer not null
);

-- As before, and what the event makes due, in the same transaction.
create or replace function decide.put_outbox(
    p_topic text, p_type text, p_stream text, p_version integer, p_plan uuid, c decide.command, p_event uuid, p_data jsonb
) returns void language plpgsql as $$
begin
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,
                               correlation_id, actor, data, traceparent)
    values (p_event, p_topic, p_plan::text, p_type, p_stream, p_version, c.at, c.causation_id,
            p_plan::text, c.actor, p_data, c.traceparent);
    if p_type = 'plan.approved' then
        insert into flow.deadline (plan_id, kind) values (p_plan, 'phase1') on conflict do nothing;
    elsif p_type = 'plan.uploaded' then
        insert into flow.deadline (plan_id, kind) values (p_plan, 'analysis') on conflict do nothing;
    elsif p_type = 'plan.cancelled' then
        -- a plan that was found to be stuck is the watchdog's to close
        delete from flow.deadline where plan_id = p_plan and stalled_at is null;
    end if;
end $$;

-- Breakers and flags -------------------------------------------------------------------------------------------------

create table flow.breaker (
    name        text primary key,            -- agent:<host>/<model>, agent:<host>/<model>:<channel>, plan:<id>, broker, postgres
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
    changed_at  timestamptz not null default now()
);
create index breaker_not_closed on flow.breaker (name) where state <> 'closed';

create table flow.flag (
    name       text primary key,
    enabled    boolean not null default true,
    reason     text not null default '',
    changed_by text not null default '',
    changed_at timestamptz not null default now(),
    version    integer not null default 0
);
insert into flow.flag (name) values ('queue_processing'), ('circuit_breaker'), ('automatic_recovery');

-- Moves a breaker and says so. `p_retry` null with an open state: until a person resets it.
create function flow.breaker_move(
    p_name text, p_state text, p_failures integer, p_reason text, p_retry timestamptz, p_actor text, p_forced boolean
) returns flow.breaker language plpgsql as $$
declare
    b flow.breaker;
    said jsonb;
begin
    update flow.breaker
       set state = p_state, failures = p_failures, successes = 0, reason = p_reason, retry_at = p_retry,
           probe_until = null, forced = p_forced, version = version + 1, changed_at = clock_timestamp(),
           opened_at = case when p_state = 'open' and state = 'closed' then clock_timestamp()
                            when p_state = 'closed' then null else opened_at end
     where name = p_name returning * into b;
    said := jsonb_build_object('breaker', p_name, 'failures', p_failures, 'reason', left(p_reason, 500));
    if p_state = 'open' then
        said := said || jsonb_build_object('retry_at', coalesce((extract(epoch from p_retry) * 1000000)::bigint, 0));
    end if;
    perform flow.announce(case p_state when 'open' then 'breaker.opened' when 'half_open' then 'breaker.half_opened'
                                       else 'breaker.closed' end,
                          'breaker-' || p_name, b.version, 'breaker:' || p_name, p_actor, said);
    return b;
end $$;

-- May a call to this dependency go? In half-open one caller at a time may: it is the probe, and has `p_probe_s`.
create function flow.breaker_allow(p_name text, p_probe_s double precision, p_actor text)
returns table (allowed boolean, retry_at timestamptz, state text) language plpgsql as $$
declare
    b flow.breaker;
begin
    select * into b from flow.breaker f where f.name = p_name;
    if b.name is null or b.state = 'closed' then
        return query select true, null::timestamptz, 'closed';
        return;
    end if;
    if exists (select 1 from flow.flag f where f.name = 'circuit_breaker' and not f.enabled) then
        return query select true, null::timestamptz, b.state;
        return;
    end if;
    select * into b from flow.breaker f where f.name = p_name for update;
    if b.state = 'closed' then
        return query select true, null::timestamptz, b.state;
    elsif b.state = 'open' and (b.retry_at is null or b.retry_at > clock_timestamp()) then
        return query select false, b.retry_at, b.state;
    elsif b.state = 'half_open' and b.probe_until > clock_timestamp() then
        return query select false, b.probe_until, b.state;
    else
        if b.state = 'open' then
            b := flow.breaker_move(p_name, 'half_open', b.failures, 'the time is over: one probe may go', null, p_actor, false);
        end if;
        -- a probe that never came back has lost its turn
        update flow.breaker f set probe_until = clock_timestamp() + make_interval(secs => p_probe_s) where f.name = p_name;
        return query select true, null::timestamptz, 'half_open';
    end if;
end $$;

-- What became of a call. Returns the state after it.
create function flow.breaker_report(
    p_name text, p_ok boolean, p_reason text, p_failures integer, p_reset_s double precision, p_successes integer, p_actor text
) returns text language plpgsql as $$
declare
    b flow.breaker;
begin
    if p_ok then
        -- the common case costs a read
        select * into b from flow.breaker f where f.name = p_name;
        if b.name is null or (b.state = 'closed' and b.failures = 0) then
            return 'closed';
        end if;
    else
        insert into flow.breaker (name) values (p_name) on conflict do nothing;
    end if;
    select * into b from flow.breaker f where f.name = p_name for update;
    if b.state = 'open' then
        return 'open';  -- a call that began before: nothing new
    elsif p_ok and b.state = 'closed' then
        update flow.breaker f set failures = 0 where f.name = p_name;
    elsif p_ok then
        if b.successes + 1 >= p_successes then
            b := flow.breaker_move(p_name, 'closed', 0, (b.successes + 1) || ' probes succeeded', null, p_actor, false);
        else
            update flow.breaker f set successes = successes + 1, probe_until = null where f.name = p_name;
        end if;
    else
        -- failures that are long past are no sign of anything now
        if b.state = 'closed' and b.failed_at < clock_timestamp() - make_interval(secs => 5 * p_reset_s) then
            b.failures := 0;
        end if;
        update flow.breaker f set failures = b.failures + 1, failed_at = clock_timestamp() where f.name = p_name;
        if b.state = 'half_open' or (b.failures + 1 >= p_failures
                and not exists (select 1 from flow.flag f where f.name = 'circuit_breaker' and not f.enabled)) then
            b := flow.breaker_move(p_name, 'open', b.failures + 1, p_reason,
                                   clock_timestamp() + make_interval(secs => p_reset_s), p_actor, false);
        end if;
    end if;
    return (select f.state from flow.breaker f where f.name = p_name);
end $$;

-- Opened by a person or by the watchdog: until `p_for_s` have passed, or (null) until it is reset.
create function flow.breaker_trip(p_name text, p_reason text, p_for_s double precision, p_actor text) returns boolean
language plpgsql as $$
declare
    b flow.breaker;
begin
    insert into flow.breaker (name) values (p_name) on conflict do nothing;
    select * into b from flow.breaker f where f.name = p_name for update;
    if b.state = 'open' and b.forced and p_for_s is null then
        return false;
    end if;
    perform flow.breaker_move(p_name, 'open', b.failures, p_reason, clock_timestamp() + make_interval(secs => p_for_s), p_actor, true);
    return true;
end $$;

create function flow.breaker_reset(p_name text, p_reason text, p_actor text) returns boolean language plpgsql as $$
declare
    b flow.breaker;
begin
    select * into b from flow.breaker f where f.name = p_name for update;
    if b.name is null or b.state = 'closed' then
        update flow.breaker f set failures = 0 where f.name = p_name;
        return false;
    end if;
    perform flow.breaker_move(p_name, 'closed', 0, p_reason, null, p_actor, false);
    return true;
end $$;

-- The audit of an operator's command that is no plan's or task's.
create function flow.audit(p_source text, p_command text, p_target text, p_outcome text, p_request text, p_actor text)
returns void language sql as $$
    select flow.announce('command.audited', 'audit-' || gen_random_uuid(), 1, p_source, p_actor,
        jsonb_build_object('command', p_command, 'target', p_target, 'outcome', p_outcome, 'request_id', p_request))
$$;

create function flow.flag_switch(p_name text, p_enabled boolean, p_reason text, p_request text, p_actor text)
returns text language plpgsql as $$
declare
    f flow.flag;
begin
    select * into f from flow.flag g where g.name = p_name for update;
    if f.name is null then
        return 'not_found';
    elsif f.enabled = p_enabled then
        return 'unchanged';
    end if;
    update flow.flag g set enabled = p_enabled, reason = p_reason, changed_by = p_actor, changed_at = clock_timestamp(),
                           version = version + 1
     where g.name = p_name;
    perform flow.audit('flag:' || p_name, case when p_enabled then 'flag.on' else 'flag.off' end, p_name, 'accepted', p_request, p_actor);
    return 'accepted';
end $$;

-- Recoveries ---------------------------------------------------------------------------------------------------------

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
