-- Returns headers without those of the given names.
-- Called by: flow.give_up

create or replace function flow.without(p_headers jsonb, p_names text[]) returns jsonb language sql immutable as $$
    select coalesce(jsonb_agg(pair order by n), '[]')
      from jsonb_array_elements(p_headers) with ordinality e (pair, n) where not (pair ->> 0 = any (p_names))
$$;
