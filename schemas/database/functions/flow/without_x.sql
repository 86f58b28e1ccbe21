-- Returns headers without x-*, except x-failed-span: the attempt after a replay is linked to the failed one.
-- Called by: flow.dead_replay

create or replace function flow.without_x(p_headers jsonb) returns jsonb language sql immutable as $$
    select coalesce(jsonb_agg(pair order by n), '[]')
      from jsonb_array_elements(p_headers) with ordinality e (pair, n)
     where pair ->> 0 not like 'x-%' or pair ->> 0 = 'x-failed-span'
$$;
