-- Asks the watchdog to act on a waiting plan at once: `recover` it, or let it `move_on` without what it waits for,
-- whatever its deadline and even if automatic recovery is off. Puts plan.recovery.requested into the outbox. The same
-- request again, before it has begun, changes nothing.
-- Outcomes: accepted, unchanged, not_waiting, not_found.
-- Called by: gateway/operations/recovering.py

create or replace function decide.ask_recovery(c decide.command, p_how text, p_channels text[], p_reason text) returns text language plpgsql as $$
declare
    h decide.head;
    number integer;
begin
    select * into h from decide.head where stream = 'plan-' || c.id;
    if not found then
        return 'not_found';
    end if;
    update flow.deadline
       set requested = p_how, requested_channels = p_channels, check_from = now() - interval '1 year'
     where plan_id = c.id and (kind <> 'again' or p_channels = '{}' or channel = any (p_channels))
       and (requested is distinct from p_how or requested_channels <> p_channels);
    if not found then
        return case when exists (select from flow.deadline where plan_id = c.id) then 'unchanged' else 'not_waiting' end;
    end if;
    if p_how = 'recover' then
        perform flow.breaker_reset('plan:' || c.id, 'a recovery was asked for', c.actor);
    end if;
    insert into flow.recovery_stream as r (plan_id, version) values (c.id, 1)
    on conflict (plan_id) do update set version = r.version + 1 returning version into number;
    perform decide.put_outbox('plan.events', 'plan.recovery.requested', 'recovery-' || c.id, number, c.id, c, c.event_id,
        jsonb_build_object('plan_id', c.id, 'how', p_how, 'channels', to_jsonb(p_channels), 'reason', p_reason),
        h.traceparent);
    return 'accepted';
end $$;
