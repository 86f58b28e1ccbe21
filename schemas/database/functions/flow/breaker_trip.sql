-- Opens a breaker for a person: for `p_for_s` seconds, or (null) until it is reset.
-- Outcomes: true; false if a person has opened it already and no time is given.
-- Called by: gateway/operations/switching.py

create or replace function flow.breaker_trip(p_name text, p_reason text, p_for_s double precision, p_actor text) returns boolean
language plpgsql as $$
declare
    b flow.breaker;
begin
    insert into flow.breaker (name) values (p_name) on conflict do nothing;
    select * into b from flow.breaker f where f.name = p_name for update;
    if b.state = 'open' and b.forced and p_for_s is null then
        return false;
    end if;
    perform flow.breaker_move(p_name, 'open', b.failures, p_reason, clock_timestamp() + make_interval(secs => p_for_s), p_actor, true);
    return true;
end $$;
