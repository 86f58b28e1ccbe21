-- Puts a record into the outbox whose bytes and headers are published exactly as given, linked to the request that
-- asked for it. The request sets its trace context for the transaction: set_config('marketplace.request_trace', ...,
-- true).
-- Called by: flow.dead_replay, flow.give_up, flow.release_behind, flow.retry_now

create or replace function flow.put_raw(
    p_topic text, p_key text, p_type text, p_value bytea, p_headers jsonb, p_request text, p_actor text, p_traceparent text
) returns void language plpgsql as $$
declare
    made uuid := gen_random_uuid();
begin
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, traceparent, link, raw, raw_headers)
    values (made, p_topic, p_key, p_type, 'raw-' || made, 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint,
            p_request, p_key, p_actor, '{}', p_traceparent, nullif(current_setting('marketplace.request_trace', true), ''),
            p_value, p_headers);
end $$;
