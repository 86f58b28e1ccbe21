-- Adds to the counts of a set of read models: a number for each status, negative to subtract. For plans that await a
-- decision it counts partial and empty ones, too, and for completed ones those that another phase follows, as partial;
-- null: none. It writes in a slot that no other transaction has, so counting never waits and never deadlocks.
-- Called by: flow.tally_plans, flow.tally_tasks

create or replace function flow.tally(
    p_schema text, p_kind text, p_statuses text[], p_partials boolean[], p_empties boolean[], p_counts bigint[]
) returns void language plpgsql as $$
declare
    own smallint := flow.tally_slot();
begin
    if p_schema = 'rm' then
        insert into rm.tally as t (kind, status, partial, empty, slot, n)
        select p_kind, m.status, coalesce(m.partial, false), coalesce(m.empty, false), own, m.n
          from unnest(p_statuses, p_partials, p_empties, p_counts) m (status, partial, empty, n)
        on conflict (kind, status, partial, empty, slot) do update set n = t.n + excluded.n;
    else -- those that a rebuild fills, or has put aside
        execute format('insert into %I.tally as t (kind, status, partial, empty, slot, n)'
                       ' select $1, m.status, coalesce(m.partial, false), coalesce(m.empty, false), $2, m.n'
                       ' from unnest($3, $4, $5, $6) m (status, partial, empty, n)'
                       ' on conflict (kind, status, partial, empty, slot) do update set n = t.n + excluded.n', p_schema)
          using p_kind, own, p_statuses, p_partials, p_empties, p_counts;
    end if;
end $$;
