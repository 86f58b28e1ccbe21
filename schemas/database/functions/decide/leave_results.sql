-- Leaves results of channels to the history, which says the same for ever: of plans on which somebody decided longer
-- ago than `p_kept`, up to `p_most` of them. Returns their plans. Two gateways at the same time take different ones.
-- Called by: bench/disk/leaves.py, gateway/operations/housekeeping.py

create or replace function decide.leave_results(p_kept interval, p_most integer) returns setof uuid
language plpgsql as $$
begin
    if (select attnotnull from pg_attribute
         where attrelid = 'decide.channel_result'::regclass and attname = 'data') then
        return;  -- processes of an older version may still read results
    end if;
    return query
    with old as (
        select r.plan_id, r.channel from decide.channel_result r
          join decide.head h on h.stream = 'plan-' || r.plan_id
         where r.data is not null and h.analyzed and h.changed_at < now() - p_kept
           and not exists (select from decide.rule u where u.command = 'plan.channel.analyse_again'
                                                       and h.status = any (u.from_status))
           and exists (select from rm.timeline t
                        where t.plan_id = r.plan_id and t.stream = 'plan-' || r.plan_id || '.' || r.channel
                          and t.event_id = r.event_id)
         order by r.plan_id limit p_most for update of r skip locked
    )
    update decide.channel_result r set data = null from old
     where r.plan_id = old.plan_id and r.channel = old.channel returning r.plan_id;
end $$;
