-- Corrects one cost for a person: `goods.cost.delete` deletes it, `goods.cost.currency` sets its currency. The command
-- names the cost by key and first day; `expect` is the version that the person saw.
-- Outcomes: accepted, unchanged, not_found, version_mismatch; with the version of the cost, or the stream's current
-- one.
-- Called by: gateway/uploads/goods_correct.py

create or replace function decide.correct_cost(c decide.command) returns jsonb language plpgsql as $$
declare
    reached integer;
    known decide.unit_cost;
    costs jsonb := '[]';
    deleted jsonb := '[]';
begin
    -- the second of two persons sees what the first has changed
    select version into reached from decide.goods for update;
    select * into known from decide.unit_cost
     where sku_key = c.data ->> 'key' and valid_from = (c.data ->> 'valid_from')::date;
    if not found then
        return jsonb_build_object('outcome', 'not_found', 'version', reached);
    elsif c.expect is not null and c.expect <> known.version then
        return jsonb_build_object('outcome', 'version_mismatch', 'version', known.version);
    elsif c.command = 'goods.cost.currency' and known.currency = c.data ->> 'currency' then
        return jsonb_build_object('outcome', 'unchanged', 'version', reached);
    end if;
    reached := reached + 1;
    case c.command
        when 'goods.cost.delete' then
            delete from decide.unit_cost where sku_key = known.sku_key and valid_from = known.valid_from;
            deleted := jsonb_build_array(
                jsonb_build_object('key', known.sku_key, 'sku', known.sku, 'valid_from', known.valid_from));
        when 'goods.cost.currency' then
            update decide.unit_cost set currency = c.data ->> 'currency', version = reached
             where sku_key = known.sku_key and valid_from = known.valid_from returning * into known;
            costs := jsonb_build_array(jsonb_build_object(
                'key', known.sku_key, 'sku', known.sku, 'title', known.title, 'valid_from', known.valid_from,
                'unit_cost', known.unit_cost, 'packaging', known.packaging, 'tax_rate', known.tax_rate,
                'currency', known.currency));
    end case;
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, traceparent)
    values (c.event_id, 'goods.events', 'goods', 'goods.corrected', 'goods', reached, c.at, c.causation_id, 'goods',
            c.actor, jsonb_build_object('source', 'goods', 'costs', costs, 'deleted', deleted), c.traceparent);
    update decide.goods set version = reached;
    return jsonb_build_object('outcome', 'accepted', 'version', reached);
end $$;
