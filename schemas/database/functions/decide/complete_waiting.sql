-- Completes plans whose tasks ended before Phase 1 was readable, because the last task's command could not know that.
-- Looks at up to `p_most` plans that changed within the last day, with `p_all` at all plans. A row in the outbox that
-- nobody decided keeps its plan alone from it: the relay judges the row, whatever it claims, if it is not listed as
-- forged already.
-- Outcomes: how many plans it looked at.
-- Called by: streams/watchdog/watch.py

create or replace function decide.complete_waiting(p_most integer, p_actor text, p_all boolean) returns integer language plpgsql as $$
declare
    p uuid;
    c decide.command;
    looked integer := 0;
begin
    for p in select found.plan_id from (
             select plan_id from rm.plan r
              where r.status = 'executing' and r.changed_at < now() - interval '2 seconds'
                and (p_all or r.changed_at > now() - interval '1 day')
                and exists (select from rm.task t where t.plan_id = r.plan_id)
                and not exists (select from rm.task t where t.plan_id = r.plan_id
                                   and t.status not in (select s.status from decide.status s
                                                         where s.kind = 'task' and s.final))
              limit p_most) found order by found.plan_id loop  -- as decide.run_all locks them
        looked := looked + 1;
        -- each phase of a plan ends once: the first without its number, as it was before there were others
        c.event_id := md5('complete' || p::text || coalesce(
            (select nullif(phase, 1)::text from decide.head where stream = 'plan-' || p), ''))::uuid;
        c.at := (extract(epoch from clock_timestamp()) * 1000000)::bigint;
        c.causation_id := c.event_id::text;
        c.actor := p_actor;
        begin
            perform decide.complete_plan(p, c);
        exception when unique_violation then
            update decide.outbox set published_at = null, held_at = null, held_why = null
             where ((stream = 'plan-' || p and version > (select version from decide.head where stream = 'plan-' || p))
                    or event_id = md5(c.event_id::text || 'plan.completed')::uuid)
               and not (published_at is null and held_at is not null and coalesce(held_why, '') like 'Forged:%');
        end;
    end loop;
    return looked;
end $$;
