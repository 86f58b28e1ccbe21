-- Removes an erased document from the figures of later documents: the products that were compared with it, and a
-- figure that has none left. The plans keep what was found, without its prices.
-- Called by: decide.erase, decide.tell_compared

create or replace function decide.forget_compared(p_plan uuid) returns void language plpgsql as $$
declare
    later record;
begin
    for later in select distinct c.plan_id, c.channel, c.other_channel from decide.compared c
                  where c.other_plan_id = p_plan order by 1, 2, 3 loop
        update decide.document d set facts = jsonb_set(d.facts, '{channels}', (
            select jsonb_agg(case when own ->> 'channel' <> later.channel then own else jsonb_set(own, '{figures}', (
                       select coalesce(jsonb_agg(kept.figure order by f.place), '[]')
                         from jsonb_array_elements(own -> 'figures') with ordinality f (figure, place)
                        cross join lateral (
                              select decide.without_document(f.figure, later.other_channel, p_plan) as figure) kept
                        where kept.figure is not null)) end order by o.place)
              from jsonb_array_elements(d.facts -> 'channels') with ordinality o (own, place)))
         where d.plan_id = later.plan_id;
    end loop;
    delete from decide.compared c where c.other_plan_id = p_plan;
end $$;
