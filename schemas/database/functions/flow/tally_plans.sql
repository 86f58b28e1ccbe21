-- Counts the plans that a statement inserted, moved to another status, or deleted. Of completed plans those are counted
-- apart, as `partial`, whose next phase waits for a person.
-- Called by: schemas/database/migrations/0093_post_tally.sql

create or replace function flow.tally_plans() returns trigger language plpgsql as $$
declare
    statuses text[];
    partials boolean[];
    empties boolean[];
    counts bigint[];
begin
    -- what is long was stored apart, and is no empty list: only short values are looked into
    if tg_op = 'UPDATE' then
        select array_agg(status), array_agg(partial), array_agg(empty), array_agg(n)
          into statuses, partials, empties, counts from (
            select status, partial, empty, sum(n) as n from (
                select status, status = 'awaiting_approval' and partial
                               or status = 'completed' and coalesce(phases_left <> '{}', false) as partial,
                       status = 'awaiting_approval'
                       and coalesce(opportunity_count = 0,
                           case when pg_column_size(opportunities) < 32 then opportunities = '[]' else false end)
                       as empty,
                       1 as n from came
                union all
                select status, status = 'awaiting_approval' and partial
                               or status = 'completed' and coalesce(phases_left <> '{}', false),
                       status = 'awaiting_approval'
                       and coalesce(opportunity_count = 0,
                           case when pg_column_size(opportunities) < 32 then opportunities = '[]' else false end),
                       -1 from went) moved
             group by 1, 2, 3 having sum(n) <> 0) m;
    elsif tg_op = 'INSERT' then
        select array_agg(status), array_agg(partial), array_agg(empty), array_agg(n)
          into statuses, partials, empties, counts from (
            select status, status = 'awaiting_approval' and partial
                           or status = 'completed' and coalesce(phases_left <> '{}', false) as partial,
                   status = 'awaiting_approval'
                   and coalesce(opportunity_count = 0,
                           case when pg_column_size(opportunities) < 32 then opportunities = '[]' else false end)
                       as empty,
                   count(*) as n from came group by 1, 2, 3) m;
    elsif tg_op = 'DELETE' then
        select array_agg(status), array_agg(partial), array_agg(empty), array_agg(n)
          into statuses, partials, empties, counts from (
            select status, status = 'awaiting_approval' and partial
                           or status = 'completed' and coalesce(phases_left <> '{}', false) as partial,
                   status = 'awaiting_approval'
                   and coalesce(opportunity_count = 0,
                           case when pg_column_size(opportunities) < 32 then opportunities = '[]' else false end)
                       as empty,
                   -count(*) as n from went group by 1, 2, 3) m;
    else
        execute format('delete from %I.tally where kind = ''plan''', tg_table_schema);
    end if;
    if statuses is not null then
        perform flow.tally(tg_table_schema, 'plan', statuses, partials, empties, counts);
    end if;
    return null;
end $$;
