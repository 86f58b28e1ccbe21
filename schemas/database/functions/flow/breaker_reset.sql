-- Closes a breaker by hand and forgets its failures.
-- Outcomes: true; false where it was closed.
-- Called by: gateway/alerts/webhooks/telling.py, gateway/operations/switching.py, gateway/operations/webhooks.py,
-- streams/watchdog/care.py, streams/watchdog/housekeeping.py, decide.ask_recovery

create or replace function flow.breaker_reset(p_name text, p_reason text, p_actor text) returns boolean language plpgsql as $$
declare
    b flow.breaker;
begin
    select * into b from flow.breaker f where f.name = p_name for update;
    if b.name is null or b.state = 'closed' then
        update flow.breaker f set failures = 0 where f.name = p_name;
        return false;
    end if;
    perform flow.breaker_move(p_name, 'closed', 0, p_reason, null, p_actor, false);
    return true;
end $$;
