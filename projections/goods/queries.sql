-- cost_recorded
-- A document told what a unit costs from a day on, or a person put it right. What comes late changes nothing.
insert into unit_cost as u (sku_key, valid_from, version, sku, title, unit_cost, packaging, tax_rate, currency, document,
                            recorded_by, recorded_at)
select distinct on (v.sku_key, v.valid_from) v.*
  from unnest($1::text[], $2::date[], $3::int[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::float8[],
              $9::text[], $10::text[], $11::text[], $12::timestamptz[])
       v (sku_key, valid_from, version, sku, title, unit_cost, packaging, tax_rate, currency, document, recorded_by,
          recorded_at)
 order by v.sku_key, v.valid_from, v.version desc
on conflict (sku_key, valid_from) do update
   set version = excluded.version, sku = excluded.sku, title = excluded.title, unit_cost = excluded.unit_cost,
       packaging = excluded.packaging, tax_rate = excluded.tax_rate, currency = excluded.currency,
       document = excluded.document, recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at,
       deleted = false
 where u.version < excluded.version;

-- cost_deleted
-- A person took a cost back. After the costs of a batch: it may be of one of them.
update unit_cost u
   set deleted = true, version = v.version, recorded_by = v.recorded_by, recorded_at = v.recorded_at
  from unnest($1::text[], $2::date[], $3::int[], $4::text[], $5::timestamptz[])
       v (sku_key, valid_from, version, recorded_by, recorded_at)
 where u.sku_key = v.sku_key and u.valid_from = v.valid_from and u.version < v.version;

-- stock_recorded
-- A document told how many units are on hand on a day.
insert into stock_level as s (sku_key, channel, counted_on, version, sku, title, quantity, document, recorded_by,
                              recorded_at)
select * from unnest($1::text[], $2::text[], $3::date[], $4::int[], $5::text[], $6::text[], $7::float8[], $8::text[],
                     $9::text[], $10::timestamptz[])
on conflict (sku_key, channel, counted_on) do update
   set version = excluded.version, sku = excluded.sku, title = excluded.title, quantity = excluded.quantity,
       document = excluded.document, recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at
 where s.version < excluded.version;

-- ad_report_recorded
-- A document told what a channel's advertising cost. What comes late changes nothing.
insert into ad_report as a (key, version, channel, first_day, last_day, currency, amount, sales, impressions, clicks,
                            document, recorded_by, recorded_at)
select distinct on (v.key) v.*
  from unnest($1::text[], $2::int[], $3::text[], $4::date[], $5::date[], $6::text[], $7::float8[], $8::float8[],
              $9::float8[], $10::float8[], $11::text[], $12::text[], $13::timestamptz[])
       v (key, version, channel, first_day, last_day, currency, amount, sales, impressions, clicks, document, recorded_by,
          recorded_at)
 order by v.key, v.version desc
on conflict (key) do update
   set version = excluded.version, channel = excluded.channel, first_day = excluded.first_day,
       last_day = excluded.last_day, currency = excluded.currency, amount = excluded.amount, sales = excluded.sales,
       impressions = excluded.impressions, clicks = excluded.clicks, document = excluded.document,
       recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at, deleted = false
 where a.version < excluded.version;

-- ad_report_deleted
-- A person took a report back. After the reports of a batch: it may be one of them.
update ad_report a
   set deleted = true, version = v.version, recorded_by = v.recorded_by, recorded_at = v.recorded_at
  from unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[]) v (key, version, recorded_by, recorded_at)
 where a.key = v.key and a.version < v.version;
