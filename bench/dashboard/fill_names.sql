-- How plans and tasks of a filled database are called, and when they were uploaded: as histories.py says.

create function pg_temp.plans() returns int language sql as $$ select current_setting('bench.plans')::int $$;
create function pg_temp.plan(n int) returns uuid language sql immutable as $$ select md5('plan' || n)::uuid $$;
create function pg_temp.task(n int, place int) returns uuid language sql immutable as $$ select md5('task' || n || ' ' || place)::uuid $$;
create function pg_temp.at(n int) returns timestamptz language sql stable as $$
    select current_setting('bench.latest')::timestamptz - n * interval '5 minutes' $$;
create function pg_temp.due(n int) returns date language sql stable as $$
    select (pg_temp.at(n) at time zone 'UTC' + interval '30 days')::date $$;
