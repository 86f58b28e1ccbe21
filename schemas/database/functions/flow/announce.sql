-- Puts an event of the system itself into the outbox, once for each stream and version. Where a row has its place that
-- nobody of ours decided, the event is kept until the place is free, and whoever announces it goes on: no one who may
-- write there stops alerts, breakers or processes (streams/watchdog/unannounced.py).
-- Outcomes: true; false if it is kept.
-- Called by: flow.alert_announce, flow.audit, flow.breaker_move, flow.dead_discard, flow.dead_edit, flow.dead_replay,
-- flow.worker_start, flow.worker_stop

create or replace function flow.announce(p_type text, p_stream text, p_version integer, p_source text, p_actor text, p_data jsonb)
returns boolean language plpgsql as $$
declare
    made uuid := md5(p_stream || '|' || p_version || '|' || p_type)::uuid;
    at bigint := (extract(epoch from clock_timestamp()) * 1000000)::bigint;
    told jsonb := p_data || jsonb_build_object('source', p_source);
begin
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data)
    values (made, 'system.events', p_source, p_type, p_stream, p_version, at, made::text, p_source, p_actor, told)
    on conflict do nothing;
    if not found then
        insert into flow.unannounced (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                                      actor, data)
        values (made, 'system.events', p_source, p_type, p_stream, p_version, at, made::text, p_source, p_actor, told);
        return false;
    end if;
    return true;
end $$;
