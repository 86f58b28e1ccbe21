-- Stores the costs and stock in a document, and puts what is new into the outbox, in events of the stream `goods` of
-- at most 500 rows. A cost is new if a different one, or none, is in force on its day; a stock, if a different number,
-- or none, is known for its day. `p_costs` and `p_stock`: items of goods.recorded, each key and day once.
-- Outcomes: how many costs and stocks are new, and the stream's current version.
-- Called by: gateway/uploads/goods_store.py

create or replace function decide.record_goods(c decide.command, p_costs jsonb, p_stock jsonb) returns jsonb language plpgsql as $$
declare
    most constant integer := 500;
    reached integer;
    costs jsonb[];
    stock jsonb[];
    some_costs jsonb[];
    some_stock jsonb[];
    answer jsonb;
begin
    -- the second of two documents sees what the first has changed
    select version into reached from decide.goods for update;
    select coalesce(array_agg(g order by g ->> 'key', g ->> 'valid_from'), '{}') into costs
      from jsonb_array_elements(p_costs) g
      left join lateral (
          select u.unit_cost, u.packaging, u.tax_rate, u.currency from decide.unit_cost u
           where u.sku_key = g ->> 'key' and u.valid_from <= (g ->> 'valid_from')::date
           order by u.valid_from desc limit 1) u on true
     where (u.unit_cost, u.packaging, u.tax_rate, u.currency) is distinct from
           ((g ->> 'unit_cost')::float8, (g ->> 'packaging')::float8, (g ->> 'tax_rate')::float8, g ->> 'currency');
    select coalesce(array_agg(g order by g ->> 'key', g ->> 'channel', g ->> 'counted_on'), '{}') into stock
      from jsonb_array_elements(p_stock) g
      left join decide.stock_level s on s.sku_key = g ->> 'key' and s.channel = g ->> 'channel'
                                    and s.counted_on = (g ->> 'counted_on')::date
     where s.quantity is distinct from (g ->> 'quantity')::float8;
    answer := jsonb_build_object('costs', cardinality(costs), 'stock', cardinality(stock));
    while cardinality(costs) + cardinality(stock) > 0 loop
        reached := reached + 1;
        some_costs := costs[1:most];
        some_stock := stock[1:most - cardinality(some_costs)];
        costs := costs[cardinality(some_costs) + 1:];
        stock := stock[cardinality(some_stock) + 1:];
        insert into decide.unit_cost (sku_key, valid_from, sku, title, unit_cost, packaging, tax_rate, currency, version)
        select g ->> 'key', (g ->> 'valid_from')::date, g ->> 'sku', g ->> 'title', (g ->> 'unit_cost')::float8,
               (g ->> 'packaging')::float8, (g ->> 'tax_rate')::float8, g ->> 'currency', reached
          from unnest(some_costs) g
        on conflict (sku_key, valid_from) do update
           set sku = excluded.sku, title = excluded.title, unit_cost = excluded.unit_cost, packaging = excluded.packaging,
               tax_rate = excluded.tax_rate, currency = excluded.currency, version = excluded.version;
        insert into decide.stock_level (sku_key, channel, counted_on, sku, title, quantity, version)
        select g ->> 'key', g ->> 'channel', (g ->> 'counted_on')::date, g ->> 'sku', g ->> 'title',
               (g ->> 'quantity')::float8, reached
          from unnest(some_stock) g
        on conflict (sku_key, channel, counted_on) do update
           set sku = excluded.sku, title = excluded.title, quantity = excluded.quantity, version = excluded.version;
        insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                                   actor, data, traceparent)
        values (md5(c.event_id || '|goods|' || reached)::uuid, 'goods.events', 'goods', 'goods.recorded', 'goods', reached,
                c.at, c.causation_id, 'goods', c.actor,
                c.data || jsonb_build_object('source', 'goods', 'costs', to_jsonb(some_costs), 'stock', to_jsonb(some_stock)),
                c.traceparent);
    end loop;
    update decide.goods set version = reached where version < reached;
    return answer || jsonb_build_object('version', reached);
end $$;
