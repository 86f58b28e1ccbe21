-- Sends a dead letter, with its edits, to the group that could not handle it. `p_force`: also a letter that came back
-- three times, was discarded, or whose last replay has not come back; never one that nobody would read. The index cuts
-- a long key (schemas.headers.NAME_LIMIT); the record has all of it.
-- Outcomes: accepted, not_found, unread, discarded, replayed, parked.
-- Called by: gateway/operations/letters.py, flow.replay_turn

create or replace function flow.dead_replay(p_id text, p_force boolean, p_actor text, p_request text) returns jsonb
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
    if not flow.is_read(d.grp, d.orig_topic) then
        return jsonb_build_object('record_id', p_id, 'outcome', 'unread', 'group', d.grp, 'topic', d.orig_topic);
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
    if (select g.retries from flow.consumer_group g where g.name = d.grp) then
        insert into flow.parked as p (record_id, grp, key, orig_topic, orig_partition, orig_offset, tier, replay, attempt,
                                      type, code, error_class, message, behind, due_at, since, state, value, headers,
                                      traceparent)
        values (p_id, d.grp, left(d.key, 249), d.orig_topic, d.orig_partition, d.orig_offset, target, h.replays, 0,
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
