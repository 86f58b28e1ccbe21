-- Deletes the documents that are older than `p_days`, at most `p_most`, the oldest first: of plans that have ended.
-- What later documents were compared with stays. Plans are locked in the order of their ids, as decide.run_all does.
-- The event's id follows from the plan, so whoever comes second finds it done. The audit has an entry of each.
-- Outcomes: how many it deleted.
-- Called by: gateway/operations/housekeeping.py

create or replace function decide.erase_old(p_days integer, p_most integer, p_actor text) returns integer
language plpgsql as $$
declare
    c decide.command;
    one uuid;
    deleted integer := 0;
begin
    for one in
        select old.plan_id from (
            select d.plan_id from decide.document d join decide.head h on h.stream = 'plan-' || d.plan_id
             where d.stored_at < now() - make_interval(days => p_days)
               and h.status in (select s.status from decide.status s where s.kind = 'plan' and s.final)
               and not exists (select from flow.deadline w where w.plan_id = d.plan_id)
             order by d.stored_at limit p_most) old
         order by old.plan_id loop
        c.id := one;
        c.event_id := md5('retention' || one)::uuid;
        c.at := (extract(epoch from clock_timestamp()) * 1000000)::bigint;
        c.causation_id := c.event_id::text;
        c.actor := p_actor;
        perform from decide.head h where h.stream = 'plan-' || one for update;
        -- it may have begun another phase while this waited
        continue when not exists (select from decide.head h join decide.status s on s.status = h.status
                                   where h.stream = 'plan-' || one and s.kind = 'plan' and s.final);
        if decide.drop_document(c, 'MARKETPLACE_DOCUMENT_DAYS=' || p_days) = 'accepted' then
            insert into audit.entry (actor, key_id, address, action, kind, target, plan_id, outcome, reason, request_id)
            values (p_actor, '', '', 'plan.erase', 'plan', one::text, one, 'accepted',
                    'MARKETPLACE_DOCUMENT_DAYS=' || p_days, '');
            deleted := deleted + 1;
        end if;
    end loop;
    return deleted;
end $$;
