-- Of plans that were analysed before it was kept which phases are left, it is told by what they propose, where that stands.
-- The triggers of rm.tally count those that wait as they are told.
update rm.plan p
   set phases_left = array(
           select distinct (f ->> 'number')::int
             from jsonb_array_elements(coalesce((select b.said from rm.plan_body b
                                                  where b.plan_id = p.plan_id and b.digest = p.body)::jsonb -> 'phases',
                                                p.phases)) f
            where (f ->> 'number')::int > coalesce((select max(l.number) from rm.plan_phase l where l.plan_id = p.plan_id), 1)
              and jsonb_typeof(f -> 'tasks') = 'array' and f -> 'tasks' <> '[]'
            order by 1)
 where phases_left is null and analyzed_at is not null;
