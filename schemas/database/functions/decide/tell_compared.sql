-- Records which documents of other channels a plan's figures were compared with, and which documents of returns told
-- why its sales came back, except those erased meanwhile. An
-- erasure at the same moment waits, or is waited for.
-- Called by: decide.upload

create or replace function decide.tell_compared(p_plan uuid, p_facts jsonb) returns void language plpgsql as $$
declare
    other uuid;
begin
    insert into decide.compared (plan_id, channel, other_plan_id, other_channel, metrics)
    select p_plan, own ->> 'channel', (told.value ->> 'plan_id')::uuid, told.key, array_agg(figure ->> 'metric')
      from jsonb_array_elements(p_facts -> 'channels') own
     cross join jsonb_array_elements(own -> 'figures') figure
     cross join jsonb_each(case when jsonb_typeof(figure #> '{detail,documents}') = 'object'
                                then figure #> '{detail,documents}' else '{}' end
                           || coalesce(figure #> '{detail,returned_by}', '{}')) told
     group by own ->> 'channel', told.value ->> 'plan_id', told.key;
    for other in select distinct c.other_plan_id from decide.compared c where c.plan_id = p_plan order by 1 loop
        perform from decide.document d where d.plan_id = other for key share;
        if not found then
            perform decide.forget_compared(other);
        end if;
    end loop;
end $$;
