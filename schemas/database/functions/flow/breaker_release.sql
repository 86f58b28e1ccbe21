-- Gives back the turn of a probe that was not made.
-- Outcomes: true; false without this turn, and then nothing changes.
-- Called by: gateway/alerts/breaker.py, streams/breakers/breakers.py

create or replace function flow.breaker_release(p_name text, p_probe uuid) returns boolean language plpgsql as $$
begin
    update flow.breaker f set probe_until = null, probe = null
     where f.name = p_name and f.probe = p_probe and f.state = 'half_open';
    return found;
end $$;
