-- Counts the tasks that a statement inserted, moved to another status, or deleted.
-- Called by: schemas/database/migrations/0093_post_tally.sql

create or replace function flow.tally_tasks() returns trigger language plpgsql as $$
declare
    statuses text[];
    counts bigint[];
begin
    if tg_op = 'UPDATE' then
        select array_agg(status), array_agg(n) into statuses, counts from (
            select status, sum(n) as n
              from (select status, 1 as n from came union all select status, -1 from went) moved
             group by 1 having sum(n) <> 0) m;
    elsif tg_op = 'INSERT' then
        select array_agg(status), array_agg(n) into statuses, counts
          from (select status, count(*) as n from came group by 1) m;
    elsif tg_op = 'DELETE' then
        select array_agg(status), array_agg(n) into statuses, counts
          from (select status, -count(*) as n from went group by 1) m;
    else
        execute format('delete from %I.tally where kind = ''task''', tg_table_schema);
    end if;
    if statuses is not null then
        perform flow.tally(tg_table_schema, 'task', statuses, null, null, counts);
    end if;
    return null;
end $$;
