-- Retries and dead letters: what waits for another attempt, what was given up, and what people do about it.

create schema if not exists flow;

-- Raw records go through the outbox, too: bytes and headers exactly as given. `raw_headers` makes a row a raw one.
-- Headers are a JSON array of [name, text], or [name, {"base64": "..."}] where the bytes are no text.
alter table decide.outbox add column raw bytea, add column raw_headers jsonb;

-- One row for each record that waits in a retry topic, or that did. It gives the order of each plan's records, and it is
-- what people see of them. The bytes are here too, so that a copy can be sent again at any time.
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
    ended_at    timestamptz
);
create index replay_job_running on flow.replay_job (created_at) where state = 'running';
create table flow.replay_item (
    job_id     uuid not null references flow.replay_job on delete cascade,
    position   integer not null,
    record_id  text not null,
    outcome    text,                         -- null: its turn has not come
    at         timestamptz,
    primary key (job_id, position)
);
create index replay_item_left on flow.replay_item (job_id, position) where outcome is null;

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

-- Headers without those of the given names, or without x-*.
create function flow.without(p_headers jsonb, p_names text[]) returns jsonb language sql immutable as $$
    select coalesce(jsonb_agg(pair order by n), '[]')
      from jsonb_array_elements(p_headers) with ordinality e (pair, n) where not (pair ->> 0 = any (p_names))
$$;
create function flow.without_x(p_headers jsonb) returns jsonb language sql immutable as $$
    select coalesce(jsonb_agg(pair order by n), '[]')
      from jsonb_array_elements(p_headers) with ordinality e (pair, n) where pair ->> 0 not like 'x-%'
$$;

create function flow.put_raw(
    p_topic text, p_key text, p_type text, p_value bytea, p_headers jsonb, p_request text, p_actor text, p_traceparent text
) returns void language plpgsql as $$
declare
    made uuid := gen_random_uuid();
begin
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, traceparent, raw, raw_headers)
    values (made, p_topic, p_key, p_type, 'raw-' || made, 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint,
            p_request, p_key, p_actor, '{}', p_traceparent, p_value, p_headers);
end $$;

-- Where the group of a record reads it again: the lanes of analyses have one reader, the agents a topic of their own.
-- What the projections could not read goes to the log itself, where a rebuild finds it, too.
create function flow.replay_topic(p_group text, p_orig_topic text) returns text language sql immutable as $$
    select case when p_group = 'agents' then 'agents.redeliver' else p_orig_topic end
$$;

-- The record that a waiting one waits for, null where it is the first of its plan. Analyses of a plan have no order.
create function flow.head_before(p flow.parked) returns text language sql stable as $$
    select q.record_id from flow.parked q
     where q.state = 'waiting' and q.grp = p.grp and q.key = p.key and q.orig_topic = p.orig_topic
       and q.orig_partition = p.orig_partition and q.orig_offset < p.orig_offset and p.grp = 'agents' and p.key <> ''
     order by q.orig_offset limit 1
$$;

-- "Retry now": each record is on its way at once. Answers stand at the records' places.
create function flow.retry_now(p_ids text[], p_actor text, p_request text) returns jsonb[] language plpgsql as $$
declare
    answers jsonb[] := '{}';
    id text;
    p flow.parked;
    head text;
begin
    perform 1 from flow.parked where record_id = any (p_ids) order by record_id for update;
    foreach id in array p_ids loop
        select * into p from flow.parked where record_id = id;
        head := flow.head_before(p);
        if p.record_id is null then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'not_found');
        elsif p.state <> 'waiting' then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'resolved', 'state', p.state);
        elsif head is not null then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'behind', 'behind', head);
        elsif p.due_at <= clock_timestamp() then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'unchanged');
        else
            update flow.parked set due_at = clock_timestamp(), behind = '', tier = flow.replay_topic(p.grp, p.orig_topic)
             where record_id = id;
            perform flow.put_raw(flow.replay_topic(p.grp, p.orig_topic), p.key, p.type, p.value, p.headers, p_request,
                                 p_actor, p.traceparent);
            perform flow.audit('retries', 'retry.now', id, 'accepted', p_request, p_actor);
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'accepted');
        end if;
    end loop;
    return answers;
end $$;

-- "Give up": each record is a dead letter now, with the person's reason; its copies in the topics count no more.
create function flow.give_up(p_ids text[], p_reason text, p_actor text, p_request text) returns jsonb[]
language plpgsql as $$
declare
    answers jsonb[] := '{}';
    id text;
    p flow.parked;
    kept jsonb;
begin
    perform 1 from flow.parked where record_id = any (p_ids) order by record_id for update;
    foreach id in array p_ids loop
        select * into p from flow.parked where record_id = id;
        if p.record_id is null then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'not_found');
        elsif p.state = 'given_up' then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'unchanged', 'state', p.state);
        elsif p.state <> 'waiting' then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'resolved', 'state', p.state);
        else
            update flow.parked set state = 'given_up', resolved_at = clock_timestamp(), behind = '', tier = 'agents.dlq'
             where record_id = id;
            kept := flow.without(p.headers, '{x-next-attempt-at,x-parked-behind,x-given-up-by,x-given-up-reason}');
            if p.code = '' then
                kept := flow.without(kept, '{x-error-code,x-error-message}') || jsonb_build_array(
                    jsonb_build_array('x-error-code', 'given-up'), jsonb_build_array('x-error-message', p_reason));
            end if;
            perform flow.put_raw('agents.dlq', p.key, p.type, p.value, kept || jsonb_build_array(
                    jsonb_build_array('x-given-up-by', p_actor), jsonb_build_array('x-given-up-reason', p_reason)),
                p_request, p_actor, p.traceparent);
            perform flow.audit('retries', 'retry.give-up', id, 'accepted', p_request, p_actor);
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'accepted');
        end if;
    end loop;
    return answers;
end $$;

-- Locks what was decided about a dead letter; there is nothing where nobody has decided anything.
create function flow.dead_lock(p_id text) returns flow.dead_head language plpgsql as $$
declare
    h flow.dead_head;
begin
    insert into flow.dead_head (record_id) values (p_id) on conflict do nothing;
    select * into h from flow.dead_head where record_id = p_id for update;
    return h;
end $$;

-- Sends a dead letter again to the group that could not handle it. `p_force`: also one that came back three times, one
-- that was discarded, and one whose last replay has not come back.
create function flow.dead_replay(p_id text, p_force boolean, p_actor text, p_request text) returns jsonb
language plpgsql as $$
declare
    d record;
    h flow.dead_head;
    sent jsonb;
    target text;
begin
    select * into d from rm.dead_letter where record_id = p_id and dead_at is not null;
    if not found then
        return jsonb_build_object('record_id', p_id, 'outcome', 'not_found');
    end if;
    h := flow.dead_lock(p_id);
    if h.discarded and not p_force then
        return jsonb_build_object('record_id', p_id, 'outcome', 'discarded');
    elsif h.replays > d.replay and not p_force then
        return jsonb_build_object('record_id', p_id, 'outcome', 'replayed', 'replay', h.replays);
    elsif d.replay >= 3 and not p_force then
        return jsonb_build_object('record_id', p_id, 'outcome', 'parked', 'replay', h.replays);
    end if;
    update flow.dead_head set version = version + 1, replays = greatest(replays, d.replay) + 1, discarded = false
     where record_id = p_id returning * into h;
    target := flow.replay_topic(d.grp, d.orig_topic);
    sent := coalesce(h.edit_headers, flow.without_x(d.headers)) || jsonb_build_array(
        jsonb_build_array('x-consumer-group', d.grp), jsonb_build_array('x-orig-topic', d.orig_topic),
        jsonb_build_array('x-orig-partition', d.orig_partition::text),
        jsonb_build_array('x-orig-offset', d.orig_offset::text), jsonb_build_array('x-replay', h.replays::text),
        jsonb_build_array('x-first-failed-at', (extract(epoch from d.first_failed_at) * 1000)::bigint::text));
    if d.grp <> 'projections' then
        insert into flow.parked as p (record_id, grp, key, orig_topic, orig_partition, orig_offset, tier, replay, attempt,
                                      type, code, error_class, message, behind, due_at, since, state, value, headers,
                                      traceparent)
        values (p_id, d.grp, d.key, d.orig_topic, d.orig_partition, d.orig_offset, target, h.replays, 0,
                coalesce(h.edit_type, d.type), d.code, d.error_class, d.message, '', clock_timestamp(),
                coalesce(d.first_failed_at, d.dead_at), 'waiting',
                case when h.edit_headers is null then d.value else h.edit_value end, sent,
                (select pair ->> 1 from jsonb_array_elements(sent) pair where pair ->> 0 = 'traceparent' limit 1))
        on conflict (record_id) do update
           set tier = excluded.tier, replay = excluded.replay, attempt = 0, type = excluded.type, behind = '',
               due_at = excluded.due_at, state = 'waiting', resolved_at = null, value = excluded.value,
               headers = excluded.headers, traceparent = excluded.traceparent;
    end if;
    perform flow.put_raw(target, d.key, coalesce(h.edit_type, d.type),
        case when h.edit_headers is null then d.value else h.edit_value end, sent, p_request, p_actor, null);
    perform flow.announce('deadletter.replayed', 'deadletter-' || p_id, h.version, 'deadletter:' || p_id, p_actor,
        jsonb_build_object('record_id', p_id, 'replay', h.replays));
    return jsonb_build_object('record_id', p_id, 'outcome', 'accepted', 'replay', h.replays, 'topic', target);
end $$;

create function flow.dead_discard(p_id text, p_reason text, p_actor text) returns jsonb language plpgsql as $$
declare
    h flow.dead_head;
begin
    perform 1 from rm.dead_letter where record_id = p_id and dead_at is not null;
    if not found then
        return jsonb_build_object('record_id', p_id, 'outcome', 'not_found');
    end if;
    h := flow.dead_lock(p_id);
    if h.discarded then
        return jsonb_build_object('record_id', p_id, 'outcome', 'unchanged');
    end if;
    update flow.dead_head set version = version + 1, discarded = true where record_id = p_id returning * into h;
    perform flow.announce('deadletter.discarded', 'deadletter-' || p_id, h.version, 'deadletter:' || p_id, p_actor,
        jsonb_build_object('record_id', p_id, 'reason', p_reason));
    return jsonb_build_object('record_id', p_id, 'outcome', 'accepted');
end $$;

-- Keeps another payload beside the original: the next replay sends it. `p_expect`: edits that the person has seen.
create function flow.dead_edit(
    p_id text, p_type text, p_data jsonb, p_value bytea, p_headers jsonb, p_reason text, p_expect integer, p_actor text
) returns jsonb language plpgsql as $$
declare
    h flow.dead_head;
begin
    perform 1 from rm.dead_letter where record_id = p_id and dead_at is not null;
    if not found then
        return jsonb_build_object('record_id', p_id, 'outcome', 'not_found');
    end if;
    h := flow.dead_lock(p_id);
    if h.discarded then
        return jsonb_build_object('record_id', p_id, 'outcome', 'discarded');
    elsif p_expect is not null and p_expect <> h.version then
        return jsonb_build_object('record_id', p_id, 'outcome', 'version_mismatch', 'version', h.version);
    end if;
    update flow.dead_head
       set version = version + 1, edit_type = p_type, edit_data = p_data, edit_value = p_value, edit_headers = p_headers,
           edited_by = p_actor, edited_at = clock_timestamp()
     where record_id = p_id returning * into h;
    perform flow.announce('deadletter.edited', 'deadletter-' || p_id, h.version, 'deadletter:' || p_id, p_actor,
        jsonb_build_object('record_id', p_id, 'reason', p_reason));
    return jsonb_build_object('record_id', p_id, 'outcome', 'accepted', 'version', h.version);
end $$;

-- Takes the next turn of one running job, whichever gateway asks: as many as its rate allows since the last turn, one
-- second's worth at most. Returns the number of letters sent or refused; 0 where nothing is to be done now.
create function flow.replay_turn() returns integer language plpgsql as $$
declare
    j flow.replay_job;
    i record;
    allowed integer;
    moved integer := 0;
    said jsonb;
begin
    for j in select * from flow.replay_job where state = 'running' order by created_at for update skip locked loop
        allowed := floor(least(extract(epoch from clock_timestamp() - j.moved_at), greatest(1.0, 1.0 / j.rate)) * j.rate);
        if allowed < 1 then
            continue;
        end if;
        for i in select position, record_id from flow.replay_item
                  where job_id = j.job_id and outcome is null order by position limit allowed loop
            said := flow.dead_replay(i.record_id, j.force, j.actor, j.request_id);
            update flow.replay_item set outcome = said ->> 'outcome', at = clock_timestamp()
             where job_id = j.job_id and position = i.position;
            moved := moved + 1;
        end loop;
        update flow.replay_job set moved_at = clock_timestamp() where job_id = j.job_id;
        if not exists (select 1 from flow.replay_item where job_id = j.job_id and outcome is null) then
            update flow.replay_job set state = 'done', ended_at = clock_timestamp() where job_id = j.job_id;
        end if;
    end loop;
    return moved;
end $$;
