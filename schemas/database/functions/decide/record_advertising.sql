-- Stores the reports of advertising in a document, and puts each new or changed one into the outbox as an event of the
-- stream `goods`. `p_reports`: data of goods.advertising.recorded, each key once.
-- Outcomes: how many reports are new, and the stream's current version.
-- Called by: gateway/uploads/ads_store.py

create or replace function decide.record_advertising(c decide.command, p_reports jsonb) returns jsonb language plpgsql as $$
declare
    reached integer;
    changed integer := 0;
    r jsonb;
begin
    -- the second of two documents sees what the first has changed
    select version into reached from decide.goods for update;
    for r in select one from jsonb_array_elements(p_reports) one order by one ->> 'key' loop
        continue when exists (select from decide.ad_report a where a.key = r ->> 'key' and a.report = r);
        reached := reached + 1;
        changed := changed + 1;
        insert into decide.ad_report (key, channel, first_day, last_day, report, document, version)
        values (r ->> 'key', r ->> 'channel', (r ->> 'first_day')::date, (r ->> 'last_day')::date, r,
                c.data ->> 'document', reached)
        on conflict (key) do update
           set report = excluded.report, document = excluded.document, version = excluded.version;
        insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                                   actor, data, traceparent)
        values (md5(c.event_id || '|advertising|' || reached)::uuid, 'goods.events', 'goods',
                'goods.advertising.recorded', 'goods', reached, c.at, c.causation_id, 'goods', c.actor,
                c.data || r || jsonb_build_object('source', 'goods'), c.traceparent);
    end loop;
    update decide.goods set version = reached where version < reached;
    return jsonb_build_object('reports', changed, 'version', reached);
end $$;
