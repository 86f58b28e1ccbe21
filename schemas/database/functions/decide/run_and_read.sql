-- Decides many commands as decide.run_all does, and then reads the outbox as a relay does, all in one round trip: up to
-- `most` events that wait to be published, the oldest first, without the rows `known`. It looks once the decisions have
-- their locks, so an event is never without those that came before it in its stream.
-- Outcomes: a first row with the answers, as decide.run_all gives them; then a row for each event, without answers.
-- Called by: gateway/commands/calling.py

create or replace function decide.run_and_read(commands jsonb, addresses text[], known bigint[], most integer)
returns table (answers jsonb, seq bigint, event_id text, topic text, key text, type text, stream text, version integer,
               occurred_at bigint, causation_id text, correlation_id text, actor text, data jsonb, traceparent text,
               link text, raw bytea, raw_headers jsonb, seal text)
language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
    answers := decide.run_all(commands, addresses);
    return next;
    answers := null;
    return query
        select null::jsonb, o.seq, o.event_id::text, o.topic, o.key, o.type, o.stream, o.version, o.occurred_at,
               o.causation_id, o.correlation_id, o.actor, o.data, o.traceparent, o.link, o.raw, o.raw_headers, o.seal
          from decide.outbox o
         where o.published_at is null and o.held_at is null and o.seq <> all (run_and_read.known)
         order by o.seq limit run_and_read.most;
end $$;
