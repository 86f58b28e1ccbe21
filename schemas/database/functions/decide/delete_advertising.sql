-- Deletes a report of advertising for a person. The command names it by its key.
-- Outcomes: accepted, not_found; with the stream's current version.
-- Called by: gateway/uploads/ads_store.py

create or replace function decide.delete_advertising(c decide.command) returns jsonb language plpgsql as $$
declare
    reached integer;
    known decide.ad_report;
begin
    select version into reached from decide.goods for update;
    delete from decide.ad_report where key = c.data ->> 'key' returning * into known;
    if known.key is null then
        return jsonb_build_object('outcome', 'not_found', 'version', reached);
    end if;
    reached := reached + 1;
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, traceparent)
    values (c.event_id, 'goods.events', 'goods', 'goods.advertising.deleted', 'goods', reached, c.at, c.causation_id,
            'goods', c.actor,
            jsonb_build_object('source', 'goods', 'key', known.key, 'channel', known.channel,
                               'first_day', known.first_day, 'last_day', known.last_day),
            c.traceparent);
    update decide.goods set version = reached;
    return jsonb_build_object('outcome', 'accepted', 'version', reached);
end $$;
